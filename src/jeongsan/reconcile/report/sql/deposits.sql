-- From a line of the bank to its payouts and to every row behind them.
--
-- A group is an outcome of the deposit comparison, or a payout and a line that agree in everything, which are not
-- listed as outcomes: the same day, currency and amount. Among equals the pairs are as good as any others.
-- Lines that are set aside, being no money of the gateway, are left out.

CREATE OR REPLACE TEMP TABLE deposit_lines_read AS
SELECT bank.*, members.outcome_number
FROM bank LEFT JOIN members
    ON members.comparison = 'DEPOSIT' AND members.side = 'BANK'
    AND members.file_id = bank.file_id AND members.row_number = bank.row_number;

-- A payout's rows are all in one outcome or all in none: it is enough to ask one of them.
CREATE OR REPLACE TEMP TABLE deposit_payouts_read AS
SELECT
    row.shop AS shop, row.currency AS currency, row.paid_out_date AS paid_out_date,
    sum(coalesce(row.pay_out_amount, 0))::DECIMAL(38,2) AS amount,
    count(*) AS row_count,
    min(members.outcome_number) AS outcome_number
FROM settlements AS row LEFT JOIN members
    ON members.comparison = 'DEPOSIT' AND members.side = 'SETTLEMENTS'
    AND members.file_id = row.file_id AND members.row_number = row.row_number
WHERE row.paid_out_date IS NOT NULL
GROUP BY row.shop, row.currency, row.paid_out_date;

CREATE OR REPLACE TEMP TABLE deposit_pairs AS
WITH lines AS (
    SELECT *, row_number() OVER (
        PARTITION BY day, currency, amount ORDER BY account, memo, occurred_at NULLS FIRST, file_id, row_number
    ) AS turn
    FROM deposit_lines_read WHERE outcome_number IS NULL
),
payouts AS (
    SELECT *, row_number() OVER (PARTITION BY paid_out_date, currency, amount ORDER BY shop) AS turn
    FROM deposit_payouts_read WHERE outcome_number IS NULL
)
SELECT
    payouts.shop, payouts.currency, payouts.paid_out_date,
    lines.file_id, lines.row_number,
    row_number() OVER (ORDER BY payouts.paid_out_date, payouts.currency, payouts.shop) AS pair_number
FROM payouts JOIN lines
    ON lines.day = payouts.paid_out_date AND lines.currency = payouts.currency
    AND lines.amount = payouts.amount AND lines.turn = payouts.turn;

CREATE OR REPLACE TEMP TABLE report_deposits AS
WITH found AS (
    SELECT id, outcome_number, NULL::BIGINT AS pair_number, state, reasons, currency, shop,
        left_count, right_count, left_amount, right_amount, left_day, right_day, difference
    FROM report_findings
    WHERE comparison = 'DEPOSIT' AND NOT list_contains(reasons, 'OTHER_DEPOSIT')
    UNION ALL BY NAME
    SELECT '' AS id, NULL::BIGINT AS outcome_number, pair_number, 'MATCHED' AS state, []::VARCHAR[] AS reasons,
        currency, shop, 1 AS left_count, 1 AS right_count, payout.amount AS left_amount,
        payout.amount AS right_amount, paid_out_date AS left_day, paid_out_date AS right_day, 0 AS difference
    FROM deposit_pairs JOIN deposit_payouts_read AS payout USING (shop, currency, paid_out_date)
)
SELECT
    row_number() OVER (ORDER BY coalesce(right_day, left_day), currency, outcome_number NULLS LAST, pair_number)
        AS group_number,
    *
FROM found;

CREATE OR REPLACE TEMP VIEW report_deposit_lines AS
SELECT
    coalesce(by_outcome.group_number, by_pair.group_number) AS group_number,
    line.account, line.currency, line.day, line.amount, line.memo
FROM deposit_lines_read AS line
LEFT JOIN deposit_pairs AS pair USING (file_id, row_number)
LEFT JOIN report_deposits AS by_outcome ON by_outcome.outcome_number = line.outcome_number
LEFT JOIN report_deposits AS by_pair ON by_pair.pair_number = pair.pair_number
WHERE coalesce(by_outcome.group_number, by_pair.group_number) IS NOT NULL
ORDER BY ALL;

CREATE OR REPLACE TEMP TABLE report_payouts AS
WITH placed AS (
    SELECT
        coalesce(by_outcome.group_number, by_pair.group_number) AS group_number,
        payout.shop AS shop, payout.currency AS currency, payout.paid_out_date AS paid_out_date,
        payout.amount AS amount, payout.row_count AS row_count
    FROM deposit_payouts_read AS payout
    LEFT JOIN deposit_pairs AS pair USING (shop, currency, paid_out_date)
    LEFT JOIN report_deposits AS by_outcome ON by_outcome.outcome_number = payout.outcome_number
    LEFT JOIN report_deposits AS by_pair ON by_pair.pair_number = pair.pair_number
)
SELECT
    row_number() OVER (ORDER BY group_number, paid_out_date, shop, currency) AS payout_number, *
FROM placed
WHERE group_number IS NOT NULL;

CREATE OR REPLACE TEMP VIEW report_payout_rows AS
SELECT
    payout.payout_number, payout.group_number,
    row.sold_date, row.kind, row.method, row.order_id, row.payment_key, row.transaction_key,
    row.amount, row.fee, row.pay_out_amount, row.shop, row.currency, row.paid_out_date
FROM settlements AS row
JOIN report_payouts AS payout USING (shop, currency, paid_out_date)
ORDER BY payout.payout_number, row.sold_date, row.order_id, row.payment_key, row.transaction_key, row.kind,
    row.amount, row.fee, row.pay_out_amount, row.method;

-- What should have arrived and what did, a day at a time; lines that are no money of the gateway are left out.
CREATE OR REPLACE TEMP VIEW report_daily AS
WITH money AS (
    SELECT currency, paid_out_date AS day, amount AS expected, 0 AS arrived FROM deposit_payouts_read
    UNION ALL BY NAME
    SELECT line.currency, line.day, 0 AS expected, line.amount AS arrived
    FROM deposit_lines_read AS line
    WHERE line.outcome_number IS NULL OR NOT EXISTS (
        SELECT 1 FROM report_findings AS found
        WHERE found.comparison = 'DEPOSIT' AND found.outcome_number = line.outcome_number
            AND list_contains(found.reasons, 'OTHER_DEPOSIT')
    )
)
SELECT currency, day, sum(expected)::DECIMAL(38,2) AS expected, sum(arrived)::DECIMAL(38,2) AS arrived
FROM money
GROUP BY currency, day
ORDER BY currency, day;
