"""What holds of every run, whatever the rows: each is used once, sums add up, and order does not matter."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.reconciled import NOON, SIDES, books

_IDS = st.sampled_from(["o-1", "o-2", "order-20250313-01", "order-20250313-0", "주문-01", "??-01", None])
_KEYS = st.sampled_from(["txn-1", "txn-2", "txn-3", None])
_APART = (0, 30, 43_190, 43_205, 2 * 86_400)
_TIMES = st.sampled_from([NOON + timedelta(seconds=seconds) for seconds in _APART])
_AMOUNTS = st.sampled_from([1_000, 2_000, 3_000, -1_000, -2_000])
_ENTRY = st.fixed_dictionaries(
    {"amount": _AMOUNTS, "occurred_at": _TIMES, "transaction_key": _KEYS},
    optional={
        "payment_key": st.sampled_from(["pay-1", "pay-2", None]),
        "shop": st.sampled_from(["a", "b"]),
        "kind": st.sampled_from(["APPROVAL", "CANCEL"]),
        "currency": st.just("USD"),
        "method": st.just("VIRTUAL_ACCOUNT"),
    },
)
_DAYS = st.integers(0, 6).map(lambda days: NOON.date() + timedelta(days=days))
_SETTLED = st.builds(lambda entry, day: entry | {"paid_out_date": day}, _ENTRY, _DAYS)
_LINE = st.fixed_dictionaries(
    {"amount": _AMOUNTS, "day": _DAYS}, optional={"memo": st.sampled_from(["토스페이먼츠", "홍길동", ""])}
)
_ROW = st.one_of(
    st.tuples(st.sampled_from(["order", "transaction"]), _IDS, _ENTRY),
    st.tuples(st.just("settlement"), _IDS, _SETTLED),
    st.tuples(st.just("line"), st.none(), _LINE),
)
_ROWS = st.lists(_ROW, max_size=14)


def _result(rows: list[Any], *, threads: int = 1, files: int = 1) -> list[Any]:
    with books(threads=threads, files=files) as book:
        for make, order_id, more in rows:
            getattr(book, make)(**more) if make == "line" else getattr(book, make)(order_id, **more)
        book.matched(also_given=SIDES)
        _every_row_once(book)
        return book.dump()


def _every_row_once(book: Any) -> None:
    """No row is used twice, and counts and sums per side are those of the side."""
    members = book.connection.execute("SELECT comparison, side, file_id, row_number FROM members").fetchall()
    assert max(Counter(members).values(), default=1) == 1
    for comparison, side, table in (
        ("TRANSACTION", "ORDERS", "orders"),
        ("TRANSACTION", "TRANSACTIONS", "transactions"),
        ("SETTLEMENT", "SETTLEMENTS", "settlements"),
        ("DEPOSIT", "BANK", "bank"),
    ):
        told = book.connection.execute(
            "SELECT coalesce(sum(row_count), 0), coalesce(sum(amount), 0) FROM totals "
            "WHERE comparison = ? AND side = ?",
            [comparison, side],
        ).fetchone()
        there = book.connection.execute(f"SELECT count(*), coalesce(sum(amount), 0) FROM {table}").fetchone()
        assert told == there


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_ROWS, st.randoms(use_true_random=False), st.sampled_from([1, 2, 4]), st.integers(1, 3))
def test_order_files_and_threads_change_nothing(
    rows: list[Any], random: Any, threads: int, files: int
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert _result(rows) == _result(shuffled, threads=threads, files=files)
