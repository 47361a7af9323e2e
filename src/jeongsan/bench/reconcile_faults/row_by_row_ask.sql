SELECT place, amount, day FROM listed
WHERE kind = ?1 AND (payment_key = ?2 OR (?2 IS NULL AND order_id = ?3))
ORDER BY amount = ?4 DESC, place LIMIT 1
