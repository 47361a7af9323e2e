"""The Korean bank calendar as data: public and bank holidays from the `holidays` package, by year.

Labour Day (1 May) is a bank holiday there, not a public one; without it every May is a day off.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.metadata import version

import holidays

from jeongsan import __version__
from jeongsan.domain.business_days import Calendar

SOURCE = f"holidays {version('holidays')} KR public+bank, jeongsan {__version__}"
_CATEGORIES = ("public", "bank")


@lru_cache(maxsize=2)
def korean_holidays(language: str = "ko") -> Mapping[date, str]:
    """Day → name, for any year asked about; years are computed when first looked at."""
    names = "ko" if language == "ko" else "en_US"
    return holidays.country_holidays("KR", categories=_CATEGORIES, language=names)


def korean_calendar(overrides: Mapping[date, str | None], language: str = "ko") -> Calendar:
    """The calendar with dated overrides on top."""
    return Calendar(holidays=korean_holidays(language), overrides=overrides)
