-- Settlements: a row with anything of a cancel, or with a negative amount, is a cancel's. Its time is the cancel's own.
SELECT file_id, row_number, coalesce(shop, '') AS shop, kind, order_id, payment_key, transaction_key, method, currency,
    readers.signed(amount, kind, $cancels) AS amount,
    coalesce(readers.signed(tax_free, kind, $cancels), if(kind = 'CANCEL', -abs(cancel_tax_free), NULL))::DECIMAL(18,2) AS tax_free,
    readers.signed(vat, kind, $cancels) AS vat,
    CASE WHEN occurred_at_day IS NOT NULL THEN occurred_at WHEN kind = 'CANCEL' THEN canceled_at
         ELSE approved_at END AS occurred_at,
    coalesce(occurred_at_day, if(kind = 'CANCEL', canceled_at_day, approved_at_day), day) AS day,
    approved_at,
    readers.signed(coalesce(fee, fees_sum), kind, $cancels) AS fee,
    readers.signed(coalesce(base_fee, fees_base, fee), kind, $cancels) AS base_fee,
    readers.signed(supply_amount, kind, $cancels) AS supply_amount,
    readers.signed(fee_vat, kind, $cancels) AS fee_vat,
    readers.signed(interest_fee, kind, $cancels) AS interest_fee,
    readers.signed(pay_out_amount, kind, $cancels) AS pay_out_amount,
    sold_date, paid_out_date, card_kind,
    is_unreadable, is_skipped, is_blank, faults
FROM (SELECT * REPLACE (coalesce(kind, if(coalesce(amount < 0, false) OR cancel_key IS NOT NULL OR canceled_at_day IS NOT NULL
                                          OR cancel_amount IS NOT NULL, 'CANCEL', 'APPROVAL')) AS kind),
             -- Entries without a BASE have none; without entries the whole fee is the base.
             TRY_CAST(list_sum([entry.fee FOR entry IN fees]) AS DECIMAL(18,2)) AS fees_sum,
             CASE WHEN len(fees) > 0 THEN coalesce(TRY_CAST(list_sum([entry.fee FOR entry IN fees IF entry.type = 'BASE'])
                                                            AS DECIMAL(18,2)), 0) END::DECIMAL(18,2) AS fees_base
      FROM ($read))
