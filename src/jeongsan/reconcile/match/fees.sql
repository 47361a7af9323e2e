-- The fee arithmetic of `reconcile/fee_rates.py` in SQL: exact integers of minor units, no floats.
--
-- Rates are in millionths. Roundings as `fee_rates.Rounding` writes them: B cuts the supply value and adds a
-- tenth of it half up, A cuts supply value and VAT together, 'included' has the VAT inside the rate; each also
-- half up instead of cut.

-- How many minor units make one of the currency's units.
CREATE OR REPLACE MACRO minor_units(currency) AS
    CASE WHEN currency IN ('KRW', 'JPY', 'MUSD') THEN 1 ELSE 100 END;

-- A fee in the integer type of `amount`. For `expected_fee` only, which chooses the type.
CREATE OR REPLACE MACRO fee_in_type(amount, rate, fixed, rounding) AS
    CASE rounding
        WHEN 'B' THEN ((amount * rate // 1000000 + fixed) * 11 + 5) // 10
        WHEN 'A' THEN (amount * rate + fixed * 1000000) * 11 // 10000000
        WHEN 'included' THEN (amount * rate + fixed * 1000000) // 1000000
        WHEN 'B half-up' THEN (((2 * amount * rate + 1000000) // 2000000 + fixed) * 11 + 5) // 10
        WHEN 'A half-up' THEN (22 * (amount * rate + fixed * 1000000) + 10000000) // 20000000
        WHEN 'included half-up' THEN (2 * (amount * rate + fixed * 1000000) + 1000000) // 2000000
    END;

-- The fee, VAT included, for an amount of zero or more; nothing for nothing. NULL when anything is NULL.
-- Up to 2 * 10^11 minor units (and 100 %) no product passes 64 bits; above, 128 bits are counted with.
CREATE OR REPLACE MACRO expected_fee(amount, rate, fixed, rounding) AS
    CASE
        WHEN amount = 0 THEN 0::BIGINT
        WHEN amount <= 200000000000 AND fixed <= 200000000000 AND rate <= 1000000
            THEN fee_in_type(amount::BIGINT, rate::BIGINT, fixed::BIGINT, rounding)
        ELSE try_cast(fee_in_type(amount::HUGEINT, rate::HUGEINT, fixed::HUGEINT, rounding) AS BIGINT)
    END;

-- An amount in minor units.
CREATE OR REPLACE MACRO in_minor_units(amount, currency) AS
    CASE WHEN minor_units(currency) = 1 THEN amount::BIGINT ELSE (amount::DECIMAL(38,2) * 100)::BIGINT END;

-- And back; NULL for more than an amount can be.
CREATE OR REPLACE MACRO from_minor_units(units, currency) AS
    CASE WHEN minor_units(currency) = 1 THEN try_cast(units AS DECIMAL(18,2))
        ELSE try_cast(units::DECIMAL(36,0) * 0.01 AS DECIMAL(18,2)) END;
