-- Rule D2. On one day, one line is all payouts, or one payout all lines: with what is owed by the merchant taken off,
-- or without it.
INSERT INTO grouped
WITH days AS (
    SELECT currency, "day", is_net, p.group_id, p.many AS payout_count, l.many AS line_count
    FROM (
        SELECT currency, "day", is_net, min(row_id) AS group_id, count(*) AS many, sum(amount) AS amount
        FROM open_payouts CROSS JOIN (VALUES (true), (false)) AS ways (is_net)
        WHERE is_net OR amount > 0
        GROUP BY ALL
    ) AS p
    JOIN (
        SELECT currency, "day", count(*) AS many, sum(amount) AS amount FROM open_lines GROUP BY ALL
    ) AS l USING (currency, "day", amount)
    WHERE p.many = 1 OR l.many = 1
    QUALIFY row_number() OVER (PARTITION BY currency, "day" ORDER BY is_net DESC) = 1
)
SELECT 'LEFT', row_id, group_id, 'SAME_DAY_SUM', 'MATCHED', CASE WHEN payout_count > 1 THEN 'MERGED' ELSE 'SPLIT' END
FROM open_payouts JOIN days USING (currency, "day")
WHERE is_net OR amount > 0
UNION ALL
SELECT 'RIGHT', row_id, group_id, 'SAME_DAY_SUM', 'MATCHED', CASE WHEN payout_count > 1 THEN 'MERGED' ELSE 'SPLIT' END
FROM open_lines JOIN days USING (currency, "day");
