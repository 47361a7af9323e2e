-- Macros: digests that identify, and what a finding is about.

CREATE OR REPLACE TEMP MACRO said(value) AS
    CASE WHEN value IS NULL THEN '-' ELSE strlen(value::VARCHAR) || ':' || value::VARCHAR END;

CREATE OR REPLACE TEMP MACRO digest_of(letter, contents) AS letter || '-' || substr(sha256(contents), 1, 20);

-- What a finding is about: decisions are found by it when the finding has changed. `name` is an order id or a key.
CREATE OR REPLACE TEMP MACRO subject_of(comparison, kind, shop, currency, on_day, name) AS digest_of(
    comparison[1],
    said(comparison) || said(kind) || CASE
        WHEN comparison = 'DEPOSIT' OR name IS NULL THEN said(shop) || said(currency) || said(on_day)
        ELSE said(name)
    END
);

CREATE OR REPLACE TEMP MACRO is_to_decide(state) AS state IN ('DIFFERENT', 'ONE_SIDED', 'AMBIGUOUS');
