-- What strategies are given, and what has to be told about it: orders against transactions.

CREATE OR REPLACE TEMP VIEW order_entries AS
SELECT row_number, kind, order_id, payment_key, transaction_key, method, currency, amount, day
FROM orders ORDER BY row_number;
CREATE OR REPLACE TEMP VIEW transaction_entries AS
SELECT row_number, kind, order_id, payment_key, transaction_key, method, currency, amount, day
FROM transactions ORDER BY row_number;

CREATE OR REPLACE TEMP VIEW expected_statements AS
SELECT any_value(state), any_value(reasons), list((side, row_number) ORDER BY side, row_number)
FROM labelled.labels JOIN labelled.members USING (label_number)
WHERE comparison = 'TRANSACTION' GROUP BY label_number ORDER BY label_number;

CREATE OR REPLACE TEMP VIEW found_statements AS
SELECT any_value(state), any_value(reasons), list((side, row_number) ORDER BY side, row_number)
FROM outcomes JOIN members USING (comparison, outcome_number)
WHERE comparison = 'TRANSACTION' GROUP BY outcome_number ORDER BY outcome_number;
