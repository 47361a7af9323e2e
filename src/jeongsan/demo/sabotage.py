"""The story must be able to fail: one rule at a time is broken in the running program, and it must notice."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from jeongsan import calendar_kr
from jeongsan.demo.checks import Check
from jeongsan.demo.story import tell
from jeongsan.domain import settlement
from jeongsan.domain.business_days import Cycle
from jeongsan.domain.channels import Audit, Channel
from jeongsan.operations import books, cancel


@dataclass(frozen=True, slots=True)
class Sabotage:
    """What was broken, and what the story found."""

    name: str
    broken: str
    failed: list[Check]

    @property
    def noticed(self) -> bool:
        """Whether the story failed, as it must."""
        return bool(self.failed)


@contextmanager
def _bucket() -> Iterator[None]:
    def a_day_late(settle_day: date, cycle: Cycle) -> date:
        return settle_day + timedelta(days=1)

    with patch.object(settlement, "bucket", a_day_late):
        yield


@contextmanager
def _calendar() -> Iterator[None]:
    calendar_kr.korean_holidays.cache_clear()
    try:
        with patch.object(calendar_kr, "CATEGORIES", ("public",)):
            yield
    finally:
        calendar_kr.korean_holidays.cache_clear()


@contextmanager
def _channel() -> Iterator[None]:
    def as_api(*arguments: Any, **named: Any) -> Audit:
        written = books.audit(*arguments, **named)
        return replace(written, actor=replace(written.actor, channel=Channel.API))

    with patch.object(cancel, "audit", as_api):
        yield


_BREAKS: dict[str, tuple[str, Callable[[], AbstractContextManager[None]]]] = {
    "bucket": ("every sold date is a day late", _bucket),
    "calendar": ("1 May counts as a business day", _calendar),
    "channel": ("a cancel by hand is recorded as one by API", _channel),
}


async def sabotage() -> list[Sabotage]:
    """Tell the story once for each thing that can be broken."""
    told = []
    for name, (broken, breaking) in _BREAKS.items():
        with breaking():
            told.append(Sabotage(name, broken, (await tell()).failed))
    return told
