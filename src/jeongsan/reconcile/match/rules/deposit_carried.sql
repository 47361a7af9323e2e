-- Rule D5. A payout below zero is not taken from the bank but from what follows: the first day on which the payouts since
-- then are above zero pays their sum. While they are not, nothing is to arrive.
CREATE OR REPLACE TEMP TABLE carried AS
WITH ordered AS (
    SELECT *, row_number() OVER (PARTITION BY shop, currency ORDER BY "day") AS nth,
           sum(amount) OVER (PARTITION BY shop, currency ORDER BY "day") AS until
    FROM open_payouts
), runs AS (
    SELECT first.row_id AS first_id, first.shop, first.currency, first.nth AS first_nth, last.nth AS last_nth,
           last."day" AS last_day, last.until - first.until + first.amount AS amount
    FROM ordered AS first
    JOIN ordered AS last ON first.shop = last.shop AND first.currency = last.currency
        AND last.nth BETWEEN first.nth AND first.nth + getvariable('carried_payouts_max')
    WHERE first.amount < 0
), ended AS (
    SELECT * FROM runs WHERE amount >= 0
    QUALIFY row_number() OVER (PARTITION BY first_id ORDER BY last_nth) = 1
)
SELECT ended.*, ordered.row_id
FROM ended JOIN ordered ON ordered.shop = ended.shop AND ordered.currency = ended.currency
    AND ordered.nth BETWEEN first_nth AND last_nth
-- A debt that grows is one debt: of runs that share a payout the one that began first.
QUALIFY first_id = min(first_id) OVER (PARTITION BY ordered.row_id);

INSERT INTO grouped
WITH whole AS (
    SELECT first_id, any_value(currency) AS currency, any_value(last_day) AS "day", any_value(amount) AS amount
    FROM carried GROUP BY first_id
    HAVING count(*) = any_value(last_nth) - any_value(first_nth) + 1
), arrived AS (
    SELECT whole.first_id, min(line.row_id) AS line_id
    FROM whole LEFT JOIN open_lines AS line USING (currency, "day", amount)
    GROUP BY whole.first_id, whole.amount
    HAVING count(line.row_id) = CASE WHEN whole.amount = 0 THEN 0 ELSE 1 END
)
SELECT 'LEFT', row_id, first_id, 'CARRIED_OVER', 'MATCHED', 'CARRIED_OVER' FROM carried SEMI JOIN arrived USING (first_id)
UNION ALL
SELECT 'RIGHT', line_id, first_id, 'CARRIED_OVER', 'MATCHED', 'CARRIED_OVER' FROM arrived WHERE line_id IS NOT NULL;
