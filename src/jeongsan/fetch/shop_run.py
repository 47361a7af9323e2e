"""One shop in a run: its key, its folder, the slices that are to be read, and when to stop asking."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from jeongsan.client.errors import Answered, ClientError, Unauthorized, Unreachable
from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.keys import key_hint
from jeongsan.client.moments import kst_day
from jeongsan.client.reader import Reader, Tally
from jeongsan.fetch.collect import Collector, Tell
from jeongsan.fetch.manifest import Record
from jeongsan.fetch.parquet import Parquet
from jeongsan.fetch.remarks import Note, Problem, Remark
from jeongsan.fetch.shop_folder import ShopFolder, open_shop_folder
from jeongsan.fetch.slices import Slice, What, slices_of
from jeongsan.reconcile.period import Period

# One lost connection is bad luck; after so many slices in a row nobody is there, or nobody who can answer.
SILENT_SLICES_MAX = 3
_TOO_MANY, _FAULT = 429, 500


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run reads and where it puts it. `parallel`: slices at a time, of all shops together."""

    address: str
    period: Period
    whats: tuple[What, ...]
    into: Path
    parallel: int = 1
    refresh: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """`name` is the name of its folder."""

    name: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Machine:
    """`now` is this machine's time; `sleep` waits."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]

    def stamp(self) -> str:
        """Now, as the manifest has it."""
        return self.now().isoformat(timespec="seconds")


class ShopRun:
    """`wanted` are all slices of the period, `todo` those that are to be read. Threads share it."""

    def __init__(self, shop: Shop, folder: ShopFolder, reader: Reader, now: datetime, plan: Plan) -> None:
        self.name = shop.name
        self.folder = folder
        self.now = now
        self.tally: Tally = reader.tally
        self.client = GatewayClient(reader, until_empty=True)
        self.wanted = list(slices_of(plan.period, plan.whats, kst_day(now)))
        self.todo = [one for one in self.wanted if plan.refresh or not folder.is_done(one)]
        self.read: dict[Slice, Record] = {}
        self.not_asked: list[Slice] = []
        self._refused: set[What] = set()
        self._silent = 0
        self._lock = threading.Lock()

    def collector(self, parquet: Parquet, stamp: Callable[[], str], tell: Tell) -> Collector:
        """For one thread."""
        return Collector(self.client, self.folder, parquet, self.now, stamp, tell)

    def do(self, one: Slice, collector: Collector) -> None:
        """Read a slice, unless what came before it says that it is of no use."""
        with self._lock:
            if one.what in self._refused or self._silent >= SILENT_SLICES_MAX:
                self.not_asked.append(one)
                return
        record, error = collector.collect(one)
        with self._lock:
            self.read[one] = record
            self._learn(one, error)

    def _learn(self, one: Slice, error: ClientError | None) -> None:
        self._silent = self._silent + 1 if _goes_on(error) else 0
        if isinstance(error, Unauthorized):
            self._refused.add(one.what)

    def problems(self) -> Iterator[tuple[str, date | None, Remark]]:
        """(list, day, problem) in order; no day for what concerns several."""
        for one, record in sorted(self.read.items()):
            yield from ((one.what.value, one.day, problem) for problem in record.problems)
        for what in What:
            left = sorted(one.day for one in self.not_asked if one.what is what)
            if left:
                values = {"first": str(left[0]), "last": str(left[-1]), "slices": len(left)}
                yield what.value, None, Remark(Problem.NOT_ASKED, values)

    def notes(self) -> Sequence[tuple[str | None, date | None, Remark]]:
        """(list, day, note) in order; those of the folder have neither, and that a list is empty for a reason
        of all its days is told once."""
        told: dict[tuple[str, date | None, Remark], None] = {}
        for one, record in sorted(self.read.items()):
            for remark in record.remarks:
                if not remark.is_problem:
                    day = None if remark.code is Note.EMPTY else one.day
                    told.setdefault((one.what.value, day, remark))
        return [*((None, None, remark) for remark in self.folder.remarks), *told]


def _goes_on(error: ClientError | None) -> bool:
    """Whether the next slice would most likely wait in vain as long as this one did."""
    if isinstance(error, Answered):
        return error.status == _TOO_MANY or error.status >= _FAULT
    return isinstance(error, Unreachable)


@contextmanager
def open_shop_run(shop: Shop, plan: Plan, machine: Machine) -> Iterator[ShopRun]:
    """Raises ClientError, shop_folder.Refused, OSError."""
    with (
        open_shop_folder(plan.into / shop.name, plan.address, key_hint(shop.secret_key)) as folder,
        Reader(plan.address, shop.secret_key, sleep=machine.sleep) as reader,
    ):
        now = GatewayClient(reader).business_time() or machine.now()
        yield ShopRun(shop, folder, reader, now, plan)
