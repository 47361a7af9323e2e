-- The outcomes as a report shows them: each with an id that the next run gives it again.
--
-- An id follows from everything a finding says, so another amount is another finding; what was decided about the
-- old one does not silently hold for it. Not in it: numbers, the rule, the nearest row and where rows stood, which
-- change when other rows come and go. Findings that say the same are told apart by counting them.
-- The subject is what a finding is about; decisions are found by it when the finding has changed.

CREATE OR REPLACE TEMP MACRO said(value) AS
    CASE WHEN value IS NULL THEN '-' ELSE strlen(value::VARCHAR) || ':' || value::VARCHAR END;

CREATE OR REPLACE TEMP MACRO digest_of(letter, contents) AS letter || '-' || substr(sha256(contents), 1, 20);

CREATE OR REPLACE TEMP TABLE report_handling (
    id VARCHAR PRIMARY KEY,
    handling VARCHAR NOT NULL,             -- OPEN, ASSIGNED, ACCEPTED, CHANGED
    assignee VARCHAR NOT NULL,
    comment VARCHAR NOT NULL,
    accept_reason VARCHAR NOT NULL,
    accepted_by VARCHAR NOT NULL,
    handled_at TIMESTAMP,                  -- of the last event, on Seoul's wall clock
    adjustment DECIMAL(38,2),
    adjust_reason VARCHAR NOT NULL,
    adjusted_by VARCHAR NOT NULL
);

CREATE OR REPLACE TEMP TABLE report_findings AS
WITH told AS (
    SELECT
        *,
        comparison[1] AS letter,
        said(comparison) || said(kind) || CASE
            WHEN comparison = 'DEPOSIT' THEN said(shop) || said(currency) || said(coalesce(left_day, right_day))
            WHEN coalesce(order_id, payment_key, transaction_key) IS NOT NULL
                THEN said(coalesce(order_id, payment_key, transaction_key))
            ELSE said(shop) || said(currency) || said(coalesce(left_day, right_day))
        END AS about,
        said(comparison) || said(state) || said(array_to_string(reasons, ',')) || said(shop) || said(currency)
            || said(kind) || said(order_id) || said(payment_key) || said(transaction_key) || said(method)
            || said(left_count) || said(right_count) || said(left_amount) || said(right_amount)
            || said(left_day) || said(right_day)
            || array_to_string(list_sort(list_transform(
                fields, lambda one: said(one."field") || said(one."left") || said(one."right")
            )), '') AS contents
    FROM outcomes
),
counted AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY contents ORDER BY outcome_number) AS copy
    FROM told
)
SELECT
    row_number() OVER (ORDER BY
        CASE comparison WHEN 'TRANSACTION' THEN 1 WHEN 'SETTLEMENT' THEN 2 ELSE 3 END, outcome_number
    ) AS position,
    digest_of(letter, contents || said(copy)) AS id,
    digest_of(letter, about) AS subject,
    * EXCLUDE (letter, about, contents, copy),
    state IN ('DIFFERENT', 'ONE_SIDED', 'AMBIGUOUS') AS needs_decision,
    CASE WHEN NOT list_contains(reasons, 'CURRENCY')
        THEN coalesce(left_amount, 0) - coalesce(right_amount, 0) END AS difference
FROM counted;

CREATE OR REPLACE TEMP VIEW report_rows AS
SELECT
    found.*,
    found.needs_decision AND coalesce(handled.handling, 'OPEN') <> 'ACCEPTED' AS is_open,
    CASE WHEN found.needs_decision OR handled.id IS NOT NULL THEN coalesce(handled.handling, 'OPEN') END AS handling,
    coalesce(handled.assignee, '') AS assignee,
    coalesce(handled.comment, '') AS comment,
    coalesce(handled.accept_reason, '') AS accept_reason,
    coalesce(handled.accepted_by, '') AS accepted_by,
    handled.handled_at AS handled_at,
    handled.adjustment AS adjustment,
    coalesce(handled.adjust_reason, '') AS adjust_reason,
    coalesce(handled.adjusted_by, '') AS adjusted_by
FROM report_findings AS found
LEFT JOIN report_handling AS handled ON handled.id = found.id
-- Deposits that agree in everything lead to their payments, but nothing was found.
WHERE found.reasons <> []
ORDER BY found.position;

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

CREATE OR REPLACE TEMP VIEW report_subjects AS
SELECT id, subject FROM report_findings;

CREATE OR REPLACE TEMP VIEW report_listed_count AS
SELECT count(*) FROM report_findings WHERE state <> 'MATCHED';

CREATE OR REPLACE TEMP VIEW report_outcomes_file AS
SELECT * EXCLUDE (position, subject, rule, needs_decision)
FROM report_rows
ORDER BY position;
