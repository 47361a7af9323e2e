"""A shop is one MID in one mode: test and live are separate by construction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jeongsan.domain.contract import Contract, terms_on
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.methods import CardKind, Method
from jeongsan.domain.payout_dates import PayoutRule
from jeongsan.domain.terms import Terms

MID_LENGTH_MAX = 14
KEY_NAME_LENGTH_MAX = 40


class Mode(StrEnum):
    """Which of the two worlds a key belongs to."""

    TEST = "test"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Shop:
    """`terms`: those of its contract, with their ids, for all days; `has_endpoints`: some webhook is
    registered."""

    shop_id: int
    mid: str
    mode: Mode
    settle_test_payments: bool
    contract: Contract
    terms: tuple[Terms, ...]
    has_endpoints: bool

    @property
    def settles(self) -> bool:
        """Whether an approval made now becomes a settlement row (law: test keys settle nothing)."""
        return self.mode is Mode.LIVE or self.settle_test_payments

    def terms_on(self, day: date, method: Method = Method.CARD, kind: CardKind | None = None) -> Terms | None:
        """The terms of an approval on this day: for the kind of card, or else for any kind. None: the shop
        has no contract for the method."""
        return terms_on(self.terms, day, method, kind)

    def payout_rule_on(self, day: date) -> PayoutRule:
        """The payout rule for cards, which money of no transaction follows too (assumed)."""
        terms = self.terms_on(day)
        assert terms is not None  # no contract is stored without
        return terms.conditions.payout


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A secret key, known by its hash. `name` tells the merchant's programs apart; `hint` is what
    people may see of the key: `live_sk_…9f2a`. `created_at` in epoch ms."""

    key_hash: str
    shop_id: int
    name: str
    hint: str
    created_at: int


def check_new_key_name(name: str, keys: Iterable[ApiKey]) -> None:
    """Whether another key of the shop that has these keys may be called so: 1 to 40 characters that
    can be seen, no blank at either end, and no other key's name. Raises Refusal INVALID_REQUEST."""
    if not 1 <= len(name) <= KEY_NAME_LENGTH_MAX:
        raise _bad_name(f"must have 1 to {KEY_NAME_LENGTH_MAX} characters")
    if not name.isprintable() or name != name.strip():
        raise _bad_name("has a blank at an end or a character that cannot be seen")
    if any(key.name == name for key in keys):
        raise _bad_name("is another key's name")


def key_to_revoke(name: str, keys: Iterable[ApiKey]) -> ApiKey:
    """The key of this name among a shop's keys. Raises Refusal: NOT_FOUND, or FORBIDDEN_REQUEST for the
    last one, without which nobody could ask for the shop's payments any more."""
    known = list(keys)
    found = next((key for key in known if key.name == name), None)
    if found is None:
        raise Refusal(Code.NOT_FOUND, field="name", detail="no key is called so")
    if len(known) == 1:
        raise Refusal(Code.FORBIDDEN_REQUEST, field="name", detail="is the last key; add another one first")
    return found


def _bad_name(detail: str) -> Refusal:
    return Refusal(Code.INVALID_REQUEST, field="name", detail=detail)
