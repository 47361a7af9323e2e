-- Every payout and every bank line with its outcome.
CREATE OR REPLACE TEMP TABLE found_rows AS
SELECT g.*, p.shop, p.currency, p."day", p.amount, hash(p.shop, p.currency, p."day", p.amount) AS content, p.row_count
FROM grouped AS g JOIN all_payouts AS p USING (row_id) WHERE side = 'LEFT'
UNION ALL
SELECT g.*, '', l.currency, l."day", l.amount, l.content, 1
FROM grouped AS g JOIN all_lines AS l USING (row_id) WHERE side = 'RIGHT';

CREATE OR REPLACE TEMP TABLE found_outcomes AS
SELECT *, row_number() OVER (
    ORDER BY coalesce(left_day, right_day), currency, shop, state, reason, rule, left_amount, right_amount, right_day,
             left_count, right_count, content, group_id
) AS outcome_number
FROM (
    SELECT group_id, state, reason, rule, coalesce(min(shop) FILTER (shop <> ''), '') AS shop, min(currency) AS currency,
           count(*) FILTER (side = 'LEFT') AS left_count, count(*) FILTER (side = 'RIGHT') AS right_count,
           sum(amount) FILTER (side = 'LEFT') AS left_amount, sum(amount) FILTER (side = 'RIGHT') AS right_amount,
           min("day") FILTER (side = 'LEFT') AS left_day, min("day") FILTER (side = 'RIGHT') AS right_day,
           bit_xor(hash(side, content)) AS content
    FROM found_rows
    GROUP BY group_id, state, reason, rule
);

INSERT INTO outcomes
SELECT 'DEPOSIT', outcome_number, state,
       -- What was held is late, and it is one line of several payouts.
       CASE WHEN reason IS NULL THEN [] WHEN rule = 'HELD' THEN [reason, 'MERGED'] ELSE [reason] END,
       rule, found_outcomes.shop, found_outcomes.currency,
       CASE WHEN left_count > 0 THEN 'PAYOUT' ELSE 'DEPOSIT' END, NULL, NULL, NULL, NULL, left_count, right_count,
       left_amount, right_amount, left_day, right_day,
       CASE WHEN state = 'DIFFERENT' THEN list_filter([
           difference('amount', left_amount, right_amount), difference('day', left_day, right_day)
       ], lambda one: one IS NOT NULL) ELSE [] END,
       CASE WHEN lacking_rows.row_id IS NOT NULL THEN struct_pack(
           side := 'SETTLEMENTS', order_id := lacking_rows.order_id, payment_key := lacking_rows.payment_key,
           transaction_key := lacking_rows.transaction_key, amount := lacking_rows.amount, "day" := lacking_rows."day",
           "field" := 'amount', "left" := left_amount::VARCHAR, "right" := right_amount::VARCHAR
       ) END
FROM found_outcomes LEFT JOIN lacking_rows ON lacking_rows.left_id = group_id AND reason = 'DEPOSIT_LACKS_ROW'
ORDER BY outcome_number;

INSERT INTO members
SELECT 'DEPOSIT', outcome_number, 'BANK', row_id // 1_099_511_627_776, row_id % 1_099_511_627_776
FROM found_rows JOIN found_outcomes USING (group_id) WHERE side = 'RIGHT'
ORDER BY ALL;

INSERT INTO payouts
SELECT outcome_number, p.shop, p.currency, p."day", p.row_count, p.amount
FROM found_rows JOIN found_outcomes USING (group_id) JOIN all_payouts AS p USING (row_id) WHERE side = 'LEFT'
ORDER BY ALL;

INSERT INTO totals
SELECT 'DEPOSIT', CASE side WHEN 'LEFT' THEN 'SETTLEMENTS' ELSE 'BANK' END, state, coalesce(reason, ''),
       coalesce(shop, ''), currency, sum(row_count), sum(amount)
FROM found_rows
GROUP BY ALL ORDER BY ALL;
