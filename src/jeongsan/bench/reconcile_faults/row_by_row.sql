-- What a script that asks row by row has: the gateway's list in a database, with an index on each identifier.
CREATE TABLE listed (
    place INTEGER PRIMARY KEY, kind TEXT, order_id TEXT, payment_key TEXT, transaction_key TEXT, amount TEXT, day TEXT
);
CREATE INDEX listed_by_payment ON listed (payment_key, kind);
CREATE INDEX listed_by_order ON listed (order_id, kind);
