"""The file of decisions keeps every event, and a damaged one is refused and left as it is."""

import hashlib
import json
import threading
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.report.event_file import (
    FILE_NAME,
    BookFault,
    DamagedBook,
    damage_words,
    load_book,
    record_events,
)
from jeongsan.reconcile.report.events import Act, Event, ExceptionBook
from support.reported import NOW

ACCEPT = Event("T-1", "T-0", Act.ACCEPT, NOW, "최팀장", "반올림 차이\n두 줄")
ADJUST = Event("T-1", "T-0", Act.ADJUST, NOW, "김정산", "배송비", Decimal("-3000.50"))

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
events = st.builds(
    Event,
    finding=texts.filter(bool),
    subject=texts.filter(bool),
    act=st.sampled_from([Act.ASSIGN, Act.COMMENT, Act.REOPEN]),
    at=st.datetimes(timezones=st.just(UTC)),
    user=texts.filter(str.strip),
    text=texts,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "정산" / FILE_NAME


@given(st.lists(events, max_size=5))
def test_what_is_recorded_is_read_again(tmp_path_factory: pytest.TempPathFactory, said: list[Event]) -> None:
    path = tmp_path_factory.mktemp("book") / FILE_NAME
    assert record_events(path, said) == load_book(path) == ExceptionBook(tuple(said))


def test_events_are_added_behind_those_that_are_there(path: Path) -> None:
    record_events(path, [ACCEPT])
    before = path.read_bytes().splitlines()[1:]
    assert record_events(path, [ADJUST]).events == (ACCEPT, ADJUST)
    assert path.read_bytes().splitlines()[1:2] == before


def test_nothing_to_record_makes_no_file(path: Path) -> None:
    assert record_events(path, []) == ExceptionBook()
    assert not path.parent.exists()


def test_two_that_record_at_the_same_time_lose_nothing(path: Path) -> None:
    def record(turn: int) -> None:
        at = datetime(2025, 5, 2, tzinfo=UTC)
        record_events(path, [Event(f"T-{turn}", "T-0", Act.COMMENT, at, "김정산", str(turn))])

    threads = [threading.Thread(target=record, args=(turn,)) for turn in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {event.text for event in load_book(path).events} == {str(turn) for turn in range(8)}


def _without_last_line(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[:-1])


def _signed_again(content: bytes, line: bytes) -> bytes:
    """A line of somebody who counts and signs right, and still writes no event."""
    head = json.loads(content.splitlines()[0])
    body = line + b"\n"
    head |= {"events": 1, "sha256": hashlib.sha256(body).hexdigest()}
    return json.dumps(head).encode() + b"\n" + body


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda content: content[:-5], BookFault.COUNT),
        (_without_last_line, BookFault.COUNT),
        (lambda content: content.replace("최팀장".encode(), "김팀장".encode()), BookFault.DIGEST),
        (lambda content: b"", BookFault.NO_SUCH_FORMAT),
        (lambda content: b"[" * 100_000, BookFault.NO_SUCH_FORMAT),
        (lambda content: b"\xff\xfe", BookFault.NO_SUCH_FORMAT),
        (lambda content: content.replace(b'"version":1', b'"version":2'), BookFault.NEWER_VERSION),
        (lambda content: _signed_again(content, b"{}"), BookFault.NOT_AN_EVENT),
    ],
    ids=["cut", "line gone", "changed", "empty", "deep", "binary", "newer", "no event"],
)
def test_a_damaged_file_is_refused_and_left_as_it_is(path: Path, damage: object, fault: BookFault) -> None:
    record_events(path, [ACCEPT, ADJUST])
    assert callable(damage)
    path.write_bytes(damage(path.read_bytes()))
    damaged = path.read_bytes()
    for act in (lambda: load_book(path), lambda: record_events(path, [ACCEPT])):
        with pytest.raises(DamagedBook) as caught:
            act()
        assert caught.value.fault is fault
        assert path.read_bytes() == damaged
    assert str(path) in damage_words(caught.value, Language.KO)
    assert "backup" in damage_words(caught.value, Language.EN)


def test_a_folder_in_its_place_is_no_book(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(DamagedBook) as caught:
        load_book(tmp_path / FILE_NAME)
    assert caught.value.fault is BookFault.UNREADABLE
