"""The picture of the README shows the demo as it runs now."""

import re

import pytest
from rich.cells import cell_len

from docs.picture import COLUMNS, PICTURE, demo_lines, drawn, steady


@pytest.mark.slow
def test_the_picture_shows_what_the_demo_prints() -> None:
    """Every line in its place; ports, key hints, hashes and seconds excepted."""
    now, kept = drawn(demo_lines()), PICTURE.read_text(encoding="utf-8")
    assert kept.splitlines() == now.splitlines(), "python tests/docs/picture.py draws it anew"


def test_the_picture_loads_nothing() -> None:
    svg = PICTURE.read_text(encoding="utf-8")
    attributes = " ".join(re.findall(r"<[^>]+>", svg)).replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "://" not in attributes
    assert not re.search(r"<(?!/?(?:svg|rect|g|text|tspan)\b)", svg)


def test_a_wide_character_takes_two_columns() -> None:
    """The same column begins at the same place behind Korean and behind Latin letters."""
    assert cell_len("정산") == len("paid") == 4
    places = [re.findall(r'<tspan x="([\d.]+)"', drawn([line]))[-1] for line in ("정산  ✓", "paid  ✓")]
    assert places[0] == places[1]


def test_a_long_line_goes_on_below_and_loses_nothing() -> None:
    words = "   " + " ".join(f"정산일{number}" for number in range(40))
    rows = _rows(drawn([words]))
    assert len(rows) > 1
    assert all(cell_len(row) <= COLUMNS for row in rows)
    assert "".join(rows) == words.replace(" ", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gateway http://127.0.0.1:40629 · sqlite", "gateway http://127.0.0.1:8081 · sqlite"),
        ("API (admin-server live_sk_…WkEH)", "API (admin-server live_sk_…0a9Z)"),
        ("API sha256 e1db32a11726…", "API sha256 00000000000a…"),
        ("41 checks, 0 failed · 5.1 s · next", "41 checks, 0 failed · 12.3 s · next"),
    ],
)
def test_only_what_differs_from_run_to_run_is_replaced(one: str, other: str) -> None:
    assert steady(one) == steady(other)
    assert steady("41 checks, 0 failed · 5.1 s") != steady("40 checks, 1 failed · 5.1 s")
    assert steady("sold 2025-04-25, paid 2025-05-08 ✓") == "sold 2025-04-25, paid 2025-05-08 ✓"


def _rows(svg: str) -> list[str]:
    """The text of each row, without its blanks."""
    rows = re.findall(r"<text [^>]*>(.*?)</text>", svg)
    return ["".join(re.findall(r"<tspan[^>]*>([^<]*)</tspan>", row)).replace(" ", "") for row in rows]
