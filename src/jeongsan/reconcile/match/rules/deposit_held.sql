-- Rule D7. Payouts of several days of one shop, one after the other, are one later line: what was held arrived with
-- what followed. One way only, at most `carried_payouts_max` payouts and `held_days_max` days.
INSERT INTO grouped
WITH ordered AS (
    SELECT *, row_number() OVER (PARTITION BY shop, currency ORDER BY "day") AS nth,
           sum(amount) OVER (PARTITION BY shop, currency ORDER BY "day") AS until
    FROM open_payouts
), runs AS (
    SELECT first.row_id AS group_id, first.shop, first.currency, first.nth AS first_nth, last.nth AS last_nth, line.row_id AS line_id
    FROM ordered AS first
    JOIN ordered AS last ON first.shop = last.shop AND first.currency = last.currency
        AND last.nth BETWEEN first.nth + 1 AND first.nth + getvariable('carried_payouts_max')
    JOIN open_lines AS line ON line.currency = first.currency AND line.amount = last.until - first.until + first.amount
        AND line."day" >= last."day" AND line."day" <= first."day" + getvariable('held_days_max')
), taken AS (
    SELECT runs.*, ordered.row_id
    FROM runs JOIN ordered ON ordered.shop = runs.shop AND ordered.currency = runs.currency
        AND ordered.nth BETWEEN first_nth AND last_nth
), sure AS (
    SELECT * FROM taken
    WHERE line_id IN (SELECT line_id FROM runs GROUP BY line_id HAVING count(*) = 1)
      AND line_id NOT IN (
          SELECT line_id FROM taken SEMI JOIN (SELECT row_id FROM taken GROUP BY row_id HAVING count(*) > 1) USING (row_id)
      )
)
SELECT 'LEFT', row_id, group_id, 'HELD', 'DIFFERENT', 'DEPOSIT_LATE' FROM sure
UNION ALL
SELECT DISTINCT 'RIGHT', line_id, group_id, 'HELD', 'DIFFERENT', 'DEPOSIT_LATE' FROM sure;
