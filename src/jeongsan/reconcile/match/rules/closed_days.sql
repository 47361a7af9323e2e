-- Days on which banks are closed, weekends among them, of the years that payouts and lines are of.
CREATE OR REPLACE TEMP TABLE closed_days AS SELECT unnest(getvariable('closed_days')::DATE[]) AS "day";
