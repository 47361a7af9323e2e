-- The outcomes as a report shows them: each with an id that the next run gives it again.
--
-- An id follows from everything a finding says, so another amount is another finding; what was decided about the
-- old one does not silently hold for it. Not in it: numbers, the rule, the nearest row and where rows stood, which
-- change when other rows come and go. Findings that say the same are told apart by counting them.

CREATE OR REPLACE TEMP TABLE report_findings AS
WITH told AS (
    SELECT
        *,
        comparison[1] AS letter,
        said(comparison) || said(state) || said(array_to_string(reasons, ',')) || said(shop) || said(currency)
            || said(kind) || said(order_id) || said(payment_key) || said(transaction_key) || said(method)
            || said(left_count) || said(right_count) || said(left_amount) || said(right_amount)
            || said(left_day) || said(right_day)
            || array_to_string(list_sort(list_transform(
                fields, lambda one: said(one."field") || said(one."left") || said(one."right")
            )), '') AS contents
    FROM outcomes
),
counted AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY contents ORDER BY outcome_number) AS copy
    FROM told
)
SELECT
    row_number() OVER (ORDER BY
        CASE comparison WHEN 'TRANSACTION' THEN 1 WHEN 'SETTLEMENT' THEN 2 ELSE 3 END, outcome_number
    ) AS position,
    digest_of(letter, contents || said(copy)) AS id,
    subject_of(comparison, kind, shop, currency, coalesce(left_day, right_day), coalesce(order_id, payment_key, transaction_key)) AS subject,
    * EXCLUDE (letter, contents, copy),
    is_to_decide(state) AS needs_decision,
    CASE WHEN NOT list_contains(reasons, 'CURRENCY')
        THEN coalesce(left_amount, 0) - coalesce(right_amount, 0) END AS difference
FROM counted;
