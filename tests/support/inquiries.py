"""Asking the gateway what became of a payment, and sending the queries it answers with."""

from typing import Any
from urllib.parse import parse_qsl

import httpx

from support.sandbox import Sandbox


async def answer(
    sandbox: Sandbox, asked: str, *, client: httpx.AsyncClient | None = None, **query: str
) -> dict[str, Any]:
    """What the gateway says of an id."""
    asking = client or sandbox.live
    answered = await asking.get(f"/jeongsan/v1/orders/{asked}/trace", params=query)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


async def trace(sandbox: Sandbox, asked: str, **options: Any) -> dict[str, Any]:
    """The one trace of an id."""
    (found,) = (await answer(sandbox, asked, **options))["traces"]
    return dict(found)


async def send(
    sandbox: Sandbox, query: str, *, client: httpx.AsyncClient | None = None
) -> list[dict[str, Any]]:
    """The rows of a query as an answer names it: `GET /v1/settlements?…`."""
    method, _, address = query.partition(" ")
    answered = await (client or sandbox.live).request(method, address)
    assert answered.status_code == 200, answered.text
    rows: list[dict[str, Any]] = answered.json()
    return rows


def parameters(query: str) -> dict[str, str]:
    """The parameters of such a query."""
    return dict(parse_qsl(query.partition("?")[2]))


def entries(found: dict[str, Any], what: str) -> list[dict[str, Any]]:
    """The timeline's entries of one kind."""
    return [entry for entry in found["timeline"] if entry["what"] == what]
