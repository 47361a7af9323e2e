"""A row belongs to one slice. Rows that are in two are read again where they are old, and then told."""

from collections.abc import Iterator
from pathlib import Path

from jeongsan.fetch.collect import Collector
from jeongsan.fetch.parquet import Parquet
from jeongsan.fetch.remarks import Note, Remark
from jeongsan.fetch.shop_run import ShopRun
from jeongsan.fetch.slices import Slice, What

Places = dict[str, list[Slice]]


def settle_repeats(run: ShopRun, what: What, collector: Collector, parquet: Parquet) -> None:
    """Let no transaction key stand in two files of a list.

    Between two readings a row may get another date; the slice it left is read again. A key that is in two
    slices which were both read anew is kept in the first, and is a problem of the others. Raises
    parquet.NotWritten, OSError.
    """
    before = _places(run, what, parquet)
    stale = {one for places in before.values() for one in places} - set(run.read)
    for one in sorted(stale):
        run.do(one, collector)
    after = _places(run, what, parquet) if stale else before
    moved = {key: places for key, places in before.items() if key not in after}
    run.folder.remarks += _moved(moved, stale)
    for one, left_out in _left_out(after):
        run.read[one] = collector.without(one, left_out)


def _places(run: ShopRun, what: What, parquet: Parquet) -> Places:
    files: list[Path] = run.folder.files(what)
    return {key: [run.folder.slice_of(path) for path in paths] for key, paths in parquet.repeated(files)}


def _moved(moved: Places, stale: set[Slice]) -> Iterator[Remark]:
    """A note for each two days between which rows moved."""
    ways: dict[tuple[str, str], list[str]] = {}
    for key, places in moved.items():
        left, now = (
            ", ".join(str(one.day) for one in places if (one in stale) is old) for old in (True, False)
        )
        ways.setdefault((left, now), []).append(key)
    for (left, now), keys in sorted(ways.items()):
        yield Remark(Note.MOVED, {"rows": len(keys), "transactionKey": min(keys), "from": left, "to": now})


def _left_out(places: Places) -> Iterator[tuple[Slice, dict[str, Slice]]]:
    """(slice, key → the slice that keeps it) of slices that have to give rows up."""
    given_up: dict[Slice, dict[str, Slice]] = {}
    for key, (first, *others) in places.items():
        for one in others:
            given_up.setdefault(one, {})[key] = first
    yield from sorted(given_up.items(), key=lambda item: item[0])
