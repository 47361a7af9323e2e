"""What an entry of a contract document agrees on: prices, payout, cancels; each problem by its path."""

from dataclasses import replace
from typing import Any

from jeongsan.domain.business_days import Counted, Cycle
from jeongsan.domain.contract import check_rates
from jeongsan.domain.contract_faults import Fault, InvalidTerms
from jeongsan.domain.methods import Method, Situation
from jeongsan.domain.payout_dates import Anchor, HolidayPolicy, PayoutRule
from jeongsan.domain.terms import (
    COUNT_NAMES,
    Conditions,
    FeeOnCancel,
    Grade,
    LineType,
    Price,
    RefundFeeOn,
    Release,
    Rounding,
    SoldOn,
    Surcharge,
    Vat,
    check_instalment,
    check_payout,
    usual_fee_on_cancel,
)
from jeongsan.wire.contract_fields import Table, require

GRADE_NAMES = {
    "일반": Grade.GENERAL,
    "영세": Grade.SMALL,
    "중소1": Grade.MEDIUM1,
    "중소2": Grade.MEDIUM2,
    "중소3": Grade.MEDIUM3,
}
_PRICE = ("rate", "fixed")
CONDITIONS_KEYS = (
    *_PRICE,
    "vat",
    "rounding",
    "cycle",
    "payout",
    "cancel",
    "surcharges",
    "installments",
    "installmentDiscounts",
    "pointSaving",
    "other",
    "release",
    "soldOn",
)

Rates = tuple[tuple[Grade, int], ...]


def conditions_from(entry: Table, method: Method | None) -> tuple[Rates, Conditions] | None:
    """(rates by grade, conditions) of an entry for a method, where that could be read; None when something is
    wrong, which is noted then."""
    noted = len(entry.problems.found)
    rates, base = _rates(entry)
    values = {
        **_choices(entry),
        "surcharges": _surcharges(entry),
        "installment": _months(entry, "installments"),
        "installment_discount": _months(entry, "installmentDiscounts"),
        "point_saving": _price_table(entry, "pointSaving"),
        "other": _price_table(entry, "other"),
        **_cancel(entry, usual_fee_on_cancel(method)),
    }
    payout = _payout(entry)
    if payout is None or noted != len(entry.problems.found):
        return None
    return rates, Conditions(base=base, payout=payout, **values)


def _choices(entry: Table) -> dict[str, Any]:
    """The settings that are one word; what is not stated stays as the domain has it."""
    found = {
        "vat": entry.choice("vat", Vat),
        "rounding": entry.choice("rounding", Rounding),
        "cycle": entry.choice("cycle", Cycle),
        "release": entry.choice("release", Release),
        "sold_on": entry.choice("soldOn", SoldOn),
    }
    return {name: value for name, value in found.items() if value is not None}


def _price(table: Table) -> Price:
    """`rate`, `fixed` or both. With neither nothing is agreed, which is a slip of the hand."""
    if not table.has("rate") and not table.has("fixed"):
        table.problems.add(table.at("rate"), Fault.PRICE_REQUIRED)
    return Price(table.rate("rate") or 0, table.fixed("fixed"))


def _price_table(entry: Table, name: str) -> Price | None:
    table = entry.table(name)
    return None if table is None else _price(table.only(*_PRICE))


def _rates(entry: Table) -> tuple[Rates, Price]:
    """(rates by grade, the base price)."""
    table = entry.table("rate") if entry.is_table("rate") else None
    if table is None:
        return (), _price(entry)
    noted = len(entry.problems.found)
    by_grade = [(table.key(name, Grade, GRADE_NAMES), table.rate(name) or 0) for name in table.names()]
    rates = tuple((grade, rate_ppm) for grade, rate_ppm in by_grade if grade is not None)
    base = Price(dict(rates).get(Grade.GENERAL, 0), entry.fixed("fixed"))
    if not rates and noted == len(entry.problems.found):
        entry.problems.add(table.path, Fault.GRADE_WITHOUT_RATE, Grade.GENERAL)
    elif noted == len(entry.problems.found):
        with entry.problems.noting():
            check_rates(f"{entry.path}.", rates, base)
    return rates, base


def _surcharges(entry: Table) -> tuple[Surcharge, ...]:
    table = entry.table("surcharges")
    if table is None:
        return ()
    found = []
    for name in table.names():
        situation, one = table.key(name, Situation), table.table(name)
        if situation is not None and one is not None:
            one.only(*_PRICE, "line")
            found.append(Surcharge(situation, _price(one), one.choice("line", LineType) or LineType.BASE))
    return tuple(found)


def _months(entry: Table, name: str) -> tuple[tuple[int, int], ...]:
    """Interest-free months → rate."""
    table = entry.table(name)
    if table is None:
        return ()
    found = []
    for key in table.names():
        # 02 and 2 would be two keys for the same months.
        if not (key.isascii() and key.isdigit() and len(key) < 4 and str(int(key)) == key):
            entry.problems.add(table.at(key), Fault.NOT_MONTHS)
            continue
        rate_ppm = table.rate(key)
        if rate_ppm is not None:
            with entry.problems.noting():
                check_instalment(table.at(key), int(key), rate_ppm)
            found.append((int(key), rate_ppm))
    return tuple(found)


def _cancel(entry: Table, by_default: FeeOnCancel) -> dict[str, Any]:
    table = entry.table("cancel")
    if table is None:
        return {"fee_on_cancel": by_default}
    table.only("fee", "refundFee", "refundFeeOn")
    return {
        "fee_on_cancel": table.choice("fee", FeeOnCancel) or by_default,
        "refund_fee": table.fixed("refundFee"),
        "refund_fee_on": table.choice("refundFeeOn", RefundFeeOn) or RefundFeeOn.ROW,
    }


def _payout(entry: Table) -> PayoutRule | None:
    table = entry.table("payout")
    if table is None:
        require(entry, "payout")
        return None
    table.only(*COUNT_NAMES.values(), "anchor", "holiday")
    asked = [(counted, name) for counted, name in COUNT_NAMES.items() if table.has(name)]
    if len(asked) != 1:
        table.problems.add(table.path, Fault.NOT_ONE_COUNT, ", ".join(COUNT_NAMES.values()))
        return None
    counted, name = asked[0]
    count = table.whole(name)
    anchor = table.choice("anchor", Anchor)
    holiday = table.choice("holiday", HolidayPolicy)
    _check_idle(table, counted, anchor, holiday)
    if count is None:
        return None
    rule = PayoutRule(counted, count, anchor or Anchor.EXCLUSIVE, holiday or HolidayPolicy.AFTER)
    try:
        check_payout(rule)
    except InvalidTerms as error:
        entry.problems.note(replace(error.problem, field=entry.at(error.field)))
    return rule


def _check_idle(table: Table, counted: Counted, anchor: Anchor | None, holiday: HolidayPolicy | None) -> None:
    """A setting that this way of counting does not look at is refused even where it says the default."""
    if counted is not Counted.BUSINESS_DAYS and anchor is not None:
        table.problems.add(table.at("anchor"), Fault.ONLY_BUSINESS_DAYS)
    if counted is Counted.BUSINESS_DAYS and holiday is not None:
        table.problems.add(table.at("holiday"), Fault.ONLY_DATES)
