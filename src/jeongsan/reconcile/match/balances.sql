-- Fills `cancel_balances`: what is left of a payment before and after each cancel among the settlement rows.
-- Most cancels are whole and have their approval beside them; only the others look at the other tables.

CREATE OR REPLACE TEMP TABLE cancelled_payments AS
WITH cancelled AS (
    SELECT DISTINCT payment_key FROM settlements WHERE kind = 'CANCEL' AND payment_key IS NOT NULL
)
SELECT
    payment_key,
    -- One approval, and one cancel of all of it.
    count(*) = 2 AND sum(amount) = 0 AND max(amount) > 0 AND count(*) FILTER (kind = 'CANCEL') = 1 AS is_whole,
    max(amount) AS amount,
    min(coalesce(approved_at::DATE, day)) FILTER (kind = 'APPROVAL') AS approved_day,
    any_value(base_fee) FILTER (kind = 'APPROVAL') AS approved_base_fee,
    count(*) = count(transaction_key) AS is_keyed
FROM settlements
SEMI JOIN cancelled USING (payment_key)
GROUP BY payment_key;

INSERT INTO cancel_balances
SELECT
    file_id, row_number, payments.amount, 0, payments.approved_day, payments.amount, payments.approved_base_fee, false
FROM settlements
JOIN cancelled_payments AS payments USING (payment_key)
WHERE kind = 'CANCEL' AND is_whole;

-- What is known of the others, each transaction once, whichever side lists it. Without a key of its own a
-- row cannot be told from the other side's, and counts only itself.
CREATE OR REPLACE TEMP TABLE movements AS
WITH open_payments AS (
    SELECT payment_key, is_keyed FROM cancelled_payments WHERE NOT is_whole
), listed AS (
    SELECT
        payment_key,
        coalesce(transaction_key, concat(file_id, ':', row_number)) AS name,
        'SETTLEMENTS' AS side, kind, amount, coalesce(occurred_at, day) AS moment, base_fee,
        coalesce(approved_at::DATE, CASE WHEN kind = 'APPROVAL' THEN day END) AS approved_day
    FROM settlements
    SEMI JOIN open_payments USING (payment_key)
    UNION ALL
    SELECT
        payment_key, transaction_key, 'TRANSACTIONS', kind, amount, coalesce(occurred_at, day), NULL,
        CASE WHEN kind = 'APPROVAL' THEN coalesce(occurred_at::DATE, day) END
    FROM transactions
    SEMI JOIN (SELECT payment_key FROM open_payments WHERE is_keyed) AS keyed USING (payment_key)
    WHERE kind <> 'NO_MONEY' AND transaction_key IS NOT NULL
)
SELECT
    payment_key,
    name,
    min(kind) AS kind,
    min(amount) AS amount,
    max(moment) AS moment,  -- a moment rather than its day alone
    min(base_fee) AS base_fee,
    min(approved_day) AS approved_day,
    bool_or(side = 'SETTLEMENTS') AS is_settled,
    bool_or(side = 'TRANSACTIONS') AS is_listed,
    min(kind) = max(kind) AND min(amount) = max(amount) AS is_agreed
FROM listed
GROUP BY payment_key, name;

-- The first amount of a payment whose approval is neither settled nor listed: as the merchant's own order says.
CREATE OR REPLACE TEMP TABLE ordered_amounts AS
SELECT payment_key, min(amount) AS amount, min(coalesce(occurred_at::DATE, day)) AS approved_day
FROM orders
SEMI JOIN (
    SELECT payment_key FROM movements GROUP BY payment_key HAVING count(*) FILTER (kind = 'APPROVAL') = 0
) AS without_approval USING (payment_key)
WHERE kind = 'APPROVAL'
GROUP BY payment_key
HAVING count(*) = 1;

INSERT INTO cancel_balances
WITH certain AS (
    SELECT
        payment_key,
        coalesce(min(movements.amount) FILTER (kind = 'APPROVAL'), any_value(ordered_amounts.amount)) AS amount,
        coalesce(min(movements.approved_day), any_value(ordered_amounts.approved_day)) AS approved_day,
        min(base_fee) FILTER (kind = 'APPROVAL') AS approved_base_fee,
        coalesce(bool_or(is_listed) FILTER (kind = 'APPROVAL'), false) AS is_listed
    FROM movements
    LEFT JOIN ordered_amounts USING (payment_key)
    GROUP BY payment_key
    -- A second deposit is another approval. Cancels of one moment have no order. Where each side has a
    -- transaction that the other lacks, one key may be the other, damaged.
    HAVING count(*) FILTER (kind = 'APPROVAL') <= 1
        AND count(moment) FILTER (kind = 'CANCEL') = count(*) FILTER (kind = 'CANCEL')
        AND count(DISTINCT moment) FILTER (kind = 'CANCEL') = count(*) FILTER (kind = 'CANCEL')
        AND bool_and(is_agreed)
        AND NOT (bool_or(is_settled AND NOT is_listed) AND bool_or(is_listed AND NOT is_settled))
), balances AS (
    SELECT
        payment_key, name, certain.approved_day, certain.amount AS approved_amount, approved_base_fee,
        certain.is_listed,
        certain.amount + sum(movements.amount) OVER (
            PARTITION BY payment_key ORDER BY moment ROWS UNBOUNDED PRECEDING
        ) AS after_amount,
        after_amount - movements.amount AS before_amount
    FROM movements
    JOIN certain USING (payment_key)
    WHERE kind = 'CANCEL'
)
SELECT
    file_id, row_number, before_amount, after_amount, balances.approved_day, approved_amount,
    approved_base_fee, is_listed
FROM balances
JOIN settlements ON settlements.payment_key = balances.payment_key
    AND coalesce(settlements.transaction_key, concat(settlements.file_id, ':', settlements.row_number)) = name
WHERE settlements.kind = 'CANCEL' AND after_amount >= 0;
