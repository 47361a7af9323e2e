-- Rule D1. On one day, as many payouts as bank lines of one amount.
INSERT INTO grouped
WITH equal AS (
    SELECT p.row_id AS left_id, l.row_id AS right_id
    FROM (
        SELECT *, row_number() OVER (same ORDER BY shop) AS nth, count(*) OVER same AS many
        FROM open_payouts WINDOW same AS (PARTITION BY currency, "day", amount)
    ) AS p
    JOIN (
        SELECT *, row_number() OVER (same ORDER BY account, content, row_id) AS nth, count(*) OVER same AS many
        FROM open_lines WINDOW same AS (PARTITION BY currency, "day", amount)
    ) AS l USING (currency, "day", amount, nth, many)
)
SELECT 'LEFT', left_id, left_id, 'SAME_DAY_AND_AMOUNT', 'MATCHED', NULL FROM equal
UNION ALL
SELECT 'RIGHT', right_id, left_id, 'SAME_DAY_AND_AMOUNT', 'MATCHED', NULL FROM equal;
