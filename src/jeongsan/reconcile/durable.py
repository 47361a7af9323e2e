"""Files that are there whole or not at all, also after a crash or a cut of the power."""

import hashlib
import os
from pathlib import Path

_CHUNK_BYTES = 1 << 20
PART = ".part"


def put_in_place(part: Path, target: Path) -> None:
    """Let a finished file take its name; one that had it before is replaced. Raises OSError."""
    _flush(part)
    part.replace(target)
    _flush(target.parent)


def make_folder(folder: Path) -> None:
    """With its parents, where they are not there yet. Raises OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _flush(folder.parent)


def write_durably(target: Path, content: bytes) -> None:
    """Raises OSError; then the file is as it was before."""
    part = target.with_name(f".{target.name}{PART}")
    part.write_bytes(content)
    put_in_place(part, target)


def sha256_of(path: Path) -> str:
    """In hex. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _flush(path: Path) -> None:
    """A folder too: that is where a name is kept."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
