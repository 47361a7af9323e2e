-- What stands around the findings in a report: sums, what could not be read, where rows stood.

-- Rows of `totals` together, whatever their number is per shop and reason.
CREATE OR REPLACE TEMP VIEW report_states AS
SELECT comparison, state, currency, side, row_count, amount
FROM (
    SELECT
        comparison, state, currency, side,
        sum(row_count)::BIGINT AS row_count, sum(amount)::DECIMAL(38,2) AS amount
    FROM totals
    GROUP BY comparison, state, currency, side
)
ORDER BY
    CASE comparison WHEN 'TRANSACTION' THEN 1 WHEN 'SETTLEMENT' THEN 2 ELSE 3 END,
    CASE state
        WHEN 'MATCHED' THEN 1 WHEN 'DIFFERENT' THEN 2 WHEN 'ONE_SIDED' THEN 3 WHEN 'AMBIGUOUS' THEN 4
        WHEN 'NOT_YET_DUE' THEN 5 WHEN 'OLDER' THEN 6 ELSE 7 END,
    currency,
    side;

CREATE OR REPLACE TEMP VIEW report_totals AS
SELECT comparison, side, state, reason, shop, currency, row_count, amount
FROM (
    SELECT
        comparison, side, state, reason, shop, currency,
        sum(row_count)::BIGINT AS row_count, sum(amount)::DECIMAL(38,2) AS amount
    FROM totals
    GROUP BY comparison, side, state, reason, shop, currency
)
ORDER BY
    CASE comparison WHEN 'TRANSACTION' THEN 1 WHEN 'SETTLEMENT' THEN 2 ELSE 3 END,
    side, state, reason, shop, currency;

-- What does not agree, as money: of both sides' amounts the part that the other side lacks. Where the currencies
-- differ, each side counts in its own, and the outcome in that of the left one.
CREATE OR REPLACE TEMP VIEW report_abnormal AS
WITH apart AS (
    SELECT
        *,
        list_filter(fields, lambda one: one."field" = 'currency') AS currencies
    FROM report_rows
    WHERE needs_decision
),
amounts AS (
    SELECT comparison, currency, is_open, 1 AS outcome_count, abs(difference) AS amount
    FROM apart WHERE difference IS NOT NULL
    UNION ALL BY NAME
    SELECT
        comparison, coalesce(currencies[1]."left", currency) AS currency, is_open, 1 AS outcome_count,
        abs(coalesce(left_amount, 0)) AS amount
    FROM apart WHERE difference IS NULL
    UNION ALL BY NAME
    SELECT
        comparison, coalesce(currencies[1]."right", currency) AS currency, is_open, 0 AS outcome_count,
        abs(coalesce(right_amount, 0)) AS amount
    FROM apart WHERE difference IS NULL
)
SELECT * FROM (SELECT
    comparison,
    currency,
    coalesce(sum(outcome_count) FILTER (is_open), 0)::BIGINT AS open_count,
    coalesce(sum(amount) FILTER (is_open), 0)::DECIMAL(38,2) AS open_amount,
    coalesce(sum(outcome_count) FILTER (NOT is_open), 0)::BIGINT AS accepted_count,
    coalesce(sum(amount) FILTER (NOT is_open), 0)::DECIMAL(38,2) AS accepted_amount
FROM amounts
GROUP BY comparison, currency)
ORDER BY CASE comparison WHEN 'TRANSACTION' THEN 1 WHEN 'SETTLEMENT' THEN 2 ELSE 3 END, currency;

-- Per side, because files are no part of a result. A file that could not be read at all has a problem without a row.
CREATE OR REPLACE TEMP VIEW report_unreadable AS
WITH whole AS (SELECT DISTINCT file_id FROM problems WHERE row_number IS NULL),
sides AS (
    SELECT
        side,
        sum(row_count)::BIGINT AS row_count,
        sum(unreadable_count)::BIGINT AS unreadable_count,
        count(whole.file_id) AS file_count
    FROM files LEFT JOIN whole USING (file_id)
    GROUP BY side
)
SELECT side, row_count, unreadable_count, file_count
FROM sides
ORDER BY list_position(['ORDERS', 'TRANSACTIONS', 'SETTLEMENTS', 'BANK'], side);

CREATE OR REPLACE TEMP VIEW report_problems AS
SELECT files.side AS side, files.name AS name, problems.row_number AS row_number, problems.field AS "field",
    problems.fault AS fault, problems.value AS value
FROM problems JOIN files USING (file_id)
ORDER BY list_position(['ORDERS', 'TRANSACTIONS', 'SETTLEMENTS', 'BANK'], files.side), name,
    row_number NULLS FIRST, "field" NULLS FIRST, fault, value;

CREATE OR REPLACE TEMP VIEW report_origins AS
SELECT found.id AS id, members.comparison AS comparison, members.outcome_number AS outcome_number,
    members.side AS side, files.name AS name, members.row_number AS row_number
FROM members
JOIN report_findings AS found USING (comparison, outcome_number)
JOIN files USING (file_id)
WHERE found.reasons <> []
ORDER BY found.position, members.side, files.name, members.row_number;

CREATE OR REPLACE TEMP VIEW report_listed_count AS
SELECT count(*) FROM report_findings WHERE state <> 'MATCHED';

CREATE OR REPLACE TEMP VIEW report_outcomes_file AS
SELECT * EXCLUDE (position, subject, rule, needs_decision)
FROM report_rows
ORDER BY position;

-- Which file was read as which list, by which layout. One of which nothing could be told has no layout.
CREATE OR REPLACE TEMP VIEW report_files AS
SELECT side, layout, name, row_count, unreadable_count, skipped_count
FROM files
ORDER BY list_position(['ORDERS', 'TRANSACTIONS', 'SETTLEMENTS', 'BANK'], side), layout NULLS LAST, name, file_id;
