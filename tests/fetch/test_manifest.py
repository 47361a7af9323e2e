"""The manifest: written and read back without a loss, and a strange one refused."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jeongsan.fetch.manifest import NAME, BrokenManifest, Manifest, Record, State, read_manifest
from jeongsan.fetch.remarks import Note, Problem, Remark
from jeongsan.fetch.slices import Slice, What

AMOUNTS = st.decimals(-(10**15), 10**15, places=2)
REMARKS = st.builds(
    Remark,
    st.sampled_from([*Problem, *Note]),
    st.dictionaries(st.sampled_from(["reason", "rows"]), st.text()),
)
RECORDS = st.builds(
    Record,
    st.sampled_from(State),
    st.just("2025-04-26T00:00:00+09:00"),
    st.integers(0, 10**9),
    st.dictionaries(st.sampled_from(["KRW", "USD", ""]), st.dictionaries(st.just("amount"), AMOUNTS)),
    st.none() | st.just("ab" * 32),
    st.lists(REMARKS, max_size=3).map(tuple),
)
SLICES = st.builds(Slice, st.sampled_from(What), st.dates(date(2000, 1, 1), date(2099, 12, 31)))


@settings(max_examples=30, deadline=None)
@given(slices=st.dictionaries(SLICES, RECORDS, max_size=5), mids=st.lists(st.text(), unique=True, max_size=3))
def test_a_manifest_reads_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, slices: dict[Slice, Record], mids: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("shop")
    manifest = Manifest("https://gateway.example", "live_sk_…abcd", sorted(mids), slices)
    manifest.save(folder)
    read = read_manifest(folder)
    assert read == manifest
    assert read.content() == manifest.content()


def test_there_may_be_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"{}", b'{"version": 2}', b"\xff", b'{"version": 1, "address": "a", "key": "k"}',
        b'{"version": 1, "address": "a", "key": "k", "mIds": [], "slices": {"moons": {"2025-04-25": {}}}}',
        b'{"version": 1, "address": "a", "key": "k", "mIds": [], "slices": {"settlements": {"today": {}}}}',
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_refused_and_not_overwritten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(BrokenManifest):
        read_manifest(tmp_path)
    assert (tmp_path / NAME).read_bytes() == content


def test_a_figure_of_a_manifest_is_exact() -> None:
    record = Record(State.FINAL, "", 1, {"KRW": {"amount": Decimal("9007199254740993.01")}})
    assert (
        b'"9007199254740993.01"'
        in Manifest("", "", [], {Slice(What.SETTLEMENTS, date(2025, 4, 25)): record}).content()
    )
