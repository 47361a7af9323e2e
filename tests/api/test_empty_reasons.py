"""An empty settlement list says why it is empty, in a header of its own."""

from typing import Any

import pytest

from support.sandbox import Sandbox

pytestmark = pytest.mark.anyio


async def reason(sandbox: Sandbox, start: str, end: str | None = None, **query: Any) -> str | None:
    client = query.pop("client", sandbox.live)
    parameters = {"startDate": start, "endDate": end or start} | query
    answer = await client.get("/v1/settlements", params=parameters)
    assert answer.status_code == 200, answer.text
    assert (answer.json() == []) == ("jeongsan-empty-reason" in answer.headers)
    return answer.headers.get("jeongsan-empty-reason")


async def test_a_list_with_rows_gives_no_reason(sandbox: Sandbox) -> None:
    await sandbox.done()
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert await reason(sandbox, "2025-03-13") is None


async def test_a_test_key_settles_nothing(sandbox: Sandbox) -> None:
    await sandbox.done(client=sandbox.test)
    assert await reason(sandbox, "2025-03-13", client=sandbox.test) == "TEST_KEY"
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert await reason(sandbox, "2025-03-13", client=sandbox.test) == "TEST_KEY"


async def test_a_day_that_is_not_closed_says_when_it_can_be_read(sandbox: Sandbox) -> None:
    await sandbox.done()
    assert await reason(sandbox, "2025-03-13") == "NOT_CLOSED; readable=2025-03-14"
    await sandbox.move_to("2025-03-13T23:59:59.999+09:00")
    assert await reason(sandbox, "2025-03-13") == "NOT_CLOSED; readable=2025-03-14"
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert await reason(sandbox, "2025-03-13") is None


async def test_a_paid_out_date_of_a_sale_that_is_not_closed_yet_is_not_closed_either(
    sandbox: Sandbox,
) -> None:
    await sandbox.done()
    seen = await reason(sandbox, "2025-03-21", dateType="paidOutDate")
    assert seen == "NOT_CLOSED; readable=2025-03-14"


async def test_rows_under_the_other_kind_of_date_are_hinted_at(sandbox: Sandbox) -> None:
    await sandbox.done()
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert await reason(sandbox, "2025-03-21") == "DATE_TYPE"
    assert await reason(sandbox, "2025-03-13", dateType="paidOutDate") == "DATE_TYPE"


async def test_rows_under_the_shops_other_key_are_hinted_at(sandbox: Sandbox) -> None:
    await sandbox.test.put("/jeongsan/v1/shops/tjeongsan", json={"settleTestPayments": True})
    await sandbox.done(client=sandbox.test)
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert await reason(sandbox, "2025-03-13") == "OTHER_KEY"
    await sandbox.done()
    await sandbox.move_to("2025-03-15T00:00:00+09:00")
    assert await reason(sandbox, "2025-03-14", client=sandbox.test) == "OTHER_KEY"


async def test_a_page_beyond_the_last_says_so(sandbox: Sandbox) -> None:
    await sandbox.done()
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert await reason(sandbox, "2025-03-13", page=2) == "PAGE_BEYOND"
    assert await reason(sandbox, "2025-03-13", page=2, size=1) == "PAGE_BEYOND"


async def test_a_range_in_which_nothing_happened_is_simply_empty(sandbox: Sandbox) -> None:
    await sandbox.done()
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert await reason(sandbox, "2025-03-12") == "NONE"
    assert await reason(sandbox, "2025-01-01", "2025-03-12", dateType="paidOutDate") == "NONE"


async def test_an_empty_list_leads_to_its_explanation(sandbox: Sandbox) -> None:
    await sandbox.done()
    query = {"startDate": "2025-03-13", "endDate": "2025-03-13", "note": "<정산>"}
    answer = await sandbox.live.get("/v1/settlements", params=query)
    target, _, relation = answer.headers["link"].partition(">; ")
    assert relation == 'rel="help"'
    explained = (await sandbox.live.get(target.removeprefix("<"))).json()["explanations"]
    assert [one["reason"] for one in explained] == ["NOT_CLOSED", "TEST_KEY"]
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert "link" not in (await sandbox.live.get("/v1/settlements", params=query)).headers
