"""`jeongsan bench`: figures, measured on this machine."""

import json
import tempfile
from contextlib import nullcontext
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from jeongsan.bench.confirm import WAYS, Plan, bench_confirm
from jeongsan.bench.machine import machine
from jeongsan.bench.reconcile_faults.accuracy import Accuracy, measure
from jeongsan.bench.reconcile_faults.generate import WorldPlan
from jeongsan.bench.reconcile_faults.score import Score
from jeongsan.bench.reconcile_faults.strategy_scores import (
    STRATEGY_ORDERS_MAX,
    StrategyScore,
    compare_strategies,
)
from jeongsan.bench.scratch_postgres import NoServer, scratch_postgres
from jeongsan.cli.output import JsonOption, fail, run
from jeongsan.reconcile.extras import NotInstalled

app = typer.Typer(help="Measure.", no_args_is_help=True)


class BenchStore(StrEnum):
    """What is measured."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


class OrderKeys(StrEnum):
    """Which keys a merchant's orders carry beside the order id."""

    TRANSACTION = "transaction"
    PAYMENT = "payment"
    ORDER = "order"


@app.callback()
def bench() -> None:
    """Measure."""


@app.command()
def confirm(
    store: Annotated[BenchStore, typer.Option(help="Database under test.")] = BenchStore.SQLITE,
    database: Annotated[
        str | None,
        typer.Option(
            help="PostgreSQL server to make scratch databases on; a scratch one if left out.", metavar="URL"
        ),
    ] = None,
    shops: Annotated[int, typer.Option(help="Shops that the payments are spread over.")] = 1,
    clients: Annotated[str, typer.Option(help="Numbers of clients.")] = "1,8,32,128",
    ways: Annotated[str, typer.Option(help="Which ways.")] = ",".join(WAYS),
    requests: Annotated[int, typer.Option(help="Confirms per measurement with 32 clients.")] = 12_000,
    as_json: JsonOption = False,
) -> None:
    """Durable confirms per second: over HTTP inline and remote, through the loop, a commit per request."""
    try:
        plan = Plan(
            store=store.value,
            database=database,
            shops=shops,
            clients=tuple(int(part) for part in clients.split(",")),
            ways=tuple(ways.split(",")),
            requests=requests,
        )
        with nullcontext(database) if database or store is BenchStore.SQLITE else scratch_postgres() as url:
            work = bench_confirm(replace(plan, database=url))
            results = run(work, as_json=as_json, run_loop=uvloop.run)
    except (NoServer, ValueError) as error:
        fail("INVALID_OPTION", str(error), as_json=as_json, exit_code=2)
    if as_json:
        typer.echo(json.dumps({"bench": "confirm", "machine": machine(), "results": results}))
        return
    typer.echo(f"{'way':<20}{'clients':>8}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}{'fsyncs':>8}")
    for row in results:
        typer.echo(
            f"{row['name']:<20}{row['clients']:>8}{row['per_second']:>12}{row['p50_ms']:>9}"
            f"{row['p99_ms']:>9}{row['fsyncs'] if row['fsyncs'] is not None else '-':>8}"
        )


@app.command()
def accuracy(
    orders: Annotated[int, typer.Option(help="Payments of the made-up merchant.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Another number, another world.")] = 1,
    order_keys: Annotated[OrderKeys, typer.Option(help="The key its orders carry.")] = OrderKeys.PAYMENT,
    memory: Annotated[str, typer.Option(help="DuckDB's limit.")] = "2GB",
    threads: Annotated[int | None, typer.Option(help="As many as there are cores if left out.")] = None,
    learn: Annotated[
        bool, typer.Option("--learn", help="Learn the terms of the rows; else they are given.")
    ] = False,
    strategies: Annotated[
        bool,
        typer.Option("--strategies", help=f"The usual ways beside it, on at most {STRATEGY_ORDERS_MAX}."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Precision and recall of the reconciliation on labelled faults."""
    try:
        plan = WorldPlan(orders, seed, order_keys=order_keys.value)
        with tempfile.TemporaryDirectory() as folder:
            result = measure(plan, Path(folder), memory=memory, threads=threads, learn=learn)
        compared = _compared(plan, threads) if strategies else []
    except (NotInstalled, ValueError) as error:
        fail("INVALID_OPTION", str(error), as_json=as_json, exit_code=2)
    if as_json:
        typer.echo(json.dumps(_accuracy_view(plan, result, compared)))
        return
    typer.echo(f"{'fault':<48}{'expected':>9}{'hits':>7}{'alarms':>8}{'precision':>11}{'recall':>8}")
    for one in result.scores:
        mark = "" if one.deterministic else " *"
        typer.echo(
            f"{one.name + mark:<48}{one.expected:>9}{one.hits:>7}{one.alarms:>8}"
            f"{one.precision:>11.4f}{one.recall:>8.4f}"
        )
    broken = [one.name for one in result.checks if not one.holds]
    typer.echo(
        f"* nobody could decide it; {len(result.checks)} checks of the whole, broken: {broken or 'none'}"
    )
    _echo_compared(compared)
    typer.echo(
        f"made in {result.generate_seconds:.1f} s, terms learned or read in {result.terms_seconds:.1f} s, "
        f"reconciled in {result.match_seconds:.1f} s, bare joins {result.bare_join_seconds:.1f} s"
    )


def _compared(plan: WorldPlan, threads: int | None) -> list[StrategyScore]:
    smaller = replace(plan, orders=min(plan.orders, STRATEGY_ORDERS_MAX))
    with tempfile.TemporaryDirectory() as folder:
        return compare_strategies(smaller, Path(folder), threads=threads)


def _echo_compared(compared: list[StrategyScore]) -> None:
    if not compared:
        return
    orders = compared[0].orders
    typer.echo(f"orders against transactions, {orders} payments; noticed: rows with a fault in any statement")
    typer.echo(f"{'strategy':<28}{'precision':>11}{'recall':>8}{'noticed':>9}{'accused':>9}{'seconds':>9}")
    for one in compared:
        typer.echo(
            f"{one.name:<28}{one.precision:>11.4f}{one.recall:>8.4f}{one.noticed / one.faulty:>9.4f}"
            f"{one.accused:>9}{one.seconds:>9.2f}"
        )


def _accuracy_view(plan: WorldPlan, result: Accuracy, compared: list[StrategyScore]) -> dict[str, object]:
    return {
        "bench": "accuracy",
        "machine": machine(),
        "orders": plan.orders,
        "seed": plan.seed,
        "order_keys": plan.order_keys,
        "rows": result.rows,
        "generate_seconds": round(result.generate_seconds, 3),
        "terms_seconds": round(result.terms_seconds, 3),
        "match_seconds": round(result.match_seconds, 3),
        "bare_join_seconds": round(result.bare_join_seconds, 3),
        "results": [_score_view(one) for one in result.scores],
        "checks": [{"name": one.name, "holds": one.holds} for one in result.checks],
        "strategies": [
            asdict(one) | {"precision": round(one.precision, 6), "recall": round(one.recall, 6)}
            for one in compared
        ],
    }


def _score_view(one: Score) -> dict[str, object]:
    return {
        "name": one.name,
        "deterministic": one.deterministic,
        "precision": round(one.precision, 6),
        "recall": round(one.recall, 6),
        "expected": one.expected,
        "found": one.found,
        "hits": one.hits,
        "alarms": one.alarms,
    }
