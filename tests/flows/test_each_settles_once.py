"""The law of settlement: each transaction settles at most once, and exactly once when it was acquired,
whatever the order of moves, crashes, releases and repeated closes."""

import asyncio
import shutil
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.business_days import Cycle
from jeongsan.domain.release import CAUSES, Cause
from jeongsan.domain.terms import Release, SoldOn
from jeongsan.loop.commit_loop import Observer
from jeongsan.operations.day_close import close_day, mark_next_day
from support.agreements import agree_to_wait
from support.invariants import check_invariants
from support.sandbox import Sandbox, open_sandbox

STEPS = [
    *(
        f"{verb}.{stage}"
        for verb in ("Confirm", "CancelPayment", "ReleasePayment")
        for stage in ("begun", "loaded", "written", "committed")
    ),
    *(
        f"{work}.{stage}"
        for work in ("DayClose.mark", "DayClose.chunk", "DayClose.finish", "Payout.chunk", "Clock.step")
        for stage in ("begun", "written", "committed")
    ),
]


class Died(Exception):
    """The process was killed at this step."""


class Killer:
    """Dies once at the armed step, and stays dead: no later step of this process is reached."""

    def __init__(self, inner: Observer, armed: str | None) -> None:
        self._inner = inner
        self._armed = armed
        self.dead = False

    def step(self, name: str) -> None:
        self.dead = self.dead or name == self._armed
        if self.dead:
            raise Died(name)
        self._inner.step(name)

    def batch(self, *, size: int, seconds: float, waiting: int) -> None:
        self._inner.batch(size=size, seconds=seconds, waiting=waiting)


@dataclass
class Bought:
    """An approved payment: the keys of its transactions, what it waits for, and what is left."""

    payment_key: str
    transactions: list[str]
    waits_for: Cause | None
    total: int
    balance: int = field(init=False)

    def __post_init__(self) -> None:
        self.balance = self.total


class Lives(RuleBasedStateMachine):
    """One database that outlives its gateways. Whatever dies is started again and asked again under the
    same idempotency key, as a merchant would."""

    new_database: ClassVar[Callable[[], str]]

    bought: Bundle[Bought] = Bundle("bought")

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._url = type(self).new_database()
        self._armed: str | None = None
        self._awaits = Release.AT_ONCE
        self._payments: list[Bought] = []
        self._requests = 0
        self._sandbox: Sandbox
        self._killer: Killer
        self._do(self._open())

    def teardown(self) -> None:
        """In the end every day is over and everything is paid out."""
        try:
            self._armed = self._killer._armed = None
            self.time_passes("P60D")
            self.each_settles_once()
            self._do(self._check_all_acquired())
        finally:
            self._do(self._stack.aclose())
            self._runner.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    async def _open(self) -> None:
        self._sandbox = await self._stack.enter_async_context(open_sandbox(self._url))
        loop = self._sandbox.gateway.loop
        self._killer = Killer(loop.observer, self._armed)
        loop.observer = self._killer

    async def _again(self) -> None:
        """The dead process is gone; another one takes the database over."""
        await self._stack.aclose()
        self._armed = None
        await self._open()

    async def _ask(self, path: str, body: dict[str, Any]) -> httpx.Response:
        self._requests += 1
        headers = {"Idempotency-Key": f"request-{self._requests}"}
        answer = await self._sandbox.live.post(path, json=body, headers=headers)
        if self._killer.dead:
            await self._again()
            answer = await self._sandbox.live.post(path, json=body, headers=headers)
        return answer

    @rule(awaits=st.sampled_from(Release), sold_on=st.sampled_from(SoldOn), cycle=st.sampled_from(Cycle))
    def cards_wait(self, awaits: Release, sold_on: SoldOn, cycle: Cycle) -> None:
        self._do(agree_to_wait(self._sandbox, awaits, sold_on=sold_on, cycle=cycle))
        self._awaits = awaits

    @rule(target=bought, total=st.integers(1_000, 10**6), escrow=st.sampled_from([False, False, True]))
    def buy(self, total: int, escrow: bool) -> Bought:
        return self._do(self._buy(total, escrow))  # type: ignore[no-any-return]

    async def _buy(self, total: int, escrow: bool) -> Bought:
        self._requests += 1
        paid = await self._sandbox.pay(total, order_id=f"order-{self._requests:06d}", useEscrow=escrow)
        awaits = Release.ON_CONFIRMATION if escrow else self._awaits
        answer = await self._ask("/v1/payments/confirm", paid)
        assert answer.status_code == 200, answer.text
        approved = answer.json()["lastTransactionKey"]
        made = Bought(paid["paymentKey"], [approved], CAUSES.get(awaits), total)
        self._payments.append(made)
        return made

    @rule(one=bought, share=st.sampled_from([1, 400, 1_000]))
    def cancel(self, one: Bought, share: int) -> None:
        amount = max(1, one.total * share // 1_000)
        body = {"cancelReason": "고객 변심", "cancelAmount": amount}
        answer = self._do(self._ask(f"/v1/payments/{one.payment_key}/cancel", body))
        if answer.status_code == 200:
            one.balance -= amount
            one.transactions.append(answer.json()["lastTransactionKey"])

    @rule(one=bought, cause=st.one_of(st.none(), st.sampled_from(Cause)))
    def release(self, one: Bought, cause: Cause | None) -> None:
        named = cause or one.waits_for or Cause.REQUEST
        path, body = "/v1/settlements", {"paymentKey": one.payment_key}
        if named is not Cause.REQUEST:
            path, body = "/jeongsan/v1/releases", body | {"cause": named.value}
        answer = self._do(self._ask(path, body))
        released = named is one.waits_for and one.balance > 0
        assert (answer.status_code == 200) is released, answer.text
        if released:
            one.waits_for = None

    @rule(
        total=st.integers(1_000, 10**6),
        escrow=st.booleans(),
        shares=st.tuples(st.sampled_from([None, 1, 400, 1_000]), st.sampled_from([None, 1, 600])),
        days=st.sampled_from(["PT5H", "P1D", "P9D"]),
        step=st.sampled_from(STEPS),
    )
    def a_whole_story(
        self, total: int, escrow: bool, shares: tuple[int | None, int | None], days: str, step: str
    ) -> None:
        """Bought, perhaps cancelled in part, released later, perhaps cancelled again, settled; and somewhere
        on the way the process dies."""
        self.the_next_to_come_here_dies(step)
        one = self.buy(total, escrow)
        for share in shares:
            if share is not None:
                self.cancel(one, share)
            self.time_passes(days)
            self.release(one, None)

    @rule(step=st.sampled_from(STEPS))
    def the_next_to_come_here_dies(self, step: str) -> None:
        self._armed = self._killer._armed = step

    @rule(duration=st.sampled_from(["PT5H", "P1D", "P1D", "P3D", "P9D", "P33D"]))
    def time_passes(self, duration: str) -> None:
        self._do(self._move(duration))

    async def _move(self, duration: str) -> None:
        """A move that died is a stored job: the next process finishes it before any other."""
        body = {"advance": duration}
        await self._sandbox.live.post("/jeongsan/v1/clock", json=body)
        if self._killer.dead:
            await self._again()
            await self._sandbox.advance("PT1S")

    @rule(back=st.integers(0, 3))
    def somebody_closes_a_day_again(self, back: int) -> None:
        self._do(self._close_again(back))

    async def _close_again(self, back: int) -> None:
        """A close that was begun twice, by two workers or by one that forgot."""
        loop = self._sandbox.gateway.loop
        ((closed_through,),) = await self._sandbox.sql("SELECT closed_through FROM clock")
        day = date.fromordinal(date.fromisoformat(closed_through).toordinal() - back)
        try:
            assert await mark_next_day(loop, day) is None
            await close_day(loop, day, korean_calendar)
        except Died:
            await self._again()

    @invariant()
    def each_settles_once(self) -> None:
        self._do(self._check())

    async def _check(self) -> None:
        sql = self._sandbox.sql
        await check_invariants(sql)
        settled = await sql(
            "SELECT t.transaction_key, count(*) FROM settlement s "
            "JOIN payment_transaction t ON t.transaction_id = s.transaction_id GROUP BY t.transaction_key"
        )
        assert {count for _, count in settled} <= {1}
        waiting = {key for one in self._payments if one.waits_for for key in one.transactions}
        assert not waiting & {key for key, _ in settled}

    async def _check_all_acquired(self) -> None:
        """Every transaction that waits for nobody, and no other, has its row, over the API too."""
        acquired = {key for one in self._payments if one.waits_for is None for key in one.transactions}
        rows = await self._sandbox.settlements("2025-01-01", "2035-12-31", size=5_000)
        keys = [row["transactionKey"] for row in rows]
        assert len(keys) == len(set(keys))
        assert set(keys) == acquired
        left = sum(one.balance for one in self._payments if one.waits_for is None)
        assert sum(row["amount"] for row in rows) == left


@pytest.fixture
def lives(
    store_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[type[RuleBasedStateMachine]]:
    """The machine on new databases of the kind under test."""
    made: list[str] = []

    def new_database() -> str:
        name = f"l_{uuid.uuid4().hex[:12]}"
        if store_kind == "sqlite":
            path = tmp_path / f"{name}.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        made.append(name)
        url: str = request.getfixturevalue("postgres_server").create_database(name)
        return url

    yield type("Lives", (Lives,), {"new_database": staticmethod(new_database)})
    for name in made:
        request.getfixturevalue("postgres_server").drop_database(name)


def _run(lives: type[RuleBasedStateMachine], *, examples: int, steps: int, repeatable: bool) -> None:
    run_state_machine_as_test(
        lives,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate] if repeatable else [Phase.generate, Phase.shrink],
            derandomize=repeatable,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(300)
def test_each_transaction_settles_once_whatever_dies_and_comes_again(
    lives: type[RuleBasedStateMachine],
) -> None:
    """The same histories each time."""
    _run(lives, examples=5, steps=20, repeatable=True)


@pytest.mark.fuzz
@pytest.mark.timeout(900)
def test_each_transaction_settles_once_over_long_histories(lives: type[RuleBasedStateMachine]) -> None:
    """New histories each time."""
    _run(lives, examples=40, steps=60, repeatable=False)
