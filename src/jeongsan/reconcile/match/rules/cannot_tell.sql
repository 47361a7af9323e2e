-- Rule 7. In a family, rows of the same kind, currency and amount that are left on both sides cannot be told apart.
INSERT INTO grouped
WITH shared AS (
    SELECT family, kind, currency, amount, min(row_id) AS group_id
    FROM left_family SEMI JOIN right_family USING (family, kind, currency, amount)
    GROUP BY ALL
)
SELECT 'LEFT', row_id, group_id, getvariable('family_rule'), 'AMBIGUOUS', 'SEVERAL_CANDIDATES'
FROM left_family JOIN shared USING (family, kind, currency, amount)
UNION ALL
SELECT 'RIGHT', row_id, group_id, getvariable('family_rule'), 'AMBIGUOUS', 'SEVERAL_CANDIDATES'
FROM right_family JOIN shared USING (family, kind, currency, amount);
