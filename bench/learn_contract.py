"""How long a contract takes to be learned: a history of so many rows, made here, from its JSON text to the
answer.

python bench/learn_contract.py [--rows 1000000] [--kinds 2]

Amounts are of all sorts, so that no two charges are alike; one row in ten is a cancel. With two kinds of card
there are two rates, which have to be told apart first. The answer is compared with the contract before a
figure is printed.
"""

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from jeongsan.bench.machine import machine
from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.collector import without_collector
from jeongsan.reconcile.due_days import Anchor, BusinessDays, OpenDays, due
from jeongsan.reconcile.fee_rates import Rounding, Tariff, eleventh
from jeongsan.reconcile.learn import learn
from jeongsan.reconcile.learned_contract import as_contract
from jeongsan.reconcile.settled_files import rows_of
from jeongsan.reconcile.settled_history import history_of

START = date(2025, 1, 2)
DAYS = 300
CANCELS_EVERY = 10
BANKS = OpenDays(korean_holidays())
RULE = BusinessDays(6, Anchor.EXCLUSIVE)
TARIFFS = {"신용": Tariff(32_000, 0, Rounding.B), "체크": Tariff(15_000, 0, Rounding.B)}

T = TypeVar("T")


def row(number: int, day: date, amount: int, fee: int, kind: str) -> dict[str, Any]:
    """A row in the recorded shape."""
    vat = eleventh(fee)
    return {
        "mId": "tjeongsan", "paymentKey": f"pay_{number:040}", "transactionKey": f"txrd_{number:026}",
        "orderId": f"order-{number:012}", "currency": "KRW", "method": "카드",
        "fees": [{"type": "BASE", "fee": fee}], "approvedAt": f"{day}T12:34:56+09:00", "soldDate": str(day),
        "paidOutDate": str(due(RULE, day, BANKS)),
        "card": {"cardType": kind, "installmentPlanMonths": 0, "acquireStatus": "READY",
                 "number": "12345678****000*"},
        "virtualAccount": None, "transfer": None, "mobilePhone": None, "giftCertificate": None,
        "easyPay": None,
        "cancel": None, "amount": amount, "interestFee": 0, "fee": fee, "supplyAmount": fee - vat, "vat": vat,
        "payOutAmount": amount - fee,
    }  # fmt: skip


def text(rows: int, kinds: int) -> bytes:
    """The history as `GET /v1/settlements` answers it."""
    chance = random.Random(7)  # noqa: S311 - no secret
    names = list(TARIFFS)[:kinds]
    parts = []
    for number in range(rows):
        day = START + timedelta(days=number * DAYS // rows)
        kind, amount = chance.choice(names), chance.randrange(1_000, 2_000_000)
        fee = TARIFFS[kind].fee(amount)
        made = row(number, day, amount, fee, kind)
        if number % CANCELS_EVERY == 1:
            before = amount + 5_000
            back = TARIFFS[kind].fee(before) - TARIFFS[kind].fee(5_000)
            cancel = {
                "cancelAmount": amount,
                "refundableAmount": 5_000,
                "canceledAt": f"{day}T12:40:00+09:00",
            }
            made = row(number, day, -amount, -back, kind) | {"cancel": cancel}
        parts.append(json.dumps(made, ensure_ascii=False))
    return f"[{','.join(parts)}]".encode()


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """(what it made, seconds)."""
    start = time.perf_counter()
    made = work()
    return made, round(time.perf_counter() - start, 2)


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kinds", type=int, default=1, choices=(1, 2))
    told = parser.parse_args()
    data = text(told.rows, told.kinds)
    before = time.process_time()
    with without_collector():
        read, read_s = timed(lambda: rows_of("history", data))
        history, history_s = timed(lambda: history_of(read.rows))
        learned, learn_s = timed(lambda: learn(history, BANKS))
    cpu_s = time.process_time() - before
    terms = as_contract(learned)["terms"]
    rates = sorted(one["rate"] for one in terms)
    if rates != ["1.5", "3.2"][-told.kinds :] or any(one.deviations for one in learned.terms):
        sys.exit(f"learned something else: {terms}")
    figures = {
        "bench": "learn a contract",
        "machine": machine(),
        "rows": told.rows,
        "kinds": told.kinds,
        "megabytes": len(data) >> 20,
        "read_s": read_s,
        "history_s": history_s,
        "learn_s": learn_s,
        "whole_s": round(read_s + history_s + learn_s, 2),
        "cpu_s": round(cpu_s, 2),
        "peak_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }
    sys.stdout.write(f"{json.dumps(figures, ensure_ascii=False, indent=2)}\n")


if __name__ == "__main__":
    main()
