"""`jeongsan bench`: figures, measured on this machine."""

import json
from contextlib import nullcontext
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer
import uvloop

from jeongsan.bench.confirm import WAYS, Plan, bench_confirm
from jeongsan.bench.machine import machine
from jeongsan.bench.scratch_postgres import NoServer, scratch_postgres
from jeongsan.cli.output import JsonOption, fail, run

app = typer.Typer(help="Measure.", no_args_is_help=True)


class BenchStore(StrEnum):
    """What is measured."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


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
