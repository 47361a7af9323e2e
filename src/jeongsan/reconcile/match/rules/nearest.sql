-- The nearest miss of what stands alone: the only other one of the other side with the same kind, currency, amount
-- and day, and the first identifier that would have to be otherwise.
CREATE OR REPLACE TEMP TABLE nearest AS
WITH alone AS (
    SELECT side, unlike.*
    FROM grouped
    JOIN unlike_rows AS unlike
    USING (side, row_id)
    WHERE state = 'ONE_SIDED'
    QUALIFY count(*) OVER (PARTITION BY side, kind, currency, amount, "day") = 1
)
SELECT mine.side, mine.row_id,
       struct_pack(
           side := CASE other.side WHEN 'LEFT' THEN getvariable('left_side') ELSE getvariable('right_side') END,
           order_id := other.order_id, payment_key := other.payment_key, transaction_key := other.transaction_key,
           amount := other.amount, "day" := other."day",
           "field" := CASE WHEN mine.order_id <> other.order_id THEN 'order_id'
                           WHEN mine.payment_key <> other.payment_key THEN 'payment_key' ELSE 'transaction_key' END,
           "left" := CASE mine.side WHEN 'LEFT' THEN mine_id ELSE other_id END,
           "right" := CASE mine.side WHEN 'LEFT' THEN other_id ELSE mine_id END
       ) AS nearest
FROM alone AS mine
JOIN alone AS other USING (kind, currency, amount, "day")
CROSS JOIN LATERAL (
    SELECT CASE WHEN mine.order_id <> other.order_id THEN mine.order_id
                WHEN mine.payment_key <> other.payment_key THEN mine.payment_key ELSE mine.transaction_key END AS mine_id,
           CASE WHEN mine.order_id <> other.order_id THEN other.order_id
                WHEN mine.payment_key <> other.payment_key THEN other.payment_key ELSE other.transaction_key END AS other_id
)
WHERE mine.side <> other.side;
