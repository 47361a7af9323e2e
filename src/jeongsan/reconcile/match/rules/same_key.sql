-- Rule 1. What has the same key once on either side, and agrees in everything that both sides say, is matched.
--
-- The key is the transaction key, or for merchants who keep none the payment key or order id with kind, currency
-- and amount (variable `key_by`). Pairs that agree are only counted; all other rows are `unlike` and, until a later rule takes
-- them, `open`.
-- Identifiers are compared by 64 bits of hash: half the memory and time of the texts themselves, and a pair that
-- differs is looked at again in full. That two different identifiers of one pair had the same hash would take
-- 10^19 pairs to expect once.

CREATE OR REPLACE TEMP MACRO join_key_of(transaction_key, payment_key, shop, order_id, kind, currency, amount) AS
    CASE getvariable('key_by')
        WHEN 'transaction_key' THEN CASE WHEN transaction_key IS NOT NULL THEN hash(transaction_key, kind) END
        WHEN 'payment_key' THEN CASE WHEN payment_key IS NOT NULL THEN hash(payment_key, kind, currency, amount) END
        ELSE CASE WHEN order_id IS NOT NULL
             THEN hash(CASE WHEN getvariable('shops_known') THEN shop END, order_id, kind, currency, amount) END
    END;

CREATE OR REPLACE TEMP VIEW left_keyed AS
SELECT *, join_key_of(transaction_key, payment_key, shop, order_id, kind, currency, amount) AS join_key,
       content_of(shop, kind, order_id, payment_key, transaction_key, method, currency, amount, tax_free, vat,
                  occurred_at, "day", extra) AS content
FROM left_rows;
CREATE OR REPLACE TEMP VIEW right_keyed AS
SELECT *, join_key_of(transaction_key, payment_key, shop, order_id, kind, currency, amount) AS join_key,
       content_of(shop, kind, order_id, payment_key, transaction_key, method, currency, amount, tax_free, vat,
                  occurred_at, "day", extra) AS content
FROM right_rows;

CREATE OR REPLACE TEMP TABLE disagreeing AS
WITH left_side AS (
    SELECT row_id, join_key, amount, hash(kind, currency) AS form, "day", tax_free, vat, known_hash(method) AS method,
           known_hash(order_id) AS order_id, known_hash(payment_key) AS payment_key,
           known_hash(transaction_key) AS transaction_key
    FROM left_keyed
), right_side AS (
    SELECT row_id, join_key, amount, hash(kind, currency) AS form, "day", tax_free, vat, known_hash(method) AS method,
           known_hash(order_id) AS order_id, known_hash(payment_key) AS payment_key,
           known_hash(transaction_key) AS transaction_key, is_sound
    FROM right_keyed
)
SELECT l.row_id AS left_id, r.row_id AS right_id
FROM left_side AS l FULL OUTER JOIN right_side AS r ON l.join_key = r.join_key
WHERE NOT coalesce(
    l.amount = r.amount AND l.form = r.form AND agree(l."day", r."day") AND agree(l.tax_free, r.tax_free)
    AND agree(l.vat, r.vat) AND agree(l.method, r.method) AND agree(l.order_id, r.order_id)
    AND agree(l.payment_key, r.payment_key) AND agree(l.transaction_key, r.transaction_key) AND r.is_sound,
    false
);

-- A key that stands twice on a side names nothing for sure: what bears it is looked at again, too.
CREATE OR REPLACE TEMP TABLE repeated_keys AS
SELECT join_key FROM left_keyed WHERE join_key IS NOT NULL GROUP BY join_key HAVING count(*) > 1
UNION
SELECT join_key FROM right_keyed WHERE join_key IS NOT NULL GROUP BY join_key HAVING count(*) > 1;

CREATE OR REPLACE TEMP TABLE unlike_left AS
SELECT * EXCLUDE (join_key)
FROM left_keyed
WHERE row_id IN (SELECT left_id FROM disagreeing WHERE left_id IS NOT NULL) OR join_key IN (FROM repeated_keys);

CREATE OR REPLACE TEMP TABLE unlike_right AS
SELECT * EXCLUDE (join_key)
FROM right_keyed
WHERE row_id IN (SELECT right_id FROM disagreeing WHERE right_id IS NOT NULL) OR join_key IN (FROM repeated_keys);

-- Where rows are joined by another key than the transaction key, one that does not agree may bear the transaction key of
-- one that does: both are looked at again, with the partner.
CREATE OR REPLACE TEMP TABLE reopened_keys AS
SELECT join_key
FROM left_keyed SEMI JOIN unlike_left USING (transaction_key, kind)
WHERE getvariable('key_by') <> 'transaction_key' AND join_key IS NOT NULL
UNION
SELECT join_key
FROM right_keyed SEMI JOIN unlike_right USING (transaction_key, kind)
WHERE getvariable('key_by') <> 'transaction_key' AND join_key IS NOT NULL;

INSERT INTO unlike_left
SELECT * EXCLUDE (join_key)
FROM left_keyed
WHERE join_key IN (FROM reopened_keys) AND row_id NOT IN (SELECT row_id FROM unlike_left);

INSERT INTO unlike_right
SELECT * EXCLUDE (join_key)
FROM right_keyed
WHERE join_key IN (FROM reopened_keys) AND row_id NOT IN (SELECT row_id FROM unlike_right);

CREATE OR REPLACE TEMP TABLE open_left AS FROM unlike_left;
CREATE OR REPLACE TEMP TABLE open_right AS FROM unlike_right;

-- Both sides of what is unlike, and of what of it is still open.
CREATE OR REPLACE TEMP VIEW unlike_rows AS
SELECT 'LEFT' AS side, * FROM unlike_left UNION ALL BY NAME SELECT 'RIGHT' AS side, * FROM unlike_right;
CREATE OR REPLACE TEMP VIEW open_rows AS
SELECT 'LEFT' AS side, * FROM open_left UNION ALL BY NAME SELECT 'RIGHT' AS side, * FROM open_right;
