-- The rows that are compared, whatever file or list they came from. Readers fill these tables.
--
-- Amounts are signed: what a cancel takes back, and what leaves the bank account, is negative. Times are
-- Seoul's wall clock; `occurred_at` is NULL where only the day is known, `day` NULL where not even that is.
-- What a source does not say is NULL, never zero and never '' (but `shop` and `account` are '' then).
-- `file_id` and `row_number` say where a row stands: the line of a text, the row of a sheet, counted from 1
-- as a person counts, or the number of a row in a Parquet file. They are no part of any result.

CREATE TABLE files (
    file_id INTEGER PRIMARY KEY,
    side VARCHAR NOT NULL,                 -- ORDERS, TRANSACTIONS, SETTLEMENTS, BANK
    name VARCHAR NOT NULL,
    row_count BIGINT NOT NULL,             -- rows that were read, the unreadable and the skipped ones among them
    unreadable_count BIGINT NOT NULL,      -- rows that are in no table below, but in `problems`
    skipped_count BIGINT NOT NULL DEFAULT 0, -- lines that a rule of the layout takes for no rows, such as totals
    layout VARCHAR                         -- by which its columns were told; NULL where none was
);

-- Why a row (or, without a number, a whole file) could not be read. A row may have several.
CREATE TABLE problems (
    file_id INTEGER NOT NULL,
    row_number BIGINT,
    field VARCHAR,                         -- as the file calls it
    fault VARCHAR NOT NULL,
    value VARCHAR NOT NULL                 -- the beginning of what stands there
);

-- What the merchant's own system says was paid and cancelled.
CREATE TABLE orders (
    file_id INTEGER NOT NULL,
    row_number BIGINT NOT NULL,
    shop VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                 -- APPROVAL, CANCEL
    order_id VARCHAR,
    payment_key VARCHAR,
    transaction_key VARCHAR,
    method VARCHAR,                        -- CARD, VIRTUAL_ACCOUNT, TRANSFER, MOBILE_PHONE, GIFT_CERTIFICATE, EASY_PAY, or as written
    currency VARCHAR NOT NULL,
    amount DECIMAL(18,2) NOT NULL,
    tax_free DECIMAL(18,2),                -- signed like the amount
    vat DECIMAL(18,2),                     -- signed like the amount
    occurred_at TIMESTAMP,
    day DATE
);

-- What the gateway lists as transactions (GET /v1/transactions, or the console's export).
CREATE TABLE transactions (
    file_id INTEGER NOT NULL,
    row_number BIGINT NOT NULL,
    shop VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                 -- APPROVAL, CANCEL, NO_MONEY
    order_id VARCHAR,
    payment_key VARCHAR,
    transaction_key VARCHAR,
    method VARCHAR,
    currency VARCHAR NOT NULL,
    amount DECIMAL(18,2) NOT NULL,         -- negative for CANCEL although the gateway lists it positive
    tax_free DECIMAL(18,2),
    vat DECIMAL(18,2),
    occurred_at TIMESTAMP,
    day DATE,
    status VARCHAR                         -- DONE, CANCELED, PARTIAL_CANCELED, EXPIRED ... as listed
);

-- What the gateway says it settles (GET /v1/settlements, or the console's export).
CREATE TABLE settlements (
    file_id INTEGER NOT NULL,
    row_number BIGINT NOT NULL,
    shop VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                 -- APPROVAL, CANCEL
    order_id VARCHAR,
    payment_key VARCHAR,
    transaction_key VARCHAR,
    method VARCHAR,
    currency VARCHAR NOT NULL,
    amount DECIMAL(18,2) NOT NULL,
    tax_free DECIMAL(18,2),
    vat DECIMAL(18,2),                     -- the VAT in the amount; that of the fee is `fee_vat`
    occurred_at TIMESTAMP,                 -- of the transaction itself: a cancel's own time
    day DATE,
    approved_at TIMESTAMP,                 -- of the payment's approval, also in a cancel's row
    fee DECIMAL(18,2),                     -- the whole fee, VAT included
    base_fee DECIMAL(18,2),                -- the BASE entry; the whole fee where there is no list of entries
    supply_amount DECIMAL(18,2),
    fee_vat DECIMAL(18,2),
    interest_fee DECIMAL(18,2),
    pay_out_amount DECIMAL(18,2),
    sold_date DATE,
    paid_out_date DATE,
    card_kind VARCHAR                      -- CREDIT, CHECK, GIFT, or as written; NULL when it is no card or not said
);

-- What the bank says arrived and left.
CREATE TABLE bank (
    file_id INTEGER NOT NULL,
    row_number BIGINT NOT NULL,
    account VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    amount DECIMAL(18,2) NOT NULL,         -- money in is positive
    occurred_at TIMESTAMP,
    day DATE NOT NULL,
    memo VARCHAR NOT NULL                  -- text beside the money; '' when there is none
);
