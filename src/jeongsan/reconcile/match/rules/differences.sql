-- What differs between the rows of a pair, and for what reason. Reasons stand in a fixed order, the main one first.
CREATE OR REPLACE TEMP TABLE judged AS
SELECT left_id, right_id, rule,
       list_filter([
           difference('currency', l.currency, r.currency), difference('amount', l.amount, r.amount),
           difference('tax_free', l.tax_free, r.tax_free), difference('vat', l.vat, r.vat),
           difference('method', l.method, r.method), difference('order_id', l.order_id, r.order_id),
           difference('payment_key', l.payment_key, r.payment_key),
           difference('transaction_key', l.transaction_key, r.transaction_key),
           CASE WHEN l."day" <> r."day" AND l.occurred_at IS NOT NULL AND r.occurred_at IS NOT NULL
                THEN difference('occurred_at', l.occurred_at, r.occurred_at) ELSE difference('day', l."day", r."day") END
       ], lambda one: one IS NOT NULL) || coalesce(faults.fields, []) AS fields,
       list_distinct_in_order(list_filter([
           CASE WHEN l.currency <> r.currency THEN 'CURRENCY' END,
           CASE WHEN l.amount = r.amount THEN NULL WHEN l.amount = -r.amount THEN 'SIGN' ELSE 'AMOUNT' END,
           CASE WHEN l.tax_free <> r.tax_free THEN 'TAX_FREE' END,
           CASE WHEN l.vat <> r.vat THEN 'VAT' END,
           CASE WHEN l.method <> r.method THEN 'METHOD' END,
           id_reason('ORDER_ID', l.order_id, r.order_id),
           id_reason('PAYMENT_KEY', l.payment_key, r.payment_key),
           id_reason('TRANSACTION_KEY', l.transaction_key, r.transaction_key),
           day_reason(l."day", r."day", epoch(r.occurred_at)::BIGINT - epoch(l.occurred_at)::BIGINT, r.method)
       ], lambda one: one IS NOT NULL) || coalesce(faults.reasons, [])) AS reasons
FROM pairs
JOIN unlike_left AS l ON l.row_id = left_id
JOIN unlike_right AS r ON r.row_id = right_id
LEFT JOIN right_faults AS faults ON faults.row_id = right_id;
