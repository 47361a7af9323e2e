"""A fee explained from the books: terms and steps of the very transaction, compared with its stored row."""

from datetime import date
from typing import Any

import pytest

from jeongsan.domain.errors import Refusal
from jeongsan.domain.terms import Price, RefundFeeOn
from jeongsan.inquiry.fee_explanation import explain_fee
from jeongsan.inquiry.fee_text import fee_lines
from jeongsan.inquiry.fee_view import fee_view
from jeongsan.inquiry.records import open_records
from support.agreed import agree, card_contract
from support.calendars import announce
from support.holds import disputed, released
from support.inside import inside
from support.sandbox import MID, Sandbox
from support.tampering import tamper

pytestmark = pytest.mark.anyio


async def explained(sandbox: Sandbox, transaction_key: str, language: str = "ko") -> dict[str, Any]:
    gateway = sandbox.gateway
    records = await open_records(
        gateway.store, gateway.loop.config, gateway.machine.now_ms(), language=language
    )
    return fee_view(await explain_fee(records, transaction_key), language)


async def key_of(sandbox: Sandbox, kind: str) -> str:
    found = await sandbox.sql("SELECT transaction_key FROM payment_transaction WHERE kind = $1", kind)
    return str(found[0][0])


async def test_the_live_row_of_63_won_is_explained_to_the_won(sandbox: Sandbox) -> None:
    await sandbox.live.put(f"/jeongsan/v1/shops/{MID}", json={"rate": 3.6})
    payment = await sandbox.done(1_600)
    await sandbox.advance("P1D")
    view = await explained(sandbox, payment["lastTransactionKey"])
    (line,) = view["lines"]
    assert (
        line["after"]["inWords"]
        == "1,600 × 3.6% = 57.6 → 57 (절사) · 57 × 10% = 5.7 → 6 (반올림) · 57 + 6 = 63"
    )
    assert [(step["exact"], step["rounded"]) for step in line["after"]["steps"]] == [("57.6", 57), ("5.7", 6)]
    assert (line["before"]["fee"], line["after"]["fee"], line["difference"]) == (0, 63, 63)
    assert (view["fee"], view["supplyAmount"], view["vat"], view["payOutAmount"]) == (63, 57, 6, 1_537)
    assert view["split"] == {"quotient": 5, "remainder": 8, "vat": 6, "roundedUp": True}
    assert view["basis"] == {"before": 0, "after": 1_600}
    assert view["row"] == {"state": "settled", "agrees": True, "differences": []}


async def test_the_figures_are_those_of_the_settlement_row_for_approval_and_cancel(sandbox: Sandbox) -> None:
    payment = await sandbox.done(10_030)
    await sandbox.cancel(payment["paymentKey"], cancelAmount=3_000)
    await sandbox.advance("P1D")
    rows = await sandbox.settlements("2025-03-13")
    assert len(rows) == 2
    for row in rows:
        view = await explained(sandbox, row["transactionKey"])
        for name in ("amount", "fee", "supplyAmount", "vat", "payOutAmount"):
            assert view[name] == row[name]
        assert [{"type": line["type"], "fee": line["fee"]} for line in view["lines"]] == row["fees"]
        for name in ("soldDate", "paidOutDate"):
            assert view["dates"][name] == row[name]


async def test_the_terms_are_those_of_the_approval_with_their_contracts_version(sandbox: Sandbox) -> None:
    await agree(sandbox, card_contract(base=Price(20_000, 50)))
    payment = await sandbox.done(10_000)
    await agree(sandbox, card_contract(base=Price(1_000)))
    view = await explained(sandbox, payment["lastTransactionKey"])
    versions = await sandbox.sql(
        "SELECT count(*) FROM contract k JOIN shop s ON s.shop_id = k.shop_id WHERE s.mode = 'live'"
    )
    assert view["contract"]["version"] == versions[0][0] - 1
    assert (view["contract"]["source"], view["contract"]["setBy"]) == ("a test", "operator")
    assert (view["terms"]["rate"], view["terms"]["fixed"]) == ("2", 50)
    assert view["lines"][0]["after"]["inWords"] == (
        "10,000 × 2% = 200 · 200 + 50 = 250 · 250 × 10% = 25 · 250 + 25 = 275"
    )


async def test_a_fee_to_come_is_forecast_and_a_test_keys_never_settles(sandbox: Sandbox) -> None:
    live = await sandbox.done()
    test = await sandbox.done(client=sandbox.test)
    view = await explained(sandbox, live["lastTransactionKey"])
    assert (view["row"]["state"], view["row"]["agrees"]) == ("forecast", None)
    assert view["dates"]["soldDate"] == "2025-03-13"
    view = await explained(sandbox, test["lastTransactionKey"])
    assert (view["row"]["state"], view["dates"], view["fee"]) == ("never", None, 528)


async def test_a_refund_fee_that_is_an_adjustment_is_told_apart(sandbox: Sandbox) -> None:
    await agree(sandbox, card_contract(refund_fee=300, refund_fee_on=RefundFeeOn.ADJUSTMENT))
    payment = await sandbox.done(10_000)
    await sandbox.cancel(payment["paymentKey"])
    view = await explained(sandbox, await key_of(sandbox, "cancel"))
    assert view["fee"] == -352
    assert view["refundFeeApart"] == {"fee": 330, "inWords": "300 · 300 × 10% = 30 · 300 + 30 = 330"}


async def test_a_refund_fee_on_the_row_is_a_line_with_its_steps(sandbox: Sandbox) -> None:
    await agree(sandbox, card_contract(refund_fee=300))
    payment = await sandbox.done(10_000)
    await sandbox.cancel(payment["paymentKey"])
    view = await explained(sandbox, await key_of(sandbox, "cancel"))
    assert [(line["type"], line["fee"]) for line in view["lines"]] == [("BASE", -352), ("ETC", 330)]
    assert view["lines"][1]["refundFee"]["fee"] == 330
    assert view["fee"] == -22


@pytest.mark.parametrize(("keep_dates", "paid_out"), [(True, "2025-03-21"), (False, "2025-03-24")])
async def test_a_holiday_announced_after_the_close_is_no_mistake_of_the_row(
    sandbox: Sandbox, keep_dates: bool, paid_out: str
) -> None:
    from_ = await sandbox.done()
    await sandbox.advance("P1D")
    await announce(sandbox, {date(2025, 3, 18): "임시공휴일"}, keep_dates=keep_dates)
    view = await explained(sandbox, from_["lastTransactionKey"])
    assert (view["row"]["agrees"], view["dates"]["redated"]) == (True, keep_dates)
    assert view["dates"]["paidOutDate"] == paid_out


async def test_a_row_that_a_hold_moved_is_no_mistake_either(sandbox: Sandbox) -> None:
    payment = await sandbox.done()
    hold = await disputed(sandbox, payment)
    await sandbox.move_to("2025-03-25T09:00:00+09:00")
    await released(sandbox, hold)
    view = await explained(sandbox, payment["lastTransactionKey"])
    assert view["row"]["agrees"]
    assert view["dates"]["paidOutDate"] == "2025-03-26"


async def test_an_unknown_transaction_is_refused_by_its_field(sandbox: Sandbox) -> None:
    with pytest.raises(Refusal) as refused:
        await explained(sandbox, "txrd_a01nobody")
    assert (refused.value.code, refused.value.field) == ("NOT_FOUND", "transactionKey")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_terminal_shows_every_figure_of_the_view(sandbox: Sandbox, language: str) -> None:
    await agree(sandbox, card_contract(refund_fee=300))
    payment = await sandbox.done(10_030)
    await sandbox.cancel(payment["paymentKey"], cancelAmount=3_000)
    await sandbox.advance("P1D")
    view = await explained(sandbox, await key_of(sandbox, "cancel"), language)
    text = "\n".join(fee_lines(view, language))
    for line in view["lines"]:
        for holding in (line["before"], line["after"]):
            if line["prices"]:
                assert holding["inWords"] in text
    for name in ("fee", "vat", "supplyAmount", "payOutAmount"):
        assert f"{view[name]:,}" in text
    for name in ("soldDate", "paidOutDate", "stepsInWords"):
        assert view["dates"][name] in text


def test_one_won_changed_in_the_database_is_named(database_url: str) -> None:
    async def work(sandbox: Sandbox) -> dict[str, Any]:
        payment = await sandbox.done(1_600)
        await sandbox.advance("P1D")
        await tamper(sandbox, "UPDATE settlement SET fee = fee + 1")
        return await explained(sandbox, payment["lastTransactionKey"])

    row = inside(database_url, work)["row"]
    assert row["agrees"] is False
    assert [(one["field"], one["stored"] - one["expected"]) for one in row["differences"]] == [("fee", 1)]


async def test_a_date_that_no_calendar_gave_is_named_though_the_calendar_changed_since(
    sandbox: Sandbox,
) -> None:
    """A holiday in December says nothing of a payout in March."""
    payment = await sandbox.done()
    await sandbox.advance("P1D")
    await announce(sandbox, {date(2025, 12, 24): "임시공휴일"})
    await tamper(sandbox, "UPDATE settlement SET paid_out_date = '2025-09-09', paid_seq = 7")
    view = await explained(sandbox, payment["lastTransactionKey"])
    assert (view["row"]["agrees"], view["dates"]["redated"]) == (False, False)
    (difference,) = view["row"]["differences"]
    assert (difference["field"], difference["stored"]) == ("paidOutDate", "2025-09-09")
