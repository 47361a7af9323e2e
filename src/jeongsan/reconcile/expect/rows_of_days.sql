-- (schedule, day, rows): how many rows have a paid-out date that is expected from these days. Rows are counted by
-- what they say before their terms are looked up, which are few.
WITH counted AS (
    SELECT
        shop, method, currency, card_kind, coalesce(approved_at::DATE, day) AS approved_day, day, sold_date,
        count(paid_out_date) AS row_count
    FROM settlements
    WHERE greatest(sold_date, day) >= $first AND day <= $last
    GROUP BY ALL
)
SELECT schedule, CASE WHEN waits THEN greatest(sold_date, day) ELSE day END AS due_day, sum(row_count)::BIGINT
FROM counted
JOIN tariffs USING (shop, method, currency)
WHERE tariffs.card_kind IS NOT DISTINCT FROM counted.card_kind
    AND approved_day BETWEEN first_day AND last_day
    AND choice = 1
    AND schedule IS NOT NULL
    AND due_day BETWEEN $first AND $last
GROUP BY ALL
ORDER BY ALL;
