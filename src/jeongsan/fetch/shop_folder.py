"""A shop's folder: one run at a time, its files by slice, its manifest, and room for what is in work."""

import fcntl
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from jeongsan.fetch.manifest import BrokenManifest, Manifest, Record, State, read_manifest
from jeongsan.fetch.remarks import Note, Problem, Remark
from jeongsan.fetch.slices import Slice, What
from jeongsan.reconcile.durable import PART, make_folder, put_in_place, sha256_of

_LOCK = ".lock"
_SCRATCH = ".scratch"
_GONE = "gone"
_SHORT = 12
_HINTED_MODES = ("test_", "live_")


class Refused(Exception):
    """This folder cannot take the rows of this run; `remark` is why."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.code.value)
        self.remark = remark


class ShopFolder:
    """Threads of one run may share it: each works on slices of its own."""

    def __init__(self, path: Path, manifest: Manifest, remarks: Sequence[Remark]) -> None:
        self.path = path
        self.manifest = manifest
        self.remarks = list(remarks)
        self.aside: dict[Slice, Path] = {}
        self._saving = threading.Lock()
        self._closed = False

    @property
    def scratch(self) -> Path:
        """Gone after the run."""
        return self.path / _SCRATCH

    def file(self, one: Slice) -> Path:
        """Where the rows of a slice are."""
        return self.path / one.what.value / f"{one.day}.parquet"

    def files(self, what: What) -> list[Path]:
        """Those that the manifest vouches for, in order."""
        records = sorted(self.manifest.slices.items())
        return [
            self.file(one)
            for one, record in records
            if one.what is what and record.sha256 is not None and self.file(one).exists()
        ]

    def slice_of(self, file: Path) -> Slice:
        """The slice whose rows a file holds."""
        return next(one for one in self.manifest.slices if self.file(one) == file)

    def record(self, one: Slice) -> Record | None:
        """What is known of a slice."""
        return self.manifest.slices.get(one)

    def keep(self, one: Slice, record: Record, mids: Sequence[str] = ()) -> None:
        """Write down what was read, after its file is in place. A run that was broken off writes nothing
        more. Raises OSError."""
        with self._saving:
            if self._closed:
                return
            new = [mid for mid in mids if mid not in self.manifest.mids]
            if self.manifest.mids:
                self.remarks += [Remark(Note.NEW_MID, {"mId": mid}) for mid in new]
            self.manifest.mids += new
            self.manifest.slices[one] = record
            self.manifest.save(self.path)

    def set_aside(self, one: Slice, record: Record, lacks: Callable[[Path], bool]) -> None:
        """Keep the file of a slice that is about to be replaced by one which `lacks` some of its rows; the
        first of a run. One that is not what was written is not worth it. Raises OSError."""
        file = self.file(one)
        if one in self.aside or not _is_whole(file, record) or not lacks(file):
            return
        target = self.path / _GONE / one.what.value / f"{one.day}-{str(record.sha256)[:_SHORT]}.parquet"
        make_folder(target.parent)
        part = target.with_name(f".{target.name}{PART}")
        shutil.copyfile(file, part)
        put_in_place(part, target)
        self.aside[one] = target

    def close(self) -> None:
        """From here the folder belongs to the next run."""
        with self._saving:
            self._closed = True

    def is_done(self, one: Slice) -> bool:
        """Whether a slice is final and its file is still what was written. A damaged one is remarked."""
        record = self.record(one)
        if record is None or record.state is not State.FINAL:
            return False
        whole = _is_whole(self.file(one), record)
        if not whole:
            self.remarks.append(Remark(Note.DAMAGED, {"slice": str(one)}))
        return whole


def _is_whole(file: Path, record: Record) -> bool:
    try:
        return sha256_of(file) == record.sha256
    except OSError:
        return False


@contextmanager
def open_shop_folder(path: Path, address: str, key_hint: str) -> Iterator[ShopFolder]:
    """Make it, or go on with it, alone. Raises Refused, OSError."""
    path = path.absolute()
    make_folder(path)
    with (path / _LOCK).open("w") as lock:
        _take(lock)
        for what in What:
            make_folder(path / what.value)
        _clear(path)
        (path / _SCRATCH).mkdir()
        try:
            folder = _opened(path, address, key_hint)
            try:
                yield folder
            finally:
                folder.close()
        finally:
            shutil.rmtree(path / _SCRATCH, ignore_errors=True)


def _take(lock: IO[str]) -> None:
    """The system lets go of it when the process ends, however that is."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refused(Remark(Problem.FOLDER_BUSY)) from error


def _clear(path: Path) -> None:
    """What a killed run left behind."""
    shutil.rmtree(path / _SCRATCH, ignore_errors=True)
    for part in path.rglob(f".*{PART}"):
        part.unlink()


def _opened(path: Path, address: str, key_hint: str) -> ShopFolder:
    try:
        known = read_manifest(path)
    except BrokenManifest as error:
        raise Refused(Remark(Problem.BROKEN_MANIFEST, {"reason": str(error)})) from error
    if known is None:
        return ShopFolder(path, Manifest(address, key_hint), ())
    if known.address != address:
        raise Refused(Remark(Problem.OTHER_ADDRESS, {"known": known.address}))
    if _mode(known.key) != _mode(key_hint):
        raise Refused(Remark(Problem.OTHER_MODE, {"known": known.key}))
    remarks = [] if known.key == key_hint else [Remark(Note.NEW_KEY, {"known": known.key})]
    known.key = key_hint
    return ShopFolder(path, known, remarks)


def _mode(key_hint: str) -> str:
    return next((mode for mode in _HINTED_MODES if key_hint.startswith(mode)), "")
