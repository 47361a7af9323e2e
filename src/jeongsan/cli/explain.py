"""`jeongsan explain`: why a settlement query finds what it finds."""

from typing import Annotated, Any
from urllib.parse import parse_qsl

import typer

from jeongsan.cli.output import DatabaseOption, JsonOption, harmless, run, show
from jeongsan.cli.session import records_for_command
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.explain import explain as explain_query
from jeongsan.inquiry.explain_view import explain_lines, explain_view
from jeongsan.wire.requests import settlements_query


def explain(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="'?startDate=…&endDate=…', or the whole address.")
    ],
    order: Annotated[
        str | None, typer.Option(help="The order that was expected; its beginning will do.")
    ] = None,
    mid: Annotated[list[str] | None, typer.Option(help="Only this shop; may be repeated.")] = None,
    mode: Annotated[Mode | None, typer.Option(help="As if asked with a test or a live key.")] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why GET /v1/settlements returns what it returns, and which query works."""

    async def work() -> list[dict[str, Any]]:
        # Everything behind the question mark of an address, or the parameters alone.
        parameters = dict(parse_qsl(query.rpartition("?")[2], keep_blank_values=True))
        asked = settlements_query(parameters)
        async with records_for_command(database, mids=mid, mode=mode) as records:
            found = await explain_query(records, asked, date_type_given="dateType" in parameters, order=order)
            return [explain_view(one) for one in found]

    views = run(work(), as_json=as_json)
    if as_json:
        show({"explanations": views}, as_json=True)
        return
    for line in (line for view in views for line in explain_lines(view)):
        typer.echo(harmless(line))
