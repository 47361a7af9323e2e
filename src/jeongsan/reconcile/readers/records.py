"""Records of a delimited text, also of one that is not quite regular, with the line each begins in."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DELIMITERS = (",", "\t", ";")
# A value with line breaks in it ends after this many; else its quotation was never closed, and the line that
# opens it is broken alone.
_LINES_PER_RECORD_MAX = 200


@dataclass(frozen=True, slots=True)
class Record:
    """`first` and `last` are the lines it stands in, from 1. `cells` is None where it cannot be told apart;
    `text` is then how it begins."""

    first: int
    last: int
    cells: list[str] | None
    text: str = ""


def records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Every record but empty lines. Lines have their ends."""
    numbered = enumerate(lines, 1)
    # Lines that were taken for the rest of a record and are to be read again.
    again: list[tuple[int, str]] = []
    while True:
        taken = [again.pop(0)] if again else [one for one in [next(numbered, None)] if one]
        if not taken:
            return
        quotes = taken[0][1].count('"')
        while quotes % 2 and len(taken) < _LINES_PER_RECORD_MAX:
            following = again.pop(0) if again else next(numbered, None)
            if following is None:
                break
            taken.append(following)
            quotes += following[1].count('"')
        if quotes % 2:
            again = [*taken[1:], *again]
            del taken[1:]
        if any(line.strip() for _, line in taken):
            yield _record(taken, delimiter)


def _record(taken: list[tuple[int, str]], delimiter: str) -> Record:
    first, last, text = taken[0][0], taken[-1][0], "".join(line for _, line in taken)
    ended = text.removesuffix("\n").removesuffix("\r")
    if '"' not in ended:
        return Record(first, last, ended.split(delimiter))
    try:
        reader = csv.reader(
            [ended] if len(taken) == 1 else ended.splitlines(keepends=True),
            delimiter=delimiter,
            strict=True,
            skipinitialspace=True,
        )
        found = list(reader)
    except csv.Error:
        return Record(first, last, None, ended)
    if len(found) != 1:
        return Record(first, last, None, ended)
    return Record(first, last, found[0])
