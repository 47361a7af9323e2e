"""One entry of a contract document: the settings that decide the base fee and the dates of a settlement row.
Settings without a bearing on them are known by name and not looked into.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jeongsan.reconcile.due_days import (
    Anchor,
    BusinessDays,
    CalendarDays,
    Cycle,
    Holiday,
    MonthEnd,
    PayoutRule,
)
from jeongsan.reconcile.expect.contract_words import (
    GRADE_WORDS,
    KIND_WORDS,
    METHOD_WORDS,
    CardKind,
    Grade,
    Kept,
    Line,
    Method,
    RefundFeeOn,
    Release,
    Situation,
    SoldOn,
    Vat,
    words_of,
)
from jeongsan.reconcile.expect.document_table import DocumentTable, TermsFault
from jeongsan.reconcile.fee_rates import Rounding

_PRICE = ("rate", "fixed")
_BESIDE = ("installments", "installmentDiscounts", "pointSaving", "other")
_RULES = ("vat", "rounding", "cycle", "payout", "cancel", "surcharges", "release", "soldOn")
_SETTINGS = ("method", "card", "from", "until", *_PRICE, *_RULES, *_BESIDE)
# Cancels of these keep the fee where nothing is said.
_USUALLY_KEPT = ("TRANSFER", "VIRTUAL_ACCOUNT")


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What a situation costs on top. `is_base`: within the BASE entry."""

    situation: str
    rate: int
    fixed: int
    is_base: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of terms. `rates`: grade → millionths, "general" always among them; `last` None is without
    end; `refund_fee` as quoted, 0 where it is charged outside of rows."""

    method: Method
    kinds: frozenset[CardKind]
    first: date
    last: date | None
    rates: Mapping[str, int]
    fixed: int
    rounding: Rounding
    cycle: Cycle
    payout: PayoutRule
    keeps_fee: bool
    refund_fee: int
    surcharges: tuple[Surcharge, ...]
    has_other_fees: bool
    waits: bool
    sold_on_transaction: bool


def required_day(table: DocumentTable) -> date | None:
    """Its first day; noted where there is none."""
    if "from" not in table.values:
        table.note("from", TermsFault.MISSING)
    return table.day("from")


def entry_of(table: DocumentTable) -> Entry | None:
    """The entry; None, and noted, where a setting that it cannot do without is wrong."""
    table.only(*_SETTINGS)
    method, first, last = table.word("method", METHOD_WORDS), required_day(table), table.day("until")
    payout, kept, surcharges = _payout(table), _cancel(table, table.values.get("method")), _surcharges(table)
    vat = table.word("vat", words_of(Vat), Vat.EXCLUDED)
    rounding = table.word("rounding", {"A": Rounding.A, "B": Rounding.B}, Rounding.B)
    cycle = table.word("cycle", words_of(Cycle), Cycle.DAILY)
    release = table.word("release", words_of(Release), Release.AT_ONCE)
    sold_on = table.word("soldOn", words_of(SoldOn), SoldOn.RELEASE)
    kinds, rates = _kinds(table), _rates(table)
    if method is None or first is None or payout is None or rounding is None or cycle is None:
        return None
    return Entry(
        method=method,
        kinds=kinds,
        first=first,
        last=last,
        rates=rates,
        fixed=table.whole("fixed"),
        rounding=Rounding.INCLUDED if vat is Vat.INCLUDED else rounding,
        cycle=cycle,
        payout=payout,
        keeps_fee=kept[0],
        refund_fee=kept[1],
        surcharges=surcharges,
        has_other_fees=any(name in table.values for name in _BESIDE)
        or any(not one.is_base for one in surcharges),
        waits=release is not Release.AT_ONCE,
        sold_on_transaction=sold_on is SoldOn.TRANSACTION,
    )


def _kinds(table: DocumentTable) -> frozenset[CardKind]:
    value = table.values.get("card", [])
    if not isinstance(value, list):
        table.note("card", TermsFault.NOT_A_LIST, value)
        return frozenset()
    found = []
    for place, one in enumerate(value):
        if isinstance(one, str) and one in KIND_WORDS:
            found.append(KIND_WORDS[one])
        else:
            table.note(f"card[{place}]", TermsFault.NOT_A_CHOICE, one)
    return frozenset(found)


def _rates(table: DocumentTable) -> Mapping[str, int]:
    if not any(name in table.values for name in _PRICE):
        table.note("rate", TermsFault.MISSING)
    if not isinstance(table.values.get("rate"), Mapping):
        return {Grade.GENERAL: table.rate("rate")}
    by_grade = DocumentTable(table.values["rate"], table.at("rate"), table.problems)
    by_grade.only(*GRADE_WORDS)
    rates = {GRADE_WORDS[name].value: by_grade.rate(name) for name in by_grade.values if name in GRADE_WORDS}
    if Grade.GENERAL not in rates:
        by_grade.note(Grade.GENERAL, TermsFault.MISSING)
    return rates


def _payout(table: DocumentTable) -> PayoutRule | None:
    payout = table.table("payout")
    if payout is None:
        table.note("payout", TermsFault.MISSING)
        return None
    payout.only("businessDays", "calendarDays", "monthEnds", "anchor", "holiday")
    stated = [name for name in ("businessDays", "calendarDays", "monthEnds") if name in payout.values]
    if len(stated) != 1:
        table.note("payout", TermsFault.ONE_OF_SEVERAL, ", ".join(stated))
        return None
    count = payout.count(stated[0])
    anchor = payout.word("anchor", words_of(Anchor), Anchor.EXCLUSIVE)
    holiday = payout.word("holiday", words_of(Holiday), Holiday.AFTER)
    if anchor is None or holiday is None:
        return None
    if stated[0] == "businessDays":
        return BusinessDays(count, anchor)
    return CalendarDays(count, holiday) if stated[0] == "calendarDays" else MonthEnd(count, holiday)


def _cancel(table: DocumentTable, method: object) -> tuple[bool, int]:
    """(whether the fee is kept, the refund fee that stands in rows)."""
    usual = METHOD_WORDS.get(method) in _USUALLY_KEPT if isinstance(method, str) else False
    cancel = table.table("cancel")
    if cancel is None:
        return usual, 0
    cancel.only("fee", "refundFee", "refundFeeOn")
    kept = cancel.word("fee", words_of(Kept), Kept.KEPT if usual else Kept.RETURNED)
    on = cancel.word("refundFeeOn", words_of(RefundFeeOn), RefundFeeOn.ROW)
    refund_fee = cancel.whole("refundFee")
    return kept is Kept.KEPT, refund_fee if on is RefundFeeOn.ROW else 0


def _surcharges(table: DocumentTable) -> tuple[Surcharge, ...]:
    surcharges = table.table("surcharges")
    if surcharges is None:
        return ()
    surcharges.only(*words_of(Situation))
    found = []
    for situation in Situation:
        one = surcharges.table(situation.value)
        if one is not None:
            one.only(*_PRICE, "line")
            line = one.word("line", words_of(Line), Line.BASE)
            found.append(Surcharge(situation, one.rate("rate"), one.whole("fixed"), line is Line.BASE))
    return tuple(found)
