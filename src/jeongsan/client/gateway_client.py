"""The endpoints a merchant reads, page by page to the end: transactions, settlements, payments; and, where
it is our gateway, who cancelled and what time it is there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from urllib.parse import quote

from jeongsan.client.errors import Answered, UnreadableAnswer
from jeongsan.client.fields import Fields, objects_of
from jeongsan.client.reader import Reader
from jeongsan.client.rows import (
    Payment,
    RecordedCancel,
    SettlementRow,
    Transaction,
    payment,
    recorded_cancel,
    settlement_row,
    transaction,
)

# The documented most of both lists.
PAGE_ROWS = 5_000
# What a list gives when it does not know how many were asked for.
PAGE_ROWS_ROUND = 100
PAGES_MAX = 10_000
SETTLEMENT_SLICE_DAYS = 31
# What our gateway lists cancels of at a time.
CANCELS_SLICE_DAYS = 366
EMPTY_REASON = "jeongsan-empty-reason"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SettlementList:
    """Settlement rows, a page of them or all. `empty_reason`: why a list without rows is empty, from a
    gateway that says so (ours does)."""

    rows: tuple[SettlementRow, ...]
    empty_reason: str | None


class GatewayClient:
    """Reads a Toss-compatible gateway; it cannot send anything but GETs. Every method raises the errors of
    `client.errors`. No more than a page is held at a time, except where a method gives all rows at once.

    `until_empty`: read each list until a page is empty. It costs one request more per list, and is right at
    any gateway; else a page of fewer rows than asked for, and not of a round number of them, is the last.
    `page_rows`: how many rows are asked for at a time, for gateways that refuse the documented most.
    """

    def __init__(self, reader: Reader, *, until_empty: bool = False, page_rows: int = PAGE_ROWS) -> None:
        self._reader = reader
        self._until_empty = until_empty
        self._page_rows = page_rows

    def transactions(self, day: date) -> Iterator[Transaction]:
        """All transactions of one Korean day, oldest first.

        The end of the day is given to the millisecond: a bare date would mean its midnight, and rows of
        the last day would be lost.
        """
        query = {"startDate": f"{day}T00:00:00", "endDate": f"{day}T23:59:59.999"}
        return self._by_key("/v1/transactions", query, transaction, lambda row: row.transaction_key)

    def settlements(self, first: date, last: date) -> SettlementList:
        """All rows whose sold date lies in the days given, both included."""
        pages = list(self.settlement_pages(first, last))
        rows = tuple(row for page in pages for row in page.rows)
        reasons = [page.empty_reason for page in pages if page.empty_reason]
        return SettlementList(rows, reasons[-1] if reasons and not rows else None)

    def settlement_pages(self, first: date, last: date) -> Iterator[SettlementList]:
        """The same page by page. One without rows comes where there are none in SETTLEMENT_SLICE_DAYS days,
        for its reason."""
        for start, end in slices(first, last, SETTLEMENT_SLICE_DAYS):
            for number, (rows, reason) in enumerate(self._by_number(start, end, settlement_row)):
                if rows or number == 0:
                    yield SettlementList(tuple(rows), reason)

    def settlement_objects(self, first: date, last: date) -> Iterator[Fields]:
        """The same rows as they are answered, with all their fields."""
        for start, end in slices(first, last, SETTLEMENT_SLICE_DAYS):
            for rows, _ in self._by_number(start, end, _as_answered):
                yield from rows

    def payment(self, payment_key: str) -> Payment | None:
        """The payment, or None when the gateway does not know it."""
        path = f"/v1/payments/{quote(payment_key, safe='')}"
        try:
            value = self._reader.get(path).value
        except Answered as error:
            if error.status == 404:
                return None
            raise
        return payment(_object(value, path))

    def recorded_cancels(self, first: date, last: date) -> tuple[RecordedCancel, ...] | None:
        """Our gateway's own record of who cancelled; None at a gateway that keeps none."""
        return _ours(
            lambda: tuple(
                one
                for start, end in slices(first, last, CANCELS_SLICE_DAYS)
                for one in self._recorded_slice(start, end)
            )
        )

    def _recorded_slice(self, first: date, last: date) -> Iterator[RecordedCancel]:
        query = {"from": str(first), "to": str(last)}
        return self._by_key("/jeongsan/v1/cancels", query, recorded_cancel, lambda row: row.transaction_key)

    def business_time(self) -> datetime | None:
        """The time at our gateway, whose clock can be moved; None at a gateway that has no such thing, also
        at one that answers any path with something."""
        path = "/jeongsan/v1/clock"
        try:
            return _ours(lambda: _object(self._reader.get(path).value, path).moment("now"))
        except UnreadableAnswer:
            return None

    def _by_key(
        self, path: str, query: dict[str, str], read: Callable[[Fields], T], key_of: Callable[[T], str]
    ) -> Iterator[T]:
        asked = query | {"limit": str(self._page_rows)}
        seen: set[str] = set()
        for _ in range(PAGES_MAX):
            page = [read(one) for one in objects_of(self._reader.get(path, asked).value, path)]
            yield from page
            if self._is_last(page):
                return
            after = key_of(page[-1])
            if after in seen:
                raise UnreadableAnswer(f"{path} answers with the same page after {after}")
            seen.add(after)
            asked |= {"startingAfter": after}
        raise UnreadableAnswer(f"{path} has more than {PAGES_MAX} pages")

    def _by_number(
        self, first: date, last: date, read: Callable[[Fields], T]
    ) -> Iterator[tuple[list[T], str | None]]:
        """Pages, and why the first is empty where it is."""
        path = "/v1/settlements"
        query = {"startDate": str(first), "endDate": str(last), "size": str(self._page_rows)}
        before: list[T] = []
        for number in range(1, PAGES_MAX + 1):
            answer = self._reader.get(path, query | {"page": str(number)})
            page = [read(one) for one in objects_of(answer.value, path)]
            if page and page == before:
                raise UnreadableAnswer(f"{path} answers with the same page for {number - 1} and {number}")
            yield page, answer.headers.get(EMPTY_REASON) if number == 1 and not page else None
            if self._is_last(page):
                return
            before = page
        raise UnreadableAnswer(f"{path} has more than {PAGES_MAX} pages")

    def _is_last(self, page: Sequence[object]) -> bool:
        """A page with fewer rows than asked for is the last, unless their number is a round one: then the
        gateway may have given what it holds to be a page, and one more request tells."""
        if self._until_empty:
            return not page
        return not page or (len(page) < self._page_rows and len(page) % PAGE_ROWS_ROUND != 0)


def slices(first: date, last: date, days: int) -> Iterator[tuple[date, date]]:
    """(first, last) of ranges of so many days, the last of what is left; none when `last` is before."""
    for start in range(0, (last - first).days + 1, days):
        yield first + timedelta(days=start), min(last, first + timedelta(days=start + days - 1))


def _as_answered(row: Fields) -> Fields:
    return row


def _object(value: object, path: str) -> Fields:
    if not isinstance(value, dict):
        raise UnreadableAnswer(f"{path}: the answer is no object")
    return Fields(value, path)


def _ours(ask: Callable[[], T]) -> T | None:
    """What an extension of our gateway says; None when the path is unknown there, whatever 4xx says so.

    A wrong key does not hide behind it: the endpoints that every gateway has refuse it too.
    """
    try:
        return ask()
    except Answered as error:
        if error.status >= 500 or error.status == 429:
            raise
        return None
