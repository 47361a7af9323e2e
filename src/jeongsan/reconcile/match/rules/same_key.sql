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
CREATE OR REPLACE TEMP MACRO bucket_of(join_key) AS (join_key & 65535)::USMALLINT;

CREATE OR REPLACE TEMP VIEW left_keyed AS
SELECT *, join_key_of(transaction_key, payment_key, shop, order_id, kind, currency, amount) AS join_key FROM left_rows;
CREATE OR REPLACE TEMP VIEW right_keyed AS
SELECT *, join_key_of(transaction_key, payment_key, shop, order_id, kind, currency, amount) AS join_key FROM right_rows;

CREATE OR REPLACE TEMP TABLE joined AS
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
), looked_at AS (
    SELECT l.row_id AS left_id, r.row_id AS right_id, bucket_of(coalesce(l.join_key, r.join_key)) AS bucket,
           coalesce(
               l.amount = r.amount AND l.form = r.form AND agree(l."day", r."day") AND agree(l.tax_free, r.tax_free)
               AND agree(l.vat, r.vat) AND agree(l.method, r.method) AND agree(l.order_id, r.order_id)
               AND agree(l.payment_key, r.payment_key) AND agree(l.transaction_key, r.transaction_key) AND r.is_sound,
               false
           ) AS agrees
    FROM left_side AS l FULL OUTER JOIN right_side AS r ON l.join_key = r.join_key
)
SELECT bucket, CASE WHEN NOT agrees THEN left_id END AS left_id, CASE WHEN NOT agrees THEN right_id END AS right_id,
       agrees, count(*) AS pair_count
FROM looked_at
GROUP BY ALL;

-- A key that stands twice on a side makes more pairs than there are rows. Where in a bucket of keys the pairs
-- that agree and the open rows make up exactly the rows there are, no key is twice in a pair that agrees: a row
-- that only agrees has as many such pairs as its key has partners, so the pairs are never fewer than the rows.
CREATE OR REPLACE TEMP TABLE crowded_buckets AS
WITH seen AS (
    SELECT bucket, coalesce(sum(pair_count) FILTER (agrees), 0) AS agreeing, count(DISTINCT left_id) AS left_open,
           count(DISTINCT right_id) AS right_open
    FROM joined WHERE bucket IS NOT NULL GROUP BY bucket
), left_there AS (
    SELECT bucket_of(join_key) AS bucket, count(*) AS row_count FROM left_keyed WHERE join_key IS NOT NULL GROUP BY 1
), right_there AS (
    SELECT bucket_of(join_key) AS bucket, count(*) AS row_count FROM right_keyed WHERE join_key IS NOT NULL GROUP BY 1
)
SELECT bucket FROM seen LEFT JOIN left_there USING (bucket) LEFT JOIN right_there USING (bucket)
WHERE agreeing + left_open <> coalesce(left_there.row_count, 0)
   OR agreeing + right_open <> coalesce(right_there.row_count, 0);

CREATE OR REPLACE TEMP TABLE repeated_keys AS
SELECT join_key FROM left_keyed WHERE bucket_of(join_key) IN (FROM crowded_buckets)
GROUP BY join_key HAVING count(*) > 1
UNION
SELECT join_key FROM right_keyed WHERE bucket_of(join_key) IN (FROM crowded_buckets)
GROUP BY join_key HAVING count(*) > 1;

-- Where rows are joined by another key than the transaction key, one that is open may bear the transaction key of one
-- that agrees: both are looked at again, with the partner.
INSERT INTO repeated_keys
SELECT join_key
FROM left_keyed SEMI JOIN (
    SELECT transaction_key, kind FROM left_keyed SEMI JOIN joined ON row_id = left_id WHERE transaction_key IS NOT NULL
) USING (transaction_key, kind)
WHERE getvariable('key_by') <> 'transaction_key' AND join_key IS NOT NULL
UNION
SELECT join_key
FROM right_keyed SEMI JOIN (
    SELECT transaction_key, kind FROM right_keyed SEMI JOIN joined ON row_id = right_id WHERE transaction_key IS NOT NULL
) USING (transaction_key, kind)
WHERE getvariable('key_by') <> 'transaction_key' AND join_key IS NOT NULL;

CREATE OR REPLACE TEMP TABLE unlike_left AS
WITH ids AS (
    SELECT left_id AS row_id FROM joined WHERE left_id IS NOT NULL
    UNION
    SELECT row_id FROM left_keyed WHERE join_key IN (FROM repeated_keys)
)
SELECT *, content_of(shop, kind, order_id, payment_key, transaction_key, method, currency, amount, tax_free, vat, occurred_at, "day", extra) AS content
FROM left_rows SEMI JOIN ids USING (row_id);

CREATE OR REPLACE TEMP TABLE unlike_right AS
WITH ids AS (
    SELECT right_id AS row_id FROM joined WHERE right_id IS NOT NULL
    UNION
    SELECT row_id FROM right_keyed WHERE join_key IN (FROM repeated_keys)
)
SELECT *, content_of(shop, kind, order_id, payment_key, transaction_key, method, currency, amount, tax_free, vat, occurred_at, "day", extra) AS content
FROM right_rows SEMI JOIN ids USING (row_id);

CREATE OR REPLACE TEMP TABLE open_left AS FROM unlike_left;
CREATE OR REPLACE TEMP TABLE open_right AS FROM unlike_right;
