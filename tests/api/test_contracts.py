"""GET and PUT /jeongsan/v1/shops/{mId}/contract: shown as stored, replaced whole, refused whole."""

import json
from typing import Any

import httpx
import pytest

from jeongsan.domain.price_lists import PRICE_LISTS, published_contract
from jeongsan.wire.contract_view import document_of
from support.contracts import a_document
from support.sandbox import Sandbox
from support.shops import another_shop

pytestmark = pytest.mark.anyio

CONTRACT = "/jeongsan/v1/shops/tjeongsan/contract"


async def put(sandbox: Sandbox, body: Any, client: httpx.AsyncClient | None = None) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body)
    return await (client or sandbox.live).put(CONTRACT, content=content)


def with_rate(start: str, rate: str, until: str | None = None) -> dict[str, Any]:
    entry = {"method": "CARD", "from": start, "rate": rate, "payout": {"businessDays": 6}}
    return entry if until is None else entry | {"until": until}


async def test_a_contract_is_shown_as_it_was_put_in_both_modes_and_can_be_put_again(
    sandbox: Sandbox,
) -> None:
    answer = await put(sandbox, a_document())
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert shown == await sandbox.get(CONTRACT)
    assert shown | {"mode": "test"} == await sandbox.get(CONTRACT, client=sandbox.test)
    assert (shown["mId"], shown["mode"], shown["at"], shown["grade"]) == (
        "tjeongsan",
        "live",
        "2025-03-13",
        "small",
    )
    assert (await put(sandbox, shown["contract"])).json() == shown


async def test_the_terms_in_force_and_those_to_come_stand_beside_the_document(sandbox: Sandbox) -> None:
    shown = (await put(sandbox, a_document())).json()
    card = next(one for one in shown["inForce"] if (one["method"], one["card"]) == ("CARD", None))
    assert (card["from"], card["until"], card["grade"], card["rate"]) == (
        "2025-02-14",
        "2025-06-30",
        "small",
        "1.65",
    )
    assert [(one["method"], one["from"], one["rate"]) for one in shown["later"]] == [
        ("CARD", "2025-07-01", "2.9")
    ]


@pytest.mark.parametrize("name", PRICE_LISTS)
async def test_a_published_list_is_applied_by_its_name(sandbox: Sandbox, name: str) -> None:
    shown = (await put(sandbox, {"priceList": name})).json()
    assert shown["contract"] == document_of(published_contract(name))


async def test_a_rate_is_taken_as_the_digits_that_were_sent(sandbox: Sandbox) -> None:
    text = json.dumps({"terms": [with_rate("2025-01-01", "?")]})
    for sent, kept in (("3.2", "3.2"), ("1.0049", "1.0049"), ("2.0", "2")):
        shown = (await put(sandbox, text.replace('"?"', sent).encode())).json()
        assert shown["contract"]["terms"][0]["rate"] == kept


async def test_every_problem_is_answered_the_first_in_the_message_and_nothing_changes(
    sandbox: Sandbox,
) -> None:
    before = await sandbox.get(CONTRACT)
    document = a_document()
    document["terms"][0]["payout"]["businessDays"] = 0
    document["terms"][3]["cancel"]["refundFee"] = -1
    answer = await put(sandbox, document)
    refused = answer.json()
    assert (answer.status_code, refused["code"]) == (400, "INVALID_REQUEST")
    assert "(terms[0].payout.businessDays: must be between 1 and 60)" in refused["message"]
    assert [one["field"] for one in refused["problems"]] == [
        "terms[0].payout.businessDays",
        "terms[3].cancel.refundFee",
    ]
    assert await sandbox.get(CONTRACT) == before
    assert await sandbox.get(CONTRACT, client=sandbox.test) == before | {"mode": "test"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "document"),
        (b"[]", "document"),
        (b'source = "TOML"', "document"),
        (b'{"terms": NaN}', "document"),
        (b"{" + b" " * 65_536 + b"}", "body"),
        ({"priceList": "nobody"}, "priceList"),
        ({"priceList": "ksnet", "terms": []}, "terms"),
        ({"priceList": None}, "priceList"),
        ({"\ud800": 1, **a_document()}, "\ufffd"),
        ({"terms": [with_rate("2025-03-14", "3.2")]}, "terms"),
    ],
    ids=lambda one: str(one)[:30],
)
async def test_what_is_no_contract_for_today_is_refused(sandbox: Sandbox, body: Any, field: str) -> None:
    before = await sandbox.get(CONTRACT)
    answer = await put(sandbox, body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["problems"][0]["field"] == field
    assert await sandbox.get(CONTRACT) == before


async def test_another_shops_contract_is_neither_shown_nor_changed(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    for answer in (await other.get(CONTRACT), await put(sandbox, a_document(), other)):
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND_MERCHANT")
    anonymous = await put(sandbox, a_document(), sandbox.anonymous)
    assert anonymous.status_code == 401


async def test_the_same_contract_again_is_no_new_version(sandbox: Sandbox) -> None:
    async def versions() -> list[tuple[Any, ...]]:
        return await sandbox.sql("SELECT actor_name FROM contract ORDER BY contract_id")

    await put(sandbox, a_document())
    before = await versions()
    await put(sandbox, a_document())
    assert await versions() == before
    assert before[-2:] == [("default",), ("default",)]


async def test_approvals_freeze_the_terms_of_their_own_day(sandbox: Sandbox) -> None:
    """The last day of the old rate and the first of the new one."""
    terms = [with_rate("2025-01-01", "3.2", "2025-03-13"), with_rate("2025-03-14", "2")]
    assert (await put(sandbox, {"terms": terms})).status_code == 200
    await sandbox.move_to("2025-03-13T23:59:59+09:00")
    old = await sandbox.done(10_000)
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    new = await sandbox.done(10_000)
    await sandbox.move_to("2025-03-15T13:00:00+09:00")
    rows = await sandbox.settlements("2025-03-13", "2025-03-14")
    assert {row["paymentKey"]: row["fee"] for row in rows} == {
        old["paymentKey"]: 352,
        new["paymentKey"]: 220,
    }


async def test_a_contract_put_between_approval_and_cancel_changes_nothing_for_the_cancel(
    sandbox: Sandbox,
) -> None:
    await put(sandbox, {"terms": [with_rate("2025-01-01", "3.2")]})
    payment = await sandbox.done(10_000)
    changed = with_rate("2025-01-01", "1") | {"cancel": {"fee": "kept", "refundFee": 300}, "cycle": "monthly"}
    assert (await put(sandbox, {"terms": [changed]})).status_code == 200
    assert (await sandbox.cancel(payment["paymentKey"])).status_code == 200
    after = await sandbox.done(10_000)
    await sandbox.advance("P1D")
    rows = await sandbox.settlements("2025-03-13")
    assert [(row["amount"], row["fee"], row["paidOutDate"]) for row in rows] == [
        (10_000, 352, "2025-03-21"),
        (-10_000, -352, "2025-03-21"),
    ]
    (later,) = await sandbox.settlements("2025-03-31")
    assert (later["paymentKey"], later["fee"]) == (after["paymentKey"], 110)
