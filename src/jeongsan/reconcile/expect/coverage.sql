-- Per shop, method and currency: of how many rows something is expected, and how many are otherwise. A date
-- that a closed day explains is as expected.
WITH rows_of_terms AS (
    SELECT
        shop, method, currency, card_kind, kind, day,
        coalesce(approved_at::DATE, day) AS approved_day,
        count(*) AS row_count, count(base_fee) AS with_fee,
        count(sold_date) AS with_sold, count(paid_out_date) AS with_paid
    FROM settlements
    GROUP BY ALL
), compared AS (
    SELECT
        found.shop, found.method, found.currency,
        sum(row_count) AS row_count,
        sum(with_fee) FILTER (kind = 'APPROVAL' AND rate IS NOT NULL) AS approvals,
        sum(with_fee) FILTER (kind = 'CANCEL' AND rate IS NOT NULL AND cancel <> 'UNKNOWN') AS cancels,
        sum(with_sold) FILTER (due.day IS NOT NULL) AS sold,
        sum(with_paid) FILTER (due.paid_out_date IS NOT NULL) AS paid
    FROM rows_of_terms AS found
    LEFT JOIN tariffs ON tariffs.shop = found.shop
        AND tariffs.method = found.method
        AND tariffs.currency = found.currency
        AND tariffs.card_kind IS NOT DISTINCT FROM found.card_kind
        AND approved_day BETWEEN first_day AND last_day
        AND choice = 1
    LEFT JOIN due_dates AS due ON due.schedule = tariffs.schedule AND due.day = found.day
    GROUP BY ALL
), otherwise AS (
    SELECT
        shop, method, currency,
        count(*) FILTER (kind = 'APPROVAL' AND is_open) AS open_approvals,
        count(*) FILTER (kind = 'CANCEL' AND is_open) AS open_cancels,
        count(*) FILTER (kind = 'APPROVAL' AND list_has_any(reasons, ['FEE_RATE', 'FEE_ROUNDING'])) AS approvals,
        count(*) FILTER (kind = 'CANCEL' AND list_has_any(reasons, ['FEE_RATE', 'FEE_ROUNDING'])) AS cancels,
        count(*) FILTER (list_contains(reasons, 'SOLD_DATE')) AS sold,
        count(*) FILTER (list_contains(reasons, 'PAID_OUT_DATE')) AS paid
    FROM (
        SELECT
            settlements.*, reasons,
            remark IS NOT NULL AND remark NOT IN ('RELEASE_UNKNOWN', 'CANCEL_FEE_UNKNOWN') AS is_open
        FROM terms_exceptions
        JOIN settlements USING (file_id, row_number)
    )
    GROUP BY ALL
)
SELECT
    shop, coalesce(method, ''), currency, compared.row_count::BIGINT,
    (coalesce(compared.approvals, 0) - coalesce(open_approvals, 0))::BIGINT, coalesce(otherwise.approvals, 0),
    (coalesce(compared.cancels, 0) - coalesce(open_cancels, 0))::BIGINT, coalesce(otherwise.cancels, 0),
    coalesce(compared.sold, 0)::BIGINT, coalesce(otherwise.sold, 0),
    coalesce(compared.paid, 0)::BIGINT, coalesce(otherwise.paid, 0)
FROM compared
LEFT JOIN otherwise USING (shop, method, currency)
ORDER BY shop, method, currency;
