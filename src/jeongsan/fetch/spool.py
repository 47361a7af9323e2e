"""Rows of a slice on their way to the disk: a line each, and nothing of them held."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b

from jeongsan.client.moments import kst_day
from jeongsan.client.rows import SettlementRow, Transaction
from jeongsan.fetch.columns import Unstorable, line_of
from jeongsan.fetch.parquet import DIGEST, SEQUENCE
from jeongsan.fetch.remarks import Problem, Remark
from jeongsan.fetch.slices import Slice

_DIGEST_BYTES = 16
# A gateway that answers nonsense is not listed row by row.
REMARKS_MAX = 100
# A day of very many rows is told of on its way.
_TOLD_EVERY = 5_000

Row = Transaction | SettlementRow


@dataclass(slots=True)
class Spool:
    """`lines` counts those that were written; rows of another day are problems and not among them. `tell`
    is told now and then how many there are."""

    slice: Slice
    tell: Callable[[int], None]
    lines: int = 0
    problems: list[Remark] = field(default_factory=list)

    def written(self, rows: Iterable[Row]) -> Iterator[bytes]:
        """A line for each row, with its number and a digest of its contents. Raises Unstorable."""
        for row in rows:
            if self._is_of_another_day(row):
                continue
            yield self._line(row)
            self.lines += 1
            if self.lines % _TOLD_EVERY == 0:
                self.tell(self.lines)

    def _line(self, row: Row) -> bytes:
        try:
            line = line_of(self.slice.what, row)
        except Unstorable as error:
            raise Unstorable(f"{row.transaction_key}: {error}") from error
        digest = blake2b(line, digest_size=_DIGEST_BYTES).hexdigest()
        return f'{{"{SEQUENCE}":{self.lines},"{DIGEST}":"{digest}",'.encode() + line[1:] + b"\n"

    def _is_of_another_day(self, row: Row) -> bool:
        day = _day_of(row)
        if day is None or day == self.slice.day:
            return False
        if len(self.problems) < REMARKS_MAX:
            values = {"transactionKey": row.transaction_key, "ownDay": str(day)}
            self.problems.append(Remark(Problem.OTHER_DAY, values))
        return True


def _day_of(row: Row) -> date | None:
    return kst_day(row.transaction_at) if isinstance(row, Transaction) else row.sold_date
