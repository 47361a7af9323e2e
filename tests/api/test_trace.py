"""GET /jeongsan/v1/orders/{orderId}/trace: who may see what, in which language, and what may be hidden."""

import json
import re
from urllib.parse import quote

import pytest

from support.inquiries import answer, trace
from support.sandbox import Sandbox
from support.shops import another_shop
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio

HANGUL = re.compile("[가-힣]")
KEYS = ["asked", "match", "words", "id", "candidates", "moreCandidates", "traces"]


async def test_a_live_key_sees_both_modes_of_its_shop_and_a_test_key_one(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A", client=sandbox.test)
    await sandbox.done(order_id="order-A")
    seen = await answer(sandbox, "order-A")
    assert list(seen) == KEYS
    assert [one["mode"] for one in seen["traces"]] == ["LIVE", "TEST"]
    assert [one["mode"] for one in (await answer(sandbox, "order-A", client=sandbox.test))["traces"]] == [
        "TEST"
    ]


async def test_a_test_key_is_told_that_only_test_payments_were_searched(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A")
    seen = await answer(sandbox, "order-A", client=sandbox.test)
    assert (seen["match"], seen["traces"]) == ("UNKNOWN", [])
    assert seen["words"] == "찾은 상점 어디에도 없습니다 (테스트)"
    seen = await answer(sandbox, "order-B")
    assert seen["words"] == "찾은 상점 어디에도 없습니다 (라이브, 테스트)"


async def test_another_shops_orders_are_unknown(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    payment = await sandbox.done(order_id="order-A", client=other)
    for asked in ("order-A", "order-", payment["paymentKey"], payment["lastTransactionKey"]):
        assert (await answer(sandbox, asked))["match"] == "UNKNOWN"
    assert (await trace(sandbox, "order-A", client=other))["mId"] == "tother0001"


async def test_without_a_key_nothing_is_told(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A")
    for query in ("", "?redact=everything", "?lang=fr"):
        answered = await sandbox.anonymous.get(f"/jeongsan/v1/orders/order-A/trace{query}")
        assert_refused(answered, 401, "UNAUTHORIZED_KEY")


async def test_what_leads_to_no_payment_is_an_answer_too(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A1")
    await sandbox.done(order_id="order-A2")
    await sandbox.done(order_id="lonely-000001")
    seen = {
        asked: await answer(sandbox, quote(asked, safe=""))
        for asked in ("order-A", "lonely-", "ARI", "%", "order_A1", "주문-1", "\x00", "'; --", '"')
    }
    assert {asked: one["match"] for asked, one in seen.items()} == {
        "order-A": "AMBIGUOUS",
        "lonely-": "PREFIX",
        "ARI": "CUT",
        "%": "CUT",
        "order_A1": "UNKNOWN",
        "주문-1": "UNKNOWN",
        "\x00": "UNKNOWN",
        "'; --": "UNKNOWN",
        '"': "CUT",
    }
    assert all(one["asked"] == asked for asked, one in seen.items())
    assert seen["order-A"]["candidates"] == ["order-A1", "order-A2"]
    assert seen["order-A"]["words"] == "이렇게 시작하는 번호가 2건입니다"
    assert seen["lonely-"]["id"] == "lonely-000001"
    assert seen["lonely-"]["words"] == "앞부분만 주셨습니다: lonely-000001"
    assert seen["ARI"]["words"] == "잘린 번호로 보입니다: ARI"


async def test_in_english_nothing_is_korean_but_what_people_wrote(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="order-A")
    await sandbox.cancel(payment["paymentKey"], cancelAmount=5_000)
    await sandbox.done(order_id="order-A", client=sandbox.test)
    await sandbox.move_to("2025-05-01T00:00:00+09:00")
    await sandbox.cancel(payment["paymentKey"], cancelAmount=5_000)
    await sandbox.move_to("2025-05-02T09:00:00+09:00")
    await sandbox.settlements("2025-03-13")
    by_header = await sandbox.live.get(
        "/jeongsan/v1/orders/order-A/trace", headers={"accept-language": "en-US"}
    )
    for text in (by_header.text, json.dumps(await answer(sandbox, "order-A", lang="en"), ensure_ascii=False)):
        assert "approved 15,000 KRW" in text
        ours = text.replace("티셔츠", "").replace("고객 변심", "")
        assert HANGUL.findall(ours) == []
    for asked in ("ARI", "nobody-1", "order-"):
        seen = await answer(sandbox, asked, lang="en")
        assert HANGUL.findall(json.dumps(seen["words"], ensure_ascii=False)) == []
    assert HANGUL.search((await sandbox.live.get("/jeongsan/v1/orders/order-A/trace")).text)


AMOUNTS, FEES = ("amount", "payOutAmount"), ("fee", "vat", "payOutAmount")


@pytest.mark.parametrize(
    ("redact", "hidden", "shown"),
    [
        ("amounts", AMOUNTS, ("fee", "vat")),
        ("fees", FEES, ("amount",)),
        ("fees,amounts", (*AMOUNTS, *FEES), ()),
        (" amounts , fees ", (*AMOUNTS, *FEES), ()),
    ],
)
async def test_what_is_hidden_is_nowhere_in_the_answer(
    sandbox: Sandbox, redact: str, hidden: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    payment = await sandbox.done(15_431, order_id="order-A")
    await sandbox.cancel(payment["paymentKey"], cancelAmount=3_086)
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    await sandbox.settlements("2025-03-13")
    whole = await answer(sandbox, "order-A")
    secret = {str(abs(row[name])) for row in whole["traces"][0]["settlements"] for name in hidden}
    if "amount" in hidden:
        secret |= {"12345"}
    assert secret <= figures(whole)
    found = await answer(sandbox, "order-A", redact=redact)
    assert secret & figures(found) == set()
    for row, before in zip(found["traces"][0]["settlements"], whole["traces"][0]["settlements"], strict=True):
        assert [row[name] for name in hidden] == [None] * len(hidden)
        assert [row[name] for name in shown] == [before[name] for name in shown]
        assert (row["rate"], before["rate"]) == (None, "3.2")
    assert "•••" in json.dumps(found["traces"][0]["timeline"], ensure_ascii=False)


def figures(found: object) -> set[str]:
    """Every number of an answer, in its values and in its sentences; not those of keys, dates and names."""
    text = json.dumps(found, ensure_ascii=False)
    text = re.sub(r'"(?:traceId|transactionKey|paymentKey|key|durationMs)": "?[^,}]*', "", text)
    return {number.replace(",", "") for number in re.findall(r"\d[\d,]*", text)}


@pytest.mark.parametrize(
    ("query", "field"),
    [("redact=everything", "redact"), ("redact=amounts,names", "redact"), ("lang=fr", "lang")],
)
async def test_what_cannot_be_asked_for_is_refused_by_name(sandbox: Sandbox, query: str, field: str) -> None:
    answered = await sandbox.live.get(f"/jeongsan/v1/orders/order-A/trace?{query}")
    assert_refused(answered, 400, "INVALID_REQUEST")
    assert f"({field}: " in answered.json()["message"]
