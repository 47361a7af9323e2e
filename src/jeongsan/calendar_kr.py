"""The Korean bank calendar as data: public and bank holidays from the `holidays` package, by year.

Labour Day (1 May) is a bank holiday there, not a public one; without it every May is a day off. It is only
data, so that the merchant's tools can share it without sharing a rule.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.metadata import version

import holidays

from jeongsan import __version__

SOURCE = f"holidays {version('holidays')} KR public+bank, jeongsan {__version__}"
CATEGORIES = ("public", "bank")
# As official notices write it.
_SPELLED = {"근로자의날": "근로자의 날"}


class _Spelled(Mapping[date, str]):
    """Holidays with their names as they are written."""

    def __init__(self, names: Mapping[date, str]) -> None:
        self._names = names

    def __getitem__(self, day: date) -> str:
        name = self._names[day]
        return _SPELLED.get(name, name)

    def __contains__(self, day: object) -> bool:
        return day in self._names

    def __iter__(self) -> Iterator[date]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@lru_cache(maxsize=2)
def korean_holidays(language: str = "ko") -> Mapping[date, str]:
    """Day → name, for any year asked about; years are computed when first looked at."""
    names = "ko" if language == "ko" else "en_US"
    return _Spelled(holidays.country_holidays("KR", categories=CATEGORIES, language=names))
