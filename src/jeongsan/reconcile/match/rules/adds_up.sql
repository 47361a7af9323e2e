-- One row per rule of bookkeeping that is broken; there must be none.
CREATE OR REPLACE TEMP TABLE broken_sums AS
SELECT 'rows that agree: as many on either side' AS rule
WHERE (SELECT count(*) FROM left_rows) - (SELECT count(*) FROM unlike_left)
      <> (SELECT count(*) FROM right_rows) - (SELECT count(*) FROM unlike_right)
UNION ALL
SELECT 'rows that agree: the same sum on either side, ' || currency
FROM (
    SELECT currency, sum(amount) AS amount FROM left_rows GROUP BY 1 UNION ALL
    SELECT currency, -sum(amount) FROM unlike_left GROUP BY 1 UNION ALL
    SELECT currency, -sum(amount) FROM right_rows GROUP BY 1 UNION ALL
    SELECT currency, sum(amount) FROM unlike_right GROUP BY 1
)
GROUP BY currency HAVING sum(amount) <> 0
UNION ALL
SELECT 'every other row is decided once: ' || side
FROM (
    SELECT 'LEFT' AS side, row_id, 0 AS times FROM unlike_left UNION ALL
    SELECT 'RIGHT', row_id, 0 FROM unlike_right UNION ALL
    SELECT 'LEFT', left_id, 1 FROM pairs UNION ALL
    SELECT 'RIGHT', right_id, 1 FROM pairs UNION ALL
    SELECT side, row_id, 1 FROM grouped
)
GROUP BY side, row_id HAVING sum(times) <> 1
LIMIT 10;
