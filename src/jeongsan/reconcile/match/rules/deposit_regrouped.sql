-- Rule D4. On one day, all open payouts are all open lines in sum.
INSERT INTO grouped
WITH days AS (
    SELECT currency, "day", p.group_id
    FROM (SELECT currency, "day", min(row_id) AS group_id, sum(amount) AS amount FROM open_payouts GROUP BY ALL) AS p
    JOIN (SELECT currency, "day", sum(amount) AS amount FROM open_lines GROUP BY ALL) AS l USING (currency, "day", amount)
)
SELECT 'LEFT', row_id, group_id, 'SAME_DAY_SUM', 'MATCHED', 'REGROUPED' FROM open_payouts JOIN days USING (currency, "day")
UNION ALL
SELECT 'RIGHT', row_id, group_id, 'SAME_DAY_SUM', 'MATCHED', 'REGROUPED' FROM open_lines JOIN days USING (currency, "day");
