-- 거래 대사: what our system says against what the gateway lists.
CREATE OR REPLACE TEMP VIEW left_rows AS
SELECT row_id_of(file_id, row_number) AS row_id, shop, kind, order_id, payment_key, transaction_key, method,
       currency, amount, tax_free, vat, occurred_at, "day", 0::UBIGINT AS extra
FROM orders;

CREATE OR REPLACE TEMP VIEW right_rows AS
SELECT row_id_of(file_id, row_number) AS row_id, shop, kind, order_id, payment_key, transaction_key, method,
       currency, amount, tax_free, vat, occurred_at, "day", hash(status) AS extra, true AS is_sound
FROM transactions;
