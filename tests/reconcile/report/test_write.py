"""All files of a report, each whole, and the next run brings back what was decided about this one."""

from pathlib import Path

import duckdb
import pytest

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.report.event_file import FILE_NAME, load_book, record_events
from jeongsan.reconcile.report.events import Act, ExceptionBook
from jeongsan.reconcile.report.verdict import Exit
from jeongsan.reconcile.report.write import PAGE, WORKBOOK, write_reports
from support.reported import NOW, event, found

FILES = {
    *("result.json", "outcomes.csv", "totals.csv", "files.csv", "origins.csv", "problems.csv"),
    *("outcomes.parquet", "totals.parquet", WORKBOOK, PAGE),
}


def test_every_file_is_written_and_nothing_else(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "2025-04" / "대사"
    report = write_reports(connection, folder, language=Language.KO, exceptions=ExceptionBook(), now=NOW)
    assert {path.name for path in folder.iterdir()} == FILES == {path.name for path in report.files}
    assert report.exit is Exit.UNREADABLE
    assert report.result.summary.open_count == 8


def test_what_was_recorded_is_in_the_next_report(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for expected in (8, 7):
        book = load_book(tmp_path / FILE_NAME)
        report = write_reports(connection, tmp_path, language=Language.KO, exceptions=book, now=NOW)
        assert report.result.summary.open_count == expected
        if expected == 8:
            record_events(tmp_path / FILE_NAME, [event(found(connection)[1], Act.ACCEPT, "할인")])
    assert "할인" in (tmp_path / PAGE).read_text(encoding="utf-8")
    assert "할인" in (tmp_path / "outcomes.csv").read_text(encoding="utf-8-sig")


def test_a_file_that_cannot_be_replaced_is_left_as_it_was(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "totals.csv").mkdir()
    with pytest.raises(OSError, match="totals"):
        write_reports(connection, tmp_path, language=Language.KO, exceptions=ExceptionBook(), now=NOW)
    assert (tmp_path / "totals.csv").is_dir()
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_the_tables_are_left_as_they_were(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    def tables() -> list[tuple[object, ...]]:
        names = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        kept = [name for name in names if not name.startswith(("report_", "deposit_"))]
        return [(name, *connection.execute(f"SELECT count(*) FROM {name}").fetchall()) for name in kept]

    before = tables()
    write_reports(connection, tmp_path, language=Language.EN, exceptions=ExceptionBook(), now=NOW)
    assert tables() == before
    assert len(before) == 10
