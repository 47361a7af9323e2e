"""The words of a reconciliation, Korean and English: the texts of words.toml with a finding's values put
in."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_words import Language, in_words, pick
from jeongsan.reconcile.match.codes import Comparison, Reason, Side, State
from jeongsan.reconcile.report.finding import FieldDifference, Finding

NOTHING = "–"
# The sides of each comparison, left and right.
SIDES = {
    Comparison.TRANSACTION: (Side.ORDERS, Side.TRANSACTIONS),
    Comparison.SETTLEMENT: (Side.TRANSACTIONS, Side.SETTLEMENTS),
    Comparison.DEPOSIT: (Side.SETTLEMENTS, Side.BANK),
}
_OWN_FIELD = {
    Reason.TAX_FREE: ("tax_free",),
    Reason.VAT: ("vat",),
    Reason.CURRENCY: ("currency",),
    Reason.METHOD: ("method",),
    Reason.ORDER_ID: ("order_id",),
    Reason.PAYMENT_KEY: ("payment_key",),
    Reason.TRANSACTION_KEY: ("transaction_key",),
    Reason.ENCODING_DAMAGE: ("order_id", "payment_key", "transaction_key"),
    Reason.CUT_ID: ("order_id", "payment_key", "transaction_key"),
    Reason.MIDNIGHT: ("occurred_at", "day"),
    Reason.REQUESTED_TIME: ("occurred_at", "day"),
    Reason.TIME_ZONE: ("occurred_at", "day"),
    Reason.DAY: ("day", "occurred_at"),
    Reason.FEE_RATE: ("base_fee", "fee"),
    Reason.FEE_ROUNDING: ("base_fee", "fee"),
    Reason.FEE_VAT: ("fee_vat", "supply_amount", "fee"),
    Reason.PAY_OUT_SUM: ("pay_out_amount",),
    Reason.INTEREST_FEE: ("interest_fee", "pay_out_amount"),
    Reason.SOLD_DATE: ("sold_date",),
    Reason.HOLIDAY: ("paid_out_date", "day"),
    Reason.PAID_OUT_DATE: ("paid_out_date",),
}
# Korean, English. A field that is not among them is shown by its own name.
FIELDS = {
    "kind": ("구분", "kind"),
    "amount": ("금액", "amount"),
    "currency": ("통화", "currency"),
    "tax_free": ("면세 금액", "tax-free amount"),
    "vat": ("부가세", "VAT"),
    "method": ("결제수단", "method"),
    "order_id": ("주문번호", "order id"),
    "payment_key": ("결제키", "payment key"),
    "transaction_key": ("거래키", "transaction key"),
    "occurred_at": ("일시", "time"),
    "day": ("날짜", "day"),
    "fee": ("수수료", "fee"),
    "base_fee": ("기본 수수료", "base fee"),
    "supply_amount": ("공급가액", "supply amount"),
    "fee_vat": ("수수료 부가세", "VAT of the fee"),
    "interest_fee": ("무이자 할부 수수료", "interest fee"),
    "pay_out_amount": ("지급액", "payout"),
    "sold_date": ("매출일", "sold date"),
    "paid_out_date": ("지급일", "paid-out date"),
}
_MONEY_FIELDS = {
    *("amount", "tax_free", "vat", "fee", "base_fee", "supply_amount"),
    *("fee_vat", "interest_fee", "pay_out_amount"),
}
# Since when a payout was due; several that arrived as one: the first of them.
_DUE = {False: ("{}에", "on {}"), True: ("{}부터", "from {} on")}
_AMOUNT = re.compile(r"-?\d{1,36}(\.\d{1,2})?", re.ASCII)
KINDS = {
    "APPROVAL": ("승인", "approval"),
    "CANCEL": ("취소", "cancel"),
    "NO_MONEY": ("금액 없음", "no money"),
    "PAYOUT": ("지급", "payout"),
    "DEPOSIT": ("입금", "deposit"),
}
_NEAREST = (
    "가장 가까운 건: {row}. {field}만 같으면 맞습니다({left} ↔ {right}).",
    "The nearest row: {row}. It would fit if only the {field} were the same ({left} ↔ {right}).",
)
# What follows a Korean word depends on whether its last syllable is closed.
_PARTICLES = {"을(를)": ("을", "를"), "이(가)": ("이", "가"), "(으)로": ("으로", "로")}
_PARTICLE = re.compile(r"([가-힣])(을\(를\)|이\(가\)|\(으\)로)")
_WITHOUT_FRACTION = {"KRW", "JPY"}


@dataclass(frozen=True, slots=True)
class Words:
    """Of one code in one language: a label of a few characters, a sentence, what to do next."""

    label: str
    sentence: str
    to_do: str


def _read() -> Mapping[str, Any]:
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


_TEXTS = _read()
_TABLES: Mapping[type[StrEnum], str] = {
    Side: "side",
    Comparison: "comparison",
    State: "state",
    Reason: "reason",
}


@cache
def words(code: Side | Comparison | State | Reason, language: Language) -> Words:
    """The texts of a code; those of a Reason have places for values, see `sentence`."""
    return Words(*_TEXTS[_TABLES[type(code)]][code.value][language.value])


def label(code: Side | Comparison | State | Reason, language: Language) -> str:
    """A few characters."""
    return words(code, language).label


def side_label(comparison: Comparison, side: Side, language: Language) -> str:
    """How a side is called in a comparison: settlements that are to arrive at the bank are payouts."""
    if comparison is Comparison.DEPOSIT and side is Side.SETTLEMENTS:
        return pick(KINDS["PAYOUT"], language)
    return label(side, language)


def sides_of(comparison: Comparison, present: Collection[Side]) -> tuple[Side, Side]:
    """Left and right; where there are no transactions, orders take their place."""
    left, right = SIDES[comparison]
    if left not in present:
        left = next((side for side in present if side is not right), left)
    return left, right


def fault_words(fault: str, language: Language) -> str:
    """Why something could not be read; a code that has no words is shown as it is."""
    texts = _TEXTS["fault"].get(fault)
    return printable(fault) if texts is None else pick((texts[0], texts[1]), language)


def field_label(name: str, language: Language) -> str:
    """How a person calls a column."""
    return pick(FIELDS[name], language) if name in FIELDS else printable(name)


def kind_label(kind: str | None, language: Language) -> str:
    """Approval, cancel, payout …; – when it is not known."""
    if kind is None:
        return NOTHING
    return pick(KINDS[kind], language) if kind in KINDS else printable(kind)


def has_fraction(currency: str) -> bool:
    """Whether its amounts are written with two decimals."""
    return currency not in _WITHOUT_FRACTION


def number(amount: Decimal, currency: str) -> str:
    """1,234 or -1,234.50: no fraction where the currency has none and the amount neither."""
    whole = not has_fraction(currency) and amount == amount.to_integral_value()
    return f"{amount:,.0f}" if whole else f"{amount:,.2f}"


def money(amount: Decimal | None, currency: str, language: Language) -> str:
    """An amount with its currency: 1,234원, 1,234 KRW, 12.50 USD."""
    if amount is None:
        return NOTHING
    if currency == "KRW" and language is Language.KO:
        return f"{number(amount, currency)}원"
    return f"{number(amount, currency)} {printable(currency)}"


def field_value(name: str, value: str | None, currency: str, language: Language) -> str:
    """What stands in a field, as people write it: an amount with its currency, a kind by its word."""
    if value is None:
        return NOTHING
    if name == "kind":
        return kind_label(value, language)
    if name in _MONEY_FIELDS and _AMOUNT.fullmatch(value):
        return money(Decimal(value), currency, language)
    return printable(value)


def currencies(finding: Finding) -> tuple[str, str]:
    """Of the left and of the right amount, which may differ."""
    for field in finding.fields:
        if field.name == "currency":
            return field.left or finding.currency, field.right or finding.currency
    return finding.currency, finding.currency


def both_sides(field: FieldDifference, currency: str, language: Language) -> tuple[str, str]:
    """The values of a field, left and right."""
    left, right = (field_value(field.name, side, currency, language) for side in (field.left, field.right))
    return left, right


def sentence(finding: Finding, reason: Reason, language: Language) -> str:
    """What one reason says of a finding. Text from outside is put in on one line, never read as a place."""
    values = _values(finding, reason, language)
    template = words(reason, language).sentence
    filled = re.sub(r"\{(\w+)\}", lambda place: values[place[1]], template)
    return _PARTICLE.sub(_with_particle, filled) if language is Language.KO else filled


def explanation(finding: Finding, language: Language) -> str:
    """All of it: a sentence per reason, then the nearest row. One without a reason is explained by its
    state."""
    parts = [sentence(finding, reason, language) for reason in finding.reasons]
    if not parts:
        parts = [words(finding.state, language).sentence]
    if finding.nearest is not None and finding.nearest.field is not None:
        parts.append(_nearest_sentence(finding, language))
    return " ".join(parts)


def to_do(finding: Finding, language: Language) -> str:
    """What to do next, by the main reason."""
    return words(finding.reasons[0] if finding.reasons else finding.state, language).to_do


def identity(finding: Finding) -> str:
    """The keys of a finding, for copying; of a deposit its days."""
    keys = (finding.order_id, finding.payment_key, finding.transaction_key)
    known = [printable(key) for key in keys if key]
    days = dict.fromkeys(str(day) for day in (finding.left_day, finding.right_day) if day is not None)
    return "  ".join(known or [*filter(None, [printable(finding.shop)]), *days])


def _values(finding: Finding, reason: Reason, language: Language) -> dict[str, str]:
    left_value, right_value = _sides_of(finding, reason, language)
    left, right = _amounts(finding, language)
    day = finding.left_day or finding.right_day
    return {
        "left": left,
        "right": right,
        "difference": money(finding.difference, finding.currency, language),
        "left_day": _day(finding.left_day),
        "right_day": _day(finding.right_day),
        "due": pick(_DUE[finding.left_count > 1], language).format(_day(finding.left_day)),
        "day": _day(day),
        "left_count": f"{finding.left_count:,}",
        "right_count": f"{finding.right_count:,}",
        "left_value": left_value,
        "right_value": right_value,
        "nearest": _nearest_row(finding, language),
    }


def _sides_of(finding: Finding, reason: Reason, language: Language) -> tuple[str, str]:
    """Both sides of the field that a reason is about; where there is none, of the amounts."""
    for name in _OWN_FIELD.get(reason, ()):
        for field in finding.fields:
            if field.name == name:
                return both_sides(field, finding.currency, language)
    return _amounts(finding, language)


def _amounts(finding: Finding, language: Language) -> tuple[str, str]:
    left, right = currencies(finding)
    return money(finding.left_amount, left, language), money(finding.right_amount, right, language)


def _nearest_row(finding: Finding, language: Language) -> str:
    row = finding.nearest
    if row is None:
        return NOTHING
    keys = [printable(key) for key in (row.order_id, row.payment_key, row.transaction_key) if key]
    parts = [*keys[:1], _day(row.day), money(row.amount, finding.currency, language)]
    return " · ".join(part for part in parts if part != NOTHING) or NOTHING


def _nearest_sentence(finding: Finding, language: Language) -> str:
    row = finding.nearest
    assert row is not None
    assert row.field is not None
    values = {
        "row": _nearest_row(finding, language),
        "field": field_label(row.field, language),
        "left": field_value(row.field, row.left, finding.currency, language),
        "right": field_value(row.field, row.right, finding.currency, language),
    }
    return re.sub(r"\{(\w+)\}", lambda place: values[place[1]], pick(_NEAREST, language))


def _with_particle(found: re.Match[str]) -> str:
    closed, open_ = _PARTICLES[found[2]]
    last = (ord(found[1]) - ord("가")) % 28
    # ㄹ counts as open before (으)로 only.
    return found[1] + (closed if last and not (found[2] == "(으)로" and last == 8) else open_)


def _day(day: date | None) -> str:
    return NOTHING if day is None else in_words(day, Language.KO)
