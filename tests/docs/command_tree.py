"""The commands of the command line, as its parser knows them."""

from collections.abc import Iterator
from typing import Any


def leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """(full name, command) of everything that can be run."""
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for child, found in children.items():
        yield from leaves(found, f"{name} {child}")
