"""The published price lists, against the figures as they were published, typed by hand."""

from datetime import date
from decimal import Decimal

import pytest

from jeongsan.domain.business_days import Cycle
from jeongsan.domain.contract import terms_of, terms_on
from jeongsan.domain.contract_faults import InvalidTerms
from jeongsan.domain.fees import prices
from jeongsan.domain.methods import CardKind, Method, Situation, Traits
from jeongsan.domain.price_lists import PRICE_LISTS, published_contract
from jeongsan.domain.terms import Conditions, FeeOnCancel, Grade, LineType, Price, Vat

DAY = date(2025, 3, 13)
NAMES = ("tosspayments", "inicis", "kcp", "nice", "ksnet")
# Percent, VAT excluded; won for virtual accounts; None: not published.
PUBLISHED: dict[str, tuple[str | None, ...]] = {
    "general": ("3.20", "3.20", "3.20", "3.20", "3.20"),
    "small": ("1.65", "1.90", "1.72", "1.70", "1.70"),
    "medium1": ("2.25", "2.50", "2.32", "2.30", "2.30"),
    "medium2": ("2.40", "2.65", "2.47", "2.45", "2.45"),
    "medium3": ("2.65", "2.90", "2.72", "2.70", "2.70"),
    "billing": ("3.23", "3.20", "3.20", "3.20", "3.20"),
    "overseas": ("4.50", "4.00", "4.50", "3.80", "4.20"),
    "transfer": ("1.80", "1.80", "1.80", "1.80", "1.80"),
    "mobile phone": ("4.50", "3.50", "3.00", None, "4.50"),
    "gift certificate": ("9.50", "11.00", "9.50", None, None),
}


def ppm(percent: str | None) -> int | None:
    return None if percent is None else int(Decimal(percent) * 10_000)


def agreed(
    name: str, method: Method = Method.CARD, kind: CardKind | None = None, grade: Grade = Grade.GENERAL
) -> Conditions | None:
    contract = published_contract(name).with_grade(date(2025, 1, 1), grade)
    found = terms_on(terms_of(contract), DAY, method, kind)
    return None if found is None else found.conditions


def rate(name: str, method: Method = Method.CARD, kind: CardKind | None = None) -> int | None:
    found = agreed(name, method, kind)
    return None if found is None else found.base.rate_ppm


def base_with(name: str, method: Method, *situations: Situation) -> Price:
    found = agreed(name, method)
    assert found is not None
    return prices(found, Traits(situations=situations))[LineType.BASE]


def test_the_lists_are_the_published_ones() -> None:
    assert tuple(PRICE_LISTS) == NAMES


@pytest.mark.parametrize("grade", Grade)
@pytest.mark.parametrize("place", range(5), ids=NAMES)
def test_cards_cost_what_was_published_for_the_grade(grade: Grade, place: int) -> None:
    found = agreed(NAMES[place], grade=grade)
    assert found is not None
    assert found.base == Price(ppm(PUBLISHED[grade.value][place]) or 0)
    assert found.vat is Vat.EXCLUDED


@pytest.mark.parametrize("place", range(5), ids=NAMES)
def test_every_other_figure_is_the_published_one(place: int) -> None:
    name = NAMES[place]
    figures = {
        "billing": base_with(name, Method.CARD, Situation.BILLING).rate_ppm,
        "overseas": rate(name, Method.CARD, CardKind.OVERSEAS),
        "transfer": rate(name, Method.TRANSFER),
        "mobile phone": rate(name, Method.MOBILE_PHONE),
        "gift certificate": rate(name, Method.GIFT_CERTIFICATE),
    }
    assert figures == {item: ppm(PUBLISHED[item][place]) for item in figures}
    assert base_with(name, Method.CARD, Situation.KEY_IN).rate_ppm == figures["billing"]
    assert base_with(name, Method.VIRTUAL_ACCOUNT) == Price(0, 300)


def test_escrow_costs_more_where_it_was_published() -> None:
    assert base_with("tosspayments", Method.CARD, Situation.ESCROW).rate_ppm == 34_000
    assert base_with("tosspayments", Method.TRANSFER, Situation.ESCROW).rate_ppm == 20_000
    assert base_with("tosspayments", Method.VIRTUAL_ACCOUNT, Situation.ESCROW) == Price(0, 500)
    assert base_with("ksnet", Method.CARD, Situation.ESCROW).rate_ppm == 32_000


@pytest.mark.parametrize("name", NAMES)
def test_what_a_cancel_returns_and_when_money_comes_is_the_same_in_every_list(name: str) -> None:
    card, transfer = agreed(name), agreed(name, Method.TRANSFER)
    account, foreign = agreed(name, Method.VIRTUAL_ACCOUNT), agreed(name, kind=CardKind.OVERSEAS)
    assert card is not None
    assert transfer is not None
    assert account is not None
    assert foreign is not None
    assert (card.fee_on_cancel, card.refund_fee, card.payout.words) == (FeeOnCancel.RETURNED, 0, "D+4")
    assert (transfer.fee_on_cancel, transfer.refund_fee) == (FeeOnCancel.KEPT, 0)
    assert (account.fee_on_cancel, account.refund_fee, account.payout.words) == (
        FeeOnCancel.KEPT,
        300,
        "D+3",
    )
    assert (foreign.cycle, foreign.payout.words) == (Cycle.WEEKLY, "D+11 calendar days")


def test_a_list_nobody_published_is_refused_by_name() -> None:
    with pytest.raises(InvalidTerms) as caught:
        published_contract("nobody")
    assert caught.value.field == "priceList"
