"""What may not stand in any file: left-over markers, and paths of somebody's machine."""

import re
from collections.abc import Iterable, Iterator

from house.source import Finding

# Written in pieces, so that this file does not contain what it looks for.
_MARKERS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
_PATHS = re.compile(
    "|".join((r"(?<![\w.])/wo" + r"rk(?![\w-])", "/ho" + r"me/\w", "/Us" + r"ers/\w", r"[A-Z]:\\Us" + "ers"))
)


def markers(files: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Work put off: it belongs into an issue."""
    yield from _search(files, _MARKERS, "plans belong into issues")


def machine_paths(files: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Folders that exist on one machine only."""
    yield from _search(files, _PATHS, "no path of somebody's machine")


def _search(files: Iterable[tuple[str, str]], wanted: re.Pattern[str], message: str) -> Iterator[Finding]:
    for path, text in files:
        for number, line in enumerate(text.splitlines(), 1):
            found = wanted.search(line)
            if found:
                yield Finding(f"{path}: {found[0]}", path, number, message)
