"""The Parquet files of a reconciliation: codes, lists and decimals as they are, for programs.

One thread, a fixed order, fixed sizes and compression; so bytes depend on the contents and DuckDB's version.
"""

from pathlib import Path

from jeongsan.reconcile.report.result import Result

_ROWS_PER_GROUP = 20_480


def write_outcomes_parquet(result: Result, path: Path) -> None:
    """A row per finding. Raises duckdb.Error."""
    _copy(result, "report_outcomes_file", path)


def write_totals_parquet(result: Result, path: Path) -> None:
    """A row per comparison, side, state, reason, shop and currency. Raises duckdb.Error."""
    _copy(result, "report_totals", path)


def _copy(result: Result, view: str, path: Path) -> None:
    options = f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_PER_GROUP})"
    with result.single_threaded() as connection:
        connection.execute(f"COPY (FROM {view}) TO ? {options}", [str(path.absolute())])
