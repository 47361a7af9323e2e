-- The settlement rows as the right side of a comparison.
CREATE OR REPLACE TEMP VIEW right_rows AS
SELECT row_id_of(file_id, row_number) AS row_id, shop, kind, order_id, payment_key, transaction_key, method,
       currency, amount, tax_free, vat, occurred_at, "day",
       hash(fee, supply_amount, fee_vat, interest_fee, pay_out_amount, approved_at, sold_date, paid_out_date) AS extra,
       pays_amount_less_fee(amount, fee, pay_out_amount) AND splits_fee(fee, supply_amount, fee_vat, currency)
           AND row_id_of(file_id, row_number) NOT IN (
               SELECT row_id_of(file_id, row_number) FROM terms_exceptions WHERE reasons <> []
           ) AS is_sound
FROM settlements;
