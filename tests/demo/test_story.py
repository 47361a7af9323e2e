"""The story holds on both databases, and breaks when the gateway settles otherwise than promised."""

import pytest

from jeongsan.demo.sabotage import sabotage
from jeongsan.demo.story import tell

pytestmark = pytest.mark.anyio

LINES_MAX = 58  # and two more of the command's own: what was checked, and what to do next


@pytest.mark.slow
async def test_every_promise_of_the_story_holds_and_it_fits_a_screen(database_url: str) -> None:
    checks = await tell(database=database_url)
    assert [check.promise for check in checks.failed] == []
    assert len(checks.checks) >= 40
    assert len(checks.lines) <= LINES_MAX


@pytest.mark.slow
async def test_a_shop_with_another_number_of_days_breaks_the_story() -> None:
    """The story is no decoration: D+5 instead of D+6 fails the rows and the explanation."""
    checks = await tell(business_days=5)
    failed = {check.promise for check in checks.failed}
    assert failed >= {"row of A", "row of C", "the thread's own row", "the thread's other row", "5/8 합계"}


@pytest.mark.slow
async def test_the_story_notices_each_thing_that_is_broken_under_it_and_holds_again_afterwards() -> None:
    failed = {one.name: {check.promise for check in one.failed} for one in await sabotage()}
    assert failed["bucket"] >= {"row of A", "the thread's own row"}
    assert failed["calendar"] >= {"row of A", "holidays on the way", "5/8 합계"}
    assert failed["channel"] >= {"who cancelled A"}
    assert not (await tell()).failed
