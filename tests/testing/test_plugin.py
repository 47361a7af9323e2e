"""The plugin in pytest runs of its own, as somebody who installed the package has it."""

import re
import subprocess
import sys
from importlib.resources import files

import pytest

pytest_plugins = ["pytester"]

_STRICT = """
[pytest]
addopts = --strict-markers --strict-config -p no:cacheprovider
filterwarnings = error
"""
_SUITE = """
import asyncio

import pytest

pytestmark = pytest.mark.gateway(clock="2025-04-25T11:08:10+09:00", rate="3.6", business_days=6)


@pytest.mark.parametrize("number", range(6))
def test_each_test_has_the_order_id_for_itself(gateway, number):
    assert gateway.receiver.received == []
    payment = gateway.pay(order_id="the-only-one")
    assert gateway.wait_webhook("DONE", "the-only-one")["data"] == payment


class TestTerms:
    pytestmark = pytest.mark.gateway(business_days=2)

    @pytest.mark.gateway(rate="3.2")
    def test_the_closest_marker_wins(self, gateway):
        shop = gateway.set_shop()
        assert (shop["rate"], shop["businessDays"]) == ("3.2", 2)
        assert gateway.now.isoformat() == "2025-04-25T11:08:10+09:00"


def test_a_cancel_by_the_merchant_admin_reaches_its_settlement_row(gateway):
    payment = gateway.pay(1_600)
    gateway.cancel(payment["paymentKey"], channel="merchant-admin")
    gateway.advance_business_days(1)
    rows = gateway.settlements("2025-04-25")
    assert sorted((row["amount"], row["fee"], row["paidOutDate"]) for row in rows) == [
        (-1_600, -63, "2025-05-08"),
        (1_600, 63, "2025-05-08"),
    ]


def test_an_event_loop_of_the_test_is_no_hindrance(gateway):
    async def program():
        return gateway.pay()

    assert asyncio.run(program())["status"] == "DONE"
"""


@pytest.mark.slow
def test_a_suite_runs_on_two_workers_with_nothing_shared(pytester: pytest.Pytester) -> None:
    """Strict markers, warnings as errors, and none of the plugins for asynchronous tests."""
    pytester.makeini(_STRICT)
    pytester.makepyfile(_SUITE)
    result = pytester.runpytest_subprocess("-n", "2", "-p", "no:anyio")
    result.assert_outcomes(passed=9)


@pytest.mark.slow
def test_what_goes_wrong_is_told_in_the_words_of_the_test(pytester: pytest.Pytester) -> None:
    """A missing webhook with what arrived instead, and a marker by what it should not say."""
    pytester.makepyfile("""
        import pytest

        def test_waits(gateway):
            gateway.pay(order_id="order-paid")
            gateway.wait_webhook("DONE")
            gateway.wait_webhook("CANCELED", timeout=0.05)

        @pytest.mark.gateway(buisness_days=6)
        def test_misspelt(gateway): ...

        @pytest.mark.gateway("2025-04-25")
        def test_unnamed(gateway): ...

        @pytest.mark.gateway(business_days=61)
        def test_impossible(gateway): ...

        @pytest.mark.gateway(business_days="6")
        def test_mistyped(gateway): ...

        def test_next(gateway):
            assert gateway.pay()["status"] == "DONE"
    """)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1, errors=4, passed=1)
    result.stdout.fnmatch_lines_random(
        [
            '>*gateway.wait_webhook("CANCELED", timeout=0.05)',
            "E*WebhookMissing: no webhook with status CANCELED within 0.05 s",
            "E*arrived: PAYMENT_STATUS_CHANGED DONE order-paid  (returned by an earlier wait)",
            "*a gateway has no such option: buisness_days; it has gateway(clock=*",
            "*@pytest.mark.gateway takes options by name only*",
            "*GatewayRefused: INVALID_OPTION: payout.businessDays: must be between 1 and 60",
            "*TypeError: business_days: is a whole number, not '6'",
        ]
    )
    # The traceback ends in the test, not in the plugin.
    assert not re.search(r"^\S*(receiver|gateway)\.py:\d", result.stdout.str(), re.MULTILINE)


def test_being_installed_costs_other_test_runs_nothing() -> None:
    """Every pytest run imports the plugin; the gateway and its libraries come with the first fixture only."""
    program = "import sys, jeongsan.testing.plugin; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "pytest" in loaded
    assert not loaded & {"starlette", "uvicorn", "uvloop", "httpx", "sqlalchemy", "alembic", "msgspec"}
    ours = {name for name in done.stdout.split() if name.startswith("jeongsan.")}
    assert ours
    assert all(name.startswith("jeongsan.testing") for name in ours)


def test_a_type_checker_may_read_the_types_of_the_package() -> None:
    """PEP 561: without the marker it ignores them all, and a `Gateway` in an annotation means nothing."""
    assert (files("jeongsan") / "py.typed").is_file()
