-- Rule 5. In a family, rows of the same kind, currency and amount belong together when both sides have equally many,
-- or when all of the larger side say exactly the same; in order of time.
INSERT INTO pairs
SELECT l.row_id, r.row_id, getvariable('family_rule')
FROM (
    SELECT *, row_number() OVER (same ORDER BY "day", occurred_at, content, row_id) AS nth, count(*) OVER same AS many,
           min(content) OVER same = max(content) OVER same AS is_one
    FROM left_family WINDOW same AS (PARTITION BY family, kind, currency, amount)
) AS l
JOIN (
    SELECT *, row_number() OVER (same ORDER BY "day", occurred_at, content, row_id) AS nth, count(*) OVER same AS many,
           min(content) OVER same = max(content) OVER same AS is_one
    FROM right_family WINDOW same AS (PARTITION BY family, kind, currency, amount)
) AS r USING (family, kind, currency, amount, nth)
WHERE l.many = r.many OR (l.many > r.many AND l.is_one) OR (r.many > l.many AND r.is_one);
