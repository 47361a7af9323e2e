-- Rule D8. On one day one payout and one line are left: they are one, with another amount. Where the gap is what exactly
-- one settlement row pays out, it is this row that did not arrive.
CREATE OR REPLACE TEMP TABLE short_deposits AS
SELECT p.row_id AS left_id, l.row_id AS right_id, p.shop, p.currency, p."day", p.amount - l.amount AS gap
FROM open_payouts AS p JOIN open_lines AS l USING (currency, "day")
QUALIFY count(*) OVER (PARTITION BY p.row_id) = 1 AND count(*) OVER (PARTITION BY l.row_id) = 1;

CREATE OR REPLACE TEMP TABLE lacking_rows AS
SELECT left_id, paid_rows.*
FROM paid_rows JOIN short_deposits ON paid_rows.shop = short_deposits.shop AND paid_rows.currency = short_deposits.currency
    AND paid_rows."day" = short_deposits."day" AND paid_rows.amount = short_deposits.gap
QUALIFY count(*) OVER (PARTITION BY left_id) = 1;

INSERT INTO grouped
WITH judged AS (
    SELECT left_id, right_id, CASE WHEN left_id IN (SELECT left_id FROM lacking_rows) THEN 'DEPOSIT_LACKS_ROW' ELSE 'DEPOSIT_AMOUNT' END AS reason
    FROM short_deposits
)
SELECT 'LEFT', left_id, left_id, 'SAME_DAY', 'DIFFERENT', reason FROM judged
UNION ALL
SELECT 'RIGHT', right_id, left_id, 'SAME_DAY', 'DIFFERENT', reason FROM judged;
