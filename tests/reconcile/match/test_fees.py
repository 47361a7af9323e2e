"""The fee arithmetic in SQL: that of `fee_rates.Tariff` to the last won, and every published row."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jeongsan.reconcile.fee_rates import Rounding, Tariff, rates, simplest_rates
from support.settled import workspace

pytestmark = pytest.mark.slow

VECTORS = json.loads((Path(__file__).parents[2] / "domain/settlement_vectors.json").read_text("utf-8"))
ROWS = [row for row in VECTORS["settlement_rows"] if row["amount"]]
CASES = 30_000


@pytest.mark.parametrize("rounding", Rounding)
def test_every_rounding_makes_the_same_fee_as_the_tariff(rounding: Rounding) -> None:
    """Amounts from nothing to 10^17 minor units: those that 64 bits hold, and those that they do not."""
    found = workspace().execute(
        """
        WITH cases AS (
            SELECT
                (hash(n) % (10 ** (n % 18))::BIGINT)::BIGINT AS amount,
                CASE n % 3 WHEN 0 THEN 32000 ELSE hash(n, 1) % 1000001 END::BIGINT AS rate,
                CASE n % 2 WHEN 0 THEN 0 ELSE hash(n, 2) % 1000000000 END::BIGINT AS fixed
            FROM range(?) AS cases(n)
        )
        SELECT amount, rate, fixed, expected_fee(amount, rate, fixed, ?) FROM cases
        """,
        [CASES, rounding.value],
    )
    cases = found.fetchall()
    assert len(cases) == CASES
    assert [one for one in cases if Tariff(one[1], one[2], rounding).fee(one[0]) != one[3]] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
@pytest.mark.parametrize("rounding", Rounding)
def test_every_published_base_fee_follows_from_its_simplest_rate(
    row: dict[str, Any], rounding: Rounding
) -> None:
    (base,) = (one["fee"] for one in row["fees"] if one["type"] == "BASE")
    allowed = simplest_rates(*rates(row["amount"], base, rounding))
    connection = workspace()
    for rate in allowed:
        connection.execute("SELECT expected_fee(?, ?, 0, ?)", [row["amount"], rate, rounding.value])
        assert connection.fetchall() == [(base,)]
    assert allowed or base % 11 == 5


@pytest.mark.parametrize(
    ("currency", "amount", "units"),
    [
        ("KRW", "1600.00", 1_600),
        ("JPY", "-7.00", -7),
        ("USD", "19.99", 1_999),
        ("USD", "-0.01", -1),
        ("KRW", "9999999999999999.00", 9_999_999_999_999_999),
        ("USD", "9999999999999999.99", 999_999_999_999_999_999),
    ],
)
def test_an_amount_goes_to_minor_units_and_back_unharmed(currency: str, amount: str, units: int) -> None:
    found = workspace().execute(
        """
        SELECT units, from_minor_units(units, $currency)
        FROM (SELECT in_minor_units($amount::DECIMAL(18,2), $currency) AS units)
        """,
        {"amount": amount, "currency": currency},
    )
    assert found.fetchall() == [(units, Decimal(amount))]


def test_a_fee_of_dollars_is_cut_at_the_cent() -> None:
    """19.99 dollars at 3.2 %: 0.63 and a tenth of it, 0.06."""
    found = workspace().execute(
        "SELECT from_minor_units(expected_fee(in_minor_units(19.99, 'USD'), 32000, 0, 'B'), 'USD')"
    )
    assert found.fetchall() == [(Decimal("0.69"),)]


@pytest.mark.parametrize("missing", ["amount", "rate", "fixed", "rounding"])
def test_what_is_not_known_makes_no_fee(missing: str) -> None:
    values = {"amount": 100, "rate": 32_000, "fixed": 0, "rounding": "B"} | {missing: None}
    found = workspace().execute("SELECT expected_fee($amount, $rate, $fixed, $rounding)", values)
    assert found.fetchall() == [(None,)]
