-- Orders: where no column says the kind, the sign does.
SELECT file_id, row_number, coalesce(shop, '') AS shop, kind, order_id, payment_key, transaction_key, method, currency,
    readers.signed(amount, kind, $cancels) AS amount,
    readers.signed(tax_free, kind, $cancels) AS tax_free,
    readers.signed(vat, kind, $cancels) AS vat,
    occurred_at, coalesce(occurred_at_day, day) AS day,
    is_unreadable, is_skipped, is_blank, faults
FROM (SELECT * REPLACE (coalesce(kind, if(amount < 0, 'CANCEL', 'APPROVAL')) AS kind) FROM ($read))
