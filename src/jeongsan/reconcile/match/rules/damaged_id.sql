-- Rule 9. Rows of the same kind, currency and amount, at most a day apart, belong together when an identifier of one
-- is what is left of the other's: cut off, turned into a number by a spreadsheet, or with its characters damaged;
-- when there is only one such row on either side.

-- Long form → row, short form → row: every length that occurs is tried, so that this stays a join of equals.
CREATE OR REPLACE TEMP TABLE open_ids AS
SELECT side, row_id, field, id, kind, currency, amount, "day"
FROM open_rows
UNPIVOT (id FOR field IN (order_id, payment_key, transaction_key));

CREATE OR REPLACE TEMP TABLE id_lengths AS
SELECT DISTINCT side, field, length(id) AS id_length FROM open_ids WHERE length(id) >= 6
ORDER BY ALL LIMIT 128;

CREATE OR REPLACE TEMP TABLE id_remains AS
WITH parts AS (
    SELECT long.side, long.row_id, long.field, long.kind, long.currency, long.amount, long."day",
           unnest([left(long.id, id_length), right(long.id, id_length)]) AS id
    FROM open_ids AS long
    JOIN id_lengths ON id_lengths.side <> long.side AND id_lengths.field = long.field
                   AND id_lengths.id_length < length(long.id)
), remains AS (
    SELECT long.row_id AS long_id, short.row_id AS short_id, long.side AS long_side
    FROM parts AS long
    JOIN open_ids AS short USING (field, kind, currency, amount, id)
    WHERE short.side <> long.side AND coalesce(abs(short."day" - long."day") <= 1, true)
    UNION
    SELECT long.row_id, short.row_id, long.side
    FROM open_ids AS long
    JOIN open_ids AS short USING (field, kind, currency, amount)
    WHERE short.side <> long.side AND short.id LIKE '_._%E+%' AND long.id[1] = short.id[1]
      AND is_scientific(short.id, long.id) AND coalesce(abs(short."day" - long."day") <= 1, true)
)
SELECT CASE long_side WHEN 'LEFT' THEN long_id ELSE short_id END AS left_id,
       CASE long_side WHEN 'LEFT' THEN short_id ELSE long_id END AS right_id
FROM remains
UNION
SELECT l.row_id, r.row_id
FROM (SELECT *, coalesce(skeleton(id), id) AS bones FROM open_ids WHERE side = 'LEFT') AS l
JOIN (SELECT *, coalesce(skeleton(id), id) AS bones FROM open_ids WHERE side = 'RIGHT') AS r
USING (field, kind, currency, amount, bones)
WHERE is_damaged(l.id, r.id) AND coalesce(abs(l."day" - r."day") <= 1, true);

INSERT INTO pairs
SELECT left_id, right_id, 'DAMAGED_ID'
FROM id_remains
JOIN open_left AS l ON l.row_id = left_id
JOIN open_right AS r ON r.row_id = right_id
WHERE may_be_one(l.order_id, r.order_id) AND may_be_one(l.payment_key, r.payment_key)
  AND (l.kind <> 'CANCEL' OR may_be_one(l.transaction_key, r.transaction_key))
QUALIFY count(*) OVER (PARTITION BY left_id) = 1 AND count(*) OVER (PARTITION BY right_id) = 1;
