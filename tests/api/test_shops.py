"""GET and PUT /jeongsan/v1/shops/{mId}: what is not sent stays, what cannot be is refused whole."""

from typing import Any

import pytest

from support.sandbox import Sandbox
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio

SHOP = "/jeongsan/v1/shops/tjeongsan"
AS_IT_STARTS = {
    "mId": "tjeongsan",
    "mode": "live",
    "settleTestPayments": False,
    "rate": "3.2",
    "rounding": "B",
    "cycle": "daily",
    "businessDays": 6,
    "anchor": "exclusive",
    "payout": "D+6",
    "grade": "general",
}


async def test_a_shop_is_shown_in_the_mode_of_the_key_that_asks(sandbox: Sandbox) -> None:
    assert (await sandbox.live.get(SHOP)).json() == AS_IT_STARTS
    assert (await sandbox.test.get(SHOP)).json() == AS_IT_STARTS | {"mode": "test"}


@pytest.mark.parametrize(
    ("body", "change"),
    [
        ({}, {}),
        ({"rate": 3.6}, {"rate": "3.6"}),
        ({"rate": "3.6000"}, {"rate": "3.6"}),
        ({"rate": 0}, {"rate": "0"}),
        ({"rate": 100}, {"rate": "100"}),
        ({"rate": "0.0001"}, {"rate": "0.0001"}),
        ({"businessDays": 1}, {"businessDays": 1, "payout": "D+1"}),
        ({"businessDays": "60"}, {"businessDays": 60, "payout": "D+60"}),
        ({"cycle": "weekly", "anchor": "roll"}, {"cycle": "weekly", "anchor": "roll"}),
        ({"cycle": "monthly", "rounding": "A"}, {"cycle": "monthly", "rounding": "A"}),
        ({"settleTestPayments": True}, {"settleTestPayments": True}),
        ({"rate": None, "cycle": None, "businessDays": None, "settleTestPayments": None}, {}),
        ({"somethingNew": 1, "businessDays": 2}, {"businessDays": 2, "payout": "D+2"}),
    ],
    ids=str,
)
async def test_a_change_holds_for_both_modes_and_leaves_the_rest(
    sandbox: Sandbox, body: dict[str, Any], change: dict[str, Any]
) -> None:
    answer = await sandbox.live.put(SHOP, json=body)
    assert (answer.status_code, answer.json()) == (200, AS_IT_STARTS | change)
    assert (await sandbox.live.get(SHOP)).json() == AS_IT_STARTS | change
    assert (await sandbox.test.get(SHOP)).json() == AS_IT_STARTS | change | {"mode": "test"}


@pytest.mark.parametrize(
    "body",
    [
        {"rate": -0.1},
        {"rate": 100.0001},
        {"rate": 3.21234},
        {"rate": "three"},
        {"rate": "NaN"},
        {"rate": "Infinity"},
        {"rate": "1e400"},
        {"rate": ""},
        {"rate": True},
        {"rate": [3.2]},
        {"businessDays": 0},
        {"businessDays": -6},
        {"businessDays": 61},
        {"businessDays": 6.5},
        {"businessDays": "six"},
        {"businessDays": "NaN"},
        {"businessDays": "1e400"},
        {"businessDays": "1e999999999999"},
        {"businessDays": True},
        {"cycle": "yearly"},
        {"cycle": "DAILY"},
        {"cycle": ""},
        {"cycle": 1},
        {"anchor": "inclusive"},
        {"rounding": "C"},
        {"settleTestPayments": "true"},
        {"settleTestPayments": 1},
    ],
    ids=str,
)
async def test_a_value_that_cannot_be_changes_nothing_of_its_neighbours_either(
    sandbox: Sandbox, body: dict[str, Any]
) -> None:
    good = {"cycle": "weekly", "rate": 1.1, "businessDays": 9, "settleTestPayments": True, "anchor": "roll"}
    answer = await sandbox.live.put(SHOP, json=good | {"rounding": "A"} | body)
    assert_refused(answer, 400, "INVALID_REQUEST")
    assert next(iter(body)) in answer.json()["message"]
    assert (await sandbox.live.get(SHOP)).json() == AS_IT_STARTS
    assert (await sandbox.test.get(SHOP)).json() == AS_IT_STARTS | {"mode": "test"}
