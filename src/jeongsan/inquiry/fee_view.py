"""An explained fee as plain JSON values. Amounts in whole units; instants ISO 8601 in KST."""

from typing import Any

from jeongsan.domain.fee_steps import ExplainedLine, Holding, PricePart
from jeongsan.domain.fees import split_fee
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.methods import Situation, Traits
from jeongsan.domain.row_differences import Difference
from jeongsan.domain.settlement import SettlementRow
from jeongsan.domain.terms import LineType, Price, Terms, percent_from_rate
from jeongsan.inquiry.fee_explanation import FeeExplanation, FeeFigures, FeeState
from jeongsan.inquiry.fee_words import LINES, SITUATIONS, Sums
from jeongsan.inquiry.words import in_language, step_words
from jeongsan.wire.views import step_view

_BASE = ("기본", "base")


def fee_view(explanation: FeeExplanation, language: str) -> dict[str, Any]:
    """Everything behind a fee: contract, terms, traits, basis, lines with their steps, split, dates, row."""
    found, figures = explanation.charged, explanation.figures
    transaction = found.transaction
    sums = Sums(language, transaction.currency)
    shown = figures.expected if found.row is None else found.row
    return {
        "mode": explanation.shop.mode.name,
        "mId": explanation.shop.mid,
        "orderId": found.order_id,
        "paymentKey": found.payment_key,
        "transactionKey": transaction.transaction_key,
        "kind": transaction.kind.value,
        "currency": transaction.currency,
        "amount": sums.number(figures.amount),
        "approvedAt": iso_kst(transaction.approved_at),
        "transactedAt": iso_kst(transaction.transacted_at),
        "contract": _contract(explanation),
        "terms": {"termsId": str(found.terms.terms_id)} | terms_figures(found.terms, sums),
        "traits": traits_view(transaction.traits),
        **figures_view(figures, sums),
        "dates": dates_view(figures, shown, language, redated=explanation.redated),
        "row": _row(explanation, sums),
    }


def figures_view(figures: FeeFigures, sums: Sums) -> dict[str, Any]:
    """The balance before and after, the lines with their steps, the fee, its split and what is paid out."""
    parts = split_fee(figures.fee)
    refund_fee = figures.terms.conditions.refund_fee
    return {
        "basis": {
            "before": sums.number(figures.transaction.balance_before),
            "after": sums.number(figures.transaction.balance_after),
        },
        "lines": [_line(line, refund_fee, sums) for line in figures.lines],
        "refundFeeApart": _refund(refund_fee, figures.apart, sums),
        "fee": sums.number(figures.fee),
        "supplyAmount": sums.number(parts.supply_amount),
        "vat": sums.number(parts.vat),
        "split": _split(figures.fee, sums),
        "payOutAmount": sums.number(figures.amount - figures.fee),
    }


def _contract(explanation: FeeExplanation) -> dict[str, Any]:
    origin = explanation.charged.origin
    return {
        "version": origin.version,
        "source": origin.contract.source,
        "setBy": origin.actor_name,
        "setAt": iso_kst(origin.created_at),
    }


def terms_figures(terms: Terms, sums: Sums) -> dict[str, Any]:
    """Whom and when terms are for, and what they make of an amount."""
    agreed = terms.conditions
    return {
        "method": terms.method.value,
        "cardKind": None if terms.card_kind is None else terms.card_kind.value,
        "from": terms.start.isoformat(),
        "until": None if terms.end is None else terms.end.isoformat(),
        "grade": None if terms.grade is None else terms.grade.value,
        **_price(agreed.base, sums),
        "vat": agreed.vat.value,
        "rounding": agreed.rounding.value,
        "feeOnCancel": agreed.fee_on_cancel.value,
        "refundFee": sums.number(agreed.refund_fee),
        "refundFeeOn": agreed.refund_fee_on.value,
        "cycle": agreed.cycle.value,
        "payout": agreed.payout.words,
    }


def traits_view(traits: Traits) -> dict[str, Any]:
    """What of a payment changes its fee."""
    return {
        "situations": [situation.value for situation in traits.situations],
        "escrow": Situation.ESCROW in traits.situations,
        "cardPoint": Situation.CARD_POINT in traits.situations,
        "installmentMonths": traits.installment_months,
        "interestPayer": None if traits.interest_payer is None else traits.interest_payer.value,
    }


def _price(price: Price, sums: Sums) -> dict[str, Any]:
    return {"rate": percent_from_rate(price.rate_ppm), "fixed": sums.number(price.fixed)}


def _line(line: ExplainedLine, refund_fee: int, sums: Sums) -> dict[str, Any]:
    return {
        "type": line.type.value,
        "typeInWords": sums.say(LINES[line.type]),
        **_price(line.price, sums),
        "prices": [_part(part, sums) for part in line.parts],
        "before": _holding(line.before, line.price, sums),
        "after": _holding(line.after, line.price, sums),
        "difference": sums.number(line.after.charge.fee - line.before.charge.fee),
        "kept": line.kept,
        "refundFee": _refund(refund_fee, line.refund, sums),
        "fee": sums.number(line.fee),
    }


def _part(part: PricePart, sums: Sums) -> dict[str, Any]:
    """A surcharge by the name of its situation; the base, or the line's own price, by the line's."""
    words = SITUATIONS[part.situation] if part.situation is not None else LINES[part.line]
    if part.situation is None and part.line is LineType.BASE:
        words = _BASE
    name = part.line.value if part.situation is None else part.situation.value
    return {"name": name, "nameInWords": sums.say(words), **_price(part.price, sums)}


def _holding(holding: Holding, price: Price, sums: Sums) -> dict[str, Any]:
    return {
        "amount": sums.number(holding.amount),
        "steps": [
            {
                "makes": step.makes.value,
                "exact": f"{sums.exact(step):f}",
                "rounding": step.how.value,
                "rounded": sums.number(step.rounded),
            }
            for step in holding.steps
        ],
        "fee": sums.number(holding.charge.fee),
        "inWords": sums.steps(holding, price),
    }


def _refund(refund_fee: int, refund: Holding | None, sums: Sums) -> dict[str, Any] | None:
    if refund is None:
        return None
    return {"fee": sums.number(refund.charge.fee), "inWords": sums.steps(refund, Price(0, refund_fee))}


def _split(fee: int, sums: Sums) -> dict[str, Any]:
    """The eleventh: how often eleven goes into the fee, what is left, and the VAT that it is rounded to. On a
    cancel all with its sign."""
    sign = -1 if fee < 0 else 1
    quotient, remainder = divmod(abs(fee), 11)
    vat = split_fee(fee).vat
    return {
        "quotient": sums.number(sign * quotient),
        "remainder": sums.number(sign * remainder),
        "vat": sums.number(vat),
        "roundedUp": abs(vat) > quotient,
    }


def dates_view(
    figures: FeeFigures, shown: SettlementRow | None, language: str, *, redated: bool = False
) -> dict[str, Any] | None:
    """The days of the row that is shown, and the steps to the payout day by the rules."""
    if figures.expected is None or shown is None:
        return None
    return {
        "settleDay": shown.settle_day.isoformat(),
        "soldDate": shown.sold_date.isoformat(),
        "paidOutDate": shown.paid_out_date.isoformat(),
        "steps": [step_view(in_language(step, language)) for step in figures.steps],
        "stepsInWords": "  ".join(step_words(figures.steps, language)),
        "redated": redated,
    }


def _row(explanation: FeeExplanation, sums: Sums) -> dict[str, Any]:
    compared = explanation.state is FeeState.SETTLED
    return {
        "state": explanation.state.value,
        "agrees": not explanation.differences if compared or explanation.differences else None,
        "differences": [difference_view(one, sums) for one in explanation.differences],
    }


def difference_view(one: Difference, sums: Sums) -> dict[str, Any]:
    """`{field, stored, expected}`."""

    def shown(value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int):
            return sums.number(value) if one.is_money else str(value)
        return value.isoformat()

    return {"field": one.field, "stored": shown(one.stored), "expected": shown(one.expected)}
