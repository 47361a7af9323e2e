"""The check of cancels and the reconciliation have rules of their own (docs/decisions/0018). Of the same
books they say the same: which cancels are unknown here, which at the gateway, and which have another
amount."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jeongsan.client.moments import KST
from jeongsan.reconcile.cancel_book import BookLine
from jeongsan.reconcile.cancel_outcomes import Difference, Outcome
from jeongsan.reconcile.cancels import check_cancels
from jeongsan.reconcile.found_cancels import FoundCancel
from jeongsan.reconcile.period import Period
from support.cancels import circumstances, found
from support.reconciled import NOON, TODAY, books

# A book names its cancels by these. Whether a line has a transaction key as well is its own matter.
FORMS = (("payment_key",), ("order_id",), ("payment_key", "order_id"))
DAY = NOON.date()
# Enough for many cases in one run, which takes its time however few rows there are.
PAYMENTS = 6


class Line(NamedTuple):
    """A cancel as the merchant has it. `number`: of the cancel at the gateway that it is, if it is one."""

    payment: int
    amount: int
    seconds: int
    has_key: bool
    number: int | None


@dataclass(frozen=True)
class Cancels:
    """`gateway`: (payment, amount), no two alike. Every payment was approved, and both sides know it."""

    form: Sequence[str]
    gateway: tuple[tuple[int, int], ...]
    lines: tuple[Line, ...]


class Verdict(NamedTuple):
    """Numbers of cancels at the gateway and of lines; pairs of both."""

    unknown_here: frozenset[int]
    unknown_there: frozenset[int]
    other_amount: frozenset[tuple[int, int]]


@st.composite
def cancels(draw: st.DrawFn) -> Cancels:
    """Cancels of some payments; lines for some of them, with the amount or without, and lines for none."""
    one = st.tuples(st.integers(0, PAYMENTS - 1), st.integers(1, 6))
    gateway = draw(st.lists(one, unique=True, max_size=3 * PAYMENTS))
    invented = [
        place for place in draw(st.lists(one, unique=True, max_size=PAYMENTS)) if place not in gateway
    ]
    lines = [
        Line(*place, draw(st.integers(-3_600, 3_600)), draw(st.booleans()), number)
        for number, place in [*enumerate(gateway), *((None, place) for place in invented)]
        if number is None or draw(st.booleans())
    ]
    taken = {(line.payment, line.amount) for line in lines} | {*gateway}
    for turn, line in enumerate(lines):
        wrong = (line.payment, line.amount + 10)
        if wrong not in taken and draw(st.integers(0, 3)) == 0:
            lines[turn] = line._replace(amount=wrong[1])
    return Cancels(draw(st.sampled_from(FORMS)), tuple(gateway), tuple(draw(st.permutations(lines))))


def key_of(number: int | None, turn: int) -> str:
    """Of a cancel at the gateway; of a line for none, one that nobody has."""
    return f"txrd_gateway_{number:03}" if number is not None else f"txrd_nowhere_{turn:03}"


def names_of(payment: int) -> dict[str, str]:
    return {"payment_key": f"payment-{payment}", "order_id": f"order-{payment}"}


def of_check(given: Cancels) -> Verdict:
    """What `check cancels` says."""
    at_gateway = [_found(number, *place) for number, place in enumerate(given.gateway)]
    lines = [_book_line(given, turn, line) for turn, line in enumerate(given.lines)]
    under = replace(circumstances(), period=Period(DAY, DAY), today=TODAY, book_lines=len(lines))
    checked = check_cancels(at_gateway, lines, under).cancels
    numbers = {one.transaction_key: number for number, one in enumerate(at_gateway)}
    return Verdict(
        frozenset(numbers[one.found.transaction_key] for one in checked if one.found and one.line is None),
        frozenset(one.line.line for one in checked if one.outcome is Outcome.ONLY_IN_OUR_BOOK and one.line),
        frozenset(
            (numbers[one.found.transaction_key], one.line.line)
            for one in checked
            if one.found and one.line and Difference.AMOUNT in [note.code for note in one.differences]
        ),
    )


def _found(number: int, payment: int, amount: int) -> FoundCancel:
    at = NOON.replace(tzinfo=KST)
    keys = {"transaction_key": key_of(number, 0), **names_of(payment)}
    return found(cancel_amount=Decimal(amount), canceled_at=at, approved_at=at, **keys)


def _book_line(given: Cancels, turn: int, line: Line) -> BookLine:
    names = names_of(line.payment)
    return BookLine(
        turn,
        key_of(line.number, turn) if line.has_key else None,
        payment_key=names["payment_key"] if "payment_key" in given.form else None,
        order_id=names["order_id"] if "order_id" in given.form else None,
        canceled_at=NOON.replace(tzinfo=KST) + timedelta(seconds=line.seconds),
        cancel_amount=Decimal(line.amount),
        currency="KRW",
    )


class Told(NamedTuple):
    """An outcome of the reconciliation: numbers of cancels at the gateway and of lines."""

    state: str
    reasons: tuple[str, ...]
    at_gateway: tuple[int, ...]
    lines: tuple[int, ...]


def reconciled(given: Cancels) -> list[Told]:
    """What `reconcile` finds."""
    with books() as book:
        for payment in range(PAYMENTS):
            book.both(f"order-{payment}", 1_000, **_named(payment, f"approval-{payment}"))
        for number, (payment, amount) in enumerate(given.gateway):
            book.transaction(f"order-{payment}", -amount, **_named(payment, key_of(number, 0)))
        for turn, line in enumerate(given.lines):
            told = _named(line.payment, key_of(line.number, turn) if line.has_key else None)
            told |= {"occurred_at": NOON + timedelta(seconds=line.seconds)}
            order_id = f"order-{line.payment}" if "order_id" in given.form else None
            payment_key = told["payment_key"] if "payment_key" in given.form else None
            book.order(order_id, -line.amount, **told | {"payment_key": payment_key})
        rows = (
            book.matched()
            .connection.execute(
                "SELECT state, reasons, list(row_number ORDER BY row_number) FILTER (side = 'TRANSACTIONS'), "
                "list(row_number ORDER BY row_number) FILTER (side = 'ORDERS') "
                "FROM outcomes JOIN members USING (comparison, outcome_number) "
                "GROUP BY state, reasons, outcome_number"
            )
            .fetchall()
        )
    # Rows count from 1, behind those of the approvals.
    first_cancel, first_line = 2 * PAYMENTS + 1, 2 * PAYMENTS + 1 + len(given.gateway)
    return [
        Told(
            state,
            tuple(reasons),
            tuple(number - first_cancel for number in transactions or ()),
            tuple(number - first_line for number in orders or ()),
        )
        for state, reasons, transactions, orders in rows
    ]


def of_reconciliation(given: Cancels) -> Verdict:
    """Of several lines that could be several cancels, or are the same sum, `reconcile` says so and pairs none
    of them; the check says of each that it stands alone."""
    told = reconciled(given)
    different = [one for one in told if one.state == "DIFFERENT"]
    assert all((one.reasons, len(one.lines)) == (("AMOUNT",), 1) for one in different)
    alone = [one for one in told if one.state != "DIFFERENT"]
    return Verdict(
        frozenset(number for one in alone for number in one.at_gateway),
        frozenset(number for one in alone for number in one.lines),
        frozenset((one.at_gateway[0], one.lines[0]) for one in different),
    )


def _named(payment: int, transaction_key: str | None) -> dict[str, Any]:
    return {"payment_key": f"payment-{payment}", "transaction_key": transaction_key}


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(cancels())
def test_both_say_the_same_of_the_same_books(given: Cancels) -> None:
    assert of_check(given) == of_reconciliation(given)


HOUR, MONTH = 3_600, 31 * 86_400
NOTHING_AMISS = Verdict(frozenset(), frozenset(), frozenset())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "check", "reconciliation"),
    [
        pytest.param(
            (Line(0, 5, MONTH, False, 0),),
            Verdict(frozenset({0}), frozenset(), frozenset()),
            [Told("DIFFERENT", ("DAY",), (0,), (0,))],
            id="a line of another month is another cancel, or one on another day",
        ),
        pytest.param(
            (Line(0, 5, 14 * HOUR, False, 0),),
            NOTHING_AMISS,
            [Told("DIFFERENT", ("DAY",), (0,), (0,))],
            id="a line of the next day is the cancel, or the cancel on another day",
        ),
        pytest.param(
            (Line(0, 5, 60, False, 0), Line(0, 5, HOUR, False, None)),
            Verdict(frozenset(), frozenset({1}), frozenset()),
            [Told("AMBIGUOUS", ("SEVERAL_CANDIDATES",), (0,), (0, 1))],
            id="of two lines for one cancel the nearer one is it, or nobody can tell",
        ),
    ],
)
def test_where_they_answer_another_question_they_say_another_thing(
    lines: tuple[Line, ...], check: Verdict, reconciliation: list[Told]
) -> None:
    one = Cancels(("payment_key",), ((0, 5),), lines)
    assert (of_check(one), reconciled(one)) == (check, reconciliation)
