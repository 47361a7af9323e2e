-- Transactions: the status says the kind; only what is done or taken back moves money.
SELECT file_id, row_number, coalesce(shop, '') AS shop, kind, order_id, payment_key, transaction_key, method, currency,
    readers.signed(amount, kind, $cancels) AS amount,
    readers.signed(tax_free, kind, $cancels) AS tax_free,
    readers.signed(vat, kind, $cancels) AS vat,
    occurred_at, coalesce(occurred_at_day, day) AS day, status,
    is_unreadable, is_skipped, is_blank, faults
FROM (SELECT * REPLACE (coalesce(kind, CASE status WHEN 'DONE' THEN 'APPROVAL' WHEN 'CANCELED' THEN 'CANCEL'
                                                   WHEN 'PARTIAL_CANCELED' THEN 'CANCEL' ELSE 'NO_MONEY' END) AS kind)
      FROM ($read))
