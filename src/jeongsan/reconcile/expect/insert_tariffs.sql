-- Rows of `tariffs`, each parameter one column of them, a list.
INSERT INTO tariffs
SELECT
    unnest($shop), unnest($method), unnest($currency), unnest($card_kind), unnest($first_day), unnest($last_day),
    unnest($choice), unnest($situation), unnest($rate), unnest($fixed), unnest($rounding), unnest($cancel),
    unnest($refund_fee), unnest($has_other_fees), unnest($schedule), unnest($waits);
