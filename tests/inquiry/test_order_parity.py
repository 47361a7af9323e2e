"""Parity of the orders of a gateway: each cancel with its own bodies, and where each of them comes from."""

from datetime import date

import pytest

from jeongsan.domain.channels import Channel
from jeongsan.domain.errors import Refusal
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.differences import parsed
from jeongsan.inquiry.order_parity import AmbiguousOrder, OrderParity, order_parity
from jeongsan.inquiry.parity import Part, Source
from jeongsan.inquiry.parity_reasons import Reason
from jeongsan.inquiry.parity_sources import Missing, NothingTold, ToldCancel, Why
from jeongsan.inquiry.records import open_records
from support.people import cancel_through
from support.receiver import open_receiver
from support.sandbox import MID, Sandbox, open_sandbox
from support.shops import another_shop

pytestmark = pytest.mark.anyio

ORDER, OTHER = "order-A0001", "order-B0001"


async def compared(
    sandbox: Sandbox,
    order_id: str = ORDER,
    other_id: str | None = None,
    *,
    mids: tuple[str, ...] = (),
    modes: tuple[Mode, ...] = (),
) -> OrderParity:
    gateway = sandbox.gateway
    now = gateway.machine.now_ms()
    records = await open_records(gateway.store, gateway.loop.config, now, mids=mids, modes=modes)
    return await order_parity(records, order_id, other_id)


def told(parity: OrderParity) -> list[ToldCancel]:
    return [one.told for one in parity.cancels]


def parts(parity: OrderParity) -> list[list[tuple[Part, Source, bool]]]:
    """(part, source, of another order) of every column of every cancel."""
    return [
        [(each.column.part, each.column.source, each.column.other) for each in one.parity.comparisons]
        for one in parity.cancels
    ]


async def test_a_cancel_by_a_person_is_compared_with_webhook_look_up_and_row(sandbox: Sandbox) -> None:
    key = (await sandbox.done(order_id=ORDER))["paymentKey"]
    await cancel_through(sandbox, Channel.MERCHANT_ADMIN, key)
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    parity = await compared(sandbox)
    assert parity.holds
    assert parts(parity) == [[(Part.LOOK_UP, Source.NOW, False), (Part.SETTLEMENT_ROW, Source.NOW, False)]]
    assert [one.missing for one in told(parity)] == [(Missing(Part.ANSWER, Why.PERSON),)]


@pytest.mark.parametrize("network", ["inline", "remote"])
async def test_the_answer_is_the_one_the_merchant_got_kept_under_its_key_or_rendered_again(
    database_url: str, network: str
) -> None:
    """Three cancels of one payment, the tax-free part among them: each answer as it was given over HTTP."""
    async with open_sandbox(database_url, network=network) as sandbox:
        paid = await sandbox.pay(15_000, order_id=ORDER, taxFreeAmount=6_000)
        assert (await sandbox.confirm(paid)).status_code == 200
        key = paid["paymentKey"]
        given = [
            await sandbox.cancel(key, cancelAmount=5_000, taxFreeAmount=2_000),
            await sandbox.cancel(key, cancelAmount=1_000, headers={"Idempotency-Key": "second"}),
            await sandbox.cancel(key),
        ]
        answers = [one.answer for one in told(await compared(sandbox))]
        assert [answer and answer.source for answer in answers] == [
            Source.RENDERED,
            Source.STORED,
            Source.RENDERED,
        ]
        assert [answer and answer.body for answer in answers] == [parsed(one.content) for one in given]


async def test_each_of_several_cancels_has_its_own_webhook_entry_and_row(sandbox: Sandbox) -> None:
    key = (await sandbox.done(order_id=ORDER))["paymentKey"]
    await cancel_through(sandbox, Channel.MERCHANT_ADMIN, key, amount=5_000)
    await sandbox.cancel(key, cancelAmount=1_000)
    await sandbox.move_to("2025-03-14T10:00:00+09:00")
    await cancel_through(sandbox, Channel.DEVELOPER_CENTRE, key)
    await sandbox.move_to("2025-03-15T00:00:00+09:00")
    parity = await compared(sandbox)
    assert parity.holds
    assert [one.parity.entry for one in parity.cancels] == [0, 1, 2]
    assert [one.cancel and one.cancel.amount.minor for one in told(parity)] == [5_000, 1_000, 9_000]
    for one in parity.cancels:
        assert one.told.cancel is not None
        assert one.told.row is not None
        own = one.told.cancel.transaction_key
        assert one.told.webhook.body["lastTransactionKey"] == own
        assert one.told.row.body["transactionKey"] == own
    # Only what came later differs in the look-up: the first webhook is furthest from it.
    later = [
        [found.reason for each in one.parity.comparisons for found in each.found] for one in parity.cancels
    ]
    assert [reasons.count(Reason.LATER_CANCEL) for reasons in later] == [6, 5, 0]
    assert [reasons.count(Reason.NOT_IN_ROW) for reasons in later] == [2, 2, 2]


async def test_before_a_row_can_be_read_it_is_said_from_which_day_on(sandbox: Sandbox) -> None:
    key = (await sandbox.done(order_id=ORDER))["paymentKey"]
    await sandbox.cancel(key)
    parity = await compared(sandbox)
    assert parity.holds
    assert told(parity)[0].missing == (Missing(Part.SETTLEMENT_ROW, Why.NOT_CLOSED, date(2025, 3, 14)),)
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert told(await compared(sandbox))[0].missing == ()
    # Rows are stored while their day is being closed, but nobody can read them before it is published.
    session = await sandbox.gateway.store.begin()
    await session.execute("UPDATE clock SET readable_through = '2025-03-12'")
    await session.commit()
    assert told(await compared(sandbox))[0].missing == parity.cancels[0].told.missing


async def test_a_test_payment_has_no_row_on_any_day(sandbox: Sandbox) -> None:
    key = (await sandbox.done(order_id=ORDER, client=sandbox.test))["paymentKey"]
    await sandbox.cancel(key, client=sandbox.test)
    await sandbox.move_to("2025-03-20T00:00:00+09:00")
    parity = await compared(sandbox)
    assert parity.holds
    assert told(parity)[0].missing == (Missing(Part.SETTLEMENT_ROW, Why.NEVER_SETTLES),)


async def test_an_answer_whose_key_was_used_again_after_fifteen_days_is_not_taken_for_the_new_one(
    sandbox: Sandbox,
) -> None:
    key = (await sandbox.done(order_id=ORDER))["paymentKey"]
    again = {"Idempotency-Key": "again"}
    await sandbox.cancel(key, cancelAmount=5_000, headers=again)
    await sandbox.move_to("2025-03-29T00:00:00+09:00")
    second = await sandbox.cancel(key, cancelAmount=1_000, headers=again)
    answers = [one.answer for one in told(await compared(sandbox))]
    assert [answer and answer.source for answer in answers] == [Source.RENDERED, Source.STORED]
    assert answers[1] is not None
    assert answers[1].body == parsed(second.content)


async def test_a_webhook_that_nobody_was_registered_for_says_so(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        key = (await sandbox.done(order_id=ORDER))["paymentKey"]
        await sandbox.cancel(key, cancelAmount=5_000)
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        await sandbox.cancel(key, cancelAmount=1_000)
        sources = [one.webhook.source for one in told(await compared(sandbox))]
        assert sources == [Source.UNHEARD, Source.STORED]
        await sandbox.advance("PT1S")
        heard = told(await compared(sandbox))[1].webhook.body
        assert [parsed(one.body)["data"] for one in receiver.received] == [heard]


async def test_beside_another_order_its_answer_and_webhook_differ_only_by_its_own_values(
    sandbox: Sandbox,
) -> None:
    """A in the merchant admin, B by API: the question of the help thread."""
    key = (await sandbox.done(150_000, order_id=ORDER))["paymentKey"]
    await sandbox.move_to("2025-03-13T13:01:00+09:00")
    other = (await sandbox.done(150_000, order_id=OTHER))["paymentKey"]
    await cancel_through(sandbox, Channel.MERCHANT_ADMIN, key)
    await sandbox.advance("PT94S")
    await sandbox.cancel(other, headers={"Idempotency-Key": "mine"})
    parity = await compared(sandbox, ORDER, OTHER)
    assert parity.holds
    assert parts(parity) == [
        [
            (Part.LOOK_UP, Source.NOW, False),
            (Part.ANSWER, Source.STORED, True),
            (Part.WEBHOOK, Source.UNHEARD, True),
        ]
    ]
    for each in parity.cancels[0].parity.comparisons[1:]:
        assert each.keys == parity.cancels[0].parity.reference.keys
        assert {found.reason for found in each.found} == {
            Reason.OWN_KEY,
            Reason.OWN_TIME,
            Reason.OWN_APPROVAL,
            Reason.OWN_ADDRESS,
        }


async def test_an_order_that_is_not_cancelled_is_compared_by_its_approval(sandbox: Sandbox) -> None:
    await sandbox.done(order_id=ORDER)
    other = (await sandbox.done(order_id=OTHER))["paymentKey"]
    await sandbox.cancel(other)
    alone = await compared(sandbox)
    assert alone.holds
    assert [one.cancel for one in told(alone)] == [None]
    assert [missing.why for missing in told(alone)[0].missing] == [Why.NOT_CANCELLED, Why.NOT_CANCELLED]
    for one, beside in ((ORDER, OTHER), (OTHER, ORDER)):
        parity = await compared(sandbox, one, beside)
        assert parity.holds
        found = {
            each.difference.path: each.reason
            for column in parity.cancels[0].parity.comparisons
            for each in column.found
        }
        assert (found["cancels"], found["status"]) == (Reason.OWN_CANCELS, Reason.OWN_STATUS)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('"cancelReason":"고객 변심"', '"cancelReason":"상점관리자"', "cancels[0].cancelReason"),
        ('"cancelAmount":15000', '"cancelAmount":"15000"', "cancels[0].cancelAmount"),
        ('"metadata":null', '"metadata":null,"channel":"merchant-admin"', "channel"),
        ('"country":"KR",', "", "country"),
        ('"vat":0,"taxFreeAmount":0', '"taxFreeAmount":0,"vat":0', ""),
    ],
)
async def test_a_webhook_that_was_stored_otherwise_is_found_out(
    sandbox: Sandbox, old: str, new: str, path: str
) -> None:
    key = (await sandbox.done(order_id=ORDER))["paymentKey"]
    await cancel_through(sandbox, Channel.MERCHANT_ADMIN, key)
    ((event_id, body),) = await sandbox.sql("SELECT event_id, body FROM event ORDER BY sequence DESC LIMIT 1")
    stored = bytes(body).decode()
    assert old in stored
    session = await sandbox.gateway.store.begin()
    await session.execute(
        "UPDATE event SET body = $2 WHERE event_id = $1", event_id, stored.replace(old, new).encode()
    )
    await session.commit()
    parity = await compared(sandbox)
    assert not parity.holds
    (one,) = parity.cancels
    assert [each.path for each in one.parity.comparisons[0].unexplained] == [path]
    assert one.parity.told == (("webhook: channel",) if path == "channel" else ())


async def test_an_order_id_means_the_live_payment_and_says_where_else_it_exists(sandbox: Sandbox) -> None:
    for client in (sandbox.test, sandbox.live):
        await sandbox.done(order_id=ORDER, client=client)
    found = (await compared(sandbox)).order
    assert (found.shop.mode, [shop.mode for shop in found.also]) == (Mode.LIVE, [Mode.TEST])
    found = (await compared(sandbox, modes=(Mode.TEST,))).order
    assert (found.shop.mode, found.also) == (Mode.TEST, ())


async def test_an_order_id_of_two_shops_is_refused_until_one_is_named(sandbox: Sandbox) -> None:
    await sandbox.done(order_id=ORDER)
    await sandbox.done(order_id=ORDER, client=await another_shop(sandbox, "tshop00002"))
    with pytest.raises(AmbiguousOrder, match=f"{MID}, tshop00002 in live mode: name one with --mid"):
        await compared(sandbox)
    assert (await compared(sandbox, mids=("tshop00002",))).order.shop.mid == "tshop00002"


async def test_the_other_order_is_looked_for_in_the_same_shop_first(sandbox: Sandbox) -> None:
    second = await another_shop(sandbox, "tshop00002")
    await sandbox.done(order_id=ORDER, client=second)
    for client in (sandbox.live, second):
        await sandbox.done(order_id=OTHER, client=client)
    parity = await compared(sandbox, ORDER, OTHER)
    assert parity.other is not None
    assert parity.other.shop.mid == "tshop00002"


async def test_a_declined_attempt_does_not_hide_the_order_that_was_paid(sandbox: Sandbox) -> None:
    declined = await sandbox.pay(order_id=ORDER, cardNumber="99990001****000*")
    assert (await sandbox.confirm(declined)).status_code != 200
    approved = await sandbox.done(order_id=ORDER)
    assert (await compared(sandbox)).order.payment.payment_key == approved["paymentKey"]


@pytest.mark.parametrize(
    "order_id", ["order-unknown", "", "order\x00A0001", "order\udc80A0001", "order-A000"]
)
async def test_an_order_nobody_has_is_refused_by_its_name(sandbox: Sandbox, order_id: str) -> None:
    await sandbox.done(order_id=ORDER)
    for orders in ((order_id, None), (ORDER, order_id)):
        with pytest.raises(Refusal) as refused:
            await compared(sandbox, *orders)
        assert (refused.value.field, refused.value.detail) == ("orderId", f"no payment has {order_id!r}")


async def test_a_payment_that_nothing_was_told_of_cannot_be_compared(sandbox: Sandbox) -> None:
    await sandbox.pay(order_id=ORDER)
    with pytest.raises(NothingTold, match=f"{ORDER} is IN_PROGRESS"):
        await compared(sandbox)
