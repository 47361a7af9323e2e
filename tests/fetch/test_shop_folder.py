"""A shop's folder: one run at a time, of one address and one mode, and files that are what was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from jeongsan.fetch.manifest import NAME, Record, State
from jeongsan.fetch.shop_folder import Refused, ShopFolder, open_shop_folder
from jeongsan.fetch.slices import Slice, What
from jeongsan.reconcile.durable import sha256_of

ONE = Slice(What.SETTLEMENTS, date(2025, 4, 25))
ADDRESS, KEY = "https://gateway.example", "live_sk_…abcd"


@contextmanager
def opened(path: Path, address: str = ADDRESS, key: str = KEY) -> Iterator[ShopFolder]:
    with open_shop_folder(path, address, key) as folder:
        yield folder


def filled(path: Path) -> None:
    """With one final slice."""
    with opened(path) as folder:
        folder.file(ONE).write_bytes(b"rows")
        folder.keep(ONE, Record(State.FINAL, "", 1, sha256=sha256_of(folder.file(ONE))), ["mid-1"])


def refusal(path: Path, **asked: str) -> str:
    with pytest.raises(Refused) as refused, opened(path, **asked):
        pass
    return refused.value.remark.code.value


def test_two_runs_at_a_time_are_one_too_many(tmp_path: Path) -> None:
    with opened(tmp_path):
        assert refusal(tmp_path) == "FOLDER_BUSY"
    with opened(tmp_path):
        pass


def test_rows_of_two_gateways_or_modes_are_not_mixed(tmp_path: Path) -> None:
    filled(tmp_path)
    assert refusal(tmp_path, address="https://other.example") == "OTHER_ADDRESS"
    assert refusal(tmp_path, key="test_sk_…abcd") == "OTHER_MODE"


def test_another_key_of_the_same_mode_is_told_once(tmp_path: Path) -> None:
    """Keys are replaced; but it may be another shop's."""
    filled(tmp_path)
    for codes in (["NEW_KEY"], []):
        with opened(tmp_path, key="live_sk_…wxyz") as folder:
            assert [one.code.value for one in folder.remarks] == codes
            folder.manifest.save(tmp_path)


def test_a_shop_id_that_was_not_there_before_is_told(tmp_path: Path) -> None:
    filled(tmp_path)
    with opened(tmp_path) as folder:
        folder.keep(ONE, Record(State.OPEN, ""), ["mid-1", "mid-2"])
        assert [(one.code.value, one.values) for one in folder.remarks] == [("NEW_MID", {"mId": "mid-2"})]
    with opened(tmp_path) as folder:
        folder.keep(ONE, Record(State.OPEN, ""), ["mid-2"])
        assert folder.remarks == []


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_damaged_file_is_noticed_and_its_slice_not_done(tmp_path: Path, harm: str) -> None:
    filled(tmp_path)
    with opened(tmp_path) as folder:
        assert folder.is_done(ONE)
        assert folder.remarks == []
        if harm == "changed":
            folder.file(ONE).write_bytes(b"r0ws")
        else:
            folder.file(ONE).unlink()
        assert not folder.is_done(ONE)
        assert [one.code.value for one in folder.remarks] == ["DAMAGED"]


def test_what_a_killed_run_left_behind_is_cleared(tmp_path: Path) -> None:
    filled(tmp_path)
    left = [tmp_path / ".scratch" / "a.json", tmp_path / "settlements" / ".2025-04-25.parquet.part"]
    left.append(tmp_path / f".{NAME}.part")
    (tmp_path / ".scratch").mkdir()
    for path in left:
        path.touch()
    with opened(tmp_path) as folder:
        assert not any(path.exists() for path in left)
        assert folder.is_done(ONE)
    assert not (tmp_path / ".scratch").exists()


def test_a_broken_manifest_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"{")
    assert refusal(tmp_path) == "BROKEN_MANIFEST"
    assert (tmp_path / NAME).read_bytes() == b"{"


def test_a_run_that_was_broken_off_writes_nothing_more(tmp_path: Path) -> None:
    with opened(tmp_path) as folder:
        folder.keep(ONE, Record(State.OPEN, ""))
    before = (tmp_path / NAME).read_bytes()
    folder.keep(ONE, Record(State.FINAL, ""))
    assert (tmp_path / NAME).read_bytes() == before
