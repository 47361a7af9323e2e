-- Bank lines: one signed column, or one for money in and one for money out, of which a line fills one.
SELECT file_id, row_number, coalesce(account, '') AS account, currency,
    coalesce(amount, TRY_CAST(coalesce(paid_in, 0) - coalesce(paid_out, 0) AS DECIMAL(18,2))) AS amount,
    occurred_at, coalesce(occurred_at_day, day) AS day, coalesce(memo, '') AS memo,
    is_unreadable, is_skipped, is_blank, faults
FROM ($read)
