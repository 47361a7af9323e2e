"""The file that keeps what was decided: a line per event, which the next report reads again.

Its first line counts the others and has their digest, so that a file that was cut off or changed by hand is
refused and not half believed. It is replaced whole, by one writer at a time, and no event ever leaves it.
"""

import fcntl
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.durable import make_folder, write_durably
from jeongsan.reconcile.report.events import Act, Event, ExceptionBook, InvalidEvent

FILE_NAME = "exceptions.jsonl"
_FORMAT = "jeongsan exceptions"
_VERSION = 1
_LOCK_SUFFIX = ".lock"
_KEYS = {"finding", "subject", "act", "at", "user", "text", "amount"}


class BookFault(StrEnum):
    """Why a file of events is not read."""

    UNREADABLE = "UNREADABLE"
    NO_SUCH_FORMAT = "NO_SUCH_FORMAT"
    NEWER_VERSION = "NEWER_VERSION"
    COUNT = "COUNT"
    DIGEST = "DIGEST"
    NOT_AN_EVENT = "NOT_AN_EVENT"


_FAULTS = {
    BookFault.UNREADABLE: ("파일을 읽을 수 없습니다", "the file cannot be read"),
    BookFault.NO_SUCH_FORMAT: ("예외 처리 파일이 아닙니다", "it is no file of exceptions"),
    BookFault.NEWER_VERSION: (
        "더 새로운 버전의 프로그램이 쓴 파일입니다",
        "a newer version of the program wrote it",
    ),
    BookFault.COUNT: ("줄이 없어졌거나 더 있습니다", "lines are missing or were added"),
    BookFault.DIGEST: ("프로그램 밖에서 고쳐졌습니다", "it was changed by something else than this program"),
    BookFault.NOT_AN_EVENT: ("처리 기록이 아닌 줄입니다", "the line is no event"),
}
_UNTOUCHED = (
    "파일은 그대로 두었습니다. 백업에서 되돌린 뒤 다시 실행하세요.",
    "It was left as it is: bring it back from a backup and run again.",
)


class DamagedBook(Exception):
    """The file says something that no run of this program wrote; it was left as it is. `line` counts from
    1."""

    def __init__(self, path: Path, fault: BookFault, line: int | None = None) -> None:
        super().__init__(f"{path}: {fault}")
        self.path, self.fault, self.line = path, fault, line


def damage_words(damage: DamagedBook, language: Language) -> str:
    """What is wrong with the file, where, and what to do."""
    where = str(damage.path) if damage.line is None else f"{damage.path}:{damage.line}"
    return f"{printable(where)}: {pick(_FAULTS[damage.fault], language)}. {pick(_UNTOUCHED, language)}"


def load_book(path: Path) -> ExceptionBook:
    """Every event of a file; none where there is no file yet. Raises DamagedBook."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ExceptionBook()
    except OSError as error:
        raise DamagedBook(path, BookFault.UNREADABLE) from error
    head, _, body = content.partition(b"\n")
    lines = _checked_lines(path, head, body)
    return ExceptionBook(tuple(_event(path, line, number) for number, line in enumerate(lines, 2)))


def record_events(path: Path, events: Iterable[Event]) -> ExceptionBook:
    """Add events behind all that the file has by now, and give the whole book. What another run recorded
    in the meantime stays. Without events nothing is written. Raises DamagedBook and OSError; then the file
    is as it was."""
    added = tuple(events)
    if not added:
        return load_book(path)
    make_folder(path.parent)
    with path.with_name(f".{path.name}{_LOCK_SUFFIX}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        book = load_book(path).with_events(added)
        write_durably(path, _content(book))
    return book


def _content(book: ExceptionBook) -> bytes:
    body = "".join(f"{_line(_view(event))}\n" for event in book.events).encode()
    head = {
        "format": _FORMAT,
        "version": _VERSION,
        "events": len(book.events),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    return f"{_line(head)}\n".encode() + body


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _view(event: Event) -> dict[str, Any]:
    amount = None if event.amount is None else f"{event.amount:f}"
    return {
        "finding": event.finding,
        "subject": event.subject,
        "act": event.act.value,
        "at": event.at.isoformat(),
        "user": event.user,
        "text": event.text,
        "amount": amount,
    }


def _checked_lines(path: Path, head: bytes, body: bytes) -> list[bytes]:
    said = _object(head)
    if said is None or said.get("format") != _FORMAT or not isinstance(said.get("version"), int):
        raise DamagedBook(path, BookFault.NO_SUCH_FORMAT, 1)
    if said["version"] > _VERSION:
        raise DamagedBook(path, BookFault.NEWER_VERSION, 1)
    lines = body.split(b"\n")
    if lines.pop() or len(lines) != said.get("events"):
        raise DamagedBook(path, BookFault.COUNT)
    if hashlib.sha256(body).hexdigest() != said.get("sha256"):
        raise DamagedBook(path, BookFault.DIGEST)
    return lines


def _event(path: Path, line: bytes, number: int) -> Event:
    said = _object(line)
    if said is None or said.keys() != _KEYS:
        raise DamagedBook(path, BookFault.NOT_AN_EVENT, number)
    try:
        return Event(
            finding=_text(said["finding"]),
            subject=_text(said["subject"]),
            act=Act(said["act"]),
            at=datetime.fromisoformat(_text(said["at"])),
            user=_text(said["user"]),
            text=_text(said["text"]),
            amount=None if said["amount"] is None else Decimal(_text(said["amount"])),
        )
    except (InvalidEvent, ValueError, InvalidOperation) as error:
        raise DamagedBook(path, BookFault.NOT_AN_EVENT, number) from error


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text")
    return value
