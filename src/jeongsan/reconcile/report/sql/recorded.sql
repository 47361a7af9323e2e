-- The findings of a report that was written, from its Parquet file; what was decided since is taken over anew.
CREATE OR REPLACE TEMP TABLE report_findings AS
SELECT
    file_row_number AS position,
    '' AS rule,
    subject_of(comparison, kind, shop, currency, coalesce(left_day, right_day), coalesce(order_id, payment_key, transaction_key)) AS subject,
    is_to_decide(state) AS needs_decision,
    * EXCLUDE (
        file_row_number, is_open, handling, assignee, comment, accept_reason, accepted_by, handled_at,
        adjustment, adjust_reason, adjusted_by
    )
FROM read_parquet($file, file_row_number = true);
