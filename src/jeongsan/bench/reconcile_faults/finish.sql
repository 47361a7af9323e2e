-- Every row gets its place (line 1 of a file is its header), the tables of a reconciliation are filled, and labels name rows by their place.

INSERT INTO made.bank
SELECT unnest(from_json(getvariable('bank'), '[{"uid": "BIGINT", "account": "VARCHAR", "currency": "VARCHAR",
    "amount": "DECIMAL(18, 2)", "occurred_at": "TIMESTAMP", "day": "DATE", "memo": "VARCHAR"}]'), recursive := true);

CREATE TABLE made.orders_placed AS
    SELECT 1 AS file_id, 1 + row_number() OVER (ORDER BY occurred_at, uid) AS row_number, * FROM made.orders;
CREATE TABLE made.transactions_placed AS
    SELECT 2 AS file_id, 1 + row_number() OVER (ORDER BY occurred_at, transaction_key, uid) AS row_number, *
    FROM made.transactions;
CREATE TABLE made.settlements_placed AS
    SELECT 3 AS file_id, 1 + row_number() OVER (ORDER BY transaction_key, uid) AS row_number, * FROM made.settlements;
CREATE TABLE made.bank_placed AS
    SELECT CASE currency WHEN 'KRW' THEN 4 ELSE 5 END AS file_id,
        1 + row_number() OVER (PARTITION BY currency ORDER BY occurred_at, uid) AS row_number, *
    FROM made.bank;

INSERT INTO orders BY NAME SELECT * EXCLUDE (uid, number) FROM made.orders_placed ORDER BY row_number;
INSERT INTO transactions BY NAME SELECT * EXCLUDE (uid, number) FROM made.transactions_placed ORDER BY row_number;
INSERT INTO settlements BY NAME SELECT * EXCLUDE (uid, number) FROM made.settlements_placed ORDER BY row_number;
INSERT INTO bank BY NAME SELECT * EXCLUDE (uid) FROM made.bank_placed ORDER BY row_number;
INSERT INTO files (file_id, side, name, row_count, unreadable_count)
SELECT 1, 'ORDERS', 'orders.csv', count(*), 0 FROM orders UNION ALL
SELECT 2, 'TRANSACTIONS', 'transactions.csv', count(*), 0 FROM transactions UNION ALL
SELECT 3, 'SETTLEMENTS', 'settlements.csv', count(*), 0 FROM settlements UNION ALL
SELECT 4, 'BANK', 'bank.csv', count(*), 0 FROM bank WHERE file_id = 4 UNION ALL
SELECT 5, 'BANK', 'bank_usd.csv', count(*), 0 FROM bank WHERE file_id = 5;

CREATE TABLE made.places AS
SELECT 'ORDERS' AS side, uid, file_id, row_number FROM made.orders_placed UNION ALL
SELECT 'TRANSACTIONS', uid, file_id, row_number FROM made.transactions_placed UNION ALL
SELECT 'SETTLEMENTS', uid, file_id, row_number FROM made.settlements_placed UNION ALL
SELECT 'BANK', uid, file_id, row_number FROM made.bank_placed;

INSERT INTO labelled.labels
SELECT unnest(from_json(getvariable('labels'), '[{"label_number": "BIGINT", "kind": "VARCHAR",
    "deterministic": "BOOLEAN", "comparison": "VARCHAR", "state": "VARCHAR", "reasons": "VARCHAR[]"}]'),
    recursive := true);

INSERT INTO labelled.members
SELECT label_number, side, file_id, row_number
FROM (SELECT unnest(from_json(getvariable('label_rows'),
        '[{"label_number": "BIGINT", "side": "VARCHAR", "uid": "BIGINT"}]'), recursive := true)) AS named
JOIN made.places USING (side, uid);

INSERT INTO labelled.payouts
SELECT unnest(from_json(getvariable('label_payouts'), '[{"label_number": "BIGINT", "shop": "VARCHAR",
    "currency": "VARCHAR", "paid_out_date": "DATE"}]'), recursive := true);

INSERT INTO labelled.copies
SELECT copied.side, again.file_id, again.row_number, original.row_number
FROM (SELECT unnest(from_json(getvariable('copies'),
        '[{"side": "VARCHAR", "uid": "BIGINT", "original": "BIGINT"}]'), recursive := true)) AS copied
JOIN made.places AS again ON again.side = copied.side AND again.uid = copied.uid
JOIN made.places AS original ON original.side = copied.side AND original.uid = copied.original;

DROP SCHEMA made CASCADE;
