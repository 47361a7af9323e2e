"""The law of given terms: whatever contract a shop has and however its customers pay, none of the rows that
the gateway makes is called wrong; and a row that fits no reading of the contract is."""

import json
import random
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.contract import Contract, terms_of, terms_on
from jeongsan.domain.idle_settings import SITUATION_METHODS
from jeongsan.domain.methods import CardKind, InterestPayer, Method, Situation, Traits
from jeongsan.domain.price_lists import PRICE_LISTS, published_contract
from jeongsan.domain.settlement import row
from jeongsan.domain.terms import Release, Terms
from jeongsan.reconcile.expect.expectation import ANY_SHOP, expect_given
from jeongsan.reconcile.expect.given_contract import read_contract
from jeongsan.wire.contract_view import document_of
from support.contracts import contracts
from support.examples import a_transaction
from support.settled import BANKS, Settled, exceptions, workspace

pytestmark = pytest.mark.slow

KOREA = korean_calendar({})
FIRST = date(2025, 1, 1)


def traits(chance: random.Random, terms: Terms, kind: CardKind | None) -> Traits:
    """How a payment may have been made. Escrow is used where the contract has a price for it."""
    agreed = {one.situation for one in terms.conditions.surcharges}
    possible = [
        one
        for one, methods in SITUATION_METHODS.items()
        if terms.method in methods
        and (one is not Situation.ESCROW or one in agreed)
        and (one is not Situation.OVERSEAS or kind is CardKind.OVERSEAS)
    ]
    return Traits(
        situations=tuple(one for one in possible if chance.random() < 0.4),
        installment_months=chance.choice([0, 2, 3, 5]),
        interest_payer=chance.choice([None, *InterestPayer]),
    )


def payment(chance: random.Random, contract: Contract, number: int, itemised: bool) -> list[Settled]:
    """The rows of a payment that the contract has terms for: an approval, perhaps cancels."""
    day = FIRST + timedelta(days=chance.randrange(120))
    terms = terms_of(contract)
    methods = sorted({one.method for one in terms if one.holds_on(day)})
    method = chance.choice(methods or [Method.CARD])
    kind = chance.choice(_kinds(contract, day)) if method is Method.CARD else None
    agreed = terms_on(terms, day, method, kind)
    if agreed is None:
        return []
    amount, how = (
        chance.choice([1, 100, 10_000, 3_000_000]) * chance.randrange(1, 99),
        traits(chance, agreed, kind),
    )
    balances = sorted({chance.randrange(amount) for _ in range(chance.randrange(4))}, reverse=True)
    if chance.random() < 0.5:
        balances = [*balances, 0]
    waits = Situation.ESCROW in how.situations or agreed.conditions.release is not Release.AT_ONCE
    named = [one.value for one in CardKind if one is not CardKind.OVERSEAS]
    shown = kind.value if kind is not None and kind.value in named else chance.choice([*named, None])
    found: list[Settled] = []
    before, own_day = 0, day
    for place, after in enumerate(dict.fromkeys([amount, *balances])):
        own_day += timedelta(days=chance.randrange(5) if place else 0)
        release = own_day + timedelta(days=chance.randrange(20) if waits else 0)
        made = row(
            a_transaction(before, after, settle_day=release, traits=how, transacted_at=_instant(own_day)),
            agreed,
            KOREA,
        )
        moment = datetime.combine(own_day, time(12, 0, place))
        base = made.fees[0].fee if itemised else made.fee
        found.append(
            Settled(
                row_number=number * 10 + place,
                kind="CANCEL" if place else "APPROVAL",
                payment_key=f"p-{number}",
                transaction_key=f"t-{number}-{place}",
                method=method.value,
                amount=made.amount,
                occurred_at=moment,
                day=own_day,
                approved_at=datetime.combine(day, time(12)),
                fee=made.fee,
                base_fee=base,
                sold_date=made.sold_date,
                paid_out_date=made.paid_out_date,
                card_kind=shown if method is Method.CARD else None,
            )
        )  # fmt: skip
        before = after
    return found


def _kinds(contract: Contract, day: date) -> list[CardKind]:
    """A shop takes cards from abroad while its contract names them."""
    cards = [
        one
        for one in contract.agreements
        if one.method is Method.CARD and one.start <= day <= (one.end or day)
    ]
    abroad = any(
        CardKind.OVERSEAS in one.card_kinds
        or Situation.OVERSEAS in {other.situation for other in one.conditions.surcharges}
        for one in cards
    )
    return [one for one in CardKind if abroad or one is not CardKind.OVERSEAS]


def _instant(day: date) -> int:
    return int(datetime.combine(day, time(3)).timestamp() * 1_000)


def read(contract: Contract) -> dict[str, object]:
    given_ = read_contract(json.dumps(document_of(contract)).encode())
    assert given_.problems == ()
    assert given_.contract is not None
    return {ANY_SHOP: given_.contract}


@pytest.mark.timeout(600)
@given(contracts(), st.integers(0, 10**6), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_row_of_the_gateway_is_called_wrong(contract: Contract, seed: int, itemised: bool) -> None:
    chance = random.Random(seed)
    rows = [one for number in range(12) for one in payment(chance, contract, number, itemised)]
    connection = workspace(*rows)
    expect_given(connection, read(contract), BANKS)
    wrong = {number: what for number, what in exceptions(connection).items() if what[0]}
    assert wrong == {}, [one for one in rows if one.row_number in wrong]


@pytest.mark.parametrize("name", PRICE_LISTS)
def test_no_row_of_a_published_list_is_called_wrong(name: str) -> None:
    chance = random.Random(7)
    contract = published_contract(name)
    rows = [one for number in range(300) for one in payment(chance, contract, number, itemised=True)]
    connection = workspace(*rows)
    told = expect_given(connection, read(contract), BANKS)
    assert {number: what for number, what in exceptions(connection).items() if what[0]} == {}
    assert sum(one.approvals.rows + one.cancels.rows for one in told.coverage) > 0.9 * len(rows)
