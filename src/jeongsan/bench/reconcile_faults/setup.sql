-- Terms of the made-up merchant, and the labels' tables. `made` holds what is thrown away in the end.

CREATE SCHEMA made;
CREATE SCHEMA labelled;

CREATE TABLE made.shops AS
SELECT unnest(from_json(getvariable('shops'), '[{"shop": "VARCHAR", "currency": "VARCHAR", "share_from": "INTEGER",
    "share_to": "INTEGER", "order_ids": "VARCHAR", "tells_tax": "BOOLEAN"}]'), recursive := true);

CREATE TABLE made.tariffs AS
SELECT unnest(from_json(getvariable('tariffs'), '[{"shop": "VARCHAR", "method": "VARCHAR", "card_kind": "VARCHAR",
    "rate": "INTEGER", "fixed": "BIGINT", "cancel": "VARCHAR"}]'), recursive := true);

CREATE TABLE made.due_dates AS
SELECT unnest(from_json(getvariable('due_dates'), '[{"shop": "VARCHAR", "method": "VARCHAR", "day": "DATE",
    "sold_date": "DATE", "paid_out_date": "DATE"}]'), recursive := true);

CREATE TABLE made.bank (
    uid BIGINT, account VARCHAR, currency VARCHAR, amount DECIMAL(18, 2), occurred_at TIMESTAMP, day DATE, memo VARCHAR
);

-- What has to be found: one outcome for each label, about these rows.
CREATE TABLE labelled.labels (
    label_number BIGINT NOT NULL, kind VARCHAR NOT NULL, deterministic BOOLEAN NOT NULL,
    comparison VARCHAR NOT NULL, state VARCHAR NOT NULL, reasons VARCHAR[] NOT NULL
);
CREATE TABLE labelled.members (
    label_number BIGINT NOT NULL, side VARCHAR NOT NULL, file_id INTEGER NOT NULL, row_number BIGINT NOT NULL
);
CREATE TABLE labelled.payouts (
    label_number BIGINT NOT NULL, shop VARCHAR NOT NULL, currency VARCHAR NOT NULL, paid_out_date DATE NOT NULL
);
-- Rows that say exactly what another one says: either may be named.
CREATE TABLE labelled.copies (
    side VARCHAR NOT NULL, file_id INTEGER NOT NULL, row_number BIGINT NOT NULL, original BIGINT NOT NULL
);
