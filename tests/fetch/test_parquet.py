"""Parquet files by DuckDB: types, order, bytes, figures, and what it says when it cannot."""

import importlib
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from jeongsan.client.fields import Fields
from jeongsan.client.rows import settlement_row, transaction
from jeongsan.fetch.columns import COLUMNS
from jeongsan.fetch.parquet import NotWritten, Parquet, Repeats, Stopped
from jeongsan.fetch.slices import Slice, What
from jeongsan.fetch.spool import Spool
from jeongsan.reconcile.extras import NotInstalled, needed
from support.fetching import key_of, settlements_of, transactions_of
from support.recorded_gateway import Row

TODAY = date(2025, 6, 1)


@pytest.fixture
def parquet(tmp_path: Path) -> Iterator[Parquet]:
    opened = Parquet(tmp_path)
    yield opened
    opened.close()


def lines(path: Path, what: What, rows: list[Row]) -> Path:
    """The spooled lines of a day."""
    read = transaction if what is What.TRANSACTIONS else settlement_row
    spool = Spool(Slice(what, date(2025, 4, 25)), lambda _: None)
    path.write_bytes(b"".join(spool.written(read(Fields(row, "row")) for row in rows)))
    assert spool.lines == len(rows)
    return path


def keys(path: Path) -> list[str]:
    return [row[0] for row in duckdb.sql(f"SELECT transactionKey FROM '{path}'").fetchall()]


@pytest.mark.parametrize("what", What)
def test_columns_have_the_types_they_say(parquet: Parquet, tmp_path: Path, what: What) -> None:
    target = tmp_path / "a.parquet"
    parquet.write(what, lines(tmp_path / "lines", what, []), target)
    described = [
        (row[0], row[1].replace('"', "")) for row in duckdb.sql(f"DESCRIBE FROM '{target}'").fetchall()
    ]
    assert described == [(one.name, one.full_type.replace('"', "")) for one in COLUMNS[what]]


@pytest.mark.slow
@pytest.mark.parametrize("what", What)
def test_the_order_of_the_lines_changes_no_byte(parquet: Parquet, tmp_path: Path, what: What) -> None:
    make = transactions_of if what is What.TRANSACTIONS else settlements_of
    rows = make("2025-04-25", 3_000)
    written = []
    for seed in (None, 1, 2):
        if seed is not None:
            random.Random(seed).shuffle(rows)
        target = tmp_path / f"{seed}.parquet"
        parquet.write(what, lines(tmp_path / "lines", what, rows), target)
        written.append(target.read_bytes())
    assert written[0] == written[1] == written[2]
    assert keys(target) == [key_of(number) for number in range(3_000)]


def test_of_lines_of_one_key_the_last_is_kept_and_what_came_again_is_told(
    parquet: Parquet, tmp_path: Path
) -> None:
    target = tmp_path / "a.parquet"
    first, second, third = settlements_of("2025-04-25", 3)
    # The first as it was, changed, and as it was again; the second twice as it was.
    rows = [first, second, third, first | {"fee": -1}, second, first, second]
    repeats = parquet.write(What.SETTLEMENTS, lines(tmp_path / "lines", What.SETTLEMENTS, rows), target)
    assert repeats == Repeats(again=3, changed=(key_of(0),), left_out=4)
    assert duckdb.sql(f"SELECT transactionKey, fee::INTEGER FROM '{target}'").fetchall() == [
        (key_of(0), -5_280), (key_of(1), -5_280), (key_of(2), -5_280),
    ]  # fmt: skip
    rows.append(first | {"fee": -2})
    parquet.write(What.SETTLEMENTS, lines(tmp_path / "lines", What.SETTLEMENTS, rows), target)
    assert duckdb.sql(f"SELECT fee::INTEGER FROM '{target}' LIMIT 1").fetchall() == [(-2,)]


def test_no_more_changed_keys_are_told_than_asked_for(parquet: Parquet, tmp_path: Path) -> None:
    rows = [one | {"fee": fee} for fee in (1, 2) for one in settlements_of("2025-04-25", 20)]
    source = lines(tmp_path / "lines", What.SETTLEMENTS, rows)
    repeats = parquet.write(What.SETTLEMENTS, source, tmp_path / "a.parquet", changed_max=3)
    assert repeats == Repeats(0, (key_of(0), key_of(1), key_of(2)), left_out=20)


def test_what_is_not_paid_out_is_counted_and_shop_ids_are_named(parquet: Parquet, tmp_path: Path) -> None:
    target = tmp_path / "a.parquet"
    days = ("2025-05-07", "2025-05-08", "2025-05-09", None)
    rows = [
        one | {"paidOutDate": day, "mId": mid}
        for number, (day, mid) in enumerate(zip(days, ("b", "a", None, "b"), strict=True))
        for one in settlements_of("2025-04-25", 1, first=number)
    ]
    parquet.write(What.SETTLEMENTS, lines(tmp_path / "lines", What.SETTLEMENTS, rows), target)
    # What is paid out today may still be moved today.
    found = [parquet.figures(What.SETTLEMENTS, target, date(2025, 5, day)) for day in (7, 8, 9, 10)]
    assert [one.unpaid for one in found] == [4, 3, 2, 1]
    assert found[0].mids == ("a", "b")


def test_keys_that_are_in_no_other_file_are_counted(parquet: Parquet, tmp_path: Path) -> None:
    paths = []
    for number, (first, count) in enumerate(((0, 5), (0, 2), (2, 1))):
        paths.append(tmp_path / f"{number}.parquet")
        rows = transactions_of("2025-04-25", count, first=first)
        parquet.write(What.TRANSACTIONS, lines(tmp_path / "lines", What.TRANSACTIONS, rows), paths[-1])
    assert parquet.gone(paths[0], paths[1:]) == (2, key_of(3))
    assert parquet.gone(paths[1], paths[:1]) == (0, "")


def test_a_file_is_written_again_without_some_rows(parquet: Parquet, tmp_path: Path) -> None:
    rows = settlements_of("2025-04-25", 4)
    whole, rest = tmp_path / "whole.parquet", tmp_path / "rest.parquet"
    parquet.write(What.SETTLEMENTS, lines(tmp_path / "lines", What.SETTLEMENTS, rows), whole)
    parquet.write_without(What.SETTLEMENTS, whole, [key_of(1), "it's"], rest)
    left = duckdb.sql(f"FROM '{whole}' WHERE transactionKey <> '{key_of(1)}'").fetchall()
    assert duckdb.sql(f"FROM '{rest}'").fetchall() == left
    assert len(left) == 3


def test_figures_are_those_of_the_written_file_by_currency(parquet: Parquet, tmp_path: Path) -> None:
    rows = settlements_of("2025-04-25", 2) + settlements_of("2025-04-25", 1, first=9, currency=None, fee=None)
    target = tmp_path / "a.parquet"
    parquet.write(What.SETTLEMENTS, lines(tmp_path / "lines", What.SETTLEMENTS, rows), target)
    figures = parquet.figures(What.SETTLEMENTS, target, TODAY)
    assert figures.rows == 3
    assert figures.sums["KRW"] == {
        "amount": Decimal(2001),
        "fee": Decimal(-10560),
        "payOutAmount": Decimal(-289440),
    }
    assert figures.sums[""] == {"amount": Decimal(1000), "fee": Decimal(0), "payOutAmount": Decimal(-144720)}


def test_keys_in_more_than_one_file_are_found(parquet: Parquet, tmp_path: Path) -> None:
    paths = []
    for number, first in enumerate((0, 2, 9)):
        paths.append(tmp_path / f"{number}.parquet")
        source = lines(tmp_path / "lines", What.TRANSACTIONS, transactions_of("2025-04-25", 3, first=first))
        parquet.write(What.TRANSACTIONS, source, paths[-1])
    assert list(parquet.repeated(paths)) == [(key_of(2), paths[:2])]
    assert list(parquet.repeated(paths[:1])) == []


@pytest.mark.parametrize("name", ["it's", "rows*", "row?", "row[s1]", "~", "한글 폴더", "s3:"])
def test_a_folder_of_any_name_is_that_folder_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Not a pattern that means others, nor somebody's home."""
    monkeypatch.chdir(tmp_path)
    for other in ("rows1", "rows"):
        Path(other).mkdir()
        (Path(other) / "a.parquet").write_bytes(b"no rows")
    folder = Path(name)
    folder.mkdir()
    parquet = Parquet(folder)
    source = lines(folder / "lines", What.TRANSACTIONS, transactions_of("2025-04-25", 1))
    parquet.write(What.TRANSACTIONS, source, folder / "a.parquet")
    assert parquet.figures(What.TRANSACTIONS, folder / "a.parquet", TODAY).rows == 1
    assert (folder / "a.parquet").exists()
    second = folder / "b.parquet"
    second.write_bytes((folder / "a.parquet").read_bytes())
    ((key, files),) = parquet.repeated([(folder / "a.parquet").absolute(), second.absolute()])
    assert (key, files) == (key_of(0), [(folder / "a.parquet").absolute(), second.absolute()])
    parquet.close()


def test_a_file_that_cannot_be_written_or_read_is_told(parquet: Parquet, tmp_path: Path) -> None:
    source = lines(tmp_path / "lines", What.TRANSACTIONS, [])
    with pytest.raises(NotWritten):
        parquet.write(What.TRANSACTIONS, source, tmp_path / "nowhere" / "a.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(NotWritten):
        parquet.figures(What.TRANSACTIONS, tmp_path / "broken.parquet", TODAY)


def test_without_duckdb_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(importlib.sys.modules, "duckdb", None)  # type: ignore[attr-defined]
    with pytest.raises(NotInstalled, match=r"jeongsan\[reconcile\]"):
        needed("duckdb")


def test_a_statement_at_work_can_be_stopped_and_then_nothing_is_begun(
    parquet: Parquet, tmp_path: Path
) -> None:
    """From another thread, as Ctrl-C does."""
    rows = lines(tmp_path / "lines", What.TRANSACTIONS, transactions_of("2025-04-25", 300))
    with ThreadPoolExecutor(1) as threads:
        # Long enough to be caught at work: every row again and again.
        rows.write_bytes(rows.read_bytes() * 1_000)
        writing = threads.submit(parquet.write, What.TRANSACTIONS, rows, tmp_path / "a.parquet")
        while not parquet.is_at_work:
            assert not writing.done()
        deadline = time.monotonic() + 5
        while parquet.stop():
            assert time.monotonic() < deadline
        with pytest.raises(Stopped):
            writing.result(10)
    with pytest.raises(Stopped):
        parquet.figures(What.TRANSACTIONS, tmp_path / "a.parquet", TODAY)
