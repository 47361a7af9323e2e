-- 입금 대사: what the gateway says it pays out on a day against what arrived at the bank.

-- A settlement row pays out what it says, or its amount less its fee where it does not say.
CREATE OR REPLACE TEMP VIEW paid_rows AS
SELECT row_id_of(file_id, row_number) AS row_id, shop, currency, order_id, payment_key, transaction_key,
       paid_out_date AS "day", coalesce(pay_out_amount, amount - fee) AS amount
FROM settlements;

CREATE OR REPLACE TEMP TABLE all_payouts AS
SELECT row_number() OVER (ORDER BY currency, "day", shop, is_known) AS row_id, *
FROM (
    SELECT shop, currency, "day", amount IS NOT NULL AS is_known, coalesce(sum(amount), 0) AS amount, count(*) AS row_count
    FROM paid_rows GROUP BY ALL
);

-- Lines of the gateway are those whose text names it; where none does, any may be.
CREATE OR REPLACE TEMP TABLE all_lines AS
WITH named AS (
    SELECT row_id_of(file_id, row_number) AS row_id, account, currency, amount, "day", memo,
           regexp_matches(memo, getvariable('gateway_memo'), 'i') AS is_named,
           hash(account, currency, amount, occurred_at, "day", memo) AS content
    FROM bank
)
SELECT *, is_named OR NOT bool_or(is_named) OVER () AS may_be_gateway FROM named;

CREATE OR REPLACE TEMP TABLE open_payouts AS FROM all_payouts WHERE "day" IS NOT NULL AND is_known AND amount <> 0;
CREATE OR REPLACE TEMP TABLE open_lines AS FROM all_lines WHERE may_be_gateway;

-- What the rules find: payouts (LEFT) and bank lines (RIGHT) of one outcome have one `group_id`, the least row of the
-- left side in it or minus the least of the right.
CREATE OR REPLACE TEMP TABLE grouped (
    side VARCHAR NOT NULL,
    row_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    rule VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    reason VARCHAR                         -- NULL: agrees in everything
);

SET VARIABLE bank_first = (SELECT coalesce(getvariable('first'), min("day")) FROM bank);
SET VARIABLE bank_last = (SELECT coalesce(getvariable('last'), max("day")) FROM bank);
SET VARIABLE payouts_first = (SELECT min("day") FROM all_payouts);
SET VARIABLE payouts_last = (SELECT max("day") FROM all_payouts);

-- For which the closed days are wanted.
CREATE OR REPLACE TEMP VIEW deposit_years AS
SELECT DISTINCT year("day") FROM (SELECT "day" FROM open_payouts UNION ALL SELECT "day" FROM open_lines) WHERE "day" IS NOT NULL;
