-- Rule D3. On one day, a line is the sum of some payouts, or a payout the sum of some lines, and of these only; if there
-- is one way only. Every choice of at most `subset_rows_max` is tried.
CREATE OR REPLACE TEMP TABLE subsets AS
WITH numbered AS (
    SELECT 'LEFT' AS side, currency, "day", row_id, amount FROM open_payouts
    UNION ALL
    SELECT 'RIGHT', currency, "day", row_id, amount FROM open_lines
), days AS (
    SELECT side, currency, "day", list(row_id ORDER BY row_id) AS ids, list(amount ORDER BY row_id) AS amounts
    FROM numbered GROUP BY ALL
    HAVING count(*) BETWEEN 2 AND getvariable('subset_rows_max')
), choices AS (
    SELECT side, currency, "day", ids, amounts, unnest(range(1, 1 << len(ids))) AS choice FROM days
), sums AS (
    SELECT side, currency, "day", list_filter(ids, lambda one, nth: (choice >> (nth - 1)) & 1 = 1) AS ids,
           list_sum(list_filter(amounts, lambda one, nth: (choice >> (nth - 1)) & 1 = 1)) AS amount
    FROM choices
)
SELECT sums.side, sums.ids, one.row_id AS other_id
FROM sums JOIN numbered AS one USING (currency, "day", amount)
WHERE one.side <> sums.side AND len(sums.ids) > 1;

-- A row that more than one choice takes is in none for sure.
CREATE OR REPLACE TEMP TABLE subset_uses AS
SELECT side, ids, other_id, unnest(ids) AS row_id FROM subsets;

CREATE OR REPLACE TEMP TABLE sure_subsets AS
SELECT side, ids, other_id
FROM subsets
WHERE (side, other_id) NOT IN (SELECT (side, other_id) FROM subsets GROUP BY side, other_id HAVING count(*) > 1)
  AND ids NOT IN (
      SELECT ids FROM subset_uses SEMI JOIN (SELECT side, row_id FROM subset_uses GROUP BY side, row_id HAVING count(*) > 1) USING (side, row_id)
  );

INSERT INTO grouped
WITH sure AS (
    SELECT *, CASE side WHEN 'LEFT' THEN list_min(ids) ELSE other_id END AS group_id,
           CASE side WHEN 'LEFT' THEN 'MERGED' ELSE 'SPLIT' END AS reason
    FROM sure_subsets
)
SELECT side, unnest(ids), group_id, 'SAME_DAY_SOME', 'MATCHED', reason FROM sure
UNION ALL
SELECT CASE side WHEN 'LEFT' THEN 'RIGHT' ELSE 'LEFT' END, other_id, group_id, 'SAME_DAY_SOME', 'MATCHED', reason FROM sure;
