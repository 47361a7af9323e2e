"""A shop is one MID in one mode: test and live are separate by construction."""

from dataclasses import dataclass
from enum import StrEnum

from jeongsan.domain.terms import Terms

MID_LENGTH_MAX = 14


class Mode(StrEnum):
    """Which of the two worlds a key belongs to."""

    TEST = "test"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Shop:
    """`terms` are the ones in force for the next approval; `has_endpoints`: some webhook is registered."""

    shop_id: int
    mid: str
    mode: Mode
    settle_test_payments: bool
    terms: Terms
    has_endpoints: bool

    @property
    def settles(self) -> bool:
        """Whether an approval made now becomes a settlement row (law: test keys settle nothing)."""
        return self.mode is Mode.LIVE or self.settle_test_payments


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A secret key, known by its hash. `hint` is what people may see of it: `live_sk_…9f2a`."""

    key_hash: str
    shop_id: int
    name: str
    hint: str
