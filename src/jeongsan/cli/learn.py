"""`jeongsan settle learn`: the contract behind a history of settlement rows. It only reads."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from jeongsan.calendar_kr import korean_holidays
from jeongsan.cli.output import EXIT_REFUSED, EXIT_UNUSABLE, JsonOption, fail, show
from jeongsan.client.errors import ClientError
from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.reader import Reader
from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.collector import without_collector
from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.learn import Learned
from jeongsan.reconcile.learn import learn as learn_history
from jeongsan.reconcile.learn_report import terminal_text
from jeongsan.reconcile.learn_view import learned_view
from jeongsan.reconcile.learn_words import problem_words
from jeongsan.reconcile.learned_contract import as_contract
from jeongsan.reconcile.learned_words import note_words
from jeongsan.reconcile.period import InvalidPeriod, Period
from jeongsan.reconcile.settled_files import RowFile, read_rows, rows_of, rows_of_answers
from jeongsan.reconcile.settled_history import history_of
from jeongsan.reconcile.settled_rows import RowProblem
from jeongsan.settings import merchant_key
from jeongsan.wire.contract_text import toml_text

STANDARD_INPUT = "-"


def learn(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Histories; - is standard input.")
    ] = None,
    address: Annotated[str | None, typer.Option(metavar="URL", help="A gateway to read.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First sold date.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last, included.")] = None,
    mid: Annotated[str | None, typer.Option(metavar="MID", help="Rows of this shop only.")] = None,
    as_toml: Annotated[
        bool, typer.Option("--toml", help="Print the contract document only, as TOML.")
    ] = False,
    lang: Annotated[Language, typer.Option(help="Words of the report.")] = Language.KO,
    as_json: JsonOption = False,
) -> None:
    """Learn rate, rounding, cycle, payout days and cancel fees from settlement rows.

    Exit 0: learned, 1: learned, but something could not be read, or it makes no document for --toml, 2:
    nothing could be read."""
    if address is None and (first is not None or last is not None):
        fail("INVALID_OPTION", "--from and --to go with --address", as_json=as_json, exit_code=EXIT_UNUSABLE)
    if not files and address is None:
        message = "give files with settlement rows, or --address, --from and --to"
        fail("NOTHING_TO_READ", message, as_json=as_json, exit_code=EXIT_UNUSABLE)
    banks = OpenDays(korean_holidays("ko" if lang is Language.KO else "en"))
    with without_collector():
        read = [_file(one) for one in files or ()]
        if address is not None:
            read.append(_answered(address, first, last, as_json))
        rows = (row for one in read for row in one.rows if mid is None or row.mid == mid)
        learned = learn_history(history_of(rows), banks)
    problems = [problem for one in read for problem in one.problems]
    if as_toml:
        _print_document(learned, problems, lang, as_json)
    elif as_json:
        show(learned_view(learned, problems, banks), as_json=True)
    else:
        typer.echo(terminal_text(learned, problems, banks, lang))
    if problems or learned.history.contradictions:
        raise typer.Exit(EXIT_REFUSED if learned.history.rows else EXIT_UNUSABLE)


def _print_document(learned: Learned, problems: Sequence[RowProblem], lang: Language, as_json: bool) -> None:
    """What the document leaves out stands in it as comments."""
    for problem in (*problems, *learned.history.contradictions):
        typer.echo(problem_words(problem, lang), err=True)
    contract = as_contract(learned)
    notes = [note_words(one, lang) for one in contract.notes]
    if contract.document is None:
        exit_code = EXIT_REFUSED if learned.history.rows else EXIT_UNUSABLE
        fail("NO_CONTRACT", "; ".join(notes), as_json=as_json, exit_code=exit_code)
    for note in notes:
        typer.echo(f"# {note}")
    typer.echo(toml_text(contract.document), nl=False)


def _file(name: str) -> RowFile:
    return rows_of(name, sys.stdin.buffer.read()) if name == STANDARD_INPUT else read_rows(Path(name))


def _answered(address: str, first: str | None, last: str | None, as_json: bool) -> RowFile:
    if first is None or last is None:
        fail("INVALID_OPTION", "--address needs --from and --to", as_json=as_json, exit_code=EXIT_UNUSABLE)
    key = merchant_key()
    if key is None:
        message = "set JEONGSAN_SECRET_KEY to the secret key of the shop; it is not taken as an argument"
        fail("NO_SECRET_KEY", message, as_json=as_json, exit_code=EXIT_UNUSABLE)
    try:
        period = Period.asked(first, last)
        with Reader(address, key) as reader:
            rows = GatewayClient(reader).settlement_objects(period.first, period.last)
            return rows_of_answers(address, (one.values for one in rows))
    except InvalidPeriod as error:
        fail("INVALID_OPTION", f"--{error.field} {error}", as_json=as_json, exit_code=EXIT_UNUSABLE)
    except ClientError as error:
        fail(error.code, str(error), as_json=as_json, exit_code=EXIT_UNUSABLE)
