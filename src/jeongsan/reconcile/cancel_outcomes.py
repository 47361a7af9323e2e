"""What can become of a cancel: the outcomes, the reasons and findings by their codes, and a whole check.

Facts and inferences are kept apart. A settlement row of the real gateway does not say who cancelled, so
without a record of it everything about the origin is an inference.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from jeongsan.client.moments import kst_day
from jeongsan.reconcile.cancel_book import BookLine
from jeongsan.reconcile.cancel_matching import MatchedBy, line_moment
from jeongsan.reconcile.found_cancels import FoundCancel
from jeongsan.reconcile.period import ONE_DAY, Period

Value = str | int | Decimal | date | datetime | timedelta


class Outcome(StrEnum):
    """Where a cancel comes from, as far as it can be told."""

    OURS = "OURS"
    NOT_OURS = "NOT_OURS"
    ONLY_IN_OUR_BOOK = "ONLY_IN_OUR_BOOK"
    NO_BOOK = "NO_BOOK"


class NoRow(StrEnum):
    """Why a cancel has no settlement row. Only MISSING is amiss."""

    TEST_KEY = "TEST_KEY"
    TOO_YOUNG = "TOO_YOUNG"
    NEVER_APPROVED = "NEVER_APPROVED"
    NOT_DONE = "NOT_DONE"
    MISSING = "MISSING"


class Difference(StrEnum):
    """What keeps a cancel from being accounted for."""

    AMOUNT = "AMOUNT"
    PAYMENT_KEY = "PAYMENT_KEY"
    ORDER_ID = "ORDER_ID"
    NOT_IN_TRANSACTIONS = "NOT_IN_TRANSACTIONS"
    BEFORE_APPROVAL = "BEFORE_APPROVAL"
    SEVERAL_ROWS = "SEVERAL_ROWS"
    ROW_AMOUNT = "ROW_AMOUNT"
    ROW_SUM = "ROW_SUM"
    ABSENT_FIELDS = "ABSENT_FIELDS"


class Inference(StrEnum):
    """What follows from the data, but stands nowhere in it."""

    OUTSIDE_OUR_SYSTEM = "OUTSIDE_OUR_SYSTEM"
    NETWORK_CANCEL_LIKELY = "NETWORK_CANCEL_LIKELY"
    NETWORK_CANCEL_UNLIKELY = "NETWORK_CANCEL_UNLIKELY"
    NO_NETWORK_CANCEL = "NO_NETWORK_CANCEL"
    KEY_TIME_AGREES = "KEY_TIME_AGREES"
    KEY_TIME_DIFFERS = "KEY_TIME_DIFFERS"
    KEY_WITHOUT_TIME = "KEY_WITHOUT_TIME"


class Remark(StrEnum):
    """Worth knowing, and no difference."""

    OLD_VERSION = "OLD_VERSION"
    SAME_DAY = "SAME_DAY"
    API_BUT_NOT_IN_BOOK = "API_BUT_NOT_IN_BOOK"
    NO_TIME_IN_BOOK = "NO_TIME_IN_BOOK"


@dataclass(frozen=True, slots=True)
class Note:
    """A code and the values that its sentence names: for an inference, its evidence."""

    code: Difference | Inference | Remark
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a check is made under. `today` is the gateway's day; `settles`: False where no settlement row is
    ever made (a test key); `book_lines`: None without a book; `recorded`: the gateway says who cancelled."""

    period: Period
    today: date
    settles: bool = True
    book_lines: int | None = None
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class CheckedCancel:
    """One cancel with its outcome. `found` is None for ONLY_IN_OUR_BOOK, `line` for what no line of the
    book means; `no_row` says why there is no settlement row, None when there is one (or no cancel)."""

    outcome: Outcome
    found: FoundCancel | None = None
    line: BookLine | None = None
    matched_by: MatchedBy | None = None
    no_row: NoRow | None = None
    differences: tuple[Note, ...] = ()
    inferences: tuple[Note, ...] = ()
    remarks: tuple[Note, ...] = ()

    @property
    def accounted(self) -> bool:
        """Ours, settled or with a good reason not to be yet, and nothing differs."""
        return self.outcome is Outcome.OURS and self.no_row is not NoRow.MISSING and not self.differences

    @property
    def readable_from(self) -> date | None:
        """The first day on which a row that is too young can be read."""
        if self.no_row is not NoRow.TOO_YOUNG or self.found is None:
            return None
        return kst_day(self.found.canceled_at) + ONE_DAY

    @property
    def moment(self) -> datetime | None:
        """When it was cancelled, by the gateway, or else by our book."""
        if self.found is not None:
            return self.found.canceled_at
        return None if self.line is None else line_moment(self.line)


@dataclass(frozen=True, slots=True)
class CancelCheck:
    """All cancels of a period in order of time. `outside_lines`: lines of the book that are about other
    days, of which nothing is said here."""

    circumstances: Circumstances
    cancels: tuple[CheckedCancel, ...]
    outside_lines: int

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many of each outcome, also of those there are none of."""
        counted = Counter(one.outcome for one in self.cancels)
        return {outcome: counted[outcome] for outcome in Outcome}

    @property
    def accounted(self) -> bool:
        """Whether every cancel is."""
        return all(one.accounted for one in self.cancels)
