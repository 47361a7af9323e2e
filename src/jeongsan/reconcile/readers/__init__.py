"""Files and databases of a merchant into the tables that are compared (`reconcile/match/tables.sql`)."""
