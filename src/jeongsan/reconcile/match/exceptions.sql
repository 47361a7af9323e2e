-- Fills `terms_exceptions` from `tariffs`, `due_dates`, `holiday_dates` and `cancel_balances`.

-- Everything that the plain choice does not say exactly so, also where it says nothing.
CREATE OR REPLACE TEMP TABLE not_plain AS
SELECT
    file_id, row_number, shop, method, currency, card_kind, kind, amount, fee, base_fee,
    day, approved_day::TIMESTAMP AS approved_at, sold_date, paid_out_date
FROM under_terms('settlements', 1)
WHERE base_units IS DISTINCT FROM expected_units AND base_units IS NOT NULL AND rate IS NOT NULL
    OR sold_date <> expected_sold_date
    OR paid_out_date IS DISTINCT FROM expected_paid_out_date AND paid_out_date IS NOT NULL AND schedule IS NOT NULL;

-- Files whose rows have a list of entries: elsewhere the whole fee stands in `base_fee`.
CREATE OR REPLACE TEMP TABLE itemised_files AS
SELECT DISTINCT file_id FROM settlements WHERE fee <> base_fee;

INSERT INTO terms_exceptions
WITH under_choices AS (
    SELECT
        chosen.* EXCLUDE (expected_units),
        -- Charged on top of what is given back, in a row without a list of entries.
        expected_units + CASE
            WHEN kind = 'CANCEL' AND fee = base_fee AND base_units = expected_units + refund_fee THEN refund_fee
            ELSE 0
        END AS expected_units,
        CASE
            WHEN rate IS NULL OR base_units IS NULL THEN NULL
            WHEN kind = 'CANCEL' AND cancel = 'UNKNOWN' THEN 'CANCEL_FEE_UNKNOWN'
            WHEN expected_units IS NULL THEN 'BALANCE_UNKNOWN'
            WHEN base_units = expected_units THEN NULL
            -- The bank took a deposit back: it never was one, and the kept fee is given back as well.
            WHEN kind = 'CANCEL' AND method = 'VIRTUAL_ACCOUNT' AND cancel = 'KEPT'
                AND amount = -approved_amount AND base_fee = -approved_base_fee THEN 'REVERSED_DEPOSIT'
            -- The amounts of a payment that stands in one list only are no better than its fee.
            WHEN kind = 'CANCEL' AND cancel = 'RETURNED' AND NOT is_listed AND amount <> -approved_amount
                AND in_minor_units(approved_base_fee, currency)
                    <> expected_fee(in_minor_units(approved_amount, currency), rate, fixed, rounding)
                THEN 'BALANCE_UNKNOWN'
            WHEN has_other_fees AND fee = base_fee AND itemised_files.file_id IS NULL
                AND CASE kind WHEN 'CANCEL' THEN base_units < expected_units + refund_fee
                    ELSE base_units > expected_units END
                THEN 'NOT_ITEMISED'
        END AS fee_remark
    FROM under_terms('not_plain', 1000) AS chosen
    LEFT JOIN itemised_files USING (file_id)
), compared AS (
    SELECT
        *,
        CASE WHEN fee_remark IS NULL THEN base_units - expected_units END AS fee_gap,
        coalesce(sold_date <> expected_sold_date, false) AS is_sold_otherwise,
        coalesce(paid_out_date <> expected_paid_out_date, false) AS is_paid_otherwise
    FROM under_choices
), best AS (
    SELECT *
    FROM compared
    -- Whatever situation explains a row, it is explained, also where its fee cannot be compared.
    QUALIFY row_number() OVER (
        PARTITION BY file_id, row_number
        ORDER BY
            coalesce(fee_gap, 0) <> 0 OR is_sold_otherwise OR is_paid_otherwise,
            CASE WHEN fee_gap = 0 THEN 0 WHEN fee_gap IS NULL THEN 1 WHEN abs(fee_gap) = 1 THEN 2 ELSE 3 END,
            is_sold_otherwise::INTEGER + is_paid_otherwise::INTEGER,
            choice
    ) = 1
)
SELECT
    best.file_id,
    best.row_number,
    CASE WHEN fee_remark IS NULL THEN from_minor_units(expected_units, currency) END,
    expected_sold_date,
    expected_paid_out_date,
    CASE WHEN abs(fee_gap) = 1 THEN ['FEE_ROUNDING'] WHEN fee_gap <> 0 THEN ['FEE_RATE'] ELSE []::VARCHAR[] END
        || CASE WHEN is_sold_otherwise THEN ['SOLD_DATE'] ELSE []::VARCHAR[] END
        || CASE WHEN is_paid_otherwise AND moved.day IS NOT NULL AND NOT is_sold_otherwise
                THEN ['HOLIDAY']
            WHEN is_paid_otherwise THEN ['PAID_OUT_DATE'] ELSE []::VARCHAR[] END,
    situation,
    coalesce(
        fee_remark,
        CASE WHEN expected_sold_date IS NOT NULL AND expected_paid_out_date IS NULL
            AND best.paid_out_date IS NOT NULL THEN 'RELEASE_UNKNOWN' END
    )
FROM best
LEFT JOIN holiday_dates AS moved ON moved.schedule = best.schedule
    AND moved.day = due_day
    AND moved.paid_out_date = best.paid_out_date;
