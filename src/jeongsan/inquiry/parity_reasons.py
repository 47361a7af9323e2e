"""Why two bodies may differ: one rule per field, and what must be true for the reason to count.

A difference is excused only when the rest of each body bears it out: a balance by the cancels that led to
it, an address by the key inside it. What no rule covers is unexplained.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from jeongsan.inquiry.differences import Difference, Json, What
from jeongsan.inquiry.parity_evidence import (
    Holds,
    address_holds_key,
    always,
    balance_follows,
    card_pays_all,
    last_key_follows,
    later,
    other_card,
    other_count,
    other_currency,
    parts_follow,
    refundable_follows,
    status_follows,
    translated,
)


class Relation(StrEnum):
    """What the second body is to the first, a webhook's payment: another telling of the same cancel, the
    payment as it is now, the settlement row's `cancel`, or another order."""

    SAME_CANCEL = "SAME_CANCEL"
    NOW = "NOW"
    ROW = "ROW"
    OTHER_ORDER = "OTHER_ORDER"


class Reason(StrEnum):
    """Why a value differs. Those that begin with OWN belong to two different orders."""

    LANGUAGE = "LANGUAGE"
    LATER_CANCEL = "LATER_CANCEL"
    NOT_IN_ROW = "NOT_IN_ROW"
    OWN_SHOP = "OWN_SHOP"
    OWN_KEY = "OWN_KEY"
    OWN_TEXT = "OWN_TEXT"
    OWN_TIME = "OWN_TIME"
    OWN_APPROVAL = "OWN_APPROVAL"
    OWN_CARD = "OWN_CARD"
    OWN_ADDRESS = "OWN_ADDRESS"
    OWN_AMOUNT = "OWN_AMOUNT"
    OWN_CURRENCY = "OWN_CURRENCY"
    OWN_STATUS = "OWN_STATUS"
    OWN_CANCELS = "OWN_CANCELS"


@dataclass(frozen=True, slots=True)
class Rule:
    """`holds(left, right, difference)` sees both whole bodies."""

    paths: re.Pattern[str]
    what: frozenset[What]
    reason: Reason
    holds: Holds


def reason_for(difference: Difference, left: Json, right: Json, relation: Relation) -> Reason | None:
    """The first reason that holds; None: unexplained."""
    for rule in _RULES[relation]:
        if (
            difference.what in rule.what
            and rule.paths.fullmatch(difference.path)
            and rule.holds(left, right, difference)
        ):
            return rule.reason
    return None


def _rule(paths: str, reason: Reason, holds: Holds = always, *what: What) -> Rule:
    return Rule(re.compile(paths), frozenset(what or (What.VALUE,)), reason, holds)


_ENTRY = r"cancels\[\d+\]"
_LANGUAGE = (_rule(r"method|card\.(cardType|ownerType)", Reason.LANGUAGE, translated),)
_LATER = (
    _rule("cancels", Reason.LATER_CANCEL, later(other_count), What.TYPE),
    _rule(_ENTRY, Reason.LATER_CANCEL, later(other_count), What.ONLY_RIGHT),
    _rule("lastTransactionKey", Reason.LATER_CANCEL, later(last_key_follows)),
    _rule("status", Reason.LATER_CANCEL, later(status_follows)),
    _rule("balanceAmount", Reason.LATER_CANCEL, later(balance_follows)),
    _rule("suppliedAmount|vat|taxFreeAmount|taxExemptionAmount", Reason.LATER_CANCEL, later(parts_follow)),
)
# The recorded settlement rows lack the two keys; they came to the payment's cancels later.
_ROW = (
    _rule(
        rf"{_ENTRY}\.(cardDiscountAmount|transferDiscountAmount)", Reason.NOT_IN_ROW, always, What.ONLY_LEFT
    ),
)
# With another currency an amount may also change from an integer to a decimal.
_AMOUNTS = tuple(
    rule
    for paths, holds in (
        ("totalAmount", always),
        ("balanceAmount", balance_follows),
        ("suppliedAmount|vat|taxFreeAmount|taxExemptionAmount", parts_follow),
        (r"card\.amount", card_pays_all),
        (rf"{_ENTRY}\.(cancelAmount|taxFreeAmount|taxExemptionAmount)", always),
        (rf"{_ENTRY}\.refundableAmount", refundable_follows),
    )
    for rule in (
        _rule(paths, Reason.OWN_AMOUNT, holds),
        _rule(paths, Reason.OWN_CURRENCY, other_currency, What.TYPE),
    )
)
_OTHER_ORDER = (
    _rule("mId", Reason.OWN_SHOP),
    _rule(rf"paymentKey|orderId|secret|{_ENTRY}\.transactionKey", Reason.OWN_KEY),
    _rule("lastTransactionKey", Reason.OWN_KEY, last_key_follows),
    _rule(rf"{_ENTRY}\.cancelRequestId", Reason.OWN_KEY, always, What.VALUE, What.TYPE),
    _rule(rf"orderName|{_ENTRY}\.cancelReason", Reason.OWN_TEXT),
    _rule(rf"requestedAt|approvedAt|{_ENTRY}\.canceledAt", Reason.OWN_TIME),
    _rule(r"card\.approveNo", Reason.OWN_APPROVAL),
    _rule(r"card\.(number|installmentPlanMonths|isInterestFree|useCardPoint)", Reason.OWN_CARD),
    _rule(r"card\.(issuerCode|cardType|ownerType)", Reason.OWN_CARD, other_card),
    _rule(r"card\.(acquirerCode|interestPayer)", Reason.OWN_CARD, other_card, What.VALUE, What.TYPE),
    _rule(r"(receipt|checkout)\.url", Reason.OWN_ADDRESS, address_holds_key),
    *_AMOUNTS,
    _rule("currency", Reason.OWN_CURRENCY),
    _rule("status", Reason.OWN_STATUS, status_follows),
    _rule("cancels", Reason.OWN_CANCELS, other_count, What.TYPE),
    _rule(_ENTRY, Reason.OWN_CANCELS, other_count, What.ONLY_LEFT, What.ONLY_RIGHT),
)
_RULES: dict[Relation, tuple[Rule, ...]] = {
    Relation.SAME_CANCEL: _LANGUAGE,
    Relation.NOW: _LANGUAGE + _LATER,
    Relation.ROW: _ROW,
    Relation.OTHER_ORDER: _LANGUAGE + _OTHER_ORDER,
}
