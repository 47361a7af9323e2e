"""Histories to learn from as Hypothesis strategies, and what is learned of rows."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.fee_rates import Rounding
from jeongsan.reconcile.learn import Learned, learn
from jeongsan.reconcile.settled_files import rows_of
from jeongsan.reconcile.settled_history import history_of
from support.histories import Contract

BANKS = OpenDays(korean_holidays())
RATES = st.integers(1, 1_200).map(lambda n: f"{n // 100}.{n % 100:02}")
PAYOUTS = st.one_of(
    st.tuples(st.just("business"), st.integers(1, 12), st.sampled_from(["exclusive", "roll"])),
    st.tuples(st.just("calendar"), st.integers(1, 20), st.sampled_from(["after", "before", "ignore"])),
    st.tuples(st.just("monthEnd"), st.integers(0, 3), st.sampled_from(["after", "before", "ignore"])),
)
CONTRACTS = st.builds(
    Contract,
    rate=RATES,
    rounding=st.sampled_from([one.value for one in Rounding]),
    cycle=st.sampled_from(["daily", "weekly", "monthly"]),
    payout=PAYOUTS,
    cancel=st.sampled_from(["returned", "kept"]),
    refund_fee=st.sampled_from([0, 330]),
)


def learned(*files: Sequence[dict[str, Any]]) -> Learned:
    read = [rows_of(str(number), json.dumps(rows).encode()) for number, rows in enumerate(files)]
    assert not any(one.problems for one in read)
    return learn(history_of(row for one in read for row in one.rows), BANKS)
