"""The help thread, answered: its questions in its own order, each with what the gateway does and says."""

import tempfile

from jeongsan.demo import expected
from jeongsan.demo.checking import check_cancels
from jeongsan.demo.checks import Checks
from jeongsan.demo.same_data import same_data
from jeongsan.demo.selling import sell_and_cancel
from jeongsan.demo.settling import settle, why_that_day
from jeongsan.demo.stage import open_stage
from jeongsan.demo.trying import try_test_mode
from jeongsan.demo.who import who_cancelled
from jeongsan.store.open import parse_url

_TITLE = "jeongsan demo · 도움 글의 질문에 답합니다 (the help thread, answered)   no real money · 모의 결제"


async def tell(*, database: str | None = None, business_days: int = expected.BUSINESS_DAYS) -> Checks:
    """Tell the story on a new database; the answer holds every line and every check.

    Other `business_days` than the story's break its promises, which is how its tests know that they
    can be broken. The second worlds that some acts need are always small SQLite files of their own."""
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="jeongsan-demo-") as folder:
        url = database or f"sqlite:///{folder}/demo.db"
        async with open_stage(url, checks, at=expected.REQUESTED_AT, business_days=business_days) as scene:
            checks.tell(_TITLE)
            checks.tell(
                f"gateway {scene.url} · {parse_url(url).kind} · shop {expected.MID} 카드 "
                f"{expected.RATE_PERCENT}% 일정산 D+{business_days} 영업일 · webhook {scene.receiver.url}"
            )
            sold = await sell_and_cancel(scene)
            await same_data(scene, sold, folder)
            await settle(scene, sold)
            await why_that_day(scene)
            await who_cancelled(scene, sold)
            await try_test_mode(scene, folder)
            await check_cancels(scene, sold, folder)
    return checks
