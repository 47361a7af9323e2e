-- What was decided beside the findings of `report_findings`, whether they were just made or read again.

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

CREATE OR REPLACE TEMP VIEW report_subjects AS
SELECT id, subject FROM report_findings;
