"""Who may see the console, who may post to it, and what its answers forbid a browser."""

from typing import Any

import httpx
import pytest

from jeongsan.app import open_gateway
from jeongsan.domain.business_clock import ClockMode
from jeongsan.settings import RunMode
from support.console import ADDRESS, read, visitor
from support.sandbox import Sandbox, open_sandbox, settings_for
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio

PATHS = ["/console", "/console/style.css", "/console/payments/x"]


async def test_outside_of_a_sandbox_there_is_no_console(database_url: str) -> None:
    async with open_sandbox(database_url, clock_mode=ClockMode.SYSTEM, clock_at=None):
        pass
    settings = settings_for(database_url, mode=RunMode.PRODUCTION, clock_mode=None, clock_at=None)
    async with open_gateway(settings) as gateway, visitor(gateway) as client:
        for path in PATHS:
            assert_refused(await client.get(path), 404, "NOT_FOUND_HTTP_METHOD")
        assert_refused(await client.post("/console/payments/x/cancel"), 404, "NOT_FOUND_HTTP_METHOD")


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
async def test_it_opens_on_the_gateways_own_machine(sandbox: Sandbox, peer: str) -> None:
    async with visitor(sandbox.gateway, peer=peer) as client:
        assert (await client.get("/console")).status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("peer", ["10.0.0.7", "203.0.113.9", "2001:db8::1", "::ffff:10.0.0.7", "testclient"])
async def test_it_opens_nowhere_else(sandbox: Sandbox, peer: str, path: str) -> None:
    async with visitor(sandbox.gateway, peer=peer) as client:
        answer = await client.get(path)
    assert answer.status_code == 403
    assert "FORBIDDEN_REQUEST" in read(answer).text
    assert "게이트웨이가 도는 컴퓨터에서만" in read(answer).text


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"])
async def test_a_proxy_on_this_machine_does_not_open_it_to_others(sandbox: Sandbox, header: str) -> None:
    async with visitor(sandbox.gateway, **{header: "203.0.113.9"}) as client:
        assert (await client.get("/console")).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:65535"])
async def test_it_answers_to_loopback_names(sandbox: Sandbox, host: str) -> None:
    async with visitor(sandbox.gateway, Host=host) as client:
        assert (await client.get("/console")).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example@127.0.0.1",
        "localhost:8080:80",
        "localhost ",
        "10.0.0.7",
        "",
    ],
)
async def test_a_name_pointed_at_this_machine_is_refused(sandbox: Sandbox, host: str) -> None:
    """DNS rebinding: a foreign page's name leads here, and its scripts could read the console."""
    async with visitor(sandbox.gateway, Host=host) as client:
        answer = await client.get("/console?lang=en")
    assert answer.status_code == 403
    assert "The address must be localhost" in read(answer).text


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:9090",
        "https://127.0.0.1:8080",
        "http://localhost:8080",
        "null",
        "",
    ],
)
async def test_a_form_of_another_site_is_refused(
    sandbox: Sandbox, console: httpx.AsyncClient, origin: str
) -> None:
    path, fields = await _form(sandbox, console)
    answer = await console.post(path, data=fields, headers={"Origin": origin})
    assert answer.status_code == 403
    await _nothing_cancelled(sandbox)


async def test_our_own_form_is_taken_with_and_without_an_origin(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    for headers in ({"Origin": ADDRESS}, {}):
        path, fields = await _form(sandbox, console)
        assert (await console.post(path, data=fields, headers=headers)).status_code == 303


@pytest.mark.parametrize(
    ("cookie", "field"),
    [
        (None, None),
        (None, "y" * 43),
        ("", ""),
        ("x" * 43, None),
        ("x" * 43, ""),
        ("x" * 43, "y" * 43),
        ("short", "short"),
    ],
)
async def test_a_form_without_its_browsers_token_is_refused(
    sandbox: Sandbox, console: httpx.AsyncClient, cookie: str | None, field: str | None
) -> None:
    path, fields = await _form(sandbox, console)
    console.cookies.clear()
    del fields["token"]
    answer = await console.post(
        path,
        data=fields | ({} if field is None else {"token": field}),
        headers={} if cookie is None else {"Cookie": f"jeongsan-console={cookie}"},
    )
    assert answer.status_code == 403, answer.text
    assert "결제를 다시 열고" in read(answer).text
    await _nothing_cancelled(sandbox)


async def test_one_browsers_form_is_of_no_use_to_another(sandbox: Sandbox) -> None:
    async with visitor(sandbox.gateway) as mine, visitor(sandbox.gateway) as theirs:
        path, fields = await _form(sandbox, mine)
        await theirs.get(path.removesuffix("/cancel"))
        assert (await theirs.post(path, data=fields)).status_code == 403
        await _nothing_cancelled(sandbox)
        assert (await mine.post(path, data=fields)).status_code == 303


async def test_the_token_stays_with_its_browser_out_of_reach_of_scripts_and_other_sites(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    key = (await sandbox.done())["paymentKey"]
    first = await console.get(f"/console/payments/{key}")
    cookie = first.headers["set-cookie"]
    assert {"HttpOnly", "Path=/console", "SameSite=strict"} <= set(cookie.split("; "))
    again = await console.get(f"/console/payments/{key}")
    assert read(again).form()["token"] == read(first).form()["token"]
    assert read(again).form()["submission"] != read(first).form()["submission"]


async def test_every_answer_forbids_scripts_frames_and_copies(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    path, fields = await _form(sandbox, console)
    answers = [await console.get(path) for path in PATHS]
    answers += [await console.post(path, data={}), await console.post(path, data=fields)]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 403, 303]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; ")
        assert {"form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
        assert "script" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"


async def test_the_api_beside_it_stays_as_it_is(sandbox: Sandbox) -> None:
    """The guards are the console's: the API is asked by any name, from anywhere."""
    async with visitor(sandbox.gateway, peer="203.0.113.9", address="http://gateway.example") as client:
        assert (await client.get("/jeongsan/v1/health")).status_code == 200
        assert "content-security-policy" not in (await client.get("/jeongsan/v1/health")).headers


async def _form(sandbox: Sandbox, client: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    """Where the cancel form of a new payment is sent, and what it holds once a reason is typed."""
    key = (await sandbox.done())["paymentKey"]
    page = read(await client.get(f"/console/payments/{key}"))
    return page.one("form", method="post").attributes["action"], page.form() | {"reason": "고객 변심"}


async def _nothing_cancelled(sandbox: Sandbox) -> None:
    found: list[tuple[Any, ...]] = await sandbox.sql("SELECT count(*) FROM audit WHERE action = 'cancel'")
    assert found == [(0,)]
