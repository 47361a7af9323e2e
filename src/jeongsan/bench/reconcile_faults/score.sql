-- Outcomes against labels. A label is found by an outcome of its comparison, state and reasons that is about
-- exactly its rows and payouts. Pairs that agree are not scored: those of deposits are listed, and left out here.

CREATE OR REPLACE TEMP TABLE scored_outcomes AS
SELECT comparison, outcome_number, state, reasons FROM outcomes WHERE state <> 'MATCHED' OR len(reasons) > 0;

-- What an outcome or a label is about, by name; a copy has the name of what it copies.
CREATE OR REPLACE TEMP TABLE found_things AS
SELECT comparison, outcome_number, side || ' ' || file_id || ' ' || coalesce(original, row_number) AS thing
FROM members SEMI JOIN scored_outcomes USING (comparison, outcome_number)
LEFT JOIN labelled.copies USING (side, file_id, row_number)
UNION ALL
SELECT 'DEPOSIT', outcome_number, 'PAYOUT ' || shop || ' ' || currency || ' ' || coalesce(paid_out_date::VARCHAR, '')
FROM payouts SEMI JOIN (FROM scored_outcomes WHERE comparison = 'DEPOSIT') USING (outcome_number);

CREATE OR REPLACE TEMP TABLE labelled_things AS
SELECT label_number, side || ' ' || file_id || ' ' || coalesce(original, row_number) AS thing
FROM labelled.members LEFT JOIN labelled.copies USING (side, file_id, row_number)
UNION ALL
SELECT label_number, 'PAYOUT ' || shop || ' ' || currency || ' ' || paid_out_date FROM labelled.payouts;

-- One outcome finds one label, also where several say the same of rows that say the same.
CREATE OR REPLACE TEMP TABLE judged AS
WITH told AS (
    SELECT outcome_number, comparison, state, reasons, string_agg(thing, '|' ORDER BY thing) AS things
    FROM scored_outcomes LEFT JOIN found_things USING (comparison, outcome_number) GROUP BY ALL
), meant AS (
    SELECT label_number, kind, comparison, state, reasons, string_agg(thing, '|' ORDER BY thing) AS things
    FROM labelled.labels LEFT JOIN labelled_things USING (label_number) GROUP BY ALL
), told_nth AS (
    SELECT *, row_number() OVER (PARTITION BY comparison, state, reasons, things ORDER BY outcome_number) AS nth FROM told
), meant_nth AS (
    SELECT *, row_number() OVER (PARTITION BY comparison, state, reasons, things ORDER BY label_number) AS nth FROM meant
)
SELECT label_number, kind, outcome_number, comparison, state, reasons
FROM told_nth FULL JOIN meant_nth USING (comparison, state, reasons, things, nth);

-- An outcome that finds no label counts against every kind whose rows it is about, or else against nobody's.
CREATE OR REPLACE TEMP TABLE false_alarms AS
SELECT DISTINCT wrong.comparison, wrong.outcome_number, wrong.state, wrong.reasons, touched.kind
FROM judged AS wrong
LEFT JOIN (
    SELECT comparison, outcome_number, kind
    FROM found_things JOIN labelled_things USING (thing) JOIN labelled.labels USING (label_number, comparison)
) AS touched USING (comparison, outcome_number)
WHERE wrong.label_number IS NULL;

CREATE OR REPLACE TEMP TABLE scores AS
SELECT kind AS name, any_value(deterministic) AS deterministic, count(*) AS expected,
    count(outcome_number) AS hits, coalesce(any_value(alarms), 0) AS alarms
FROM judged JOIN labelled.labels USING (label_number, kind)
LEFT JOIN (SELECT kind, count(*) AS alarms FROM false_alarms GROUP BY kind) AS counted USING (kind)
WHERE label_number IS NOT NULL
GROUP BY kind
UNION ALL
SELECT 'no fault: ' || comparison || ' ' || state || ' ' || array_to_string(reasons, ' '), true, 0, 0, count(*)
FROM false_alarms WHERE kind IS NULL GROUP BY comparison, state, reasons
ORDER BY ALL;

-- The whole: totals are the tables, and no row is used twice in a comparison.
CREATE OR REPLACE TEMP TABLE whole_checks AS
WITH tables AS (
    SELECT 'TRANSACTION' AS comparison, 'ORDERS' AS side, currency, count(*) AS row_count, sum(amount) AS amount
    FROM orders GROUP BY ALL UNION ALL
    SELECT 'TRANSACTION', 'TRANSACTIONS', currency, count(*), sum(amount) FROM transactions GROUP BY ALL UNION ALL
    SELECT 'SETTLEMENT', 'TRANSACTIONS', currency, count(*), sum(amount)
    FROM transactions WHERE kind <> 'NO_MONEY' GROUP BY ALL UNION ALL
    SELECT 'SETTLEMENT', 'SETTLEMENTS', currency, count(*), sum(amount) FROM settlements GROUP BY ALL UNION ALL
    SELECT 'DEPOSIT', 'SETTLEMENTS', currency, count(*), sum(pay_out_amount) FROM settlements GROUP BY ALL UNION ALL
    SELECT 'DEPOSIT', 'BANK', currency, count(*), sum(amount) FROM bank GROUP BY ALL
), told AS (
    SELECT comparison, side, currency, sum(row_count) AS row_count, sum(amount) AS amount FROM totals GROUP BY ALL
)
SELECT 'totals of ' || comparison || ' ' || side || ' ' || currency AS name,
    tables.row_count IS NOT DISTINCT FROM told.row_count AND tables.amount IS NOT DISTINCT FROM told.amount AS holds
FROM tables FULL JOIN told USING (comparison, side, currency)
UNION ALL
SELECT 'no row twice in ' || comparison, count(*) = count(DISTINCT (side, file_id, row_number))
FROM members GROUP BY comparison
ORDER BY ALL;
