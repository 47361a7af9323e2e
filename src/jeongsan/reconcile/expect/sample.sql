-- The rows to learn from: whole payments, so many of each group of rows, the same number from each day of
-- approval, so that a weekend has as many as a working day. Which they are follows from their keys alone. A row
-- with a day that nobody means (9999-12-31) teaches nothing.
WITH days AS (
    SELECT shop, method, currency, card_kind, coalesce(approved_at::DATE, day) AS approved_day, count(*) AS row_count
    FROM settlements
    WHERE payment_key IS NOT NULL AND method IS NOT NULL
    GROUP BY ALL
), strata AS (
    SELECT
        * EXCLUDE (row_count),
        greatest(1, ceil(row_count * count(*) OVER (PARTITION BY shop, method, currency, card_kind)
            / $payments_max)::BIGINT) AS one_of
    FROM days
), chosen AS (
    SELECT DISTINCT payment_key
    FROM settlements
    JOIN strata ON strata.shop = settlements.shop
        AND strata.method = settlements.method
        AND strata.currency = settlements.currency
        AND strata.card_kind IS NOT DISTINCT FROM settlements.card_kind
        AND strata.approved_day = coalesce(approved_at::DATE, day)
    WHERE payment_key IS NOT NULL AND hash(payment_key) % one_of = 0
)
SELECT
    file_id, row_number, shop, payment_key, transaction_key, currency, method, card_kind, kind = 'CANCEL',
    in_minor_units(amount, currency), in_minor_units(fee, currency), in_minor_units(base_fee, currency),
    coalesce(fee <> base_fee, false),
    approved_at, occurred_at, day, sold_date, paid_out_date, in_minor_units(after_amount, currency)
FROM settlements
SEMI JOIN chosen USING (payment_key)
LEFT JOIN cancel_balances USING (file_id, row_number)
WHERE method IS NOT NULL
    AND coalesce(year(approved_at), 2000) BETWEEN 2000 AND 2100
    AND coalesce(year(day), 2000) BETWEEN 2000 AND 2100
    AND coalesce(year(sold_date), 2000) BETWEEN 2000 AND 2100
    AND coalesce(year(paid_out_date), 2000) BETWEEN 2000 AND 2100
ORDER BY file_id, row_number;
