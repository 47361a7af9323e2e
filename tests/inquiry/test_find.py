"""From the ids somebody holds to the payments they mean, over modes and shops; what is not found is told."""

import pytest

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.find import CANDIDATES_MAX, IDS_MAX, Finding, Match, find
from jeongsan.inquiry.records import Records, open_records
from support.help_thread import CUT, WHOLE
from support.sandbox import MID, Sandbox
from support.shops import another_shop

pytestmark = pytest.mark.anyio


async def records_of(
    sandbox: Sandbox, *, mids: tuple[str, ...] = (), modes: tuple[Mode, ...] = ()
) -> Records:
    gateway = sandbox.gateway
    now = gateway.machine.now_ms()
    return await open_records(gateway.store, gateway.loop.config, now, mids=mids, modes=modes)


async def found(sandbox: Sandbox, asked: str, **permitted: tuple[str, ...]) -> Finding:
    (finding,) = await find(await records_of(sandbox, **permitted), [asked])  # type: ignore[arg-type]
    return finding


def keys(finding: Finding) -> list[str]:
    return [key for _, key in finding.payments]


async def test_an_order_is_found_by_each_of_its_ids_whole(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="order-A")
    cancelled = (await sandbox.cancel(payment["paymentKey"])).json()
    for asked in (
        "order-A",
        payment["paymentKey"],
        payment["lastTransactionKey"],
        cancelled["lastTransactionKey"],
    ):
        finding = await found(sandbox, asked)
        assert (finding.match, finding.whole_id) == (Match.EXACT, asked)
        assert keys(finding) == [payment["paymentKey"]]


async def test_an_id_cut_by_three_characters_is_completed_when_only_one_begins_so(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id=WHOLE)
    await sandbox.done(order_id="ARIA_20259d3c857e0d8b4bf5b27c8e264f1")
    finding = await found(sandbox, CUT)
    assert (finding.match, finding.whole_id, keys(finding)) == (Match.PREFIX, WHOLE, [payment["paymentKey"]])


async def test_a_beginning_of_a_key_is_enough_too(sandbox: Sandbox) -> None:
    payment = await sandbox.done()
    for name in ("paymentKey", "lastTransactionKey"):
        finding = await found(sandbox, payment[name][:-1])
        assert (finding.match, finding.whole_id) == (Match.PREFIX, payment[name])


async def test_the_keys_of_one_payments_transactions_may_begin_alike(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="order-A")
    await sandbox.cancel(payment["paymentKey"])
    finding = await found(sandbox, payment["lastTransactionKey"][:10])
    assert (finding.match, keys(finding)) == (Match.PREFIX, [payment["paymentKey"]])


async def test_an_ambiguous_beginning_names_what_it_may_mean(sandbox: Sandbox) -> None:
    for number in (3, 1, 2):
        await sandbox.done(order_id=f"order-A{number}")
    finding = await found(sandbox, "order-A")
    assert (finding.match, finding.payments, finding.more) == (Match.AMBIGUOUS, (), False)
    assert finding.candidates == ("order-A1", "order-A2", "order-A3")


async def test_of_very_many_candidates_some_are_shown_and_it_is_said_that_there_are_more(
    sandbox: Sandbox,
) -> None:
    for number in range(CANDIDATES_MAX):
        await sandbox.pay(order_id=f"order-A{number:02}")
    finding = await found(sandbox, "order-A")
    assert (len(finding.candidates), finding.more) == (CANDIDATES_MAX, False)
    await sandbox.pay(order_id="order-A99")
    finding = await found(sandbox, "order-A")
    assert (len(finding.candidates), finding.more) == (CANDIDATES_MAX, True)


async def test_many_attempts_of_one_order_do_not_hide_another_order(sandbox: Sandbox) -> None:
    for _ in range(CANDIDATES_MAX + 2):
        await sandbox.pay(order_id="order-A1")
    assert (await found(sandbox, "order-A")).match is Match.PREFIX
    await sandbox.pay(order_id="order-A2")
    finding = await found(sandbox, "order-A")
    assert (finding.match, finding.candidates) == (Match.AMBIGUOUS, ("order-A1", "order-A2"))


async def test_an_exact_id_is_meant_even_when_others_begin_like_it(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="order-A1")
    await sandbox.done(order_id="order-A12")
    finding = await found(sandbox, "order-A1")
    assert (finding.match, keys(finding)) == (Match.EXACT, [payment["paymentKey"]])


async def test_of_several_attempts_the_approved_one_is_meant_else_the_latest(sandbox: Sandbox) -> None:
    first = await sandbox.pay(order_id="order-A")
    second = await sandbox.pay(order_id="order-A")
    last = await sandbox.pay(order_id="order-A")
    assert keys(await found(sandbox, "order-A")) == [last["paymentKey"]]
    assert (await sandbox.live.get("/v1/payments/orders/order-A")).json()["paymentKey"] == last["paymentKey"]
    assert (await sandbox.confirm(second)).status_code == 200
    assert keys(await found(sandbox, "order-A")) == [second["paymentKey"]]
    assert keys(await found(sandbox, first["paymentKey"])) == [first["paymentKey"]]


async def test_an_order_of_both_modes_is_found_live_first_and_only_where_it_is_permitted(
    sandbox: Sandbox,
) -> None:
    tested = await sandbox.done(order_id="order-A", client=sandbox.test)
    live = await sandbox.done(order_id="order-A")
    other = await another_shop(sandbox, "tother0001")
    elsewhere = await sandbox.done(order_id="order-A", client=other)
    finding = await found(sandbox, "order-A", mids=(MID,))
    assert keys(finding) == [live["paymentKey"], tested["paymentKey"]]
    assert [shop.mode for shop, _ in finding.payments] == [Mode.LIVE, Mode.TEST]
    assert keys(await found(sandbox, "order-A", modes=(Mode.TEST,))) == [tested["paymentKey"]]
    assert keys(await found(sandbox, "order-A", mids=("tother0001",))) == [elsewhere["paymentKey"]]
    everywhere = await found(sandbox, "order-A")
    assert [(shop.mode, shop.mid) for shop, _ in everywhere.payments] == [
        (Mode.LIVE, MID),
        (Mode.LIVE, "tother0001"),
        (Mode.TEST, MID),
    ]


async def test_what_another_shop_has_is_unknown_also_by_its_beginning(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    payment = await sandbox.done(order_id="order-A", client=other)
    for asked in ("order-A", "order-", payment["paymentKey"][:-2], payment["lastTransactionKey"][:-2]):
        assert await found(sandbox, asked, mids=(MID,)) == Finding(asked, Match.UNKNOWN)


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ("ARI", Match.CUT),
        ("", Match.CUT),
        ("order-Z", Match.UNKNOWN),
        ("order-A\x00", Match.UNKNOWN),
        ("\x00", Match.UNKNOWN),
        ("\ud800rder-A", Match.UNKNOWN),
        ("order%", Match.UNKNOWN),
        ("order_A", Match.UNKNOWN),
        ("ORDER-A", Match.UNKNOWN),
        ("order-A' OR '1'='1", Match.UNKNOWN),
        ('order-A"', Match.UNKNOWN),
        ("주문번호-A", Match.UNKNOWN),
        ("order-A\U0010ffff", Match.UNKNOWN),
        ("\\order-A", Match.UNKNOWN),
        ("x" * 10_000, Match.UNKNOWN),
    ],
)
async def test_whatever_is_asked_for_is_an_answer_and_no_error(
    sandbox: Sandbox, asked: str, match: Match
) -> None:
    await sandbox.done(order_id="order-A")
    assert await found(sandbox, asked) == Finding(asked, match)


async def test_ids_are_answered_in_the_order_asked_and_each_once(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="order-A")
    findings = await find(
        await records_of(sandbox), ["nobody-1", "order-A", "nobody-1", payment["paymentKey"]]
    )
    assert [one.asked for one in findings] == ["nobody-1", "order-A", payment["paymentKey"]]


async def test_a_thousand_ids_are_looked_up_at_a_time_and_not_one_more(sandbox: Sandbox) -> None:
    records = await records_of(sandbox)
    ids = [f"nobody-{number:04}" for number in range(IDS_MAX)]
    assert {one.match for one in await find(records, [*ids, *ids])} == {Match.UNKNOWN}
    with pytest.raises(Refusal) as refused:
        await find(records, [*ids, "one-too-many-1"])
    assert (refused.value.code, refused.value.field) == (Code.INVALID_REQUEST, "ids")


async def test_a_shop_that_does_not_exist_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(Refusal) as refused:
        await records_of(sandbox, mids=(MID, "tnobody001"))
    assert refused.value.code is Code.NOT_FOUND_MERCHANT
