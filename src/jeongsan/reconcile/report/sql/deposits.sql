-- From a line of the bank to its payouts and to every row behind them. A group is an outcome of the deposit comparison,
-- also of what agrees in everything. Lines that are set aside, being no money of the gateway, are left out.

CREATE OR REPLACE TEMP TABLE report_deposits AS
SELECT
    row_number() OVER (ORDER BY coalesce(right_day, left_day), currency, outcome_number) AS group_number,
    CASE WHEN reasons = [] THEN '' ELSE id END AS id, outcome_number, state, reasons, currency, shop, left_count, right_count,
    left_amount, right_amount, left_day, right_day, difference
FROM report_findings
WHERE comparison = 'DEPOSIT' AND NOT list_contains(reasons, 'OTHER_DEPOSIT');

CREATE OR REPLACE TEMP VIEW report_deposit_lines AS
SELECT found.group_number, line.account, line.currency, line.day, line.amount, line.memo
FROM bank AS line
JOIN members USING (file_id, row_number)
JOIN report_deposits AS found USING (outcome_number)
WHERE members.comparison = 'DEPOSIT' AND members.side = 'BANK'
ORDER BY ALL;

CREATE OR REPLACE TEMP TABLE report_payouts AS
SELECT
    row_number() OVER (ORDER BY group_number, paid_out_date, payout.shop, payout.currency) AS payout_number,
    found.group_number, payout.shop, payout.currency, payout.paid_out_date, payout.amount, payout.row_count
FROM payouts AS payout
JOIN report_deposits AS found USING (outcome_number)
WHERE paid_out_date IS NOT NULL;

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
    SELECT currency, paid_out_date AS day, amount AS expected, 0 AS arrived FROM report_payouts
    UNION ALL BY NAME
    SELECT currency, day, 0 AS expected, amount AS arrived FROM report_deposit_lines
)
SELECT currency, day, sum(expected)::DECIMAL(38,2) AS expected, sum(arrived)::DECIMAL(38,2) AS arrived
FROM money
GROUP BY currency, day
ORDER BY currency, day;
