-- Every row that is not plainly alike, with its outcome.
CREATE OR REPLACE TEMP TABLE found_rows AS
WITH decided AS (
    SELECT 'LEFT' AS side, left_id AS row_id, left_id AS group_id, rule, 'DIFFERENT' AS state, reasons, fields
    FROM judged WHERE reasons <> []
    UNION ALL
    SELECT 'RIGHT', right_id, left_id, rule, 'DIFFERENT', reasons, fields FROM judged WHERE reasons <> []
    UNION ALL
    SELECT side, row_id, group_id, rule, state,
           [reason] || CASE WHEN side = 'RIGHT' AND state = 'ONE_SIDED' THEN coalesce(faults.reasons, []) ELSE [] END,
           CASE WHEN side = 'RIGHT' AND state = 'ONE_SIDED' THEN coalesce(faults.fields, []) ELSE [] END
    FROM grouped LEFT JOIN right_faults AS faults USING (row_id)
)
SELECT decided.*, unlike.* EXCLUDE (side, row_id)
FROM decided
JOIN unlike_rows AS unlike
USING (side, row_id);

CREATE OR REPLACE TEMP TABLE found_outcomes AS
SELECT *, row_number() OVER (
    ORDER BY coalesce(left_day, right_day), payment_key, order_id, transaction_key, kind, state, reasons, rule,
             left_amount, right_amount, method, shop, currency, left_day, right_day, content, group_id
) AS outcome_number
FROM (
    SELECT group_id, state, reasons, rule,
           coalesce(min(shop) FILTER (shop <> ''), '') AS shop, min(currency) AS currency, min(kind) AS kind,
           coalesce(min(order_id) FILTER (side = 'LEFT'), min(order_id)) AS order_id,
           coalesce(min(payment_key) FILTER (side = 'LEFT'), min(payment_key)) AS payment_key,
           coalesce(min(transaction_key) FILTER (side = 'RIGHT'), min(transaction_key)) AS transaction_key,
           coalesce(min(method) FILTER (side = 'RIGHT'), min(method)) AS method,
           count(*) FILTER (side = 'LEFT') AS left_count, count(*) FILTER (side = 'RIGHT') AS right_count,
           sum(amount) FILTER (side = 'LEFT') AS left_amount, sum(amount) FILTER (side = 'RIGHT') AS right_amount,
           min("day") FILTER (side = 'LEFT') AS left_day, min("day") FILTER (side = 'RIGHT') AS right_day,
           any_value(fields) AS fields, bit_xor(hash(side, content)) AS content
    FROM found_rows
    GROUP BY group_id, state, reasons, rule
);

INSERT INTO outcomes
SELECT getvariable('comparison'), outcome_number, state, reasons, rule, shop, currency, kind, order_id, payment_key,
       transaction_key, method, left_count, right_count, left_amount, right_amount, left_day, right_day, fields, nearest
FROM found_outcomes
LEFT JOIN nearest ON abs(group_id) = nearest.row_id AND nearest.side = CASE WHEN group_id > 0 THEN 'LEFT' ELSE 'RIGHT' END
ORDER BY outcome_number;

INSERT INTO members
SELECT getvariable('comparison'), outcome_number, CASE side WHEN 'LEFT' THEN getvariable('left_side') ELSE getvariable('right_side') END,
       row_id // 1_099_511_627_776, row_id % 1_099_511_627_776
FROM found_rows JOIN found_outcomes USING (group_id)
ORDER BY ALL;

-- What agrees in everything is all there is less what was found.
INSERT INTO totals
WITH there AS (
    SELECT 'LEFT' AS side, shop, currency, count(*) AS row_count, sum(amount) AS amount FROM left_rows GROUP BY ALL
    UNION ALL
    SELECT 'RIGHT', shop, currency, count(*), sum(amount) FROM right_rows GROUP BY ALL
), found AS (
    SELECT side, state, reasons[1] AS reason, shop, currency, count(*) AS row_count, sum(amount) AS amount
    FROM found_rows GROUP BY ALL
), alike AS (
    SELECT side, shop, currency, there.row_count - coalesce(sum(found.row_count), 0) AS row_count,
           there.amount - coalesce(sum(found.amount), 0) AS amount
    FROM there LEFT JOIN found USING (side, shop, currency)
    GROUP BY side, shop, currency, there.row_count, there.amount
), every_total AS (
    SELECT side, state, reason, shop, currency, row_count, amount FROM found
    UNION ALL
    SELECT side, 'MATCHED', '', shop, currency, row_count, amount FROM alike WHERE row_count <> 0
)
SELECT getvariable('comparison'), CASE side WHEN 'LEFT' THEN getvariable('left_side') ELSE getvariable('right_side') END,
       state, reason, shop, currency, row_count, amount
FROM every_total
ORDER BY ALL;
