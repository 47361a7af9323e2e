"""Random histories: whatever is done in whatever order, every invariant holds after each step, and a
naive model of statuses and balances agrees with every answer and with the database."""

import asyncio
import shutil
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jeongsan.domain.business_days import Cycle
from jeongsan.domain.instants import kst_day, parse_instant
from jeongsan.domain.release import CAUSES
from jeongsan.domain.terms import Release, SoldOn
from support.agreements import agree_to_wait
from support.calendars import announce, order_all
from support.due_dates import check_paid_out_dates
from support.holds import HOLDS
from support.invariants import check_invariants
from support.receiver import Receiver, open_receiver
from support.sandbox import MID, START, open_sandbox

MINUTE_MS = 60_000
KEY_LIFE_MS = 15 * 24 * 60 * MINUTE_MS
DECLINED_CARD = "9999000112345678"


@dataclass
class Known:
    """What the model knows of a payment: a status, a balance, until when it may be confirmed, and what it
    waits for since it was."""

    paid: dict[str, Any]
    mode: str
    declined: bool
    expires_at: int
    escrow: bool = False
    waits_for: str | None = None
    released: bool = False
    status: str = "IN_PROGRESS"
    balance: int = field(init=False)

    def __post_init__(self) -> None:
        self.balance = self.paid["amount"]

    @property
    def total(self) -> int:
        amount: int = self.paid["amount"]
        return amount


@dataclass
class Answered:
    """A request that was made under an idempotency key, and its answer."""

    mode: str
    path: str
    key: str
    at: int
    status: int
    body: bytes


@dataclass
class Model:
    """The naive gateway: no transactions, no books, one status and one balance for each payment."""

    now: int
    payments: list[Known] = field(default_factory=list)
    orders: set[tuple[str, str]] = field(default_factory=set)
    cards_wait_for: str | None = None

    def confirm(self, known: Known, amount: int) -> tuple[int, str]:
        """(HTTP status, payment status or error code)."""
        order = (known.mode, known.paid["orderId"])
        if known.status == "EXPIRED":
            return 404, "NOT_FOUND_PAYMENT_SESSION"
        if known.status != "IN_PROGRESS":
            return 400, "ALREADY_PROCESSED_PAYMENT"
        if amount != known.total:
            return 400, "INVALID_REQUEST"
        if order in self.orders:
            return 400, "ALREADY_PROCESSED_PAYMENT"
        if known.declined:
            known.status = "ABORTED"
            return 403, "REJECT_CARD_PAYMENT"
        known.status = "DONE"
        if known.mode == "live":
            known.waits_for = "confirmation" if known.escrow else self.cards_wait_for
        self.orders.add(order)
        return 200, "DONE"

    def cancel(self, known: Known, amount: int | None) -> tuple[int, str]:
        """(HTTP status, payment status or error code)."""
        if known.status == "CANCELED":
            return 400, "ALREADY_CANCELED_PAYMENT"
        if known.status not in ("DONE", "PARTIAL_CANCELED"):
            return 403, "NOT_CANCELABLE_PAYMENT"
        taken = known.balance if amount is None else amount
        if taken == 0 or taken > known.balance:
            return 403, "NOT_CANCELABLE_AMOUNT"
        if known.escrow and taken != known.total:
            return 403, "NOT_ALLOWED_PARTIAL_REFUND"
        known.balance -= taken
        known.status = "CANCELED" if taken == known.total else "PARTIAL_CANCELED"
        return 200, known.status

    def release(self, known: Known, cause: str) -> tuple[int, str]:
        """(HTTP status, "released" or error code)."""
        if known.waits_for is None:
            return 403, "FORBIDDEN_REQUEST"
        if known.released:
            return 400, "ALREADY_PROCESSED_PAYMENT"
        if cause != known.waits_for:
            return 403, "FORBIDDEN_REQUEST"
        if known.balance == 0:
            return 400, "ALREADY_CANCELED_PAYMENT"
        known.released = True
        return 200, "released"

    def move_to(self, now: int) -> None:
        """Time passes: what was not confirmed expires."""
        self.now = now
        for known in self.payments:
            if known.status == "IN_PROGRESS" and known.expires_at <= now:
                known.status = "EXPIRED"


class Histories(RuleBasedStateMachine):
    """One gateway, two keys, one receiver, and whatever hypothesis thinks of doing to them."""

    new_database: ClassVar[Callable[[], str]]
    receiver: ClassVar[Receiver]

    payments: Bundle[Known] = Bundle("payments")
    answers: Bundle[Answered] = Bundle("answers")

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._sandbox = self._do(self._stack.enter_async_context(open_sandbox(type(self).new_database())))
        self._clients = {"live": self._sandbox.live, "test": self._sandbox.test}
        self._model = Model(parse_instant(START))
        self._count = 0
        self._standing: list[str] = []
        self._announced: dict[date, str | None] = {}
        self.receiver.answer = lambda received: 200
        self.receiver.received.clear()

    def teardown(self) -> None:
        """Every history ends with its days closed and paid out."""
        try:
            self.time_passes("P31D")
            self.every_invariant_holds()
            self.the_model_agrees()
        finally:
            self._do(self._stack.aclose())
            self._runner.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    @initialize(mode=st.sampled_from(["live", "test"]))
    def somebody_listens(self, mode: str) -> None:
        body = {"url": self.receiver.url}
        answer = self._do(self._clients[mode].post("/jeongsan/v1/webhooks", json=body))
        assert answer.status_code == 200, answer.text

    @rule(
        target=payments,
        amount=st.integers(100, 3_000_000),
        mode=st.sampled_from(["live", "live", "test"]),
        order=st.one_of(st.none(), st.integers(1, 2)),
        declined=st.sampled_from([False, False, False, True]),
        escrow=st.sampled_from([False, False, True]),
    )
    def pay(self, amount: int, mode: str, order: int | None, declined: bool, escrow: bool) -> Known:
        """The buyer finishes the window; some orders are paid for more than once."""
        self._count += 1
        options = {"useEscrow": escrow} | ({"cardNumber": DECLINED_CARD} if declined else {})
        order_id = f"own-{self._count:04d}" if order is None else f"shared-{order}"
        paid = self._do(self._sandbox.pay(amount, order_id=order_id, client=self._clients[mode], **options))
        known = Known(paid, mode, declined, self._model.now + 10 * MINUTE_MS, escrow)
        self._model.payments.append(known)
        return known

    @rule(
        amount=st.integers(100, 3_000_000),
        mode=st.sampled_from(["live", "live", "test"]),
        parts=st.lists(st.integers(1, 999), max_size=3),
        days=st.sampled_from([None, None, "P1D"]),
    )
    def buy_and_give_back(self, amount: int, mode: str, parts: list[int], days: str | None) -> None:
        """A whole purchase at once: confirmed, cancelled in parts (thousandths), then the rest."""
        known = self.pay(amount, mode, None, False, False)
        self.confirm(known, False, 0)
        for share in parts:
            self.cancel(known, False, share)
            if days is not None:
                self.time_passes(days)
        self.cancel(known, False, None)

    @rule(
        amount=st.integers(100, 3_000_000),
        awaits=st.sampled_from(Release),
        sold_on=st.sampled_from(SoldOn),
        shares=st.tuples(*[st.sampled_from([None, 1, 333, 1_000])] * 2),
        days=st.sampled_from(["PT3M", "P1D", "P4D", "P31D"]),
    )
    def buy_and_wait(
        self,
        amount: int,
        awaits: Release,
        sold_on: SoldOn,
        shares: tuple[int | None, int | None],
        days: str,
    ) -> None:
        """A whole wait at once: perhaps cancelled before its release, perhaps after it."""
        self.cards_wait(awaits, sold_on, Cycle.DAILY)
        known = self.pay(amount, "live", None, False, False)
        self.confirm(known, False, 0)
        for share in shares:
            if share is not None:
                self.cancel(known, False, share)
            self.time_passes(days)
            self.release(known, False, None)

    @rule(target=answers, known=payments, keyed=st.booleans(), extra=st.sampled_from([0, 0, 0, 1]))
    def confirm(self, known: Known, keyed: bool, extra: int) -> Any:
        amount = known.total + extra
        expected = self._model.confirm(known, amount)
        return self._post(
            known.mode, "/v1/payments/confirm", known.paid | {"amount": amount}, keyed, expected
        )

    @rule(
        target=answers,
        known=payments,
        keyed=st.booleans(),
        share=st.one_of(st.none(), st.sampled_from([1, 250, 333, 500, 999, 1_000, 1_001])),
    )
    def cancel(self, known: Known, keyed: bool, share: int | None) -> Any:
        """`share` is in thousandths of what was paid; without one, everything that is left."""
        amount = None if share is None else max(1, known.total * share // 1_000)
        expected = self._model.cancel(known, amount)
        body = {"cancelReason": "고객 변심"} | ({} if amount is None else {"cancelAmount": amount})
        path = f"/v1/payments/{known.paid['paymentKey']}/cancel"
        return self._post(known.mode, path, body, keyed, expected)

    @rule(
        target=answers,
        known=payments,
        keyed=st.booleans(),
        cause=st.sampled_from([None, None, None, "request", "confirmation", "collection"]),
    )
    def release(self, known: Known, keyed: bool, cause: str | None) -> Any:
        """By what the payment waits for, unless another `cause` is named."""
        named = cause or known.waits_for or "request"
        expected = self._model.release(known, named)
        path, body = "/v1/settlements", {"paymentKey": known.paid["paymentKey"]}
        if named != "request":
            path, body = "/jeongsan/v1/releases", body | {"cause": named}
        return self._post(known.mode, path, body, keyed, expected)

    @rule(awaits=st.sampled_from(Release), sold_on=st.sampled_from(SoldOn), cycle=st.sampled_from(Cycle))
    def cards_wait(self, awaits: Release, sold_on: SoldOn, cycle: Cycle) -> None:
        """Another contract: cards approved from now on wait for this."""
        self._do(agree_to_wait(self._sandbox, awaits, sold_on=sold_on, cycle=cycle))
        self._model.cards_wait_for = None if awaits is Release.AT_ONCE else CAUSES[awaits].value

    def _post(
        self, mode: str, path: str, body: dict[str, Any], keyed: bool, expected: tuple[int, str]
    ) -> Any:
        self._count += 1
        key = f"key-{self._count}"
        headers = {"Idempotency-Key": key} if keyed else {}
        answer: httpx.Response = self._do(self._clients[mode].post(path, json=body, headers=headers))
        said = answer.json().get("status", "released") if answer.is_success else answer.json()["code"]
        assert (answer.status_code, said) == expected, answer.text
        if not keyed:
            return multiple()
        return Answered(mode, path, key, self._model.now, answer.status_code, answer.content)

    @rule(answered=answers)
    def repeat(self, answered: Answered) -> None:
        """The same key again, even with another body, is the same answer and changes nothing."""
        if self._model.now >= answered.at + KEY_LIFE_MS:
            return
        answer: httpx.Response = self._do(
            self._clients[answered.mode].post(
                answered.path, json={"cancelReason": "again"}, headers={"Idempotency-Key": answered.key}
            )
        )
        assert (answer.status_code, answer.content) == (answered.status, answered.body)

    @rule(
        duration=st.sampled_from(["PT3M", "PT3M", "PT12M", "PT7H", "P1D", "P1D", "P4D", "P16D", "P31D"]),
    )
    def time_passes(self, duration: str) -> None:
        moved = self._do(self._sandbox.advance(duration))
        self._model.move_to(parse_instant(moved["now"]))
        self._do(_check_nothing_overdue(self._sandbox.sql, self._model.now))

    @rule(
        rate=st.sampled_from([0, 0.8, 3.2, 3.6, 100]),
        days=st.integers(1, 7),
        cycle=st.sampled_from(["daily", "weekly", "monthly"]),
    )
    def new_terms(self, rate: float, days: int, cycle: str) -> None:
        body = {"rate": rate, "businessDays": days, "cycle": cycle}
        answer = self._do(self._sandbox.live.put(f"/jeongsan/v1/shops/{MID}", json=body))
        assert answer.status_code == 200, answer.text

    @rule(known=payments)
    def dispute(self, known: Known) -> None:
        """Refused for what is not approved, never settles or was paid out; held from now on otherwise."""
        body = {"reason": "DISPUTE", "paymentKey": known.paid["paymentKey"]}
        answer = self._do(self._clients[known.mode].post(HOLDS, json=body))
        holdable = known.mode == "live" and known.status in ("DONE", "PARTIAL_CANCELED", "CANCELED")
        assert answer.status_code in ((200, 400) if holdable else (400,)), answer.text
        if answer.status_code == 200:
            self._standing.append(answer.json()["holdId"])

    @rule(reason=st.sampled_from(["KYC", "CONTRACT_INCOMPLETE"]))
    def hold_the_shop(self, reason: str) -> None:
        answer = self._do(self._sandbox.live.post(HOLDS, json={"reason": reason}))
        assert answer.status_code == 200, answer.text
        self._standing.append(answer.json()["holdId"])

    @precondition(lambda self: self._standing)
    @rule(data=st.data(), everything=st.booleans())
    def let_go(self, data: st.DataObject, everything: bool) -> None:
        """One hold, or all that stand: what they kept back is paid later, and once."""
        wanted = [data.draw(st.sampled_from(self._standing))]
        for hold in list(self._standing) if everything else wanted:
            answer = self._do(self._sandbox.live.delete(f"{HOLDS}/{hold}"))
            assert (answer.status_code, answer.json()["state"]) == (200, "released"), answer.text
            self._standing.remove(hold)

    @rule(
        ahead=st.integers(0, 7),
        length=st.integers(1, 3),
        worked=st.sampled_from([False, False, True]),
        keep_dates=st.sampled_from([False, False, False, True]),
    )
    def a_holiday_is_announced_late(self, ahead: int, length: int, worked: bool, keep_dates: bool) -> None:
        """Or days are worked after all; unpaid rows follow, but where their dates are to be kept. Days before
        have sales, so that there are rows."""
        for _ in range(2):
            self.confirm(self.pay(10_000, "live", None, False, False), False, 0)
            self.time_passes("P1D")
        today = kst_day(self._model.now)
        days = [today + timedelta(days=ahead + n) for n in range(length)]
        self._announced |= dict.fromkeys(days, None if worked else "임시공휴일")
        changes = {day: self._announced[day] for day in days}
        self._do(announce(self._sandbox, changes, keep_dates=keep_dates))
        if keep_dates:
            self._do(order_all(self._sandbox))
        self._do(check_paid_out_dates(self._sandbox.sql, self._announced, today))

    @rule(up=st.booleans())
    def receiver_changes(self, up: bool) -> None:
        self.receiver.answer = (lambda received: 200) if up else (lambda received: 503)

    @invariant()
    def every_invariant_holds(self) -> None:
        self._do(check_invariants(self._sandbox.sql))

    @invariant()
    def the_model_agrees(self) -> None:
        found = self._do(self._sandbox.sql("SELECT payment_key, status, balance, waits FROM payment"))
        expected = [
            (
                known.paid["paymentKey"],
                known.status,
                known.balance,
                int(known.waits_for is not None and not known.released),
            )
            for known in self._model.payments
        ]
        assert sorted(found) == sorted(expected)


async def _check_nothing_overdue(sql: Callable[..., Coroutine[Any, Any, Any]], now: int) -> None:
    """A finished move left nothing behind that was due on the way."""
    left = await sql(
        "SELECT 'move', move_id FROM clock_move WHERE done_at IS NULL "
        "UNION ALL SELECT 'expiry', payment_id FROM payment WHERE expires_at <= $1 "
        "UNION ALL SELECT 'delivery', event_id FROM webhook_delivery "
        "WHERE state = 'pending' AND due_at <= $1 "
        "UNION ALL SELECT 'event', event_id FROM event WHERE state = 'pending' "
        "UNION ALL SELECT 'close', 0 FROM day_close WHERE state <> 'closed' "
        "UNION ALL SELECT 'settle', transaction_id FROM payment_transaction t "
        "WHERE settle_day <= (SELECT closed_through FROM clock) "
        "AND NOT EXISTS (SELECT 1 FROM settlement s WHERE s.transaction_id = t.transaction_id)",
        now,
    )
    assert left == []
    days = await sql(
        "SELECT DISTINCT c.day FROM settlement_count c JOIN settlement s ON s.shop_id = c.shop_id "
        "AND s.paid_out_date = c.day AND s.held = 0 WHERE c.date_type = 'paid' AND c.paid_at IS NULL "
        "AND c.visible > 0 AND c.shop_id NOT IN (SELECT shop_id FROM hold WHERE payment_id IS NULL "
        "AND released_at IS NULL)"
    )
    assert all(parse_instant(f"{day}T00:00:00+09:00") > now for (day,) in days), days


@pytest.fixture
def histories(
    store_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[type[RuleBasedStateMachine]]:
    """The machine on new databases of the kind under test."""
    made: list[str] = []

    def new_database() -> str:
        name = f"h_{uuid.uuid4().hex[:12]}"
        if store_kind == "sqlite":
            path = tmp_path / f"{name}.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        made.append(name)
        url: str = request.getfixturevalue("postgres_server").create_database(name)
        return url

    with open_receiver() as receiver:
        yield type(
            "Histories", (Histories,), {"new_database": staticmethod(new_database), "receiver": receiver}
        )
    for name in made:
        request.getfixturevalue("postgres_server").drop_database(name)


def _run(histories: type[RuleBasedStateMachine], *, examples: int, steps: int, repeatable: bool) -> None:
    run_state_machine_as_test(
        histories,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            # The quick run shows the history as it was found; shortening one takes minutes.
            phases=[Phase.generate] if repeatable else [Phase.generate, Phase.shrink],
            derandomize=repeatable,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_every_invariant_holds_after_each_step_of_a_random_history(
    histories: type[RuleBasedStateMachine],
) -> None:
    """The same histories each time, so that a red run is red for everybody."""
    _run(histories, examples=8, steps=25, repeatable=True)


@pytest.mark.fuzz
@pytest.mark.timeout(900)
def test_every_invariant_holds_over_long_random_histories(
    histories: type[RuleBasedStateMachine],
) -> None:
    """New histories each time; hypothesis prints the shortest one that fails, as statements to run."""
    _run(histories, examples=40, steps=60, repeatable=False)
