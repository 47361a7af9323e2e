"""Contract documents → contracts, with the same keys in TOML and JSON. `contract_view` is the way back.

Every problem is named by its path, and all of them are found that do not hide one another.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jeongsan.domain.business_days import Counted, Cycle
from jeongsan.domain.contract import (
    Agreement,
    Contract,
    Scope,
    check_rates,
    check_scope,
    check_source,
    grade_problems,
    overlaps,
)
from jeongsan.domain.methods import CARD_TYPES, METHOD_NAMES, CardKind, Method, Situation
from jeongsan.domain.payout_dates import Anchor, HolidayPolicy, PayoutRule
from jeongsan.domain.price_lists import published_contract
from jeongsan.domain.terms import (
    COUNT_NAMES,
    Conditions,
    FeeOnCancel,
    Grade,
    InvalidTerms,
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
)
from jeongsan.wire.contract_fields import InvalidContract, Problems, Table
from jeongsan.wire.contract_text import parse_document, parse_json_document
from jeongsan.wire.numbers import BODY_BYTES_MAX

GRADE_NAMES = {
    "일반": Grade.GENERAL,
    "영세": Grade.SMALL,
    "중소1": Grade.MEDIUM1,
    "중소2": Grade.MEDIUM2,
    "중소3": Grade.MEDIUM3,
}
_METHOD_NAMES = {**METHOD_NAMES, "상품권": Method.GIFT_CERTIFICATE}
_KIND_NAMES = {**CARD_TYPES, "해외": CardKind.OVERSEAS}
_PRICE = ("rate", "fixed")
ENTRY_KEYS = (
    "method",
    "card",
    "from",
    "until",
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


def contract_from_text(text: bytes) -> Contract:
    """The contract of a file, in TOML or JSON. Raises InvalidTerms, or InvalidContract with every problem."""
    return contract_from(parse_document(text))


def contract_body(body: bytes) -> Contract:
    """The contract of a request: a document, or `{"priceList": NAME}`. Raises as `contract_from_text`."""
    if len(body) > BODY_BYTES_MAX:
        raise InvalidTerms("body", f"is larger than {BODY_BYTES_MAX} bytes")
    document = parse_json_document(body)
    if "priceList" not in document:
        return contract_from(document)
    problems = Problems()
    name = Table(document, "", problems).only("priceList").text("priceList")
    problems.raise_any()
    return published_contract(name)


def contract_from(document: Mapping[str, Any]) -> Contract:
    """The contract of a parsed document. Raises InvalidContract."""
    problems = Problems()
    table = Table(document, "", problems).only("source", "grades", "terms")
    source = table.text("source")
    with problems.noting():
        check_source(source)
    grades = _grades(table)
    agreements = _agreements(table)
    problems.raise_any()
    with problems.noting():
        return Contract(agreements=agreements, grades=grades, source=source)
    raise InvalidContract(tuple(problems.found))


def _agreements(table: Table) -> tuple[Agreement, ...]:
    problems = table.problems
    noted = len(problems.found)
    entries = table.tables("terms")
    # An entry that cannot be read might be the one that closes a gap.
    readable = noted == len(problems.found)
    scopes, found = [], []
    for entry in entries:
        scope = _scope(entry)
        agreement = _agreement(entry, scope)
        scopes += [] if scope is None else [scope]
        found += [] if agreement is None else [agreement]
    if readable and len(scopes) == len(entries):
        _check_together(problems, scopes)
    return tuple(found)


def _check_together(problems: Problems, scopes: list[Scope]) -> None:
    if not scopes:
        problems.add("terms", "must have at least one entry")
    elif all(scope.method is not Method.CARD for scope in scopes):
        problems.add("terms", f"has no {Method.CARD} entry")
    for problem in overlaps(scopes):
        problems.add(problem.field, problem.detail)


def _grades(table: Table) -> tuple[tuple[date, Grade], ...]:
    entries = table.tables("grades")
    found = []
    for entry in entries:
        entry.only("from", "grade")
        _require(entry, "from", "grade")
        day, grade = entry.day("from"), entry.choice("grade", Grade, GRADE_NAMES)
        if day is not None and grade is not None:
            found.append((day, grade))
    if len(found) == len(entries):
        for problem in grade_problems(found):
            table.problems.add(problem.field, problem.detail)
    return tuple(found)


def _require(table: Table, *names: str) -> None:
    for name in names:
        if not table.has(name):
            table.problems.add(table.at(name), "is required")


def _scope(entry: Table) -> Scope | None:
    _require(entry, "method", "from")
    method = entry.choice("method", Method, _METHOD_NAMES)
    noted = len(entry.problems.found)
    kinds = entry.choices("card", CardKind, _KIND_NAMES)
    start, end = entry.day("from"), entry.day("until")
    if entry.has("card") and not kinds and noted == len(entry.problems.found):
        entry.problems.add(entry.at("card"), "names no kind; leave it out for cards of any kind")
    if method is None or start is None or noted != len(entry.problems.found):
        return None
    scope = Scope(method=method, card_kinds=kinds, start=start, end=end)
    try:
        check_scope(f"{entry.path}.", scope)
    except InvalidTerms as problem:
        entry.problems.add(problem.field, problem.detail)
        return None
    return scope


def _agreement(entry: Table, scope: Scope | None) -> Agreement | None:
    noted = len(entry.problems.found)
    entry.only(*ENTRY_KEYS)
    rates, base = _rates(entry)
    values = {
        **_choices(entry),
        "surcharges": _surcharges(entry),
        "installment": _months(entry, "installments"),
        "installment_discount": _months(entry, "installmentDiscounts"),
        "point_saving": _price_table(entry, "pointSaving"),
        "other": _price_table(entry, "other"),
        **_cancel(entry),
    }
    payout = _payout(entry)
    if scope is None or payout is None or noted != len(entry.problems.found):
        return None
    return Agreement(
        method=scope.method,
        card_kinds=scope.card_kinds,
        start=scope.start,
        end=scope.end,
        rates=rates,
        conditions=Conditions(base=base, payout=payout, **values),
    )


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
        table.problems.add(table.at("rate"), "is required, or fixed")
    return Price(table.rate("rate") or 0, table.fixed("fixed"))


def _price_table(entry: Table, name: str) -> Price | None:
    table = entry.table(name)
    return None if table is None else _price(table.only(*_PRICE))


def _rates(entry: Table) -> tuple[Rates, Price]:
    """(rates by grade, the base price)."""
    if not entry.is_table("rate"):
        return (), _price(entry)
    table = entry.table("rate")
    assert table is not None
    noted = len(entry.problems.found)
    by_grade = [(table.key(name, Grade, GRADE_NAMES), table.rate(name) or 0) for name in table.names()]
    rates = tuple((grade, rate_ppm) for grade, rate_ppm in by_grade if grade is not None)
    base = Price(dict(rates).get(Grade.GENERAL, 0), entry.fixed("fixed"))
    if not rates and noted == len(entry.problems.found):
        entry.problems.add(table.path, f"has no rate for the grade {Grade.GENERAL}")
    elif noted == len(entry.problems.found):
        with entry.problems.noting():
            check_rates(f"{entry.path}.", rates, base)
    return rates, base


def _surcharges(entry: Table) -> tuple[Surcharge, ...]:
    table = entry.table("surcharges")
    found = []
    for name in () if table is None else table.names():
        assert table is not None
        situation, one = table.key(name, Situation), table.table(name)
        if situation is not None and one is not None:
            one.only(*_PRICE, "line")
            found.append(Surcharge(situation, _price(one), one.choice("line", LineType) or LineType.BASE))
    return tuple(found)


def _months(entry: Table, name: str) -> tuple[tuple[int, int], ...]:
    """Interest-free months → rate."""
    table = entry.table(name)
    found = []
    for key in () if table is None else table.names():
        assert table is not None
        # 02 and 2 would be two keys for the same months.
        if not (key.isascii() and key.isdigit() and len(key) < 4 and str(int(key)) == key):
            entry.problems.add(table.at(key), "must be a number of months such as 2")
            continue
        rate_ppm = table.rate(key)
        if rate_ppm is not None:
            with entry.problems.noting():
                check_instalment(table.at(key), int(key), rate_ppm)
            found.append((int(key), rate_ppm))
    return tuple(found)


def _cancel(entry: Table) -> dict[str, Any]:
    table = entry.table("cancel")
    if table is None:
        return {}
    table.only("fee", "refundFee", "refundFeeOn")
    return {
        "fee_on_cancel": table.choice("fee", FeeOnCancel) or FeeOnCancel.RETURNED,
        "refund_fee": table.fixed("refundFee"),
        "refund_fee_on": table.choice("refundFeeOn", RefundFeeOn) or RefundFeeOn.ROW,
    }


def _payout(entry: Table) -> PayoutRule | None:
    table = entry.table("payout")
    if table is None:
        _require(entry, "payout")
        return None
    table.only(*COUNT_NAMES.values(), "anchor", "holiday")
    asked = [(counted, name) for counted, name in COUNT_NAMES.items() if table.has(name)]
    if len(asked) != 1:
        table.problems.add(table.path, f"states one of {', '.join(COUNT_NAMES.values())}")
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
    except InvalidTerms as problem:
        entry.problems.add(entry.at(problem.field), problem.detail)
    return rule


def _check_idle(table: Table, counted: Counted, anchor: Anchor | None, holiday: HolidayPolicy | None) -> None:
    """A setting that this way of counting does not look at is refused even where it says the default."""
    if counted is not Counted.BUSINESS_DAYS and anchor is not None:
        table.problems.add(table.at("anchor"), "is for business days")
    if counted is Counted.BUSINESS_DAYS and holiday is not None:
        table.problems.add(table.at("holiday"), "is for calendar days and ends of months")
