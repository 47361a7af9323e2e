-- Rule 8. In a family, one row against one of the same kind are the same transaction with another amount or currency.
-- One against several, or several against several, are the same money when their sums are equal; otherwise nobody
-- can tell which belongs to which.
CREATE OR REPLACE TEMP TABLE faced AS
SELECT family, kind, l.group_id, l.one_id AS left_id, r.one_id AS right_id, l.many AS left_many, r.many AS right_many,
       l.total = r.total AND l.currency = r.currency AND l.is_one_currency AND r.is_one_currency AS same_sum
FROM (
    SELECT family, kind, min(row_id) AS group_id, min(row_id) AS one_id, count(*) AS many, sum(amount) AS total,
           min(currency) AS currency, min(currency) = max(currency) AS is_one_currency
    FROM left_family GROUP BY ALL
) AS l
JOIN (
    SELECT family, kind, min(row_id) AS one_id, count(*) AS many, sum(amount) AS total, min(currency) AS currency,
           min(currency) = max(currency) AS is_one_currency
    FROM right_family GROUP BY ALL
) AS r USING (family, kind);

INSERT INTO pairs
SELECT left_id, right_id, getvariable('family_rule') FROM faced WHERE left_many = 1 AND right_many = 1;

INSERT INTO grouped
WITH members AS (
    SELECT 'LEFT' AS side, row_id, family, kind FROM left_family
    UNION ALL
    SELECT 'RIGHT', row_id, family, kind FROM right_family
)
SELECT side, row_id, group_id, getvariable('family_rule'), CASE WHEN same_sum THEN 'MATCHED' ELSE 'AMBIGUOUS' END,
       CASE WHEN same_sum THEN 'IN_PARTS' ELSE 'SEVERAL_CANDIDATES' END
FROM members JOIN faced USING (family, kind)
WHERE left_many > 1 OR right_many > 1;
