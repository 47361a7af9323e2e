"""Parquet files by DuckDB: types, order, bytes, figures, and what it says when it cannot."""

import importlib
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from jeongsan.client.fields import Fields
from jeongsan.client.rows import settlement_row, transaction
from jeongsan.fetch.columns import COLUMNS, line_of
from jeongsan.fetch.parquet import SEQUENCE, NoDuckdb, NotWritten, Parquet, check_installed
from jeongsan.fetch.slices import What
from support.fetching import key_of, settlements_of, transactions_of
from support.recorded_gateway import Row


@pytest.fixture
def parquet(tmp_path: Path) -> Iterator[Parquet]:
    opened = Parquet(tmp_path)
    yield opened
    opened.close()


def lines(path: Path, what: What, rows: list[Row]) -> Path:
    """A file of lines, numbered from 0."""
    read = transaction if what is What.TRANSACTIONS else settlement_row
    made = (line_of(what, read(Fields(row, "row"))) for row in rows)
    path.write_bytes(
        b"".join(b'{"%s":%d,' % (SEQUENCE.encode(), n) + one[1:] + b"\n" for n, one in enumerate(made))
    )
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


def test_superseded_lines_are_left_out(parquet: Parquet, tmp_path: Path) -> None:
    target = tmp_path / "a.parquet"
    source = lines(tmp_path / "lines", What.SETTLEMENTS, settlements_of("2025-04-25", 4))
    parquet.write(What.SETTLEMENTS, source, target, without=[0, 2])
    assert keys(target) == [key_of(1), key_of(3)]


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
    figures = parquet.figures(What.SETTLEMENTS, target)
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


def test_a_folder_with_a_quote_in_its_name_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "it's"
    folder.mkdir()
    parquet = Parquet(folder)
    source = lines(folder / "lines", What.TRANSACTIONS, transactions_of("2025-04-25", 1))
    parquet.write(What.TRANSACTIONS, source, folder / "a.parquet")
    assert parquet.figures(What.TRANSACTIONS, folder / "a.parquet").rows == 1
    parquet.close()


def test_a_file_that_cannot_be_written_or_read_is_told(parquet: Parquet, tmp_path: Path) -> None:
    source = lines(tmp_path / "lines", What.TRANSACTIONS, [])
    with pytest.raises(NotWritten):
        parquet.write(What.TRANSACTIONS, source, tmp_path / "nowhere" / "a.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(NotWritten):
        parquet.figures(What.TRANSACTIONS, tmp_path / "broken.parquet")


def test_without_duckdb_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(importlib.sys.modules, "duckdb", None)  # type: ignore[attr-defined]
    with pytest.raises(NoDuckdb, match=r"jeongsan\[reconcile\]"):
        check_installed()
