-- How a cell's text becomes a value. What is no value becomes NULL, and `fault_of_…` says why. The first case of
-- each is what programs write; the slower ones are only evaluated for what is left. A list of one is how a part is
-- named once: a macro would write it out wherever it is used, and the statement would grow beyond all bounds.

CREATE SCHEMA IF NOT EXISTS readers;

-- Without spaces around it, those of Korean input and of web pages among them; nothing is NULL.
CREATE OR REPLACE MACRO readers.cell(written) AS
    CASE WHEN ascii(written) > 32 AND ascii(written) <> 160 AND ascii(written) <> 12288 AND ascii(written) <> 65279
              AND NOT ends_with(written, ' ') AND NOT ends_with(written, chr(9)) AND NOT ends_with(written, chr(10))
              AND NOT ends_with(written, chr(13)) AND NOT ends_with(written, chr(160))
              AND NOT ends_with(written, chr(12288)) AND NOT ends_with(written, chr(65279)) THEN written
         ELSE nullif(trim(written, concat(' ', chr(9), chr(10), chr(13), chr(160), chr(12288), chr(65279))), '') END;

-- Digits and signs of full width as plain ones; △ and ▲ are how Korean books write a minus.
CREATE OR REPLACE MACRO readers.amount_parts(written) AS
    regexp_extract(
        translate(written, '０１２３４５６７８９，．－＋（）￦−–△▲　', '0123456789,.-+()₩---- '),
        '^(\()?\s*([+-])?\s*(?:₩|\\|KRW)?\s*([+-])?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+?)0*)?\s*(?:원|KRW)?\s*(\))?$',
        ['open', 'before', 'after', 'whole', 'fraction', 'close']);

CREATE OR REPLACE MACRO readers.is_amount(parts) AS
    parts.whole <> '' AND (parts.open = '') = (parts.close = '')
    AND (parts.open <> '')::INTEGER + (parts.before <> '')::INTEGER + (parts.after <> '')::INTEGER <= 1;

CREATE OR REPLACE MACRO readers.amount_from(parts) AS
    CASE WHEN readers.is_amount(parts) AND length(parts.fraction) <= 2
         THEN TRY_CAST(concat(CASE WHEN parts.open <> '' THEN '-' END, parts.before, parts.after,
                              replace(parts.whole, ',', ''), '.', parts.fraction) AS DECIMAL(18,2)) END;

CREATE OR REPLACE MACRO readers.amount_of(written) AS
    CASE WHEN regexp_full_match(written, '-?[0-9]{1,16}(\.[0-9]{1,2})?') THEN TRY_CAST(written AS DECIMAL(18,2))
         ELSE [readers.amount_from(parts) FOR parts IN [readers.amount_parts(written)]][1] END;

CREATE OR REPLACE MACRO readers.fault_of_amount(written) AS
    [CASE WHEN NOT readers.is_amount(parts) THEN 'NOT_AN_AMOUNT'
          WHEN length(parts.fraction) > 2 THEN 'TOO_FINE'
          ELSE 'TOO_LARGE' END FOR parts IN [readers.amount_parts(written)]][1];

-- 130000 as 13:00:00.
CREATE OR REPLACE MACRO readers.clock_of(written) AS
    regexp_replace(written, '^(\d{2})(\d{2})(\d{2})?$', '\1:\2:\3');

-- Day, time and offset as they were written; a part that is not there is ''. A year of two digits only with dots:
-- with slashes or hyphens it may be the day or the month that comes first.
CREATE OR REPLACE MACRO readers.time_parts(written) AS
    CASE WHEN regexp_full_match(written, '\d{8}([ T]?(\d{2}:?\d{2}(:?\d{2})?|\d{1,2}:\d{2}(:\d{2})?)(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?)?')
         THEN regexp_extract(written,
            '^(\d{4})(\d{2})(\d{2})(?:[ T]?()(\d{1,2}):?(\d{2})(?::?(\d{2}))?(\.\d{1,9})?()(Z|[+-]\d{2}:?\d{2})?)?$',
            ['year', 'month', 'day', 'half', 'hour', 'minute', 'second', 'fraction', 'half_after', 'zone'])
         ELSE regexp_extract(regexp_replace(written, '^(\d{2})(\. ?\d{1,2}\. ?\d{1,2})', '20\1\2'),
            '^(\d{4})(?:[-./]|년) ?(\d{1,2})(?:[-./]|월) ?(\d{1,2})(?:[.일])?(?: ?\(?[월화수목금토일](?:요일)?\)?)?(?:(?:T| +)(?:(오전|오후|AM|PM|am|pm) ?)?(\d{1,2})(?::|시 ?)(\d{1,2})(?:(?::|분 ?)(\d{1,2})초?|분)?(\.\d{1,9})?(?: (AM|PM|am|pm))? ?(Z|[+-]\d{2}:?\d{2})?)?$',
            ['year', 'month', 'day', 'half', 'hour', 'minute', 'second', 'fraction', 'half_after', 'zone']) END;

CREATE OR REPLACE MACRO readers.hour_of(parts) AS
    CASE WHEN concat(parts.half, parts.half_after) = '' THEN CASE WHEN parts.hour::INTEGER < 24 THEN parts.hour::INTEGER END
         WHEN parts.hour::INTEGER NOT BETWEEN 1 AND 12 OR (parts.half <> '' AND parts.half_after <> '') THEN NULL
         WHEN upper(concat(parts.half, parts.half_after)) IN ('오후', 'PM') THEN parts.hour::INTEGER % 12 + 12
         ELSE parts.hour::INTEGER % 12 END;

-- Minutes by which a wall clock with this offset has to be moved to show Seoul's time.
CREATE OR REPLACE MACRO readers.minutes_to_seoul(zone) AS
    540 - CASE WHEN zone IN ('', 'Z') THEN if(zone = 'Z', 0, 540)
               ELSE if(left(zone, 1) = '-', -1, 1)
                    * (substr(zone, 2, 2)::INTEGER * 60 + right(zone, 2)::INTEGER) END;

-- No payment is older or younger; what reads as another time is no time.
CREATE OR REPLACE MACRO readers.plausible(moment) AS
    CASE WHEN moment >= TIMESTAMP '2000-01-01' AND moment < TIMESTAMP '2100-01-01' THEN moment END;

CREATE OR REPLACE MACRO readers.day_from(parts) AS
    CASE WHEN parts.year <> '' AND parts.hour = ''
         THEN readers.plausible(TRY_CAST(concat(parts.year, '-', parts.month, '-', parts.day) AS DATE)::TIMESTAMP)::DATE END;

CREATE OR REPLACE MACRO readers.moment_from(parts) AS
    CASE WHEN parts.year <> '' AND parts.hour <> ''
         THEN readers.plausible(
            TRY_CAST(concat(parts.year, '-', parts.month, '-', parts.day, ' ', readers.hour_of(parts), ':', parts.minute,
                            ':', if(parts.second = '', '0', parts.second), parts.fraction) AS TIMESTAMP)
            + to_minutes(readers.minutes_to_seoul(parts.zone))) END;

-- The wall clock of Seoul; NULL for a day without a time.
CREATE OR REPLACE MACRO readers.moment_of(written) AS
    CASE WHEN ends_with(written, '+09:00')
              AND regexp_full_match(written, '20\d\d-\d\d-\d\d[ T]([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,6})?\+09:00')
         THEN TRY_CAST(replace(written, '+09:00', '') AS TIMESTAMP)
         WHEN regexp_full_match(written, '20\d\d-\d\d-\d\d[ T]([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,6})?')
         THEN TRY_CAST(written AS TIMESTAMP)
         ELSE [readers.moment_from(parts) FOR parts IN [readers.time_parts(written)]][1] END;

-- The day of a day, or of a moment in Seoul.
CREATE OR REPLACE MACRO readers.day_of(written) AS
    CASE WHEN regexp_full_match(written, '20\d\d-\d\d-\d\d') THEN TRY_CAST(written AS DATE)
         ELSE [coalesce(readers.day_from(parts), readers.moment_from(parts)::DATE) FOR parts IN [readers.time_parts(written)]][1] END;

-- A spreadsheet's number of days; some count from 1900 and some from 1904, so it is no date.
CREATE OR REPLACE MACRO readers.fault_of_time(written) AS
    CASE WHEN regexp_full_match(written, '\d{5}(\.\d+)?') THEN 'SERIAL_NUMBER' ELSE 'NOT_A_TIME' END;

-- Fees with their types, from JSON: [{"type": "BASE", "fee": 63}].
CREATE OR REPLACE MACRO readers.entries_of(written) AS
    TRY(from_json(written::JSON, '[{"type": "VARCHAR", "fee": "VARCHAR"}]'));

-- An amount of a cancel by the convention of the file.
CREATE OR REPLACE MACRO readers.signed(amount, kind, convention) AS
    (CASE WHEN kind <> 'CANCEL' OR convention = 'negative' THEN amount
          WHEN convention = 'positive' THEN -amount
          ELSE -abs(amount) END)::DECIMAL(18,2);
