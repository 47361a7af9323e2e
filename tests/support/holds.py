"""Placing and releasing holds as a shop's program does it, by the extension."""

from typing import Any

import httpx

from support.sandbox import Sandbox

HOLDS = "/jeongsan/v1/holds"


async def placed(
    sandbox: Sandbox, reason: str, *, client: httpx.AsyncClient | None = None, **body: Any
) -> dict[str, Any]:
    """A hold as it was answered."""
    answer = await (client or sandbox.live).post(HOLDS, json={"reason": reason} | body)
    assert answer.status_code == 200, answer.text
    hold: dict[str, Any] = answer.json()
    return hold


async def disputed(sandbox: Sandbox, payment: dict[str, Any], **options: Any) -> dict[str, Any]:
    """A payment's rows are kept back."""
    return await placed(sandbox, "DISPUTE", paymentKey=payment["paymentKey"], **options)


async def released(
    sandbox: Sandbox, hold: dict[str, Any], *, client: httpx.AsyncClient | None = None
) -> dict[str, Any]:
    """Let go of one."""
    answer = await (client or sandbox.live).delete(f"{HOLDS}/{hold['holdId']}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def refused(answer: httpx.Response) -> tuple[int, str]:
    """(status, code and what the message says in its brackets)."""
    body = answer.json()
    return answer.status_code, f"{body['code']} {body['message'].partition('(')[2].rstrip(')')}"
