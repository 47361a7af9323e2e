-- (schedule, day, rows): how many rows have a paid-out date that is expected from these days.
SELECT schedule, due_day, count(paid_out_date)
FROM under_terms('settlements', 1)
WHERE due_day BETWEEN $first AND $last
GROUP BY ALL
ORDER BY ALL;
