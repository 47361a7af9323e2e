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

CREATE OR REPLACE TEMP TABLE subset_uses AS
SELECT *, side AS used_side, unnest(ids) AS row_id FROM subsets
UNION ALL
SELECT *, CASE side WHEN 'LEFT' THEN 'RIGHT' ELSE 'LEFT' END, other_id FROM subsets;

INSERT INTO grouped
WITH counted AS (
    SELECT *, count(*) OVER (PARTITION BY used_side, row_id) AS many FROM subset_uses
), sure AS (
    -- A row that more than one choice takes, as one of several or as their sum, is in none for sure.
    SELECT side, ids, other_id FROM counted GROUP BY ALL HAVING max(many) = 1
)
SELECT used_side, row_id, CASE side WHEN 'LEFT' THEN list_min(ids) ELSE other_id END, 'SAME_DAY_SOME', 'MATCHED',
       CASE side WHEN 'LEFT' THEN 'MERGED' ELSE 'SPLIT' END
FROM subset_uses JOIN sure USING (side, ids, other_id);
