-- One source: its cells as text (or as they are typed), then as values, then whether they make a row.
SELECT *,
    (broken IS NOT NULL OR $unreadable) AS is_unreadable,
    CASE WHEN broken IS NOT NULL THEN [{'field': NULL::VARCHAR, 'fault': broken, 'value': shown}]
         ELSE [fault FOR fault IN [$faults] IF fault IS NOT NULL] END AS faults
FROM (SELECT *, $values
      FROM (SELECT file_id, row_number, broken, shown, ($skipped) AS is_skipped, (broken IS NULL AND $blank) AS is_blank, $cells
            FROM ($source)))
