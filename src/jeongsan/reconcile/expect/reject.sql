-- What was learned of a method and is not expected.
UPDATE tariffs
SET
    rate = CASE WHEN NOT $fees THEN rate END,
    cancel = CASE WHEN $cancels THEN 'UNKNOWN' ELSE cancel END,
    schedule = CASE WHEN NOT $dates THEN schedule END
WHERE shop = $shop AND method = $method AND currency = $currency;
