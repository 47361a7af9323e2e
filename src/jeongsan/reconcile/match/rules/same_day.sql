-- Rule 4. In a family, rows of the same kind, currency, amount and day belong together when both sides have
-- equally many, in order of time.
INSERT INTO pairs
SELECT l.row_id, r.row_id, getvariable('family_rule')
FROM (
    SELECT *, row_number() OVER (same ORDER BY occurred_at, content, row_id) AS nth, count(*) OVER same AS many
    FROM left_family WHERE "day" IS NOT NULL WINDOW same AS (PARTITION BY family, kind, currency, amount, "day")
) AS l
JOIN (
    SELECT *, row_number() OVER (same ORDER BY occurred_at, content, row_id) AS nth, count(*) OVER same AS many
    FROM right_family WHERE "day" IS NOT NULL WINDOW same AS (PARTITION BY family, kind, currency, amount, "day")
) AS r USING (family, kind, currency, amount, "day", nth, many);
