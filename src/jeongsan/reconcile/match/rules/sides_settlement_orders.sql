-- 정산 대사 without transactions: our own orders against what the gateway settles.
CREATE OR REPLACE TEMP VIEW left_rows AS
SELECT row_id_of(file_id, row_number) AS row_id, shop, kind, order_id, payment_key, transaction_key, method,
       currency, amount, tax_free, vat, occurred_at, "day", 0::UBIGINT AS extra
FROM orders;
