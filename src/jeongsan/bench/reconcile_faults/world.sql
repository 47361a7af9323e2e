-- The world before anything is wrong: payments and cancels, and what four sources say of them.
-- Everything follows from md5 of the seed and a number, so neither threads nor versions change it.
-- Amounts are integers of minor units until the last step. A `uid` names a row until it has a place in a file.

CREATE OR REPLACE MACRO made.dice(salt, number) AS
    md5_number_lower(getvariable('seed') || salt || number);
CREATE OR REPLACE MACRO made.half_up(value, divisor) AS
    (2 * value + divisor) // (2 * divisor);
-- Rate and fixed fee are without VAT: the supply value is cut, and its tenth added half up.
CREATE OR REPLACE MACRO made.fee(minor, rate, fixed) AS
    CASE WHEN minor = 0 THEN 0
         ELSE ((minor * rate) // 1000000 + fixed) + made.half_up((minor * rate) // 1000000 + fixed, 10) END;
CREATE OR REPLACE MACRO made.amount(minor, currency) AS
    (minor * CASE currency WHEN 'USD' THEN 0.01 ELSE 1.00 END)::DECIMAL(18, 2);

CREATE TABLE made.payments AS
WITH rolled AS (
    SELECT number, made.dice('/when/', number) AS a, made.dice('/what/', number) AS b,
           made.dice('/cancel/', number) AS c
    FROM range(getvariable('payments')) AS numbers (number)
),
placed AS (
    SELECT number, b, c, shops.*,
        getvariable('first') + ((a >> 3) % getvariable('days'))::INTEGER AS day,
        CASE
            WHEN (a >> 24) % 200 = 0 THEN (a >> 34) % 50
            WHEN (a >> 24) % 200 = 1 THEN 86399 - (a >> 34) % 50
            WHEN (a >> 24) % 200 < 6 THEN 150 + (a >> 34) % 1200
            ELSE 1500 + (a >> 34) % 84600
        END AS second,
        (b >> 2) % 100 AS method_roll,
        (b >> 12) % 100 AS amount_roll,
        (b >> 20) % 1000000 AS amount_dice,
        (b >> 42) % 100 AS tax_roll
    FROM rolled JOIN made.shops AS shops
      ON (rolled.b >> 50) % 100 >= shops.share_from AND (rolled.b >> 50) % 100 < shops.share_to
),
priced AS (
    SELECT *,
        day + to_seconds(second::BIGINT) AS approved_at,
        CASE WHEN currency = 'USD' THEN 'CARD'
             WHEN method_roll < 55 THEN 'CARD' WHEN method_roll < 75 THEN 'EASY_PAY'
             WHEN method_roll < 85 THEN 'VIRTUAL_ACCOUNT' WHEN method_roll < 94 THEN 'TRANSFER'
             WHEN method_roll < 99 THEN 'MOBILE_PHONE' ELSE 'GIFT_CERTIFICATE' END AS method,
        CASE WHEN currency = 'USD' THEN 500 + amount_dice % 60000
             WHEN amount_roll < 60 THEN 1000 + (amount_dice % 900) * 100
             WHEN amount_roll < 85 THEN 1000 + amount_dice % 60000
             WHEN amount_roll < 95 THEN 10000 + (amount_dice % 90) * 10000
             ELSE 50000 + (amount_dice * 2) % 1900000 END::BIGINT AS minor
    FROM placed
)
SELECT number, shop, currency, order_ids, tells_tax, day, approved_at, method, minor, c,
    CASE WHEN method = 'CARD' THEN
        CASE WHEN (c >> 50) % 100 < 62 THEN 'CREDIT' WHEN (c >> 50) % 100 < 97 THEN 'CHECK' ELSE 'GIFT' END
    END AS card_kind,
    CASE WHEN currency = 'USD' THEN 0
         WHEN tax_roll < 4 THEN minor WHEN tax_roll < 10 THEN minor * (1 + tax_roll) // 12 ELSE 0
    END::BIGINT AS tax_free,
    -- A virtual account's key is as old as its issue, before the deposit.
    approved_at - CASE WHEN method = 'VIRTUAL_ACCOUNT' THEN to_seconds((600 + (c >> 20) % 200000)::BIGINT)
                       ELSE to_seconds((3 + (c >> 20) % 40)::BIGINT) END AS issued_at
FROM priced;

-- What the keys look like; the number in them makes each one of its kind.
CREATE TABLE made.named AS
SELECT *,
    'tviva' || strftime(issued_at, '%Y%m%d%H%M%S') || to_base(number + 1679616, 36) AS payment_key,
    CASE order_ids
        WHEN 'DIGITS' THEN strftime(day, '%y%m%d') || lpad(number::VARCHAR, 9, '0')
        WHEN 'KOREAN' THEN '주문-' || strftime(day, '%Y%m%d') || '-' || lpad(number::VARCHAR, 7, '0')
        ELSE 'ORD' || strftime(day, '%Y%m%d') || 'N' || lpad(number::VARCHAR, 8, '0')
    END AS order_id,
    CASE WHEN currency = 'USD' THEN 0 ELSE made.half_up(minor - tax_free, 11) END::BIGINT AS vat
FROM made.payments;

-- The parts of a payment that were cancelled, each with what was cancelled before it.
CREATE TABLE made.parts AS
WITH planned AS (
    SELECT number, method, minor, approved_at, c, (c >> 4) % 1000 AS plan FROM made.payments
),
cut AS (
    SELECT *, CASE
        WHEN plan < 45 THEN [minor]
        WHEN plan < 60 THEN [minor * (1 + plan % 8) // 10]
        WHEN plan < 68 THEN [minor * 2 // 10, minor * 3 // 10]
        WHEN plan < 72 THEN [minor * 3 // 10, minor * 3 // 10]
        WHEN plan < 76 THEN [minor * 3 // 10, minor * 4 // 10, minor - minor * 3 // 10 - minor * 4 // 10]
        END AS sizes
    FROM planned WHERE plan < 76 AND (method <> 'MOBILE_PHONE' OR plan < 45)
),
listed AS (
    SELECT number, approved_at, c, unnest(sizes) AS minor, generate_subscripts(sizes, 1) AS part FROM cut
),
timed AS (
    SELECT number, part, minor,
        sum(minor) OVER (PARTITION BY number ORDER BY part)::BIGINT AS until,
        approved_at + part * CASE WHEN c % 5 < 2 THEN to_seconds((600 + (c >> 30) % 20000)::BIGINT)
                                  ELSE to_seconds((3600 + (c >> 30) % 800000)::BIGINT) END AS canceled_at
    FROM listed
)
SELECT number, part, minor, until - minor AS before, until, canceled_at
FROM timed WHERE canceled_at < getvariable('first') + getvariable('days');

-- One approval or cancel: what the gateway knows of it.
CREATE TABLE made.moves AS
SELECT number, 0 AS part, 'APPROVAL' AS kind, minor AS signed, tax_free AS signed_tax_free, vat AS signed_vat,
    approved_at AS occurred_at, minor AS before, 0 AS after
FROM made.named
UNION ALL
SELECT number, part, 'CANCEL', -parts.minor,
    named.tax_free * before // named.minor - named.tax_free * until // named.minor,
    named.vat * before // named.minor - named.vat * until // named.minor,
    canceled_at, named.minor - before, named.minor - until
FROM made.parts AS parts JOIN made.named AS named USING (number);

CREATE TABLE made.gateway AS
SELECT number * 8 + part AS uid, number, part, named.shop, moves.kind, order_id, payment_key,
    'txrd_a01' || md5(getvariable('seed') || '/key/' || number || '/' || part)[1:24] AS transaction_key,
    named.method, named.currency,
    made.amount(signed, named.currency) AS amount,
    made.amount(signed_tax_free, named.currency) AS tax_free,
    made.amount(signed_vat, named.currency) AS vat,
    occurred_at, occurred_at::DATE AS day, approved_at, card_kind, before, after, tells_tax,
    ((c >> 8) % 7)::INTEGER - 3 AS jitter
FROM made.moves AS moves JOIN made.named AS named USING (number);

CREATE TABLE made.orders AS
SELECT uid, number, shop, kind, order_id,
    CASE WHEN getvariable('order_keys') <> 'order' THEN payment_key END AS payment_key,
    CASE WHEN getvariable('order_keys') = 'transaction' THEN transaction_key END AS transaction_key,
    method, currency, amount,
    CASE WHEN tells_tax THEN tax_free END AS tax_free,
    CASE WHEN tells_tax THEN vat END AS vat,
    -- Two clocks never agree to the second; good rows agree on the day.
    CASE WHEN (occurred_at + to_seconds(jitter::BIGINT))::DATE = day
         THEN occurred_at + to_seconds(jitter::BIGINT) ELSE occurred_at END AS occurred_at,
    day
FROM made.gateway;

CREATE TABLE made.transactions AS
SELECT uid, number, shop, kind, order_id, payment_key, transaction_key, method, currency, amount, tax_free, vat,
    occurred_at, day,
    CASE WHEN kind = 'APPROVAL' THEN 'DONE' WHEN after = 0 THEN 'CANCELED' ELSE 'PARTIAL_CANCELED' END AS status
FROM made.gateway;

CREATE TABLE made.settlements AS
WITH charged AS (
    SELECT gateway.*, due.sold_date, due.paid_out_date,
        CASE WHEN gateway.kind = 'CANCEL' AND tariff.cancel = 'KEPT' THEN 0
             ELSE made.fee(before, rate, fixed) - made.fee(after, rate, fixed) END
            * CASE gateway.kind WHEN 'CANCEL' THEN -1 ELSE 1 END AS base,
        -- Some credit cards are paid in instalments that cost the merchant, and are not cancelled here.
        CASE WHEN gateway.kind = 'APPROVAL' AND gateway.card_kind = 'CREDIT' AND number % 29 = 0
             THEN before * 5 // 100 ELSE 0 END AS instalment
    FROM made.gateway AS gateway
    JOIN made.tariffs AS tariff ON tariff.shop = gateway.shop AND tariff.method = gateway.method
        AND tariff.card_kind IS NOT DISTINCT FROM gateway.card_kind
    JOIN made.due_dates AS due ON due.shop = gateway.shop AND due.method = gateway.method AND due.day = gateway.day
),
summed AS (SELECT *, base + instalment AS minor_fee FROM charged)
SELECT uid, number, shop, kind, order_id, payment_key, transaction_key, method, currency, amount, tax_free, vat,
    occurred_at, day, approved_at,
    made.amount(minor_fee, currency) AS fee,
    made.amount(base, currency) AS base_fee,
    made.amount(minor_fee - sign(minor_fee)::BIGINT * made.half_up(abs(minor_fee), 11), currency) AS supply_amount,
    made.amount(sign(minor_fee)::BIGINT * made.half_up(abs(minor_fee), 11), currency) AS fee_vat,
    0::DECIMAL(18, 2) AS interest_fee,
    amount - made.amount(minor_fee, currency) AS pay_out_amount,
    sold_date, paid_out_date, card_kind
FROM summed;

-- Payments that faults may befall, in an order of chance.
CREATE TABLE made.pool AS
SELECT number FROM made.payments
ORDER BY made.dice('/fault/', number), number LIMIT getvariable('pool');

CREATE VIEW made.pool_orders AS
    SELECT orders.* FROM made.orders AS orders JOIN made.pool USING (number) ORDER BY uid;
CREATE VIEW made.pool_transactions AS
    SELECT rows.* FROM made.transactions AS rows JOIN made.pool USING (number) ORDER BY uid;
CREATE VIEW made.pool_settlements AS
    SELECT rows.* FROM made.settlements AS rows JOIN made.pool USING (number) ORDER BY uid;
