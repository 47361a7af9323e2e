"""Where rows of a side come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.layout import Layout

_FETCHED = {Side.TRANSACTIONS: "transactions", Side.SETTLEMENTS: "settlements"}
_SUFFIXES = {
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".parquet",
    ".json",
    ".jsonl",
    ".ndjson",
}


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file. `layout`: the name of a ready layout, the path of an own one, or a layout; None: the one that
    its headers fit. `sheet`: which of a workbook."""

    path: Path
    layout: str | Path | Layout | None = None
    sheet: str | None = None

    @property
    def name(self) -> str:
        """As it stands in the table `files`."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class SqlSource:
    """What one SELECT finds in a database. `url` as SQLAlchemy writes it; `name` as it shall stand in the
    table `files`: an address may have a password in it."""

    url: str
    statement: str
    layout: str | Path | Layout | None = None
    name: str = "SQL"


Source = FileSource | SqlSource


def sources_in(path: Path, side: Side, *, layout: str | Path | Layout | None = None) -> Sequence[FileSource]:
    """A file; or, of a folder, the Parquet files of `jeongsan fetch` for this side, of one shop or of all;
    of any other folder the files in it whose ending can be read. In the order of their names."""
    if not path.is_dir():
        return [FileSource(path, layout)]
    return [FileSource(one, layout) for one in fetched_in(path, side) or readable_in(path)]


def fetched_in(folder: Path, side: Side) -> list[Path]:
    """The Parquet files of `jeongsan fetch` for a side, of one shop or of all."""
    fetched = _FETCHED.get(side)
    if fetched is None:
        return []
    # Not those of the folder `gone`, which are listed no more.
    return sorted([*folder.glob(f"{fetched}/*.parquet"), *folder.glob(f"*/{fetched}/*.parquet")])


def readable_in(folder: Path) -> list[Path]:
    """The files in a folder whose ending can be read."""
    return sorted(one for one in folder.iterdir() if one.suffix.lower() in _SUFFIXES and one.is_file())
