"""Markdown pages, their fenced blocks and their tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block. `start` and `end` frame its content in the page; `line` is for messages."""

    language: str
    text: str
    start: int
    end: int
    line: int


@dataclass(frozen=True)
class Page:
    """`name` is the path from the repository's root."""

    name: str
    text: str

    @property
    def blocks(self) -> list[Block]:
        return [
            Block(
                found[1], found[2], found.start(2), found.end(2), self.text.count("\n", 0, found.start()) + 1
            )
            for found in _FENCE.finditer(self.text)
        ]

    @property
    def prose(self) -> str:
        """The page without its blocks."""
        return _FENCE.sub("", self.text)

    def rows(self, heading: str) -> list[list[str]]:
        """The cells of the table whose first column is headed so; no row for the head."""
        lines = iter(self.text.splitlines())
        for line in lines:
            if line.startswith(f"| {heading} |"):
                next(lines)
                return [_cells(row) for row in _table(lines)]
        return []


def _table(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield line


def _cells(row: str) -> list[str]:
    return [cell.strip().strip("`") for cell in row.strip().strip("|").split(" | ")]


def pages() -> list[Page]:
    """The pages a user reads: those of the root and of docs/."""
    paths = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    return [Page(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in paths]


def page(name: str) -> Page:
    """One page by its path from the root."""
    return Page(name, (ROOT / name).read_text(encoding="utf-8"))
