"""The story holds on both databases, and breaks when the gateway settles otherwise than promised."""

import pytest

from jeongsan.demo.story import tell

pytestmark = pytest.mark.anyio


async def test_every_promise_of_the_story_holds(database_url: str) -> None:
    checks = await tell(database=database_url)
    assert [check.promise for check in checks.failed] == []
    assert len(checks.checks) >= 15


async def test_a_shop_with_another_number_of_days_breaks_the_story() -> None:
    """The story is no decoration: D+5 instead of D+6 fails the rows and the explanation."""
    checks = await tell(business_days=5)
    assert {check.promise for check in checks.failed} >= {"승인 row", "취소 row", "paid out"}
