"""`jeongsan contract`: check, price, show, apply and grade the contracts of shops; the published lists."""

from datetime import date
from typing import Annotated, Any

import typer

from jeongsan.cli.asked import actor_asked, day_asked, shop_asked
from jeongsan.cli.contract_file import FILE_HELP, PriceListOption, contract_asked, contract_of
from jeongsan.cli.contract_price import price
from jeongsan.cli.contract_tables import print_changes, print_price_lists, print_terms, print_versions
from jeongsan.cli.output import DatabaseOption, JsonOption, LanguageOption, run, show
from jeongsan.cli.session import gateway_for_command
from jeongsan.clock import MachineClock
from jeongsan.domain.contract import Contract, check_in_force, terms_of
from jeongsan.domain.contract_changes import Change, changes
from jeongsan.domain.contract_faults import InvalidTerms
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import kst_day
from jeongsan.domain.shop import Shop
from jeongsan.domain.terms import Grade
from jeongsan.inquiry.words import say
from jeongsan.operations.shops import set_contract, set_grade
from jeongsan.store.reads.contracts import versions
from jeongsan.wire.contract_conditions import GRADE_NAMES
from jeongsan.wire.contract_fields import problem_words
from jeongsan.wire.contract_text import toml_text
from jeongsan.wire.contract_view import (
    change_view,
    contract_view,
    document_of,
    price_lists_view,
    version_view,
)
from jeongsan.wire.errors import KO

app = typer.Typer(help="Contracts of shops: fees, payout rules, grades.", no_args_is_help=True)
app.command()(price)

FileArgument = Annotated[typer.FileBinaryRead, typer.Argument(metavar="FILE", help=FILE_HELP)]
ActorOption = Annotated[str, typer.Option(metavar="NAME", help="Who is written down to have done it.")]
AtOption = Annotated[str | None, typer.Option(metavar="DAY", help="In force on this day instead of today.")]


@app.command()
def check(
    file: FileArgument, at: AtOption = None, lang: LanguageOption = KO, as_json: JsonOption = False
) -> None:
    """Whether a file is a contract, and what it would put in force. Needs no database."""

    async def work() -> tuple[Contract, date]:
        day = kst_day(MachineClock().now_ms()) if at is None else day_asked(at, "at")
        return contract_of(file), day

    contract, day = run(work(), as_json=as_json, lang=lang)
    terms = terms_of(contract)
    if as_json:
        show({"valid": True} | contract_view(contract, terms, day), as_json=True)
        return
    print_terms(contract, terms, day, lang)
    try:
        check_in_force(contract, day)
    except InvalidTerms as error:
        words = problem_words(error.problem, lang)
        typer.echo(f"{say(lang, f'{day}에는 적용할 수 없습니다', f'Cannot be applied on {day}')}: {words}")


@app.command("show")
def show_contract(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    at: AtOption = None,
    as_toml: Annotated[bool, typer.Option("--toml", help="Print the document only, as TOML.")] = False,
    lang: LanguageOption = KO,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """A shop's contract: the document, and the terms in force from a day on."""

    async def work() -> tuple[Shop, date]:
        async with gateway_for_command(database, existing=True) as gateway:
            day = kst_day(await gateway.now()) if at is None else day_asked(at, "at")
            return shop_asked(gateway, mid), day

    shop, day = run(work(), as_json=as_json, lang=lang)
    if as_toml:
        typer.echo(toml_text(document_of(shop.contract)), nl=False)
    elif as_json:
        show({"mId": mid} | contract_view(shop.contract, shop.terms, day), as_json=True)
    else:
        print_terms(shop.contract, shop.terms, day, lang)


@app.command("apply")
def apply_contract(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    file: Annotated[typer.FileBinaryRead | None, typer.Argument(metavar="FILE", help=FILE_HELP)] = None,
    price_list: PriceListOption = None,
    actor: ActorOption = "operator",
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what would change, change nothing.")
    ] = False,
    lang: LanguageOption = KO,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a contract in force for the next approvals, in both modes; what is approved keeps its terms."""

    async def work() -> dict[str, Any]:
        contract = contract_asked(file, price_list)
        name = actor_asked(actor)
        async with gateway_for_command(database, existing=True) as gateway:
            old, today = shop_asked(gateway, mid).contract, kst_day(await gateway.now())
            check_in_force(contract, today)
            if not preview:
                await set_contract(gateway.loop, mid, contract, actor_name=name)
        return {"changes": changes(old, contract, today), "applied": not preview}

    _show_changes(mid, run(work(), as_json=as_json, lang=lang), lang, as_json=as_json)


@app.command("grade")
def change_grade(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    grade: Annotated[
        str, typer.Argument(metavar="GRADE", help="general, small, medium1 … or 일반, 영세, 중소1 …")
    ],
    start: Annotated[str, typer.Option("--from", metavar="DAY", help="First day of the grade; may be past.")],
    actor: ActorOption = "operator",
    lang: LanguageOption = KO,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a shop another grade from a day on, for the next approvals; what is approved keeps its terms."""

    async def work() -> dict[str, Any]:
        wanted, day, name = _grade(grade), day_asked(start, "from"), actor_asked(actor)
        async with gateway_for_command(database, existing=True) as gateway:
            old, today = shop_asked(gateway, mid).contract, kst_day(await gateway.now())
            await set_grade(gateway.loop, mid, day, wanted, actor_name=name)
            new = shop_asked(gateway, mid).contract
        return {
            "changes": changes(old, new, today),
            "applied": True,
            "retroactive": day < today and bool(changes(old, new, day)),
        }

    _show_changes(mid, run(work(), as_json=as_json, lang=lang), lang, as_json=as_json)


@app.command()
def history(
    mid: Annotated[str, typer.Argument(metavar="MID")],
    lang: LanguageOption = KO,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every version of a shop's contract: when, by whom, from what."""

    async def work() -> Any:
        async with gateway_for_command(database, existing=True) as gateway:
            return await versions(gateway.store, shop_asked(gateway, mid).shop_id)

    found = run(work(), as_json=as_json, lang=lang)
    if as_json:
        views = [version_view(one.contract, one.actor_name, one.created_at) for one in found]
        show({"mId": mid, "versions": views}, as_json=True)
        return
    print_versions(found, lang)


@app.command()
def lists(lang: LanguageOption = KO, as_json: JsonOption = False) -> None:
    """The published price lists, VAT excluded."""
    if as_json:
        show({"priceLists": price_lists_view()}, as_json=True)
        return
    print_price_lists(lang)


def _show_changes(mid: str, done: dict[str, Any], language: str, *, as_json: bool) -> None:
    found: tuple[Change, ...] = done["changes"]
    if as_json:
        views = [change_view(one) for one in found]
        show({"mId": mid} | done | {"changes": views}, as_json=True)
        return
    print_changes(found, language)
    kept = (
        "이미 승인된 거래는 승인 때의 조건으로 정산됩니다.",
        "What is approved settles by the terms of its approval.",
    )
    typer.echo(say(language, *kept))
    if done.get("retroactive"):
        past = (
            "지난 날짜부터의 등급입니다. 그동안 승인된 거래의 차액은 환급 대상입니다.",
            "The grade begins in the past: the difference on approvals since then is to be refunded.",
        )
        typer.echo(say(language, *past))
    if not done["applied"]:
        typer.echo(say(language, "미리보기입니다. 적용하지 않았습니다.", "A preview: nothing was applied."))


def _grade(text: str) -> Grade:
    known = {grade.value: grade for grade in Grade} | GRADE_NAMES
    if text not in known:
        raise Refusal(Code.INVALID_REQUEST, field="grade", detail=f"is one of {', '.join(known)}")
    return known[text]
