"""Files that are there whole or not at all."""

import hashlib
from pathlib import Path

import pytest

from jeongsan.reconcile.durable import put_in_place, sha256_of, write_durably


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    target = tmp_path / "a"
    for content in (b"old", b"new"):
        write_durably(target, content)
        assert target.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_what_cannot_be_put_in_place_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    with pytest.raises(OSError):
        put_in_place(tmp_path / "missing", target)
    assert target.read_bytes() == b"old"


def test_a_digest_is_that_of_the_whole_file(tmp_path: Path) -> None:
    content = b"0123456789abcdef" * 200_000
    (tmp_path / "a").write_bytes(content)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(content).hexdigest()
