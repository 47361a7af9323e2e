"""What a gateway costs a test: set-up and teardown of the fixture `gateway`, and of a whole small payment.

    python bench/gateway_fixture.py [--tests 300]

Runs pytest on a suite that it writes, once with tests that do nothing else and once with tests that pay,
wait for the webhook, cancel, move the clock past the day close and read the settlement rows.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from jeongsan.bench.machine import machine, percentile

_CONFTEST = """
import json
from pathlib import Path

SECONDS = {"setup": [], "call": [], "teardown": []}


def pytest_runtest_logreport(report):
    SECONDS[report.when].append(report.duration)


def pytest_sessionfinish(session):
    Path(session.config.rootpath, "seconds.json").write_text(json.dumps(SECONDS))
"""
_SUITE = """
import pytest


@pytest.mark.parametrize("number", range({tests}))
def test_nothing(gateway, number):
    assert gateway.url


@pytest.mark.parametrize("number", range({tests}))
def test_a_payment_until_it_is_settled(gateway, number):
    payment = gateway.pay()
    assert gateway.wait_webhook("DONE")["data"] == payment
    gateway.cancel(payment["paymentKey"])
    gateway.wait_webhook("CANCELED")
    gateway.advance_business_days(1)
    assert len(gateway.settlements("2025-03-13")) == 2
"""


def measure(tests: int) -> dict[str, list[float]]:
    """Seconds of each phase, in order: `tests` tests that do nothing, then as many that pay."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conftest.py").write_text(_CONFTEST)
        Path(folder, "pytest.ini").write_text("[pytest]\n")
        Path(folder, "test_suite.py").write_text(_SUITE.format(tests=tests))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds: dict[str, list[float]] = json.loads(Path(folder, "seconds.json").read_text())
        return seconds


def _figures(milliseconds: list[float]) -> dict[str, float]:
    """Without the first, which starts the process or prepares what the others share, and the last."""
    rest = milliseconds[1:-1]
    shares = {"p50_ms": 0.5, "p99_ms": 0.99}
    return {name: round(percentile(rest, share), 1) for name, share in shares.items()}


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tests", type=int, default=300)
    tests = parser.parse_args().tests
    seconds = measure(tests)
    setup, call, teardown = ([1000 * one for one in seconds[when]] for when in ("setup", "call", "teardown"))
    both = [before + after for before, after in zip(setup, teardown, strict=True)]
    results = {
        "first_setup_ms": round(setup[0], 1),
        "setup_and_teardown": _figures(both[:tests]),
        "setup_and_teardown_after_a_payment": _figures(both[tests:]),
        "a_payment_until_it_is_settled": _figures(call[tests:]),
        "last_teardown_ms": round(teardown[-1], 1),
    }
    shown = {"bench": "gateway_fixture", "machine": machine(), "tests": tests, "results": results}
    sys.stdout.write(json.dumps(shown) + "\n")


if __name__ == "__main__":
    main()
