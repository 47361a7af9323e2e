-- The settlement rows as the right side of a comparison, and what is wrong with their own figures.
CREATE OR REPLACE TEMP VIEW right_rows AS
SELECT row_id_of(file_id, row_number) AS row_id, shop, kind, order_id, payment_key, transaction_key, method,
       currency, amount, tax_free, vat, occurred_at, "day",
       hash(fee, supply_amount, fee_vat, interest_fee, pay_out_amount, approved_at, sold_date, paid_out_date) AS extra,
       pays_amount_less_fee(amount, fee, pay_out_amount) AND splits_fee(fee, supply_amount, fee_vat, currency) AS is_sound
FROM settlements;

CREATE OR REPLACE TEMP VIEW right_faults AS
SELECT row_id_of(file_id, row_number) AS row_id,
       list_filter([
           CASE WHEN pays_amount_less_fee(amount, fee, pay_out_amount) THEN NULL
                WHEN interest_fee <> 0 AND pay_out_amount = amount - fee - interest_fee THEN 'INTEREST_FEE'
                ELSE 'PAY_OUT_SUM' END,
           CASE WHEN NOT splits_fee(fee, supply_amount, fee_vat, currency) THEN 'FEE_VAT' END
       ], lambda one: one IS NOT NULL) AS reasons,
       list_filter([
           difference('pay_out_amount', amount - fee, pay_out_amount),
           difference('supply_amount', (fee - eleventh_of(fee, currency))::DECIMAL(18,2), supply_amount),
           difference('fee_vat', eleventh_of(fee, currency)::DECIMAL(18,2), fee_vat)
       ], lambda one: one IS NOT NULL) AS fields
FROM settlements;
