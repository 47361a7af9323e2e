"""One slice: read to its end into a file of lines, sorted into Parquet, put in place, written down."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from jeongsan.client.errors import ClientError
from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.moments import kst_day
from jeongsan.fetch.columns import Unstorable
from jeongsan.fetch.manifest import Record, State
from jeongsan.fetch.parquet import Figures, NotWritten, Parquet, Repeats
from jeongsan.fetch.remarks import Note, Problem, Remark
from jeongsan.fetch.shop_folder import ShopFolder
from jeongsan.fetch.slices import Seen, Slice, What, is_final
from jeongsan.fetch.spool import REMARKS_MAX, Row, Spool
from jeongsan.reconcile.durable import PART, put_in_place, sha256_of

# A list that moves while it is read is read again: rows that come twice mean that others may be skipped.
READINGS_MAX = 3
# The only reason of an empty list that is worth a word: no wait and no other day will fill it.
_NEVER_SETTLED = "TEST_KEY"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of a slice came to; its rows are in the file of the slice's name and PART."""

    spool: Spool
    repeats: Repeats
    empty_reason: str | None

    @property
    def rows(self) -> int:
        """How many are in the file."""
        return self.spool.lines - self.repeats.left_out


class Collector:
    """Reads slices of one shop. `now` is the gateway's time, `stamp` gives the machine's; `parquet` belongs
    to this thread. `tell` is told of a slice with very many rows while it is read."""

    def __init__(
        self,
        client: GatewayClient,
        folder: ShopFolder,
        parquet: Parquet,
        now: datetime,
        stamp: Callable[[], str],
        tell: Tell,
    ) -> None:
        self._client = client
        self._folder = folder
        self._parquet = parquet
        self._now = now
        self._stamp = stamp
        self._tell = tell

    def collect(self, one: Slice) -> tuple[Record, ClientError | None]:
        """What the manifest now says of it, and what went wrong when nothing could be read. Whatever goes
        wrong, rows that were read before stay."""
        try:
            return self._collected(one), None
        except ClientError as error:
            return self.failed(one, problem_of(error)), error
        except Unstorable as error:
            return self.failed(one, Remark(Problem.NOT_STORABLE, {"reason": str(error)})), None
        except (NotWritten, OSError) as error:
            return self.failed(one, unwritten(error)), None

    def _collected(self, one: Slice) -> Record:
        reading = self._read(one)
        for _ in range(READINGS_MAX - 1):
            if reading.repeats.again:
                reading = self._read(one)
        problems = [*reading.spool.problems, *_problems(reading)]
        figures = self._figures(one)
        if figures.rows != reading.rows:
            raise NotWritten(f"{figures.rows} of {reading.rows} rows are in the file")
        final = not problems and is_final(one, Seen(figures.unpaid, reading.empty_reason), self._now)
        return self._placed(one, figures, State.FINAL if final else State.OPEN, [*problems, *_notes(reading)])

    def _figures(self, one: Slice) -> Figures:
        return self._parquet.figures(one.what, self._part(one), kst_day(self._now))

    def _read(self, one: Slice) -> Reading:
        lines = self._folder.scratch / f"{one.what}-{one.day}.json"
        reasons: Counter[str] = Counter()
        spool = Spool(one, lambda count: self._tell(f"{self._folder.path.name} · {one} · {count:,} …"))
        try:
            with lines.open("wb") as file:
                file.writelines(spool.written(self._rows(one, reasons)))
            repeats = self._parquet.write(one.what, lines, self._part(one), changed_max=REMARKS_MAX)
        finally:
            # The next slice may need the room.
            lines.unlink(missing_ok=True)
        return Reading(spool, repeats, next(iter(reasons), None))

    def _rows(self, one: Slice, reasons: Counter[str]) -> Iterator[Row]:
        """Page by page."""
        if one.what is What.TRANSACTIONS:
            yield from self._client.transactions(one.day)
            return
        for page in self._client.settlement_pages(one.day, one.day):
            yield from page.rows
            if page.empty_reason:
                reasons[page.empty_reason] += 1

    def without(self, one: Slice, keys: dict[str, Slice]) -> Record:
        """Write a slice again without rows that stand in another one. Raises NotWritten, OSError."""
        before = self._folder.record(one)
        assert before is not None
        self._parquet.write_without(one.what, self._folder.file(one), keys, self._part(one))
        remarks = [
            Remark(Problem.REPEATED_ELSEWHERE, {"transactionKey": key, "keptIn": str(other.day)})
            for key, other in sorted(keys.items())
        ]
        return self._placed(one, self._figures(one), State.OPEN, [*before.remarks, *remarks])

    def also(self, one: Slice, problem: Remark) -> Record:
        """One problem more of a slice that was read. Raises OSError."""
        before = self._folder.record(one)
        assert before is not None
        record = replace(before, state=State.OPEN, remarks=(*before.remarks, problem))
        self._folder.keep(one, record)
        return record

    def _placed(self, one: Slice, figures: Figures, state: State, remarks: list[Remark]) -> Record:
        """The file first, then the manifest: a crash between the two leaves a slice that is read again."""
        part = self._part(one)
        sha256 = sha256_of(part)
        before = self._folder.record(one)
        if before is not None and before.sha256 not in (None, sha256):
            self._folder.set_aside(one, before, lambda old: self._parquet.gone(old, [part])[0] > 0)
            if before.state is State.FINAL:
                remarks.append(Remark(Note.FINAL_CHANGED, {"rows": before.rows}))
        put_in_place(part, self._folder.file(one))
        record = Record(state, self._stamp(), figures.rows, figures.sums, sha256, tuple(remarks))
        self._folder.keep(one, record, figures.mids)
        return record

    def failed(self, one: Slice, problem: Remark) -> Record:
        """Write down that a slice could not be read."""
        self._part(one).unlink(missing_ok=True)
        before = self._folder.record(one) or Record(State.OPEN, self._stamp())
        record = replace(before, state=State.OPEN, remarks=(problem,))
        try:
            self._folder.keep(one, record)
        except OSError as error:
            # The disk is full: the run tells of it all the same.
            return replace(record, remarks=(problem, unwritten(error)))
        return record

    def _part(self, one: Slice) -> Path:
        file = self._folder.file(one)
        return file.with_name(f".{file.name}{PART}")


def problem_of(error: ClientError) -> Remark:
    """As a remark; an address that was refused never comes here."""
    return Remark(Problem(error.code), {"reason": str(error)})


def unwritten(error: NotWritten | OSError) -> Remark:
    """What the disk said, as a remark."""
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return Remark(Problem.NOT_WRITTEN, {"reason": reason})


def _problems(reading: Reading) -> Iterator[Remark]:
    for key in reading.repeats.changed:
        yield Remark(Problem.CHANGED_REPEAT, {"transactionKey": key})
    if reading.repeats.again:
        yield Remark(Problem.REPEATED, {"rows": reading.repeats.again, "readings": READINGS_MAX})


def _notes(reading: Reading) -> Iterator[Remark]:
    if reading.empty_reason == _NEVER_SETTLED:
        yield Remark(Note.EMPTY, {"reason": reading.empty_reason})
