"""Health, readiness and metrics: what an operator's tools ask for, without a key."""

import pytest

from support.sandbox import START, Sandbox

pytestmark = pytest.mark.anyio


async def test_a_process_that_answers_is_healthy(sandbox: Sandbox) -> None:
    answer = await sandbox.anonymous.get("/jeongsan/v1/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_readiness_shows_the_clock_and_what_waits(sandbox: Sandbox) -> None:
    answer = await sandbox.anonymous.get("/jeongsan/v1/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "ready": True,
            "now": START,
            "closedThrough": "2025-03-12",
            "closing": False,
            "pendingWebhooks": 0,
            "pendingEvents": 0,
        },
    )
    await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": "http://127.0.0.1:9/"})
    await sandbox.done()
    assert (await sandbox.anonymous.get("/jeongsan/v1/ready")).json()["pendingEvents"] == 1
    await sandbox.move_to(START)
    waiting = (await sandbox.anonymous.get("/jeongsan/v1/ready")).json()
    assert (waiting["pendingEvents"], waiting["pendingWebhooks"]) == (0, 1)


async def test_metrics_count_requests_by_method_and_status(sandbox: Sandbox) -> None:
    await sandbox.done()
    await sandbox.anonymous.get("/v1/payments/x")
    await sandbox.live.get("/v1/payments/x")
    answer = await sandbox.anonymous.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert 'jeongsan_requests_total{method="GET",status="401"} 1.0' in lines
    assert 'jeongsan_requests_total{method="GET",status="404"} 1.0' in lines
    assert 'jeongsan_requests_total{method="POST",status="200"} 2.0' in lines
    assert "jeongsan_batch_operations_count 2.0" in lines
