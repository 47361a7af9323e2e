INSERT INTO report_handling
SELECT
    id, handling, assignee, comment, accept_reason, accepted_by, handled_at, adjustment, adjust_reason, adjusted_by
FROM read_parquet($file)
WHERE handled_at IS NOT NULL;
