"""The application behind a real server: refusals, the request log and an orderly end."""

import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from support.process import gateway_process


def test_a_served_gateway_refuses_in_the_recorded_shape_and_logs_what_it_was_asked(tmp_path: Path) -> None:
    database = tmp_path / "jeongsan.db"
    with gateway_process(f"sqlite:///{database}") as gateway:
        refused = httpx.get(f"{gateway.url}/v1/payments/x")
        assert (refused.status_code, refused.json()["code"]) == (401, "UNAUTHORIZED_KEY")
        missing = gateway.live.get("/v1/nothing/here")
        assert (missing.status_code, missing.json()["code"]) == (404, "NOT_FOUND_HTTP_METHOD")
        headers = {"Idempotency-Key": "k-1"}
        broken = gateway.live.post("/v1/payments/confirm", content=b"{", headers=headers)
        assert (broken.status_code, broken.json()["code"]) == (400, "INVALID_REQUEST")
        traces = [one.headers["x-tosspayments-trace-id"] for one in (refused, missing, broken)]
        logged = _log(database, len(traces))
    assert [line[0] for line in logged] == traces
    assert [line[1:] for line in logged] == [
        ("GET", "/v1/payments/x", 401, None),
        ("GET", "/v1/nothing/here", 404, None),
        ("POST", "/v1/payments/confirm", 400, "k-1"),
    ]


def _log(database: Path, count: int) -> list[tuple[object, ...]]:
    """The log has a writer of its own: its lines come within seconds, not with the answers."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        connection = sqlite3.connect(database)
        found = connection.execute(
            "SELECT trace_id, method, path, status, idempotency_key FROM request_log ORDER BY rowid"
        ).fetchall()
        connection.close()
        if len(found) == count:
            return found
        time.sleep(0.05)
    pytest.fail("the request log was not written")
