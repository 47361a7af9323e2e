-- What no rule of the deposits took.
INSERT INTO grouped
SELECT 'LEFT', row_id, row_id, 'LEFT_OVER',
       CASE WHEN "day" IS NULL THEN 'NOT_YET_DUE'
            WHEN "day" > least(getvariable('bank_last'), getvariable('today') - 1) THEN 'NOT_YET_DUE'
            WHEN amount = 0 OR NOT is_known THEN 'SET_ASIDE'
            WHEN "day" < getvariable('bank_first') THEN 'OLDER'
            WHEN amount < 0 THEN 'NOT_YET_DUE'
            ELSE 'ONE_SIDED' END,
       CASE WHEN "day" IS NULL THEN 'TOO_YOUNG'
            WHEN "day" > least(getvariable('bank_last'), getvariable('today') - 1) THEN 'TOO_YOUNG'
            WHEN amount = 0 OR NOT is_known THEN 'NO_MONEY'
            WHEN "day" < getvariable('bank_first') THEN 'BEFORE_COLLECTION'
            WHEN amount < 0 THEN 'CARRIED_OVER'
            ELSE 'DEPOSIT_MISSING' END
FROM all_payouts WHERE row_id NOT IN (SELECT row_id FROM grouped WHERE side = 'LEFT');

INSERT INTO grouped
SELECT 'RIGHT', row_id, -row_id, 'LEFT_OVER',
       CASE WHEN NOT is_named THEN 'SET_ASIDE' WHEN "day" > getvariable('payouts_last') THEN 'NOT_YET_DUE'
            WHEN "day" < getvariable('payouts_first') THEN 'OLDER' ELSE 'ONE_SIDED' END,
       CASE WHEN NOT is_named THEN 'OTHER_DEPOSIT' WHEN "day" > getvariable('payouts_last') THEN 'TOO_YOUNG'
            WHEN "day" < getvariable('payouts_first') THEN 'BEFORE_COLLECTION' ELSE 'DEPOSIT_UNKNOWN' END
FROM all_lines WHERE row_id NOT IN (SELECT row_id FROM grouped WHERE side = 'RIGHT');
