-- What the rules want to know of both sides before they look at rows.

-- How the left side names its rows: by the key that at least half of them have, the most precise one first.
SET VARIABLE key_by = (
    SELECT CASE WHEN 2 * count(transaction_key) >= count(*) THEN 'transaction_key'
                WHEN 2 * count(payment_key) >= count(*) THEN 'payment_key' ELSE 'order_id' END
    FROM left_rows
);
SET VARIABLE right_has_keys = (SELECT count(transaction_key) > 0 FROM right_rows);
SET VARIABLE shops_known = (
    SELECT (SELECT coalesce(bool_and(shop <> ''), false) FROM left_rows)
           AND (SELECT coalesce(bool_and(shop <> ''), false) FROM right_rows)
);

-- The days that each side covers: those the run is asked for, else those that stand there. A settlement row can be
-- read from the day after its transaction (documentation), so no row of today is owed yet.
SET VARIABLE left_first = (SELECT coalesce(getvariable('first'), min("day")) FROM left_rows);
SET VARIABLE left_last = (SELECT coalesce(getvariable('last'), max("day")) FROM left_rows);
SET VARIABLE right_first = (SELECT coalesce(getvariable('first'), min("day")) FROM right_rows);
SET VARIABLE right_last = (SELECT coalesce(getvariable('last'), max("day")) FROM right_rows);
SET VARIABLE right_last = CASE getvariable('comparison') WHEN 'SETTLEMENT'
    THEN least(getvariable('right_last'), getvariable('today') - 1) ELSE getvariable('right_last') END;
SET VARIABLE transactions_first = (SELECT coalesce(getvariable('first'), min("day")) FROM transactions);
