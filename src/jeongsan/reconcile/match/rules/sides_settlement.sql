-- 정산 대사: what the gateway lists as transactions against what it settles.
CREATE OR REPLACE TEMP VIEW left_rows AS
SELECT row_id_of(file_id, row_number) AS row_id, shop, kind, order_id, payment_key, transaction_key, method,
       currency, amount, tax_free, vat, occurred_at, "day", hash(status) AS extra
FROM transactions
WHERE kind <> 'NO_MONEY';
