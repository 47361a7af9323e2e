"""What a new version of the calendar may say: days and their holidays, None for a day that is worked."""

from collections.abc import Mapping
from datetime import date, timedelta

from jeongsan.domain.business_days import Calendar

FIRST_YEAR, LAST_YEAR = 2000, 2100
NAME_LENGTH_MAX = 100
CLOSED_IN_A_ROW_MAX = 31
_ONE_DAY = timedelta(days=1)

Changes = Mapping[date, str | None]


class InvalidChange(ValueError):
    """A change that no calendar can take. `field`: day or name; `detail`: what is wrong with it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


def check_change(day: date, name: str | None) -> None:
    """Whether a day may get this name of a holiday, or None. Raises InvalidChange."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidChange("day", f"{day} is not between {FIRST_YEAR} and {LAST_YEAR}")
    if name is None:
        return
    if not name.strip():
        raise InvalidChange("name", "is empty")
    if len(name) > NAME_LENGTH_MAX or not name.isprintable():
        raise InvalidChange("name", f"has at most {NAME_LENGTH_MAX} visible characters")


def check_opens(changes: Changes, calendar: Calendar) -> None:
    """Whether the banks still open in `calendar`, which has these changes: without a business day no payout
    date can be counted. Raises InvalidChange (assumed: nobody closes the banks for more than a month)."""
    for first in sorted(changes):
        day = first
        while calendar.reason_closed(day) is not None:
            day += _ONE_DAY
            if (day - first).days > CLOSED_IN_A_ROW_MAX:
                detail = f"from {first} on the banks are closed for more than {CLOSED_IN_A_ROW_MAX} days"
                raise InvalidChange("day", detail)
