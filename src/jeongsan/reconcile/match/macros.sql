-- Words of the rules.

-- One number per row and side, in no meaningful order.
CREATE OR REPLACE MACRO row_id_of(file_id, row_number) AS file_id::BIGINT * 1_099_511_627_776 + row_number;

-- NULL stays NULL: what a side does not say is not compared.
CREATE OR REPLACE MACRO known_hash(value) AS CASE WHEN value IS NULL THEN NULL ELSE hash(value) END;

-- Whether two values agree, or one side does not say.
CREATE OR REPLACE MACRO agree(a, b) AS coalesce(a = b, true);

-- Payment and transaction keys of today carry the time they were made: tjeon20250313130000s5FhQ.
CREATE OR REPLACE MACRO key_day(key) AS
    try_strptime(regexp_extract(key, '^[A-Za-z_]+(20[0-9]{6})[0-9]{6}', 1), '%Y%m%d')::DATE;

-- An identifier as far as it survives a wrong encoding: what is not ASCII, and what stands for it, becomes one
-- mark. NULL where nothing of it can be damaged.
CREATE OR REPLACE MACRO skeleton(id) AS
    CASE WHEN regexp_matches(id, '[^\x00-\x7F]|[?]') THEN regexp_replace(id, '([^\x00-\x7F]|[?])+', '*', 'g') END;

CREATE OR REPLACE MACRO is_damaged(a, b) AS a <> b AND coalesce(skeleton(a) = skeleton(b), false);

-- A spreadsheet's number in place of an identifier: 1.23457E+15 for 1234567890123456.
CREATE OR REPLACE MACRO is_scientific(a, b) AS
    regexp_matches(a, '^[0-9]\.[0-9]+E\+[0-9]+$') AND regexp_matches(b, '^[0-9]{6,30}$')
    AND length(b) = try_cast(split_part(a, 'E+', 2) AS INTEGER) + 1
    AND abs(try_cast(replace(split_part(a, 'E+', 1), '.', '') AS HUGEINT)
            - try_cast(b[1:length(split_part(a, 'E+', 1)) - 1] AS HUGEINT)) <= 1;

-- One is the beginning or the end of the other, at least six characters of it.
CREATE OR REPLACE MACRO is_part(a, b) AS
    length(a) >= 6 AND length(a) < length(b) AND (starts_with(b, a) OR ends_with(b, a));

CREATE OR REPLACE MACRO is_cut(a, b) AS
    a <> b AND (is_part(a, b) OR is_part(b, a) OR coalesce(is_scientific(a, b) OR is_scientific(b, a), false));

-- Two rows of a side with the same content say exactly the same; which of them is taken does not matter.
CREATE OR REPLACE MACRO content_of(
    shop, kind, order_id, payment_key, transaction_key, method, currency, amount, tax_free, vat, occurred_at, "day", extra
) AS hash(shop, kind, order_id, payment_key, transaction_key, method, currency, amount, tax_free, vat, occurred_at, "day", extra);

-- Whether two identifiers can be the same one, damaged or not; what a side does not say can.
CREATE OR REPLACE MACRO may_be_one(a, b) AS coalesce(a = b OR is_cut(a, b) OR is_damaged(a, b), true);

CREATE OR REPLACE MACRO difference(field, a, b) AS
    CASE WHEN a <> b THEN struct_pack("field" := field, "left" := a::VARCHAR, "right" := b::VARCHAR) END;

-- An identifier that differs: how.
CREATE OR REPLACE MACRO id_reason(reason, a, b) AS
    CASE WHEN a = b OR a IS NULL OR b IS NULL THEN NULL
         WHEN is_cut(a, b) THEN 'CUT_ID' WHEN is_damaged(a, b) THEN 'ENCODING_DAMAGE' ELSE reason END;

-- A day that differs: what makes of two clocks two days. Seconds from the left time to the right one.
CREATE OR REPLACE MACRO day_reason(left_day, right_day, seconds, method) AS
    CASE WHEN left_day = right_day OR left_day IS NULL OR right_day IS NULL THEN NULL
         WHEN abs(seconds) <= 60 THEN 'MIDNIGHT'
         WHEN seconds BETWEEN 0 AND 30 * 60 THEN 'REQUESTED_TIME'
         WHEN method = 'VIRTUAL_ACCOUNT' AND right_day - left_day BETWEEN 0 AND 31 THEN 'REQUESTED_TIME'
         WHEN abs(seconds) = 9 * 3600 THEN 'TIME_ZONE'
         ELSE 'DAY' END;

CREATE OR REPLACE MACRO list_distinct_in_order(names) AS
    list_filter(names, lambda one, nth: list_position(names, one) = nth);

-- The VAT inside a fee: an eleventh in whole smallest units, half up on the absolute value, with the fee's sign.
CREATE OR REPLACE MACRO eleventh_of(fee, currency) AS
    from_minor_units(sign(fee)::BIGINT * ((2 * abs(in_minor_units(fee, currency)) + 11) // 22), currency);

-- A settlement row pays out its amount less its fee, and its fee is supply value and VAT. What it does not say
-- is not wrong.
CREATE OR REPLACE MACRO pays_amount_less_fee(amount, fee, pay_out_amount) AS agree(pay_out_amount, amount - fee);
CREATE OR REPLACE MACRO splits_fee(fee, supply_amount, fee_vat, currency) AS
    agree(supply_amount + fee_vat, fee) AND agree(fee_vat, eleventh_of(fee, currency));

-- How many business days lie between two days, neither of them counted.
CREATE OR REPLACE MACRO open_days_between(a, b) AS
    greatest(b - a - 1, 0) - (SELECT count(*) FROM closed_days WHERE closed_days."day" > a AND closed_days."day" < b);
