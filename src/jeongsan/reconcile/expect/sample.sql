-- The rows of the payments to learn from, all of each. A row with a day that nobody means (9999-12-31) teaches
-- nothing.
SELECT
    file_id, row_number, shop, payment_key, transaction_key, currency, method, card_kind, kind = 'CANCEL',
    in_minor_units(amount, currency), in_minor_units(fee, currency), in_minor_units(base_fee, currency),
    coalesce(fee <> base_fee, false),
    approved_at, occurred_at, day, sold_date, paid_out_date, in_minor_units(after_amount, currency)
FROM settlements
SEMI JOIN chosen_payments USING (payment_key)
LEFT JOIN cancel_balances USING (file_id, row_number)
WHERE method IS NOT NULL
    AND coalesce(year(approved_at), 2000) BETWEEN 2000 AND 2100
    AND coalesce(year(day), 2000) BETWEEN 2000 AND 2100
    AND coalesce(year(sold_date), 2000) BETWEEN 2000 AND 2100
    AND coalesce(year(paid_out_date), 2000) BETWEEN 2000 AND 2100
ORDER BY file_id, row_number;
