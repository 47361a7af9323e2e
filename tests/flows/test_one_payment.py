"""One card payment's whole life: confirmed, cancelled, announced, closed into a day, returned."""

import pytest

from support.receiver import open_receiver
from support.sandbox import Sandbox

pytestmark = pytest.mark.anyio


async def test_a_payment_is_confirmed_cancelled_announced_and_settled_on_the_right_dates(
    sandbox: Sandbox,
) -> None:
    """The help thread's shop: D+6, approved on 13 March, cancelled on 25 April, paid out on 8 May."""
    with open_receiver() as receiver:
        registered = await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        assert registered.status_code == 200, registered.text
        payment = await sandbox.done(150_000)
        await sandbox.move_to("2025-04-25T11:08:10+09:00")
        cancelled = await sandbox.cancel(payment["paymentKey"])
        assert cancelled.status_code == 200, cancelled.text
        await sandbox.move_to("2025-04-26T00:00:00+09:00")
        assert receiver.statuses() == ["DONE", "CANCELED"]
        assert receiver.received[1].json["data"] == cancelled.json()

    approval = (await sandbox.settlements("2025-03-13"))[0]
    assert (approval["soldDate"], approval["paidOutDate"]) == ("2025-03-13", "2025-03-21")
    row = (await sandbox.settlements("2025-04-25"))[0]
    assert (row["soldDate"], row["paidOutDate"]) == ("2025-04-25", "2025-05-08")
    assert row["approvedAt"] == "2025-03-13T13:00:00+09:00"
    assert (row["amount"], row["fee"], row["payOutAmount"]) == (-150_000, -5_280, -144_720)
