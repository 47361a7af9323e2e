-- Rows of one file into the table of its side, and what is no row of it; the statements are run one by one.

-- name: insert
INSERT INTO $table BY NAME
SELECT * EXCLUDE (is_unreadable, is_skipped, is_blank, faults)
FROM ($rows) WHERE NOT is_unreadable AND NOT is_skipped;

-- name: look
CREATE OR REPLACE TEMP TABLE unread AS
SELECT row_number, is_skipped, is_blank, CASE WHEN NOT is_skipped AND NOT is_blank THEN faults END AS faults
FROM ($rows) WHERE is_unreadable OR is_skipped;

-- name: count
SELECT count(*) FILTER (NOT is_skipped AND NOT is_blank), count(*) FILTER (is_skipped AND NOT is_blank),
       count(*) FILTER (is_blank)
FROM unread;

-- name: problems
INSERT INTO problems
SELECT $file_id::INTEGER, row_number, fault."field", fault.fault, left(coalesce(fault."value", ''), $shown)
FROM (SELECT row_number, unnest(faults) AS fault FROM unread);

-- name: undo
DELETE FROM $table WHERE file_id = $file_id;

-- name: problem
INSERT INTO problems VALUES (?, ?, ?, ?, ?);

-- name: file
INSERT INTO files (file_id, side, name, row_count, unreadable_count, skipped_count, layout)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: next
SELECT coalesce(max(file_id), 0) + 1 FROM files;

-- name: scratch
SELECT $file_id::INTEGER AS file_id, row_number::BIGINT AS row_number, nullif(broken, '') AS broken, shown, $columns
FROM $source;

-- name: text
SELECT $file_id::INTEGER AS file_id, row_number() OVER () + $skip AS row_number, NULL::VARCHAR AS broken, NULL::VARCHAR AS shown, $columns
FROM $source;

-- name: parquet
SELECT $file_id::INTEGER AS file_id, file_row_number + 1 AS row_number, NULL::VARCHAR AS broken, NULL::VARCHAR AS shown, $columns
FROM $source;

-- name: parquet_rows
SELECT file_name, num_rows FROM parquet_file_metadata($paths);

-- name: parquet_kinds
SELECT count(DISTINCT columns)
FROM (SELECT list(concat_ws('|', name, type, type_length, num_children, converted_type, scale, precision, logical_type)) AS columns
      FROM parquet_schema($paths) GROUP BY file_name);

-- name: view_count
SELECT count(*) FROM ($rows);

-- name: undo_from
DELETE FROM $table WHERE file_id >= $file_id;

-- name: view_check
SELECT count(*) FROM ($rows) WHERE is_unreadable OR is_skipped;

-- name: drop_table
DROP TABLE $table;

-- name: view
CREATE OR REPLACE VIEW $table AS
SELECT * EXCLUDE (is_unreadable, is_skipped, is_blank, faults) FROM ($rows);

-- name: is_filled
SELECT count(*) FROM (FROM $table LIMIT 1);

-- name: optimizers
SELECT current_setting('disabled_optimizers');

-- name: disable
SET disabled_optimizers = $optimizers;
