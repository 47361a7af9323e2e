"""The gateway's integers against settlement worked out by hand: every row, to the won and to the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.business_days import Calendar
from jeongsan.domain.methods import Traits
from jeongsan.domain.settlement import row
from jeongsan.domain.terms import Conditions, Rounding, Terms, Vat
from jeongsan.domain.transactions import Kind, Transaction
from support import settlement_reference as paper
from support.conditions import (
    CONDITIONS,
    HOLIDAYS,
    TRAITS,
    draw_conditions,
    draw_holidays,
    draw_traits,
    on_paper,
    paid_with,
)
from support.examples import a_contract, a_transaction, terms_with

CASES = 1_000_000
# Halves for two processes, each with a seed of its own.
SEEDS = (20_250_425, 20_250_917)
CASES_PER_CONTRACT = 100
# Payments and days that the cases of a contract are drawn from.
DRAWN_PER_CONTRACT = 10
FIRST_DAY = date(2025, 1, 1)
DAYS = 730
_KINDS = (Kind.APPROVAL, Kind.CANCEL, Kind.CANCEL, Kind.DEPOSIT_REVERSAL)


@dataclass(frozen=True)
class Case:
    """A move of a payment's balance on a day."""

    kind: Kind
    before: int
    after: int
    traits: Traits
    day: date

    def transaction(self) -> Transaction:
        """As the gateway books it."""
        return a_transaction(self.before, self.after, settle_day=self.day, kind=self.kind, traits=self.traits)


class ByHand:
    """A contract worked out on paper. What was worked out for a payment or a day is written down."""

    def __init__(self, agreed: paper.Agreed, holidays: Mapping[date, str]) -> None:
        self.agreed = agreed
        self.holidays = holidays
        self._prices: dict[Traits, Mapping[str, paper.Price]] = {}
        self._dates: dict[date, tuple[date, date]] = {}

    def row(self, case: Case) -> tuple[paper.Worked, tuple[date, date]]:
        """Its figures, its sold date and its paid-out date."""
        if case.traits not in self._prices:
            self._prices[case.traits] = paper.prices_of(self.agreed, paid_with(case.traits))
        if case.day not in self._dates:
            sold = paper.sold_date(case.day, self.agreed.cycle)
            self._dates[case.day] = (sold, paper.paid_out_date(sold, self.agreed, self.holidays))
        move = paper.Move(case.kind.value, case.before, case.after)
        return paper.row_of(move, self.agreed, self._prices[case.traits]), self._dates[case.day]


def _disagreement(case: Case, terms: Terms, by_hand: ByHand) -> str | None:
    """What the gateway says and what comes out by hand, when they are not the same."""
    ours = row(case.transaction(), terms, Calendar(by_hand.holidays, {}))
    figures = paper.Worked(
        ours.amount,
        tuple([(line.type, line.fee) for line in ours.fees]),
        ours.fee,
        ours.supply_amount,
        ours.vat,
        ours.pay_out_amount,
    )
    found = (figures, (ours.sold_date, ours.paid_out_date))
    expected = by_hand.row(case)
    return None if found == expected else f"{case} under {terms}: {found}, by hand {expected}"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    kind = draw(st.sampled_from(_KINDS))
    whole = draw(st.integers(1, 10**12))
    left = draw(st.integers(0, whole - 1)) if kind is Kind.CANCEL else 0
    before, after = (0, whole) if kind is Kind.APPROVAL else (whole, left)
    day = draw(st.dates(FIRST_DAY, FIRST_DAY + timedelta(days=DAYS)))
    return Case(kind, before, after, draw(TRAITS), day)


@given(cases(), CONDITIONS, HOLIDAYS)
def test_a_row_is_what_comes_out_by_hand(
    case: Case, conditions: Conditions, holidays: dict[date, str]
) -> None:
    assert _disagreement(case, terms_with(conditions), ByHand(on_paper(conditions), holidays)) is None


def _draw_move(random: Random) -> tuple[Kind, int, int]:
    """Amounts of every size, with many at the edges where a rounding turns."""
    kind = random.choice(_KINDS)
    size = random.choice((200, 20_000, 2_000_000, 10**9, 10**12))
    whole = random.randint(1, size) if random.random() < 0.8 else random.randint(1, size) * 10 + 5
    left = random.choice((0, random.randrange(whole), whole - 1)) if kind is Kind.CANCEL else 0
    return (kind, 0, whole) if kind is Kind.APPROVAL else (kind, whole, left)


@pytest.mark.fuzz
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_million_random_rows_are_what_comes_out_by_hand(seed: int) -> None:
    """Ten thousand contracts, each with a hundred moves of a balance; seeded, so a failure comes again."""
    random = Random(seed)
    for number in range(CASES // len(SEEDS) // CASES_PER_CONTRACT):
        conditions = draw_conditions(random)
        # A new calendar now and then: drawing one costs as much as many rows.
        if number % 10 == 0:
            holidays = draw_holidays(random, FIRST_DAY, DAYS + 400)
        terms, by_hand = terms_with(conditions), ByHand(on_paper(conditions), holidays)
        traits = [draw_traits(random) for _ in range(DRAWN_PER_CONTRACT)]
        days = [FIRST_DAY + timedelta(days=random.randrange(DAYS)) for _ in range(DRAWN_PER_CONTRACT)]
        for _ in range(CASES_PER_CONTRACT):
            case = Case(*_draw_move(random), random.choice(traits), random.choice(days))
            wrong = _disagreement(case, terms, by_hand)
            assert wrong is None, wrong


def test_a_contract_that_reads_otherwise_on_paper_is_noticed() -> None:
    """The comparison itself can fail: by a rate, by a rounding, by a day."""
    terms = a_contract(rate_ppm=32_000)
    case = Case(Kind.APPROVAL, 0, 10_030, draw_traits(Random(1)), date(2025, 3, 14))

    def wrong(other: Terms, holidays: Mapping[date, str]) -> bool:
        return _disagreement(case, terms, ByHand(on_paper(other.conditions), holidays)) is not None

    assert not wrong(terms, {})
    assert not wrong(terms, {date(2025, 3, 17): "쉬는 날"})
    for other in (
        a_contract(rate_ppm=32_100),
        a_contract(rounding=Rounding.A),
        a_contract(business_days=7),
        a_contract(vat=Vat.INCLUDED),
    ):
        assert wrong(other, {})


def test_the_hand_finds_the_published_figures() -> None:
    """The reference itself against recordings: 1,600 at 3.6 % is 63, of which 57 and 6; over Labour Day and
    the holidays of May, the sixth business day after 25 April 2025 is 8 May."""
    agreed = on_paper(draw_conditions(Random(0)))
    card = paper.Agreed(
        **{
            **vars(agreed),
            "base": paper.Price(paper.Decimal("0.036"), 0),
            "vat_included": False,
            "rounding": "B",
            "surcharges": (),
            "points": None,
            "other": None,
            "cycle": "daily",
            "counted": "business-days",
            "count": 6,
            "anchor": "exclusive",
        }
    )
    worked = paper.row_of(
        paper.Move("approval", 0, 1_600), card, paper.prices_of(card, paper.Payment((), 0, None))
    )
    assert worked == paper.Worked(1_600, (("BASE", 63),), 63, 57, 6, 1_537)
    may = {date(2025, 5, day): "쉬는 날" for day in (1, 5, 6)}
    assert paper.paid_out_date(date(2025, 4, 25), card, may) == date(2025, 5, 8)
    assert paper.sold_date(date(2025, 4, 23), "weekly") == date(2025, 4, 27)
    assert paper.sold_date(date(2024, 2, 1), "monthly") == date(2024, 2, 29)
