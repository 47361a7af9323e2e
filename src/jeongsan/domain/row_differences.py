"""Where a stored settlement row differs from the one its transaction, terms and calendar make."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jeongsan.domain.settlement import SettlementRow

PAID_OUT_DATE = "paidOutDate"
# The row's fields by their names on the wire; settleDay and termsId are ours.
_FIELDS = {
    "termsId": "terms_id",
    "settleDay": "settle_day",
    "soldDate": "sold_date",
    PAID_OUT_DATE: "paid_out_date",
    "currency": "currency",
    "amount": "amount",
    "fee": "fee",
    "supplyAmount": "supply_amount",
    "vat": "vat",
    "interestFee": "interest_fee",
    "payOutAmount": "pay_out_amount",
}
# Those that are money, in minor units of the row's currency; a line of `fees` is called fees.TYPE.
MONEY_FIELDS = ("amount", "fee", "supplyAmount", "vat", "interestFee", "payOutAmount")
LINE_PREFIX = "fees."

Value = int | str | date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """`field` as the wire calls it, what is stored, and what it should be; None where there is none."""

    field: str
    stored: Value
    expected: Value

    @property
    def is_money(self) -> bool:
        """Whether the values are amounts in minor units."""
        return self.field in MONEY_FIELDS or self.field.startswith(LINE_PREFIX)


def differences(stored: SettlementRow, expected: SettlementRow) -> tuple[Difference, ...]:
    """Field by field, and fee line by fee line; empty when the two are the same."""
    found = [
        Difference(name, getattr(stored, field), getattr(expected, field))
        for name, field in _FIELDS.items()
        if getattr(stored, field) != getattr(expected, field)
    ]
    if stored.fees != expected.fees:
        found.extend(_lines(stored, expected))
    return tuple(found)


def _lines(stored: SettlementRow, expected: SettlementRow) -> Iterator[Difference]:
    there = {line.type: line.fee for line in stored.fees}
    wanted = {line.type: line.fee for line in expected.fees}
    unequal = [name for name in {**wanted, **there} if there.get(name) != wanted.get(name)]
    for name in unequal:
        yield Difference(f"{LINE_PREFIX}{name}", there.get(name), wanted.get(name))
    if not unequal:
        # The same lines in another order, or one of them twice.
        names = [",".join(line.type for line in row.fees) for row in (stored, expected)]
        yield Difference("fees", *names)
