-- (shop, method, currency, remark, rows): what is not compared, and why.
SELECT shop, method, currency, remark, count(*)
FROM terms_exceptions
JOIN settlements USING (file_id, row_number)
WHERE remark IS NOT NULL
GROUP BY ALL
ORDER BY ALL;
