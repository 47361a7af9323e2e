-- What settlement rows say of themselves that terms go by. A row without a method has no terms.
SELECT DISTINCT shop, method, currency, card_kind
FROM settlements
WHERE method IS NOT NULL
ORDER BY ALL;
