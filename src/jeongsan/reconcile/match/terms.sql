-- What terms, given or learned, say of settlement rows. `reconcile/expect` fills the first three tables before
-- the rules run; where they are empty nothing is expected and nothing of it is compared.

-- What is charged, per what a row says of itself (shop, method, currency, card_kind: equal to the row's, NULL
-- to NULL) and the day its payment was approved. A row has every `choice` whose days cover that day: 1 is the
-- plain price, the others are situations that no row shows (a surcharge, a card issued abroad) and that would
-- explain it as well. Days of one choice do not overlap.
CREATE TABLE tariffs (
    shop VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    card_kind VARCHAR,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    choice INTEGER NOT NULL,
    situation VARCHAR,                     -- why it is not the plain price: ESCROW, KEY_IN+BILLING, OVERSEAS ...
    rate BIGINT,                           -- millionths; NULL: no fee is expected
    fixed BIGINT,                          -- minor units
    rounding VARCHAR,                      -- fee_rates.Rounding
    cancel VARCHAR NOT NULL,               -- RETURNED, PROPORTIONAL, KEPT; UNKNOWN: no fee of a cancel is expected
    refund_fee BIGINT NOT NULL,            -- for each cancel, minor units, VAT included
    has_other_fees BOOLEAN NOT NULL,       -- fees beside BASE are agreed (instalments, ETC), which a row without
                                           -- a list of entries has in its base_fee
    schedule INTEGER,                      -- of `due_dates`; NULL: no dates are expected
    waits BOOLEAN NOT NULL                 -- sold on the day of a release that rows do not show, at the earliest
                                           -- on its own day
);

-- When the sales of a day are sold and paid out. For every day from the first to the last of all rows.
CREATE TABLE due_dates (
    schedule INTEGER NOT NULL,
    day DATE NOT NULL,
    sold_date DATE NOT NULL,
    paid_out_date DATE,                    -- NULL: not known
    PRIMARY KEY (schedule, day)
);

-- Other dates than that of `due_dates` on which it is paid out if one closed day more or less is counted, or if
-- the date is moved over closed days only.
CREATE TABLE holiday_dates (
    schedule INTEGER NOT NULL,
    day DATE NOT NULL,
    paid_out_date DATE NOT NULL,
    PRIMARY KEY (schedule, day, paid_out_date)
);

-- What is left of a payment before and after a cancel, positive; only where it is certain.
CREATE TABLE cancel_balances (
    file_id INTEGER NOT NULL,
    row_number BIGINT NOT NULL,
    before_amount DECIMAL(18,2) NOT NULL,
    after_amount DECIMAL(18,2) NOT NULL,
    approved_day DATE,
    approved_amount DECIMAL(18,2) NOT NULL,
    approved_base_fee DECIMAL(18,2),       -- of the approval's settlement row
    is_listed BOOLEAN NOT NULL             -- the approval is a transaction too, of the same amount
);

-- The rows that are not simply as `choice` 1 says, with what is expected of them: NULL is not compared, and
-- `remark` says why it is not, or which other choice explains the row.
CREATE TABLE terms_exceptions (
    file_id INTEGER NOT NULL,
    row_number BIGINT NOT NULL,
    expected_base_fee DECIMAL(18,2),
    expected_sold_date DATE,
    expected_paid_out_date DATE,
    reasons VARCHAR[] NOT NULL,            -- FEE_ROUNDING or FEE_RATE, SOLD_DATE, HOLIDAY or PAID_OUT_DATE
    situation VARCHAR,                     -- of the choice that explains the row, where it is not the first
    remark VARCHAR                         -- why something is not compared: expect/remarks.py
);
