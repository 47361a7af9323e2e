-- Rows of `holiday_dates`, each parameter one column of them, a list; some may be there.
INSERT OR IGNORE INTO holiday_dates SELECT unnest($schedule), unnest($day), unnest($paid_out_date);
