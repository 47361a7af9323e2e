-- What no rule took. First what is no money, or cannot have a partner yet or any more; then what stands alone.
--
-- Days that the other side covers: `left_first` to `left_last` and `right_first` to `right_last`.

-- An expired virtual account is listed as cancelled in full although nobody ever paid. A cancel of something paid
-- before the rows begin looks the same, unless the key of the payment tells its day.
CREATE OR REPLACE TEMP TABLE perhaps_never_paid AS
SELECT side, row_id, payment_key
FROM open_rows
WHERE kind = 'CANCEL' AND CASE side WHEN 'LEFT' THEN getvariable('left_side') ELSE getvariable('right_side') END = 'TRANSACTIONS'
  AND (method = 'VIRTUAL_ACCOUNT' OR key_day(payment_key) >= getvariable('transactions_first'));

CREATE OR REPLACE TEMP TABLE never_paid AS
SELECT side, row_id
FROM perhaps_never_paid
ANTI JOIN (
    SELECT payment_key FROM orders WHERE kind = 'APPROVAL' AND payment_key IN (SELECT payment_key FROM perhaps_never_paid)
    UNION ALL
    SELECT payment_key FROM transactions WHERE kind = 'APPROVAL' AND payment_key IN (SELECT payment_key FROM perhaps_never_paid)
    UNION ALL
    SELECT payment_key FROM settlements WHERE kind = 'APPROVAL' AND payment_key IN (SELECT payment_key FROM perhaps_never_paid)
) USING (payment_key);

INSERT INTO grouped
SELECT 'LEFT', row_id, row_id, 'LEFT_OVER',
       CASE WHEN is_never_paid THEN 'SET_ASIDE' WHEN is_late THEN 'NOT_YET_DUE'
            WHEN is_early THEN 'OLDER' ELSE 'ONE_SIDED' END,
       CASE WHEN is_never_paid THEN 'CANCELED_WITHOUT_DONE' WHEN is_late THEN 'TOO_YOUNG'
            WHEN is_early THEN 'BEFORE_COLLECTION' ELSE list_element(getvariable('left_reasons'), CASE kind WHEN 'APPROVAL' THEN 1 ELSE 2 END) END
FROM (
    SELECT row_id, kind, coalesce("day" > getvariable('right_last'), false) AS is_late,
           coalesce("day" < getvariable('right_first'), false) AS is_early,
           row_id IN (SELECT row_id FROM never_paid WHERE side = 'LEFT') AS is_never_paid
    FROM open_left
);

INSERT INTO grouped
SELECT 'RIGHT', row_id, -row_id, 'LEFT_OVER',
       CASE WHEN kind = 'NO_MONEY' OR is_never_paid THEN 'SET_ASIDE' WHEN is_late THEN 'NOT_YET_DUE'
            WHEN is_early THEN 'OLDER' ELSE 'ONE_SIDED' END,
       CASE WHEN kind = 'NO_MONEY' THEN 'NO_MONEY' WHEN is_never_paid THEN 'CANCELED_WITHOUT_DONE'
            WHEN is_late THEN 'TOO_YOUNG' WHEN is_early THEN 'BEFORE_COLLECTION'
            ELSE list_element(getvariable('right_reasons'), CASE kind WHEN 'APPROVAL' THEN 1 ELSE 2 END) END
FROM (
    SELECT row_id, kind, coalesce("day" > getvariable('left_last'), false) AS is_late,
           coalesce("day" < getvariable('left_first'), false) AS is_early,
           row_id IN (SELECT row_id FROM never_paid WHERE side = 'RIGHT') AS is_never_paid
    FROM open_right
);
