"""`jeongsan parity`: whether a cancel looks the same in answer, webhook, look-up and settlement row."""

import sys
from typing import Annotated

import typer

from jeongsan.cli.output import (
    EXIT_REFUSED,
    EXIT_UNUSABLE,
    DatabaseOption,
    JsonOption,
    LanguageOption,
    fail,
    run,
    show,
)
from jeongsan.cli.parity_table import print_parity
from jeongsan.cli.session import records_for_command
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.differences import InvalidJson
from jeongsan.inquiry.order_parity import AmbiguousOrder, OrderParity, order_parity
from jeongsan.inquiry.parity_sources import NothingTold
from jeongsan.inquiry.parity_view import order_view


def parity(
    order_id: Annotated[str, typer.Argument(metavar="ORDER_ID")],
    other: Annotated[
        str | None, typer.Option("--with", metavar="ORDER_ID", help="Another order to put beside it.")
    ] = None,
    mid: Annotated[list[str] | None, typer.Option(help="Only this shop; may be repeated.")] = None,
    mode: Annotated[Mode | None, typer.Option(help="Only test or only live payments.")] = None,
    lang: LanguageOption = "ko",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare answer, webhook, look-up and settlement row of each cancel, field by field. Exits with 1
    when a difference has no reason."""

    async def work() -> OrderParity:
        async with records_for_command(database, mids=mid, mode=mode, language=lang) as records:
            return await order_parity(records, order_id, other)

    try:
        found = run(work(), as_json=as_json)
    except AmbiguousOrder as error:
        fail("AMBIGUOUS_ORDER", str(error), as_json=as_json, exit_code=EXIT_REFUSED)
    except NothingTold as error:
        fail("NOTHING_TOLD", str(error), as_json=as_json, exit_code=EXIT_REFUSED)
    except InvalidJson as error:
        fail("UNREADABLE_BODY", str(error), as_json=as_json, exit_code=EXIT_UNUSABLE)
    if as_json:
        show(order_view(found, lang), as_json=True)
    else:
        print_parity(found, lang)
    if not found.holds:
        sys.exit(EXIT_REFUSED)
