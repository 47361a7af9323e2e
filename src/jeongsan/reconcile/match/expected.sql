-- What `tariffs` and `due_dates` say of settlement rows, and which rows are otherwise. In two steps: millions
-- of rows are compared with the plain choice alone, only what differs is looked at again.

-- Each row of a table with the columns of `settlements`, under each choice of its tariff up to one. The day of
-- approval decides the terms, also of a cancel; the row's own day decides its dates.
CREATE OR REPLACE MACRO under_terms(source, last_choice) AS TABLE
WITH rows_to_price AS (
    SELECT
        file_id, row_number, shop, method, currency, card_kind, kind, amount, fee, base_fee,
        day, sold_date, paid_out_date, coalesce(approved_at::DATE, day) AS approved_day,
        NULL::DECIMAL(18,2) AS before_amount, NULL::DECIMAL(18,2) AS after_amount,
        NULL::DECIMAL(18,2) AS approved_amount, NULL::DECIMAL(18,2) AS approved_base_fee, NULL AS is_listed
    FROM query_table(source)
    WHERE kind = 'APPROVAL'
    UNION ALL
    SELECT
        file_id, row_number, shop, method, currency, card_kind, kind, amount, fee, base_fee,
        day, sold_date, paid_out_date, coalesce(approved_at::DATE, balance.approved_day),
        before_amount, after_amount, approved_amount, approved_base_fee, is_listed
    FROM query_table(source)
    LEFT JOIN cancel_balances AS balance USING (file_id, row_number)
    WHERE kind = 'CANCEL'
)
SELECT
    priced.*,
    tariffs.* EXCLUDE (shop, method, currency, card_kind, first_day, last_day),
    due.day AS due_day,
    due.sold_date AS expected_sold_date,
    due.paid_out_date AS expected_paid_out_date,
    in_minor_units(base_fee, priced.currency) AS base_units,
    CASE
        WHEN kind = 'APPROVAL'
            THEN expected_fee(in_minor_units(amount, priced.currency), rate, fixed, rounding)
        WHEN cancel = 'KEPT' AND rate IS NOT NULL THEN 0
        WHEN cancel = 'RETURNED'
            THEN expected_fee(in_minor_units(after_amount, priced.currency), rate, fixed, rounding)
                - expected_fee(in_minor_units(before_amount, priced.currency), rate, fixed, rounding)
        WHEN cancel = 'PROPORTIONAL'
            THEN -expected_fee(in_minor_units(-amount, priced.currency), rate, fixed, rounding)
    END AS expected_units
FROM rows_to_price AS priced
JOIN tariffs ON tariffs.shop = priced.shop
    AND tariffs.method = priced.method
    AND tariffs.currency = priced.currency
    AND tariffs.card_kind IS NOT DISTINCT FROM priced.card_kind
    AND approved_day BETWEEN tariffs.first_day AND tariffs.last_day
    AND choice <= last_choice
LEFT JOIN due_dates AS due ON due.schedule = tariffs.schedule
    AND due.day = CASE WHEN waits THEN greatest(priced.sold_date, priced.day) ELSE priced.day END;

-- What is expected of every row for which there are terms. NULL: not compared.
CREATE OR REPLACE VIEW expected AS
SELECT
    file_id,
    row_number,
    CASE WHEN exception.file_id IS NULL THEN from_minor_units(expected_units, currency)
        ELSE exception.expected_base_fee END AS expected_base_fee,
    CASE WHEN exception.file_id IS NULL THEN plain.expected_sold_date
        ELSE exception.expected_sold_date END AS sold_date,
    CASE WHEN exception.file_id IS NULL THEN plain.expected_paid_out_date
        ELSE exception.expected_paid_out_date END AS paid_out_date,
    coalesce(exception.reasons, []) AS reasons,
    exception.situation AS situation,
    exception.remark AS remark
FROM under_terms('settlements', 1) AS plain
LEFT JOIN terms_exceptions AS exception USING (file_id, row_number);
