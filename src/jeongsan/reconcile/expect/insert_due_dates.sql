-- Rows of `due_dates`, each parameter one column of them, a list.
INSERT INTO due_dates SELECT unnest($schedule), unnest($day), unnest($sold_date), unnest($paid_out_date);
