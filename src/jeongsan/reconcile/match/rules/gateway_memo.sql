-- Fails for what is no regular expression.
SELECT regexp_matches('', getvariable('gateway_memo'), 'i');
