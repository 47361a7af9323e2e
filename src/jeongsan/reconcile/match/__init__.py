"""The rule book: which row of one side answers which of another, in SQL that DuckDB runs."""
