-- (schedule, day, the date on which its sales were paid out, rows): only dates that are not expected.
SELECT schedule, due_day, paid_out_date, count(*)
FROM under_terms('not_plain', 1)
WHERE paid_out_date <> expected_paid_out_date
GROUP BY ALL
ORDER BY ALL;
