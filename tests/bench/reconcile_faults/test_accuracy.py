"""`jeongsan bench accuracy`: a figure for each kind of fault, from a whole run."""

import json

import pytest
from typer.testing import CliRunner

from jeongsan.bench.reconcile_faults.generate import ORDERS_MIN
from jeongsan.cli.main import app

# Many runs of the whole rule book.
pytestmark = pytest.mark.slow

_RUN = ["bench", "accuracy", "--orders", str(ORDERS_MIN), "--threads", "1"]


def test_a_run_tells_precision_and_recall_of_each_kind() -> None:
    done = CliRunner().invoke(app, [*_RUN, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    results = {one["name"]: one for one in told["results"]}
    assert len(results) > 70
    plain = {
        "canceled_outside", "paid_unknown_here", "not_settled", "duplicate_order", "pay_out_sum",
        "deposit_split",
    }  # fmt: skip
    for name in plain:
        assert results[name]["expected"] > 0
        assert (results[name]["precision"], results[name]["recall"]) == (1.0, 1.0), name
    assert results["identity_lost"]["deterministic"] is False
    assert results["all"]["expected"] == sum(
        one["expected"] for name, one in results.items() if not name.startswith("all")
    )
    assert all(one["holds"] for one in told["checks"])
    assert told["rows"]["ORDERS"] > ORDERS_MIN


def test_without_json_it_is_a_table() -> None:
    done = CliRunner().invoke(app, [*_RUN, "--order-keys", "order"])
    assert done.exit_code == 0, done.output
    assert "canceled_outside" in done.output
    assert "broken: none" in done.output


def test_too_few_orders_are_refused() -> None:
    done = CliRunner().invoke(app, ["bench", "accuracy", "--orders", "10", "--json"])
    assert done.exit_code == 2
    assert json.loads(done.output)["code"] == "INVALID_OPTION"
