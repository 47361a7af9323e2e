-- Rule D9. On one day there is more than one way: payouts and lines of one amount, not equally many, or several choices
-- with one sum. All that could take part cannot be told apart.
INSERT INTO grouped
WITH taking_part AS (
    SELECT 'LEFT' AS side, row_id FROM open_payouts SEMI JOIN open_lines USING (currency, "day", amount)
    UNION
    SELECT 'RIGHT', row_id FROM open_lines SEMI JOIN open_payouts USING (currency, "day", amount)
    UNION
    SELECT used_side, row_id FROM subset_uses
), still_open AS (
    SELECT 'LEFT' AS side, row_id, currency, "day" FROM open_payouts
    UNION ALL
    SELECT 'RIGHT', row_id, currency, "day" FROM open_lines
), ambiguous AS (
    SELECT still_open.*, min(row_id) FILTER (side = 'LEFT') OVER (PARTITION BY currency, "day") AS group_id,
           min(side) OVER (PARTITION BY currency, "day") <> max(side) OVER (PARTITION BY currency, "day") AS is_both
    FROM still_open SEMI JOIN taking_part USING (side, row_id)
)
SELECT side, row_id, group_id, 'SAME_DAY', 'AMBIGUOUS', 'SEVERAL_CANDIDATES' FROM ambiguous WHERE is_both;
