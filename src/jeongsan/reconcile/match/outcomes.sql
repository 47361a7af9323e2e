-- What comes out. An outcome is one finding of one comparison; each row of each side has exactly one of them
-- per comparison it takes part in. Pairs of orders, transactions and settlements that agree in everything are
-- counted in `totals` and not listed.

CREATE TABLE outcomes (
    comparison VARCHAR NOT NULL,           -- TRANSACTION, SETTLEMENT, DEPOSIT
    outcome_number BIGINT NOT NULL,        -- from 1 in each comparison, in an order that follows from the contents
    state VARCHAR NOT NULL,
    reasons VARCHAR[] NOT NULL,            -- the first is the main one
    rule VARCHAR NOT NULL,                 -- the rule that decided
    shop VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    kind VARCHAR,                          -- APPROVAL, CANCEL, NO_MONEY; PAYOUT or DEPOSIT in a deposit comparison
    order_id VARCHAR,
    payment_key VARCHAR,
    transaction_key VARCHAR,
    method VARCHAR,
    left_count BIGINT NOT NULL,
    right_count BIGINT NOT NULL,
    left_amount DECIMAL(38,2),             -- NULL when the side has no row here
    right_amount DECIMAL(38,2),
    left_day DATE,                         -- the first
    right_day DATE,
    -- What differs, both sides as text.
    fields STRUCT("field" VARCHAR, "left" VARCHAR, "right" VARCHAR)[] NOT NULL,
    -- The row that comes nearest, and the one field that would have to be otherwise.
    nearest STRUCT(side VARCHAR, order_id VARCHAR, payment_key VARCHAR, transaction_key VARCHAR,
                   amount DECIMAL(18,2), "day" DATE, "field" VARCHAR, "left" VARCHAR, "right" VARCHAR)
);

-- Which rows an outcome is about: where it was read (see tables.sql), not what it says.
CREATE TABLE members (
    comparison VARCHAR NOT NULL,
    outcome_number BIGINT NOT NULL,
    side VARCHAR NOT NULL,
    file_id INTEGER NOT NULL,
    row_number BIGINT NOT NULL
);

-- Which payouts an outcome of a deposit comparison is about. A payout is no row: it is the settlement rows of a shop,
-- currency and paid-out date. All outcomes of this comparison are listed, also those that agree in everything
-- (MATCHED without a reason), so that every bank line leads to its payments.
CREATE TABLE payouts (
    outcome_number BIGINT NOT NULL,
    shop VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    paid_out_date DATE,                    -- NULL: rows for which no day is said
    row_count BIGINT NOT NULL,
    amount DECIMAL(38,2) NOT NULL          -- sum of pay_out_amount
);

-- Every row of every side of every comparison, also those that agree in everything (state MATCHED, reason '').
-- Per comparison and side the counts and sums are those of the side's table.
CREATE TABLE totals (
    comparison VARCHAR NOT NULL,
    side VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,               -- the main reason; '' for rows that agree in everything
    shop VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    row_count BIGINT NOT NULL,
    amount DECIMAL(38,2) NOT NULL
);
