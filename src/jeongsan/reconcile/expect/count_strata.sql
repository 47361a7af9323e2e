-- How many days of approval the groups of rows have, taken together.
SELECT count(DISTINCT hash(shop, method, currency, card_kind, coalesce(approved_at::DATE, day)))
FROM settlements
WHERE kind = 'APPROVAL' AND payment_key IS NOT NULL AND method IS NOT NULL;
