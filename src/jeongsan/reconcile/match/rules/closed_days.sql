-- Days on which banks are closed, of the years that payouts and lines are of.
INSERT OR IGNORE INTO closed_days SELECT unnest(getvariable('closed_days'));
