"""Which list a file is, told by its headers alone. Where they do not tell, nothing is guessed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeongsan.reconcile.extras import needed
from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.delimited import delimited
from jeongsan.reconcile.readers.faults import ReadFault, Unreadable
from jeongsan.reconcile.readers.file_start import opening, start_of
from jeongsan.reconcile.readers.json_rows import is_json, layout_of_json
from jeongsan.reconcile.readers.layout import Layout
from jeongsan.reconcile.readers.layouts import candidates, nearest
from jeongsan.reconcile.readers.parquet_rows import is_parquet, read_parquet
from jeongsan.reconcile.readers.sources import FileSource, fetched_in, readable_in
from jeongsan.reconcile.readers.text_facts import utf8_of
from jeongsan.reconcile.readers.workbook import layout_of_workbook
from jeongsan.reconcile.text_files import is_spreadsheet

# What `jeongsan fetch` keeps beside the rows of a shop.
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Untold:
    """A file that cannot be told to be one list: why, and which layouts come nearest, each with the fields it
    lacks."""

    path: Path
    why: Unreadable
    nearest: tuple[tuple[Layout, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Sources by side, in the order in which they were given; or what cannot be told."""

    sources: Mapping[Side, Sequence[FileSource]]
    untold: tuple[Untold, ...]

    def with_fetched(self, folders: Sequence[Path]) -> "Told":
        """And the rows in folders of `jeongsan fetch`; those that were given, too, are there once."""
        sources = {side: [*found] for side, found in self.sources.items()}
        for side in Side:
            there = {one.path.resolve() for one in sources[side]}
            files = [one for folder in folders for one in fetched_in(folder, side)]
            sources[side] += [FileSource(one) for one in files if one.resolve() not in there]
        return Told(sources, self.untold)


def tell_apart(connection: Any, paths: Sequence[Path], layouts: Mapping[Side, str], *, scratch: Path) -> Told:
    """Files, and the files in folders, by what their headers say. A folder of `jeongsan fetch` gives both of
    its lists. `layouts`: side → the layout that its files are to have instead of the ready ones. Raises
    Unreadable for such a layout that is none, OSError where no scratch file can be made."""
    possible = [one for side in Side for one in candidates(side, layouts.get(side))]
    sources: dict[Side, list[FileSource]] = {side: [] for side in Side}
    untold: list[Untold] = []
    for path in paths:
        fetched = {side: fetched_in(path, side) for side in Side} if path.is_dir() else {}
        for side, found in fetched.items():
            sources[side] += [FileSource(one) for one in found]
        is_fetched = any(fetched.values())
        for one in _files_of(path, is_fetched=is_fetched):
            try:
                layout = _layout(connection, one, possible, scratch)
                sources[layout.side].append(FileSource(one, layout))
            except Unreadable as why:
                untold.append(Untold(one, why, tuple(nearest(possible, why.headers))))
        if path.is_dir() and not is_fetched and not readable_in(path):
            untold.append(Untold(path, Unreadable(ReadFault.EMPTY_FILE)))
    return Told(sources, tuple(untold))


def _files_of(path: Path, *, is_fetched: bool) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    yield from (one for one in readable_in(path) if not (is_fetched and one.name == _MANIFEST))


def _layout(connection: Any, path: Path, layouts: Sequence[Layout], scratch: Path) -> Layout:
    try:
        with opening(path):
            if is_parquet(path):
                return read_parquet(connection, path, layouts, 0)[1]
            if is_spreadsheet(start_of(path)):
                return layout_of_workbook(path, layouts)
            return _layout_of_text(path, layouts, scratch / "untold.utf8")
    except needed("duckdb").Error as error:
        raise Unreadable(ReadFault.BROKEN_FILE, str(error)) from error


def _layout_of_text(path: Path, layouts: Sequence[Layout], rewritten: Path) -> Layout:
    try:
        text = utf8_of(path, rewritten)
        if is_json(start_of(text)):
            return layout_of_json(text, layouts)
        return delimited(text, layouts).head.layout
    finally:
        rewritten.unlink(missing_ok=True)
