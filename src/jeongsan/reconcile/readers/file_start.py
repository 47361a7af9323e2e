"""The first bytes of a file, which tell its format, and what it is called when it cannot be opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jeongsan.reconcile.readers.faults import ReadFault, Unreadable

_START_BYTES = 1_000


def start_of(path: Path) -> bytes:
    """Enough of it to tell its format. Raises OSError."""
    with path.open("rb") as file:
        return file.read(_START_BYTES)


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """An OSError about this file is Unreadable; one about another, such as a scratch file, stays."""
    try:
        yield
    except OSError as error:
        if error.filename is not None and Path(error.filename) != path:
            raise
        raise Unreadable(ReadFault.NO_FILE, error.strerror or str(error)) from error
