"""`jeongsan trace`: what became of an order, or of every id in a pasted text."""

import sys
from itertools import chain
from typing import Annotated, Any

import typer

from jeongsan.cli.output import DatabaseOption, JsonOption, LanguageOption, harmless, run, show
from jeongsan.cli.session import records_for_command
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.answer import trace_ids
from jeongsan.inquiry.pasted import ids_in
from jeongsan.inquiry.trace_text import list_lines, trace_lines
from jeongsan.inquiry.trace_view import hidden_kinds

_PASTED_BYTES_MAX = 1_000_000


def trace(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]…", help="Order ids or keys, whole or their beginning; none: read text."),
    ] = None,
    mid: Annotated[list[str] | None, typer.Option(help="Only this shop; may be repeated.")] = None,
    mode: Annotated[Mode | None, typer.Option(help="Only test or only live payments.")] = None,
    redact: Annotated[str, typer.Option(help="Hide amounts, fees or both: amounts,fees.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Show every trace whole, not a line each.")] = False,
    lang: LanguageOption = "ko",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a payment's timeline, webhooks, settlement rows and payout dates. Without ids, every id in
    the text on standard input is looked up."""

    async def work() -> list[dict[str, Any]]:
        hidden = hidden_kinds(redact)
        asked = _asked(ids)
        async with records_for_command(database, mids=mid, mode=mode, language=lang) as records:
            return await trace_ids(records, asked, redact=hidden)

    answers = run(work(), as_json=as_json)
    if as_json:
        show({"answers": answers}, as_json=True)
        return
    whole = full or len(answers) == 1
    lines = chain.from_iterable(trace_lines(answer, lang) for answer in answers)
    for line in lines if whole else list_lines(answers, lang):
        typer.echo(harmless(line))


def _asked(ids: list[str] | None) -> list[str]:
    """The ids of the command line, else those of the pasted text. Raises Refusal INVALID_REQUEST."""
    if ids:
        # A terminal may hand over bytes that are no text.
        return [one.encode(errors="replace").decode() for one in ids]
    if sys.stdin.isatty():
        typer.echo("번호가 든 글을 붙여넣고 Ctrl-D: paste text with ids, then Ctrl-D", err=True)
    # Chats are pasted from anywhere, also from where Korean is not UTF-8; ids are ASCII all the same.
    text = sys.stdin.buffer.read(_PASTED_BYTES_MAX + 1)
    if len(text) > _PASTED_BYTES_MAX:
        raise Refusal(
            Code.INVALID_REQUEST, field="stdin", detail=f"has more than {_PASTED_BYTES_MAX:,} bytes"
        )
    found = ids_in(text.decode(errors="replace"))
    if not found:
        raise Refusal(Code.INVALID_REQUEST, field="stdin", detail="has no id in it")
    return found
