"""The map in ARCHITECTURE.md against the packages that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

from house.source import Finding

_BLOCK = re.compile(r"```text\nsrc/jeongsan/\n(.*?)```", re.DOTALL)
_ENTRY = re.compile(r"^( +)([A-Za-z_]+(?:/|\.py))", re.MULTILINE)


def mapped(architecture: str) -> set[str]:
    """`domain/`, `store/reads/`, `app.py`, …: what the map names, below its indentation."""
    block = _BLOCK.search(architecture)
    if block is None:
        return set()
    found = set()
    parents: list[tuple[int, str]] = []
    for indent, name in _ENTRY.findall(block[1]):
        while parents and parents[-1][0] >= len(indent):
            parents.pop()
        found.add("".join(parent for _, parent in parents) + name)
        if name.endswith("/"):
            parents.append((len(indent), name))
    return found


def existing(package: Path) -> set[str]:
    """The packages, and the modules that stand beside them."""
    folders = {f"{path.parent.relative_to(package)}/" for path in package.rglob("__init__.py")} - {"./"}
    alone = {path.name for path in package.glob("*.py") if not path.name.startswith("__")}
    return folders | alone


def compared(architecture: str, package: Path) -> Iterator[Finding]:
    """What only one of the two knows."""
    shown, there = mapped(architecture), existing(package)
    for name in sorted(there - shown):
        yield Finding(name, "ARCHITECTURE.md", 1, f"src/jeongsan/{name} is missing in the map")
    for name in sorted(shown - there):
        yield Finding(name, "ARCHITECTURE.md", 1, f"the map names {name}, which does not exist")
