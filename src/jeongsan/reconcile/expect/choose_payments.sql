-- The payments to learn from: the same number of each group of rows and day of approval, so that a weekend has as
-- many as a working day, and a change of terms is seen on its day. Which they are follows from their keys alone.
CREATE OR REPLACE TEMP TABLE chosen_payments AS
SELECT DISTINCT payment_key
FROM (
    SELECT unnest(min_by(payment_key, hash(payment_key), $payments_per_day)) AS payment_key
    FROM settlements
    WHERE kind = 'APPROVAL' AND payment_key IS NOT NULL AND method IS NOT NULL
    GROUP BY hash(shop, method, currency, card_kind, coalesce(approved_at::DATE, day))
);
