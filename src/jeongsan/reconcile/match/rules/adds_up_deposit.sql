-- One row per rule of bookkeeping that is broken; there must be none.
CREATE OR REPLACE TEMP TABLE broken_sums AS
SELECT 'every payout and line is decided once: ' || side AS rule
FROM (
    SELECT 'LEFT' AS side, row_id, 0 AS times FROM all_payouts UNION ALL
    SELECT 'RIGHT', row_id, 0 FROM all_lines UNION ALL
    SELECT side, row_id, 1 FROM grouped
)
GROUP BY side, row_id HAVING sum(times) <> 1
UNION ALL
SELECT 'payouts are all settlement rows: ' || currency
FROM (
    SELECT currency, count(*) AS row_count, coalesce(sum(amount), 0) AS amount FROM paid_rows GROUP BY 1 UNION ALL
    SELECT currency, -sum(row_count), -sum(amount) FROM totals WHERE comparison = 'DEPOSIT' AND side = 'SETTLEMENTS' GROUP BY 1
)
GROUP BY currency HAVING sum(row_count) <> 0 OR sum(amount) <> 0
UNION ALL
SELECT 'payouts and lines that match: the same sum on either side'
FROM (
    SELECT group_id, sum(CASE side WHEN 'LEFT' THEN amount ELSE -amount END) AS gap FROM found_rows WHERE state = 'MATCHED' GROUP BY 1
)
WHERE gap <> 0
LIMIT 10;
