"""The page about testing: its tests pass, and its tables are complete."""

import inspect
import re
from dataclasses import fields

import pytest

from docs.pages import page
from jeongsan.testing import Gateway, GatewayOptions
from jeongsan.testing.options import CLOCK_DEFAULT

pytest_plugins = ["pytester"]

PAGE = page("docs/testing.md")


@pytest.mark.slow
def test_the_tests_on_the_page_pass(pytester: pytest.Pytester) -> None:
    blocks = [block.text for block in PAGE.blocks if block.language == "python"]
    assert len(blocks) >= 4
    pytester.makepyfile(**{f"test_block_{number}": text for number, text in enumerate(blocks)})
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(passed=len(re.findall(r"^def test_", "".join(blocks), re.MULTILINE)))


def test_everything_the_fixture_has_is_on_the_page() -> None:
    """Each method with the names of all it takes, in order."""
    shown = [row[0] for row in PAGE.rows("name")]
    real = [
        f"{name}({', '.join(list(inspect.signature(member).parameters)[1:])})" if callable(member) else name
        for name, member in vars(Gateway).items()
        if not name.startswith("_")
    ]
    assert sorted(shown) == sorted([*real, "url", "receiver"])


def test_everything_a_test_may_choose_is_on_the_page() -> None:
    shown = {row[0]: row[1] for row in PAGE.rows("option")}
    assert list(shown) == [field.name for field in fields(GatewayOptions)]
    assert shown["clock"] == CLOCK_DEFAULT


def test_the_defaults_on_the_page_are_the_shops(gateway: Gateway) -> None:
    shop = gateway.set_shop()
    shown = {row[0]: row[1] for row in PAGE.rows("option")}
    assert [shown[name] for name in ("rate", "business_days", "anchor", "cycle")] == [
        shop["rate"],
        str(shop["businessDays"]),
        shop["anchor"],
        shop["cycle"],
    ]
    assert shop["settleTestPayments"] is False
