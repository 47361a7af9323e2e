"""One slice: read to its end into a file of lines, sorted into Parquet, put in place, written down."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path

from jeongsan.client.errors import ClientError, Unauthorized, Unreachable
from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.moments import kst_day
from jeongsan.client.rows import SettlementRow, Transaction
from jeongsan.fetch.columns import Unstorable, line_of
from jeongsan.fetch.durable import PART, put_in_place, sha256_of
from jeongsan.fetch.manifest import Record, State
from jeongsan.fetch.parquet import SEQUENCE, NotWritten, Parquet
from jeongsan.fetch.remarks import Note, Problem, Remark
from jeongsan.fetch.shop_folder import ShopFolder
from jeongsan.fetch.slices import Seen, Slice, What, is_final

_DIGEST_BYTES = 16
# A gateway that answers nonsense is not listed row by row.
_REMARKS_MAX = 100
# The only reason of an empty list that is worth a word: no wait and no other day will fill it.
_NEVER_SETTLED = "TEST_KEY"

Row = Transaction | SettlementRow


@dataclass(slots=True)
class Spool:
    """Rows of a slice on their way to the disk. Of each only its key and a digest are held.

    A row that comes again as it was is not kept twice. One that comes again changed takes the place of the
    one before, whose number goes into `superseded`, and is a problem.
    """

    slice: Slice
    today: date
    rows: int = 0
    repeated: int = 0
    unpaid: int = 0
    superseded: list[int] = field(default_factory=list)
    mids: set[str] = field(default_factory=set)
    problems: list[Remark] = field(default_factory=list)
    _known: dict[str, tuple[bytes, int, bool]] = field(default_factory=dict)

    def lines(self, rows: Iterable[Row]) -> Iterator[bytes]:
        """A line for each row that is to be written. Raises Unstorable."""
        for row in rows:
            line = self._line(row)
            if line is not None:
                yield line

    def _line(self, row: Row) -> bytes | None:
        key, day, paid = row.transaction_key, _day_of(row), self._is_paid(row)
        if day is not None and day != self.slice.day:
            self._problem(Remark(Problem.OTHER_DAY, {"transactionKey": key, "ownDay": str(day)}))
            return None
        try:
            line = line_of(self.slice.what, row)
        except Unstorable as error:
            raise Unstorable(f"{key}: {error}") from error
        digest = blake2b(line, digest_size=_DIGEST_BYTES).digest()
        before = self._known.get(key)
        if before is not None and before[0] == digest:
            self.repeated += 1
            return None
        if before is not None:
            self._supersede(key, before)
        number = self.rows + len(self.superseded)
        self._known[key] = digest, number, paid
        self.rows += 1
        self.unpaid += not paid
        if row.mid is not None:
            self.mids.add(row.mid)
        return b'{"' + SEQUENCE.encode() + b'":%d,' % number + line[1:] + b"\n"

    def _supersede(self, key: str, before: tuple[bytes, int, bool]) -> None:
        _, number, paid = before
        self.superseded.append(number)
        self.rows -= 1
        self.unpaid -= not paid
        self._problem(Remark(Problem.CHANGED_REPEAT, {"transactionKey": key}))

    def _is_paid(self, row: Row) -> bool:
        """A transaction is never waited for; a settlement row until its day of payment is over."""
        if isinstance(row, Transaction):
            return True
        return row.paid_out_date is not None and row.paid_out_date < self.today

    def _problem(self, problem: Remark) -> None:
        if len(self.problems) < _REMARKS_MAX:
            self.problems.append(problem)


def _day_of(row: Row) -> date | None:
    return kst_day(row.transaction_at) if isinstance(row, Transaction) else row.sold_date


class Collector:
    """Reads slices of one shop. `now` is the gateway's time, `stamp` gives the machine's; `parquet` belongs
    to this thread."""

    def __init__(
        self,
        client: GatewayClient,
        folder: ShopFolder,
        parquet: Parquet,
        now: datetime,
        stamp: Callable[[], str],
    ) -> None:
        self._client = client
        self._folder = folder
        self._parquet = parquet
        self._now = now
        self._stamp = stamp

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
            return self.failed(one, Remark(Problem.NOT_WRITTEN, {"reason": _reason(error)})), None

    def _collected(self, one: Slice) -> Record:
        lines = self._folder.scratch / f"{one.what}-{one.day}.json"
        spool, reason = self._spooled(one, lines)
        part = self._part(one)
        self._parquet.write(one.what, lines, part, without=spool.superseded)
        lines.unlink()
        seen = Seen(spool.rows, spool.unpaid, spool.repeated, reason)
        final = not spool.problems and is_final(one, seen, self._now)
        remarks = [*spool.problems, *_notes(seen)]
        return self._placed(one, part, State.FINAL if final else State.OPEN, remarks, spool)

    def _spooled(self, one: Slice, lines: Path) -> tuple[Spool, str | None]:
        spool = Spool(one, kst_day(self._now))
        reasons: Counter[str] = Counter()
        with lines.open("wb") as file:
            file.writelines(spool.lines(self._rows(one, reasons)))
        return spool, next(iter(reasons), None)

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
        before, part = self._folder.record(one), self._part(one)
        assert before is not None
        self._parquet.write_without(one.what, self._folder.file(one), keys, part)
        remarks = [
            Remark(Problem.REPEATED_ELSEWHERE, {"transactionKey": key, "keptIn": str(other.day)})
            for key, other in sorted(keys.items())
        ]
        return self._placed(one, part, State.OPEN, [*before.remarks, *remarks], None)

    def _placed(
        self, one: Slice, part: Path, state: State, remarks: list[Remark], spool: Spool | None
    ) -> Record:
        """The file first, then the manifest: a crash between the two leaves a slice that is read again."""
        figures = self._parquet.figures(one.what, part)
        if spool is not None and figures.rows != spool.rows:
            raise NotWritten(f"{figures.rows} of {spool.rows} rows are in the file")
        sha256 = sha256_of(part)
        before = self._folder.record(one)
        if before is not None and before.state is State.FINAL and before.sha256 not in (None, sha256):
            remarks.append(Remark(Note.FINAL_CHANGED, {"rows": before.rows}))
        put_in_place(part, self._folder.file(one))
        record = Record(state, self._stamp(), figures.rows, figures.sums, sha256, tuple(remarks))
        self._folder.keep(one, record, sorted(spool.mids) if spool is not None else ())
        return record

    def failed(self, one: Slice, problem: Remark) -> Record:
        """Write down that a slice could not be read."""
        before = self._folder.record(one) or Record(State.OPEN, self._stamp())
        record = replace(before, state=State.OPEN, remarks=(problem,))
        try:
            self._folder.keep(one, record)
        except OSError as error:
            # The disk is full: the run tells of it all the same.
            return replace(record, remarks=(problem, _unwritten(error)))
        return record

    def _part(self, one: Slice) -> Path:
        file = self._folder.file(one)
        return file.with_name(f".{file.name}{PART}")


def problem_of(error: ClientError) -> Remark:
    """As a remark; an address that was refused never comes here."""
    kinds: tuple[tuple[type[ClientError], Problem], ...] = (
        (Unreachable, Problem.UNREACHABLE),
        (Unauthorized, Problem.UNAUTHORIZED),
    )
    known = next((problem for kind, problem in kinds if isinstance(error, kind)), Problem(error.code))
    return Remark(known, {"reason": str(error)})


def _notes(seen: Seen) -> Iterator[Remark]:
    if seen.repeated:
        yield Remark(Note.REPEATED, {"rows": seen.repeated})
    if seen.empty_reason == _NEVER_SETTLED:
        yield Remark(Note.EMPTY, {"reason": seen.empty_reason})


def _unwritten(error: OSError) -> Remark:
    return Remark(Problem.NOT_WRITTEN, {"reason": _reason(error)})


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
