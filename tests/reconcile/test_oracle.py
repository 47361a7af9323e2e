"""The rules in SQL against the same rules by brute force in Python, on a few rows that nearly agree."""

from collections import Counter
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reconcile.oracle import Entry, Finding, Question, Undetermined, is_cut, is_damaged, key_day, reconciled
from support.reconciled import books

FIRST, LAST, TODAY = date(2025, 3, 10), date(2025, 3, 16), date(2025, 3, 17)
NOON = datetime.fromisoformat("2025-03-13 12:00:00")
TIMES = [
    NOON,
    NOON + timedelta(seconds=20),
    NOON + timedelta(hours=3),
    datetime.fromisoformat("2025-03-13 23:59:40"),
    datetime.fromisoformat("2025-03-14 00:00:10"),
    datetime.fromisoformat("2025-03-14 00:12:00"),
    datetime.fromisoformat("2025-03-14 09:00:10"),
    datetime.fromisoformat("2025-03-11 12:00:00"),
    datetime.fromisoformat("2025-03-09 12:00:00"),
    datetime.fromisoformat("2025-03-17 08:00:00"),
]
AMOUNTS = [Decimal(1_000), Decimal(2_000), Decimal(3_000)]
PAYMENTS = ["tviva20250313115950AAAA1", "tviva20250313115950BBBB2", "tviva20250301115950CCCC3"]
ORDERS = ["주문-20250313-0001", "ORD20250313N0002", "250313000000003"]
DAMAGED = ["??-20250313-0001", "ORD20250313N00", "2.50313E+14", "WEB-9"]


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """A row of one of three payments."""
    number = draw(st.integers(0, 2))
    kind = draw(st.sampled_from(["APPROVAL", "APPROVAL", "CANCEL"]))
    amount = draw(st.sampled_from(AMOUNTS))
    return Entry(
        kind=kind,
        order_id=ORDERS[number],
        payment_key=PAYMENTS[number],
        transaction_key=f"txn-{number}-{kind}-{draw(st.integers(0, 1))}",
        method="VIRTUAL_ACCOUNT" if number == 1 else "CARD",
        currency="KRW",
        amount=-amount if kind == "CANCEL" else amount,
        occurred_at=draw(st.sampled_from(TIMES)),
    )


@st.composite
def altered(draw: st.DrawFn, row: Entry) -> Entry:
    """The same row, or nearly."""
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        change: dict[str, Any] = draw(
            st.sampled_from(
                [
                    {"amount": -row.amount},
                    {"currency": "USD"},
                    {"method": "TRANSFER"},
                    {"payment_key": None},
                    {"order_id": None},
                    {"tax_free": Decimal(100)},
                    {"vat": Decimal(7)},
                    *({"amount": one if row.kind == "APPROVAL" else -one} for one in AMOUNTS),
                    *({"occurred_at": one} for one in TIMES),
                    *({"order_id": one} for one in (*ORDERS, *DAMAGED)),
                    *({"payment_key": one} for one in (*PAYMENTS, PAYMENTS[0][:15])),
                ]
            )
        )
        row = replace(row, **change)
    return row


@st.composite
def questions(draw: st.DrawFn, *, settles: bool) -> Question:
    """A few rows a side. Orders carry transaction keys or none do; a gateway's are unique where the orders
    have none."""
    base = draw(st.lists(entries(), min_size=1, max_size=4))
    # Both sides say everything about most rows, so that single fields can differ.
    base = [replace(row, tax_free=Decimal(0), vat=Decimal(91)) for row in base]
    left = [draw(altered(row)) for row in base for _ in range(draw(st.sampled_from([0, 1, 1, 1, 1, 2])))]
    right = [draw(altered(row)) for row in base for _ in range(draw(st.sampled_from([0, 1, 1, 1, 1, 2])))]
    assume(left and right)
    if not settles and draw(st.booleans()):
        left = [replace(row, transaction_key=None) for row in left]
        right = [replace(row, transaction_key=f"{row.transaction_key}-{n}") for n, row in enumerate(right)]
    if not settles and draw(st.booleans()):
        right.append(replace(right[0], kind="NO_MONEY", transaction_key="txn-nothing"))
    return Question(left, right, TODAY, FIRST, LAST, settles)


def told_by_the_rules(question: Question) -> Counter[Finding]:
    """What the rules make of it, rows by what they say."""
    with books() as book:
        for row in question.left:
            side = "TRANSACTIONS" if question.settles else "ORDERS"
            book.rows.append((side, asdict(row) | {"day": row.day}))
        for row in question.right:
            side = "SETTLEMENTS" if question.settles else "TRANSACTIONS"
            book.rows.append((side, asdict(row) | {"day": row.day}))
        book.matched(TODAY, first=FIRST, last=LAST)
        comparison = "SETTLEMENT" if question.settles else "TRANSACTION"
        found = book.connection.execute(
            "SELECT state, reasons, list(row_number ORDER BY row_number) FROM outcomes "
            "JOIN members USING (comparison, outcome_number) WHERE comparison = ? "
            "GROUP BY outcome_number, state, reasons",
            [comparison],
        ).fetchall()
    rows = [*question.left, *question.right]
    told: Counter[Finding] = Counter()
    for state, reasons, numbers in found:
        left = sorted((rows[n - 1] for n in numbers if n <= len(question.left)), key=repr)
        right = sorted((rows[n - 1] for n in numbers if n > len(question.left)), key=repr)
        told[Finding(state, tuple(reasons), tuple(left), tuple(right))] += 1
    return told


def expected(question: Question) -> Counter[Finding]:
    try:
        return Counter(reconciled(question))
    except Undetermined:
        # Which of several unlike rows is taken follows from digests: nothing to compare.
        assume(False)
        raise


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(questions(settles=False))
def test_orders_and_transactions_are_matched_as_the_sentences_say(question: Question) -> None:
    assert told_by_the_rules(question) == expected(question)


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(questions(settles=True))
def test_transactions_and_settlements_are_matched_as_the_sentences_say(question: Question) -> None:
    assert told_by_the_rules(question) == expected(question)


@pytest.mark.parametrize(
    ("a", "b", "cut", "damaged"),
    [
        ("ORD20250313N0002", "ORD20250313", True, False),
        ("ORD20250313N0002", "13N0002", True, False),
        ("ORD20250313N0002", "ORD20", False, False),
        ("250313000000003", "2.50313E+14", True, False),
        ("주문-1", "??-1", False, True),
        ("주문-1", "\ufffd\ufffd-1", False, True),
        ("주문-1", "주문-2", False, False),
        ("same", "same", False, False),
    ],
)
def test_the_oracle_knows_a_cut_and_a_damaged_identifier(a: str, b: str, cut: bool, damaged: bool) -> None:
    assert (is_cut(a, b), is_damaged(a, b)) == (cut, damaged)
    assert (is_cut(b, a), is_damaged(b, a)) == (cut, damaged)


def test_the_oracle_reads_the_day_inside_a_key() -> None:
    assert key_day("tviva20250313115950AAAA1") == date(2025, 3, 13)
    assert key_day("pay-1") is None
