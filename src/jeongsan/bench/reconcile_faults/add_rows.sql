-- Payments whose rows are given instead of what was made; then the rows.

DELETE FROM made.orders WHERE number IN (SELECT unnest(getvariable('numbers')::BIGINT[]));
DELETE FROM made.transactions WHERE number IN (SELECT unnest(getvariable('numbers')::BIGINT[]));
DELETE FROM made.settlements WHERE number IN (SELECT unnest(getvariable('numbers')::BIGINT[]));

INSERT INTO made.orders BY NAME
SELECT unnest(from_json(getvariable('orders'), '[{"uid": "BIGINT", "number": "BIGINT", "shop": "VARCHAR",
    "kind": "VARCHAR", "order_id": "VARCHAR", "payment_key": "VARCHAR", "transaction_key": "VARCHAR",
    "method": "VARCHAR", "currency": "VARCHAR", "amount": "DECIMAL(18, 2)", "tax_free": "DECIMAL(18, 2)",
    "vat": "DECIMAL(18, 2)", "occurred_at": "TIMESTAMP", "day": "DATE"}]'), recursive := true);

INSERT INTO made.transactions BY NAME
SELECT unnest(from_json(getvariable('transactions'), '[{"uid": "BIGINT", "number": "BIGINT", "shop": "VARCHAR",
    "kind": "VARCHAR", "order_id": "VARCHAR", "payment_key": "VARCHAR", "transaction_key": "VARCHAR",
    "method": "VARCHAR", "currency": "VARCHAR", "amount": "DECIMAL(18, 2)", "tax_free": "DECIMAL(18, 2)",
    "vat": "DECIMAL(18, 2)", "occurred_at": "TIMESTAMP", "day": "DATE", "status": "VARCHAR"}]'), recursive := true);

INSERT INTO made.settlements BY NAME
SELECT unnest(from_json(getvariable('settlements'), '[{"uid": "BIGINT", "number": "BIGINT", "shop": "VARCHAR",
    "kind": "VARCHAR", "order_id": "VARCHAR", "payment_key": "VARCHAR", "transaction_key": "VARCHAR",
    "method": "VARCHAR", "currency": "VARCHAR", "amount": "DECIMAL(18, 2)", "tax_free": "DECIMAL(18, 2)",
    "vat": "DECIMAL(18, 2)", "occurred_at": "TIMESTAMP", "day": "DATE", "approved_at": "TIMESTAMP",
    "fee": "DECIMAL(18, 2)", "base_fee": "DECIMAL(18, 2)", "supply_amount": "DECIMAL(18, 2)",
    "fee_vat": "DECIMAL(18, 2)", "interest_fee": "DECIMAL(18, 2)", "pay_out_amount": "DECIMAL(18, 2)",
    "sold_date": "DATE", "paid_out_date": "DATE", "card_kind": "VARCHAR"}]'), recursive := true);
