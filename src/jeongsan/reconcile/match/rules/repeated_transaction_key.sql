-- Rule 2. A transaction key names one transaction. Of several rows that bear it the one that agrees best with the
-- other side counts; the others are duplicates.
--
-- What stands there more than `key_repeats_max` times is no key but something put in its place.

CREATE OR REPLACE TEMP TABLE keyed_open AS
SELECT side, row_id, transaction_key, kind, content FROM open_rows WHERE transaction_key IS NOT NULL;

DELETE FROM keyed_open WHERE (transaction_key, kind) IN (
    SELECT (transaction_key, kind) FROM keyed_open GROUP BY side, transaction_key, kind
    HAVING count(*) > getvariable('key_repeats_max')
);

INSERT INTO pairs
SELECT left_id, right_id, 'SAME_TRANSACTION_KEY'
FROM (
    SELECT l.row_id AS left_id, r.row_id AS right_id, l.transaction_key, l.kind, l.content AS left_content,
           r.content AS right_content,
           (l.currency <> r.currency)::INTEGER + (l.amount <> r.amount)::INTEGER
           + (NOT agree(l.payment_key, r.payment_key))::INTEGER + (NOT agree(l.order_id, r.order_id))::INTEGER
           + (NOT agree(l.method, r.method))::INTEGER + (NOT agree(l.tax_free, r.tax_free))::INTEGER
           + (NOT agree(l.vat, r.vat))::INTEGER + (NOT agree(l."day", r."day"))::INTEGER
           + (NOT r.is_sound)::INTEGER AS difference_count
    FROM open_left AS l
    JOIN open_right AS r USING (transaction_key, kind)
    WHERE l.row_id IN (SELECT row_id FROM keyed_open WHERE side = 'LEFT')
)
QUALIFY row_number() OVER (
    PARTITION BY transaction_key, kind ORDER BY difference_count, left_content, right_content, left_id, right_id
) = 1;

-- Where the other side knows the key: every row but the one that counts. Where it does not: every row but one, which is
-- one whose payment or order has this amount on the other side, if there is any.
INSERT INTO grouped
WITH ours AS (
    SELECT row_id, payment_key, order_id, kind, currency, amount FROM open_left
    WHERE row_id IN (SELECT row_id FROM keyed_open WHERE side = 'LEFT')
), theirs AS (
    SELECT row_id, payment_key, order_id, kind, currency, amount FROM open_right
    WHERE row_id IN (SELECT row_id FROM keyed_open WHERE side = 'RIGHT')
), supported AS (
    SELECT row_id FROM ours SEMI JOIN open_right USING (payment_key, kind, currency, amount)
    UNION ALL
    SELECT row_id FROM ours SEMI JOIN open_right USING (order_id, kind, currency, amount)
    UNION ALL
    SELECT -row_id FROM theirs SEMI JOIN open_left USING (payment_key, kind, currency, amount)
    UNION ALL
    SELECT -row_id FROM theirs SEMI JOIN open_left USING (order_id, kind, currency, amount)
), ranked AS (
    SELECT keyed_open.*, row_number() OVER (
        PARTITION BY side, transaction_key, kind
        ORDER BY CASE side WHEN 'LEFT' THEN row_id NOT IN (SELECT left_id FROM pairs)
                      ELSE row_id NOT IN (SELECT right_id FROM pairs) END,
                 CASE side WHEN 'LEFT' THEN row_id ELSE -row_id END NOT IN (SELECT row_id FROM supported),
                 content, row_id
    ) AS nth
    FROM keyed_open
)
SELECT side, row_id, CASE side WHEN 'LEFT' THEN row_id ELSE -row_id END, 'SAME_TRANSACTION_KEY', 'ONE_SIDED', 'DUPLICATE'
FROM ranked WHERE nth > 1;
