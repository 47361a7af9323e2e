"""`jeongsan settle explain` and `settle check`: why a fee is what it is, and whether every row says so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from jeongsan.cli.output import EXIT_REFUSED, DatabaseOption, JsonOption, LanguageOption, harmless, run, show
from jeongsan.cli.session import records_for_command
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.fee_explanation import explain_fee
from jeongsan.inquiry.fee_text import fee_lines
from jeongsan.inquiry.fee_view import fee_view
from jeongsan.inquiry.settlement_check import check_rows, count_rows
from jeongsan.inquiry.settlement_check_view import CheckResult, check_lines, check_view
from jeongsan.wire.errors import KO

Tell = Callable[[int], None]


def explain(
    transaction_key: Annotated[str, typer.Argument(metavar="TRANSACTION_KEY")],
    lang: LanguageOption = KO,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every step to a transaction's fee, and whether its settlement row says the same."""

    async def work() -> dict[str, Any]:
        # A terminal may hand over bytes that are no text.
        key = transaction_key.encode(errors="replace").decode()
        async with records_for_command(database, mids=None, mode=None, language=lang) as records:
            return fee_view(await explain_fee(records, key), lang)

    view = run(work(), as_json=as_json)
    if as_json:
        show(view, as_json=True)
        return
    for line in fee_lines(view, lang):
        typer.echo(harmless(line))


def check(
    mid: Annotated[str | None, typer.Argument(metavar="[MID]", help="Only this shop.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First sold date.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last sold date, included.")] = None,
    mode: Annotated[Mode | None, typer.Option(help="Only test or only live rows.")] = None,
    lang: LanguageOption = KO,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recompute the settlement rows of a period from their transactions, terms and the calendar.

    Exit 0: all agree, 1: some differ, and are named."""

    async def work() -> dict[str, Any]:
        start, end = day_of(first, "from", date.min), day_of(last, "to", date.max)
        if end < start:
            raise Refusal(Code.INVALID_DATE, field="to", detail="lies before from")
        mids = None if mid is None else [mid]
        result = CheckResult()
        async with records_for_command(database, mids=mids, mode=mode, language=lang) as records:
            with _progress(await count_rows(records, start, end)) as tell:
                async for rows in check_rows(records, start, end):
                    result.add(rows)
                    tell(len(rows))
        return check_view(result, lang)

    view = run(work(), as_json=as_json)
    if as_json:
        show(view, as_json=True)
    else:
        for line in check_lines(view, lang):
            typer.echo(harmless(line))
    if view["differ"]:
        raise typer.Exit(EXIT_REFUSED)


def day_of(text: str | None, option: str, otherwise: date) -> date:
    """A day as an option writes it. Raises Refusal INVALID_DATE."""
    if text is None:
        return otherwise
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(Code.INVALID_DATE, field=option, detail="is yyyy-MM-dd") from error
    if text != day.isoformat():
        raise Refusal(Code.INVALID_DATE, field=option, detail="is yyyy-MM-dd")
    return day


@contextmanager
def _progress(total: int) -> Iterator[Tell]:
    """How far it is, on a terminal only."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total)
        yield lambda count: progress.advance(task, count)
