-- (shop, method, currency, situation, rows): rows that only a situation explains which rows do not show.
SELECT shop, method, currency, situation, count(*)
FROM terms_exceptions
JOIN settlements USING (file_id, row_number)
WHERE situation IS NOT NULL
GROUP BY ALL
ORDER BY ALL;
