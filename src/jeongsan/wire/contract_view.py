"""A contract as the document that states it, and its dated terms, as plain JSON values.

`contract_document` reads what is written here: the same contract comes back.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from jeongsan.domain.business_days import Counted
from jeongsan.domain.contract import Agreement, Contract
from jeongsan.domain.contract_changes import Change
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.payout_dates import PayoutRule
from jeongsan.domain.price_lists import PRICE_LISTS
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
    Terms,
    Vat,
    percent_from_rate,
)

Json = dict[str, Any]


def document_of(contract: Contract) -> Json:
    """The document of a contract. Rate, cycle and payout always stand there, the rest where it is not the
    default."""
    document: Json = {"source": contract.source} if contract.source else {}
    if contract.grades:
        document["grades"] = [
            {"from": day.isoformat(), "grade": grade.value} for day, grade in contract.grades
        ]
    return document | {"terms": [_entry(agreement) for agreement in contract.agreements]}


def _entry(agreement: Agreement) -> Json:
    entry: Json = {"method": agreement.method.value}
    if agreement.card_kinds:
        entry["card"] = [kind.value for kind in agreement.card_kinds]
    entry |= _days(agreement.start, agreement.end)
    conditions = conditions_view(agreement.conditions)
    if agreement.rates:
        conditions["rate"] = {grade.value: percent_from_rate(ppm) for grade, ppm in agreement.rates}
    return entry | conditions


def _days(start: date, end: date | None) -> Json:
    days = {"from": start.isoformat()}
    return days if end is None else days | {"until": end.isoformat()}


def conditions_view(conditions: Conditions) -> Json:
    """What was agreed, with the keys of an entry of the document."""
    shown: Json = {
        **_price(conditions.base),
        "vat": _unless(conditions.vat, Vat.EXCLUDED),
        "rounding": _unless(conditions.rounding, Rounding.B),
        "cycle": conditions.cycle.value,
        "payout": _payout(conditions.payout),
        "cancel": _cancel(conditions) or None,
        "surcharges": {one.situation.value: _surcharge(one) for one in conditions.surcharges} or None,
        "installments": _months(conditions.installment) or None,
        "installmentDiscounts": _months(conditions.installment_discount) or None,
        "pointSaving": None if conditions.point_saving is None else _price(conditions.point_saving),
        "other": None if conditions.other is None else _price(conditions.other),
        "release": _unless(conditions.release, Release.AT_ONCE),
        "soldOn": _unless(conditions.sold_on, SoldOn.RELEASE),
    }
    return _stated(shown)


def _stated(values: Mapping[str, Any]) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _unless(value: Any, default: Any) -> str | None:
    return None if value is default else str(value.value)


def _price(price: Price) -> Json:
    """A rate of zero is stated only where nothing else is."""
    shown: Json = {} if price.fixed and not price.rate_ppm else {"rate": percent_from_rate(price.rate_ppm)}
    return shown | ({"fixed": price.fixed} if price.fixed else {})


def _surcharge(surcharge: Surcharge) -> Json:
    line = _unless(surcharge.line, LineType.BASE)
    return _price(surcharge.price) | ({} if line is None else {"line": line})


def _months(rates: Iterable[tuple[int, int]]) -> Json:
    return {str(months): percent_from_rate(rate_ppm) for months, rate_ppm in rates}


def _cancel(conditions: Conditions) -> Json:
    return _stated(
        {
            "fee": _unless(conditions.fee_on_cancel, FeeOnCancel.RETURNED),
            "refundFee": conditions.refund_fee or None,
            "refundFeeOn": _unless(conditions.refund_fee_on, RefundFeeOn.ROW),
        }
    )


def _payout(rule: PayoutRule) -> Json:
    count = {COUNT_NAMES[rule.counted]: rule.count}
    if rule.counted is Counted.BUSINESS_DAYS:
        return count | {"anchor": rule.anchor.value}
    return count | {"holiday": rule.holiday.value}


def terms_view(terms: Terms) -> Json:
    """Dated terms: whom they are for, when, for which grade the rate is, and what was agreed."""
    return {
        "method": terms.method.value,
        "card": None if terms.card_kind is None else terms.card_kind.value,
        "from": terms.start.isoformat(),
        "until": None if terms.end is None else terms.end.isoformat(),
        "grade": None if terms.grade is None else terms.grade.value,
        **conditions_view(terms.conditions),
    }


def change_view(change: Change) -> Json:
    """What another contract changes for a method from a day on; null where there is no contract for it."""
    return {
        "method": change.method.value,
        "card": None if change.card_kind is None else change.card_kind.value,
        "from": change.start.isoformat(),
        "until": None if change.end is None else change.end.isoformat(),
        "old": None if change.old is None else conditions_view(change.old),
        "new": None if change.new is None else conditions_view(change.new),
    }


def contract_view(contract: Contract, terms: Iterable[Terms], day: date) -> Json:
    """A contract's document, and what follows for a day: the grade, the terms in force, and those that come
    later."""
    known = list(terms)
    return {
        "contract": document_of(contract),
        "at": day.isoformat(),
        "grade": contract.grade_at(day).value,
        "inForce": [terms_view(one) for one in known if one.holds_on(day)],
        "later": [terms_view(one) for one in known if one.start > day],
    }


def version_view(contract: Contract, actor_name: str, created_at: int) -> Json:
    """A version of a contract: when it was put in force, by whom, and what it says."""
    return {"at": iso_kst(created_at), "actor": actor_name, "contract": document_of(contract)}


def price_lists_view() -> list[Json]:
    """The published lists; null where a company publishes no rate."""
    return [
        {
            "name": name,
            "company": one.company,
            "card": {
                grade.value: percent_from_rate(rate) for grade, rate in zip(Grade, one.card, strict=True)
            },
            "billing": percent_from_rate(one.billing),
            "overseas": percent_from_rate(one.overseas),
            "transfer": percent_from_rate(one.transfer),
            "virtualAccount": one.virtual_account,
            "refundFee": one.refund_fee,
            "mobilePhone": None if one.mobile_phone is None else percent_from_rate(one.mobile_phone),
            "giftCertificate": None
            if one.gift_certificate is None
            else percent_from_rate(one.gift_certificate),
            "escrow": None
            if one.escrow is None
            else {"rate": percent_from_rate(one.escrow[0]), "virtualAccount": one.escrow[1]},
            "source": one.source,
        }
        for name, one in PRICE_LISTS.items()
    ]
