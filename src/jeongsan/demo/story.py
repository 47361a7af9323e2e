"""One card payment's whole life, over HTTP, on a database and a clock of its own."""

import asyncio
import json
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import uvicorn

from jeongsan.api.asgi import create_app
from jeongsan.api.lists import EMPTY_REASON_HEADER
from jeongsan.app import Gateway, open_gateway
from jeongsan.calendar_kr import korean_calendar
from jeongsan.demo import expected
from jeongsan.demo.checks import Checks
from jeongsan.demo.receiver import Receiver, open_receiver
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.business_days import payout_date
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.instants import parse_instant
from jeongsan.domain.shop import Mode
from jeongsan.domain.terms import ShopSettings, rate_from_percent
from jeongsan.operations.caller import Caller
from jeongsan.operations.cancel import CancelCommand
from jeongsan.operations.shops import create_shops, new_secret_key
from jeongsan.settings import Settings
from jeongsan.store.open import parse_url
from jeongsan.store.reads.audit import cancels_of_order

_START = "2025-03-13T13:33:39+09:00"
_ORDER_ID = "ARIA_demo_0001"
_PERSON = Actor(Channel.MERCHANT_ADMIN, "담당자 1", None, "10.0.0.7")


@dataclass
class Scene:
    """What the steps of the story share. `live` and `test` speak HTTP with the shop's two keys."""

    gateway: Gateway
    receiver: Receiver
    live: httpx.AsyncClient
    test: httpx.AsyncClient
    checks: Checks
    payment_key: str = ""


async def tell(*, database: str | None = None, business_days: int = expected.BUSINESS_DAYS) -> Checks:
    """Tell the story on a new database; the answer holds every line and every check.

    Other `business_days` than the story's break its promises, which is how its tests know that they
    can be broken."""
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="jeongsan-demo-") as folder:
        url = database or f"sqlite:///{folder}/demo.db"
        async with _stage(url, checks, business_days) as scene:
            await _pay(scene)
            await _cancel(scene)
            await _settle(scene)
            await _explain(scene)
            await _look_beside(scene)
    return checks


@asynccontextmanager
async def _stage(database: str, checks: Checks, business_days: int) -> AsyncIterator[Scene]:
    settings = Settings(database=database, clock_mode=ClockMode.FROZEN, clock_at=parse_instant(_START))
    async with open_gateway(settings) as gateway, open_receiver() as receiver:
        keys = {mode: new_secret_key(mode) for mode in Mode}
        terms = ShopSettings(rate_ppm=rate_from_percent(expected.RATE_PERCENT), business_days=business_days)
        await create_shops(gateway.loop, {expected.MID: keys}, terms)
        async with _http(gateway) as url:
            checks.tell(
                "jeongsan demo · 결제 한 건의 일생 (the life of one payment)   no real money · 모의 결제"
            )
            checks.tell(
                f"gateway {url} · {parse_url(database).kind} · shop {expected.MID} "
                f"카드 {expected.RATE_PERCENT}% 일정산 D+{business_days} 영업일 · webhook {receiver.url}"
            )
            async with (
                httpx.AsyncClient(base_url=url, auth=(keys[Mode.LIVE], "")) as live,
                httpx.AsyncClient(base_url=url, auth=(keys[Mode.TEST], "")) as test,
            ):
                yield Scene(gateway, receiver, live, test, checks)


@asynccontextmanager
async def _http(gateway: Gateway) -> AsyncIterator[str]:
    """The gateway on a real port for the length of the story."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(create_app(gateway), access_log=False, log_level="warning", lifespan="on")
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


async def _post(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> Any:
    answer = await client.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


async def _move(scene: Scene, moment: str) -> None:
    await _post(scene.live, "/jeongsan/v1/clock", {"now": moment})


async def _settlements(scene: Scene, client: httpx.AsyncClient, day: str) -> tuple[list[Any], str | None]:
    answer = await client.get("/v1/settlements", params={"startDate": day, "endDate": day})
    answer.raise_for_status()
    return answer.json(), answer.headers.get(EMPTY_REASON_HEADER)


async def _pay(scene: Scene) -> None:
    checks = scene.checks
    checks.tell()
    checks.tell(f"1  결제 · pay                                   clock {expected.APPROVED_AT}")
    await _post(scene.live, "/jeongsan/v1/webhooks", {"url": scene.receiver.url})
    order = {"orderId": _ORDER_ID, "orderName": "장비 사용료", "amount": expected.AMOUNT}
    paid = await _post(scene.live, "/jeongsan/v1/sandbox/payments", order)
    await _move(scene, expected.APPROVED_AT)
    payment = await _post(scene.live, "/v1/payments/confirm", paid)
    scene.payment_key = payment["paymentKey"]
    await scene.receiver.wait_for(1)
    checks.expect("승인 POST /v1/payments/confirm →", payment["status"], "DONE")
    checks.expect("approvedAt", payment["approvedAt"], expected.APPROVED_AT)
    checks.expect("keys of the Payment object", len(payment), expected.PAYMENT_KEYS)
    checks.expect("webhook told the same", [b["data"] for b in scene.receiver.bodies], [payment])


async def _cancel(scene: Scene) -> None:
    checks = scene.checks
    checks.tell()
    checks.tell(f"2  취소 · cancel in the merchant admin (상점관리자)   clock {expected.CANCELED_AT}")
    await _move(scene, expected.CANCELED_AT)
    shop = scene.gateway.loop.config.shop_of(expected.MID, Mode.LIVE)
    assert shop is not None
    caller = Caller(shop.shop_id, _PERSON, None, secrets.token_hex(16), "ko")
    reply = await scene.gateway.flow.cancel(CancelCommand(scene.payment_key, "고객 변심"), caller)
    checks.expect("취소 →", json.loads(reply.body)["status"], "CANCELED")
    await scene.receiver.wait_for(2)
    looked_up = (await scene.live.get(f"/v1/payments/{scene.payment_key}")).json()
    told = [body["data"] for body in scene.receiver.bodies][1:]
    checks.expect("webhook told what GET /v1/payments/{paymentKey} answers", told, [looked_up])
    named = "merchant-admin" in json.dumps(looked_up) or _PERSON.name in json.dumps(looked_up)
    checks.expect("path or person inside the payment", named, False)
    rows, reason = await _settlements(scene, scene.live, expected.CANCEL_SOLD_DATE)
    checks.expect("정산 조회 on the day itself", f"{rows} {reason}", "[] NOT_CLOSED; readable=2025-04-26")


async def _settle(scene: Scene) -> None:
    checks = scene.checks
    checks.tell()
    checks.tell("3  정산 · settle                                 clock 2025-04-26T00:00:00+09:00")
    await _move(scene, "2025-04-26T00:00:00+09:00")
    approvals, _ = await _settlements(scene, scene.live, expected.APPROVAL_SOLD_DATE)
    cancels, _ = await _settlements(scene, scene.live, expected.CANCEL_SOLD_DATE)
    checks.tell("   거래   approvedAt                 soldDate    paidOutDate  amount    fee     payOut")
    for word, rows in (("승인", approvals), ("취소", cancels)):
        for row in rows:
            checks.tell(
                f"   {word}   {row['approvedAt']}  {row['soldDate']}  {row['paidOutDate']}"
                f"  {row['amount']:>8,}  {row['fee']:>6,}  {row['payOutAmount']:>8,}"
            )
    checks.expect(
        "승인 row",
        _figures(approvals),
        [_row(1, expected.APPROVAL_SOLD_DATE, expected.APPROVAL_PAID_OUT_DATE)],
    )
    checks.expect(
        "취소 row", _figures(cancels), [_row(-1, expected.CANCEL_SOLD_DATE, expected.CANCEL_PAID_OUT_DATE)]
    )
    both = sum(row["payOutAmount"] for row in approvals + cancels)
    checks.expect("두 번 정산, 합계 (settled twice, sum)", both, 0)


def _figures(rows: list[Any]) -> list[dict[str, Any]]:
    shown = ("approvedAt", "soldDate", "paidOutDate", "amount", "fee", "payOutAmount")
    return [{name: row[name] for name in shown} for row in rows]


def _row(sign: int, sold_date: str, paid_out_date: str) -> dict[str, Any]:
    return {
        "approvedAt": expected.APPROVED_AT,
        "soldDate": sold_date,
        "paidOutDate": paid_out_date,
        "amount": sign * expected.AMOUNT,
        "fee": sign * expected.FEE,
        "payOutAmount": sign * (expected.AMOUNT - expected.FEE),
    }


async def _explain(scene: Scene) -> None:
    checks = scene.checks
    checks.tell()
    checks.tell(f"4  왜 {expected.CANCEL_PAID_OUT_DATE}? · why that day")
    shop = scene.gateway.loop.config.shop_of(expected.MID, Mode.LIVE)
    assert shop is not None
    paid, steps = payout_date(
        date.fromisoformat(expected.CANCEL_SOLD_DATE),
        business_days=shop.terms.business_days,
        anchor=shop.terms.anchor,
        calendar=korean_calendar({}),
    )
    words = [
        f"{step.day.month}/{step.day.day} "
        + (f"{step.number}일째" if step.reason is None else f"{step.reason} ✗")
        for step in steps
    ]
    checks.tell("   " + "  ".join(words[:7]))
    checks.tell("   " + "  ".join(words[7:]))
    closed = tuple(step.day.isoformat() for step in steps if step.reason not in (None, "주말"))
    checks.expect("holidays on the way", closed, expected.CLOSED_DAYS_COUNTED)
    checks.expect("paid out", paid.isoformat(), expected.CANCEL_PAID_OUT_DATE)


async def _look_beside(scene: Scene) -> None:
    checks = scene.checks
    checks.tell()
    checks.tell("5  누가 취소했나? 테스트 키는? · who cancelled, and what a test key sees")
    audits = await cancels_of_order(scene.gateway.store, expected.MID, _ORDER_ID)
    found = [f"{actor.channel} · {actor.name} · {actor.address}" for actor in audits]
    checks.expect(
        "취소한 사람 (who)", ", ".join(found), f"merchant-admin · {_PERSON.name} · {_PERSON.address}"
    )
    rows, reason = await _settlements(scene, scene.test, expected.CANCEL_SOLD_DATE)
    checks.expect("같은 조회, 테스트 키 (same query, test key)", f"{rows} {reason}", "[] TEST_KEY")
    await _move(scene, f"{expected.CANCEL_PAID_OUT_DATE}T00:00:00+09:00")
    ready = (await scene.live.get("/jeongsan/v1/ready")).json()
    checks.expect("장부: the last closed day", ready["closedThrough"], "2025-05-07")
    checks.expect("webhooks still waiting", ready["pendingWebhooks"], 0)
