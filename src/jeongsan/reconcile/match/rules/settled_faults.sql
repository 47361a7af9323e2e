-- What is wrong with a settlement row itself: its own figures, and what terms, where there are any, say otherwise.
CREATE OR REPLACE TEMP TABLE right_faults AS
SELECT row_id_of(file_id, row_number) AS row_id,
       list_filter([
           CASE WHEN pays_amount_less_fee(amount, fee, pay_out_amount) THEN NULL
                WHEN interest_fee <> 0 AND pay_out_amount = amount - fee - interest_fee THEN 'INTEREST_FEE'
                ELSE 'PAY_OUT_SUM' END,
           CASE WHEN NOT splits_fee(fee, supply_amount, fee_vat, currency) THEN 'FEE_VAT' END
       ], lambda one: one IS NOT NULL) || coalesce(terms.reasons, []) AS reasons,
       list_filter([
           difference('pay_out_amount', amount - fee, pay_out_amount),
           difference('supply_amount', (fee - eleventh_of(fee, currency))::DECIMAL(18,2), supply_amount),
           difference('fee_vat', eleventh_of(fee, currency), fee_vat),
           difference('base_fee', terms.expected_base_fee, base_fee),
           difference('sold_date', terms.expected_sold_date, sold_date),
           difference('paid_out_date', terms.expected_paid_out_date, paid_out_date)
       ], lambda one: one IS NOT NULL) AS fields
FROM settlements
LEFT JOIN terms_exceptions AS terms USING (file_id, row_number)
WHERE row_id_of(file_id, row_number) IN (SELECT row_id FROM unlike_right);
