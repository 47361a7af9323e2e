"""Counting what really reaches the disk: by an interposed library for SQLite, by PostgreSQL's own
statistics otherwise. None where neither can be had: a figure is never guessed."""

import os
import shutil
import struct
import subprocess
from pathlib import Path

from jeongsan.store.session import Store, StoreUnavailable

_SOURCE = Path(__file__).parent / "fsync_count.c"


class SqliteFsyncs:
    """Counts the fsyncs of processes started with `environment`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "fsyncs"
        self._library = folder / "fsync_count.so"
        compiler = shutil.which("cc") or shutil.which("gcc")
        self._usable = compiler is not None and (
            subprocess.run(
                [compiler, "-shared", "-fPIC", "-O2", "-o", self._library, _SOURCE, "-ldl"], check=False
            ).returncode
            == 0
        )

    def environment(self) -> dict[str, str]:
        """For the process to be counted."""
        if not self._usable:
            return dict(os.environ)
        return os.environ | {"LD_PRELOAD": str(self._library), "JEONGSAN_FSYNC_FILE": str(self._file)}

    def count(self) -> int | None:
        """How many so far."""
        if not self._usable or not self._file.exists():
            return None
        return int(struct.unpack("=Q", self._file.read_bytes())[0])


async def postgres_fsyncs(store: Store) -> int | None:
    """WAL fsyncs of the whole server so far; where they are counted depends on its version."""
    rows = await store.read("SELECT current_setting('server_version_num')::bigint")
    if rows[0][0] >= 180_000:
        sql = "SELECT CAST(coalesce(sum(fsyncs), 0) AS bigint) FROM pg_stat_io WHERE object = 'wal'"
    else:
        sql = "SELECT wal_sync FROM pg_stat_wal"
    try:
        return int((await store.read(sql))[0][0])
    except StoreUnavailable:
        return None
