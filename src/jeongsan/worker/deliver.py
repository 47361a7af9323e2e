"""Webhook delivery: fan out, claim what is due, POST outside of any transaction, record, repeat.

Each endpoint has its own few places, so a slow receiver delays nobody else.
"""

import asyncio
import ssl
from collections.abc import Callable
from functools import cache
from time import monotonic, perf_counter

import httpx
import structlog

from jeongsan.clock import MachineClock
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.webhooks import SUCCESS_STATUS, TIMEOUT_S, DeliveryState, next_attempt_at
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.operations.receivers import ReceiverRefused, check_receiver
from jeongsan.store.bulk import webhooks as sql
from jeongsan.store.bulk.webhooks import Attempted, Due
from jeongsan.store.session import Session

PLACES_PER_ENDPOINT = 8
_LEASE_MS = 3 * TIMEOUT_S * 1000
_TRANSMISSION = "tosspayments-webhook-transmission-"
log = structlog.get_logger()


@cache
def _tls() -> ssl.SSLContext:
    """Made when first needed, and once: loading certificates takes longer than a whole test."""
    return httpx.create_ssl_context()


class Deliverer:
    """One per process. `round` starts what is due; `drain` also waits for it."""

    def __init__(
        self,
        loop: CommitLoop,
        machine: MachineClock,
        *,
        allow_private: bool,
        places_per_endpoint: int = PLACES_PER_ENDPOINT,
    ) -> None:
        self._loop = loop
        self._machine = machine
        self._allow_private = allow_private
        self._places = places_per_endpoint
        self._client: httpx.AsyncClient | None = None
        self._in_flight: dict[int, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._results: list[Attempted] = []
        self._recording = asyncio.Lock()
        # Called when a delivery is done, so that the worker looks for the next one at once.
        self.on_recorded: Callable[[], None] = lambda: None

    async def close(self) -> None:
        """Give up what is in flight (its lease runs out) and close connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def round(self) -> int:
        """Fan out new events and start deliveries that are due; returns how many were started."""
        await self._fan_out()
        taken = {endpoint: count for endpoint, count in self._in_flight.items() if count}

        async def claim(session: Session, stamp: Stamp) -> tuple[int, list[Due]]:
            due = await sql.claim_due(
                session,
                now=stamp.now,
                machine_now=stamp.machine_now,
                lease_ms=_LEASE_MS,
                taken=taken,
                places=self._places,
            )
            return stamp.now, due

        now, due = await self._loop.alone("Webhook.claim", claim)
        for one in due:
            self._in_flight[one.endpoint_id] = self._in_flight.get(one.endpoint_id, 0) + 1
            task = asyncio.create_task(self._deliver(one, now))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(due)

    async def drain(self, deadline: float) -> int:
        """Deliver until nothing is due at the time shown, or until `deadline` (monotonic seconds).

        Returns how many attempts were started."""
        made = 0
        while monotonic() < deadline:
            # A round finds nothing for an endpoint whose places are taken, though they may be free by
            # the time it says so: only one that began with all of them free tells that nothing is due.
            all_free = not self._tasks
            started = await self.round()
            made += started
            if not started and all_free:
                break
            if self._tasks:
                await asyncio.wait(
                    self._tasks, return_when=asyncio.FIRST_COMPLETED, timeout=deadline - monotonic()
                )
        return made

    async def _fan_out(self) -> None:
        async def work(session: Session, stamp: Stamp) -> int:
            return await sql.fan_out(session, now=stamp.now)

        while await self._loop.alone("Webhook.fan_out", work) == sql.FAN_OUT_EVENTS:
            pass

    async def _deliver(self, due: Due, now: int) -> None:
        started = perf_counter()
        status, error = await self._post(due, now)
        duration_ms = int((perf_counter() - started) * 1000)
        number = due.attempts + 1
        delivered = status == SUCCESS_STATUS
        retry_at = None if delivered else next_attempt_at(number, now)
        if delivered:
            state = DeliveryState.DELIVERED
        else:
            state = DeliveryState.FAILED if retry_at is None else DeliveryState.PENDING
        self._results.append(Attempted(due, now, status, error, duration_ms, state, retry_at or now))
        try:
            await self._record()
        finally:
            self._in_flight[due.endpoint_id] -= 1
            self.on_recorded()

    async def _post(self, due: Due, now: int) -> tuple[int | None, str | None]:
        if self._client is None:
            self._client = httpx.AsyncClient(verify=_tls(), timeout=TIMEOUT_S, follow_redirects=False)
        headers = {
            "content-type": "application/json",
            f"{_TRANSMISSION}time": iso_kst(now),
            f"{_TRANSMISSION}retried-count": str(due.attempts),
            f"{_TRANSMISSION}id": due.transmission_id,
        }
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await check_receiver(due.url, allow_private=self._allow_private)
                async with self._client.stream("POST", due.url, content=due.body, headers=headers) as answer:
                    return answer.status_code, None
        except (httpx.HTTPError, httpx.InvalidURL, ReceiverRefused, TimeoutError, OSError) as error:
            return None, f"{type(error).__name__}: {error}"[:500]

    async def _record(self) -> None:
        """Whoever holds the lock records everything that has gathered; the others find it done."""
        async with self._recording:
            results, self._results = self._results, []
            if not results:
                return

            async def work(session: Session, stamp: Stamp) -> None:
                await sql.record_attempts(session, results)

            await self._loop.alone("Webhook.record", work)
