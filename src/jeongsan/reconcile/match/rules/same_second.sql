-- Rule 3. In a family, rows of the same kind, currency, amount and second belong together.
INSERT INTO pairs
SELECT l.row_id, r.row_id, getvariable('family_rule')
FROM (
    SELECT *, row_number() OVER (PARTITION BY family, kind, currency, amount, occurred_at ORDER BY content, row_id) AS nth
    FROM left_family WHERE occurred_at IS NOT NULL
) AS l
JOIN (
    SELECT *, row_number() OVER (PARTITION BY family, kind, currency, amount, occurred_at ORDER BY content, row_id) AS nth
    FROM right_family WHERE occurred_at IS NOT NULL
) AS r USING (family, kind, currency, amount, occurred_at, nth);
