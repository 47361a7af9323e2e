-- Rule D6. A payout and a line of one amount at most `deposit_days_max` days apart, the only ones of it on either side.
INSERT INTO grouped
WITH near AS (
    SELECT p.row_id AS left_id, l.row_id AS right_id, p."day" AS due, l."day" AS arrived
    FROM open_payouts AS p JOIN open_lines AS l USING (currency, amount)
    WHERE abs(l."day" - p."day") BETWEEN 1 AND getvariable('deposit_days_max')
    QUALIFY count(*) OVER (PARTITION BY p.row_id) = 1 AND count(*) OVER (PARTITION BY l.row_id) = 1
), judged AS (
    SELECT left_id, right_id,
           CASE WHEN open_days_between(least(due, arrived), greatest(due, arrived)) = 0 AND abs(arrived - due) > 1 THEN 'HOLIDAY'
                WHEN arrived > due THEN 'DEPOSIT_LATE' ELSE 'DEPOSIT_EARLY' END AS reason
    FROM near
)
SELECT 'LEFT', left_id, left_id, 'OTHER_DAY', 'DIFFERENT', reason FROM judged
UNION ALL
SELECT 'RIGHT', right_id, left_id, 'OTHER_DAY', 'DIFFERENT', reason FROM judged;
