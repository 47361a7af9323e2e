"""`jeongsan contract price`: what one payment costs under a contract, and when it is paid out."""

from contextlib import ExitStack
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TypeVar

import typer

from jeongsan.bank_calendar import korean_calendar
from jeongsan.cli.asked import day_asked
from jeongsan.cli.contract_file import FILE_HELP, PriceListOption, contract_asked
from jeongsan.cli.output import JsonOption, LanguageOption, harmless, run, show
from jeongsan.clock import MachineClock
from jeongsan.domain.contract import Contract
from jeongsan.domain.contract_faults import Fault, InvalidTerms
from jeongsan.domain.instants import kst_day
from jeongsan.domain.methods import CardKind, InterestPayer, Method, Situation, Traits
from jeongsan.domain.money import MINOR_MAX
from jeongsan.domain.terms import MONTHS_MAX
from jeongsan.inquiry.priced import Sale
from jeongsan.inquiry.priced import price as price_sale
from jeongsan.inquiry.priced_view import priced_lines, priced_view
from jeongsan.wire.contract_document import KIND_WORDS, METHOD_WORDS
from jeongsan.wire.errors import KO
from jeongsan.wire.numbers import Fields

E = TypeVar("E", bound=StrEnum)


def price(
    asked: Annotated[list[str], typer.Argument(metavar="[FILE] AMOUNT", help=FILE_HELP)],
    price_list: PriceListOption = None,
    method: Annotated[
        str, typer.Option(help="카드 or CARD, 가상계좌 or VIRTUAL_ACCOUNT …")
    ] = Method.CARD.value,
    card_kind: Annotated[str | None, typer.Option(help="신용 or CREDIT, 체크 or CHECK …")] = None,
    installment_months: Annotated[int, typer.Option(help="0, or 2 to 36.")] = 0,
    interest_payer: Annotated[
        InterestPayer | None, typer.Option(help="Who bears the interest of instalments.")
    ] = None,
    overseas: Annotated[bool, typer.Option("--overseas", help="A card issued abroad.")] = False,
    key_in: Annotated[bool, typer.Option("--key-in", help="A card keyed in (수기결제).")] = False,
    billing: Annotated[bool, typer.Option("--billing", help="Paid by billing (자동결제).")] = False,
    card_point: Annotated[bool, typer.Option("--card-point", help="Card points are used.")] = False,
    escrow: Annotated[bool, typer.Option("--escrow", help="Escrow (에스크로).")] = False,
    at: Annotated[str | None, typer.Option(metavar="DAY", help="Approved on this day, not today.")] = None,
    tax_free: Annotated[int, typer.Option(metavar="AMOUNT", help="How much of it is tax-free.")] = 0,
    cancel: Annotated[int | None, typer.Option(metavar="AMOUNT", help="And this much cancelled.")] = None,
    lang: LanguageOption = KO,
    as_json: JsonOption = False,
) -> None:
    """Every step to the fee of one payment, and when it is paid out. Needs no database."""
    flags = {
        Situation.ESCROW: escrow,
        Situation.KEY_IN: key_in,
        Situation.BILLING: billing,
        Situation.OVERSEAS: overseas,
        Situation.CARD_POINT: card_point,
    }

    async def work() -> dict[str, Any]:
        contract = _contract(asked, price_list)
        kind = None if card_kind is None else _word("card-kind", card_kind, CardKind, KIND_WORDS)
        situations = tuple(one for one, wanted in flags.items() if wanted)
        if kind is CardKind.OVERSEAS and not overseas:
            situations += (Situation.OVERSEAS,)
        sale = Sale(
            amount=_whole("amount", asked[-1], least=1),
            day=_today() if at is None else day_asked(at, "at"),
            method=_word("method", method, Method, METHOD_WORDS),
            card_kind=kind,
            traits=Traits(situations, _months(installment_months), interest_payer),
            tax_free=_whole("tax-free", tax_free, least=0),
            cancel=0 if cancel is None else _whole("cancel", cancel, least=1),
        )
        priced = price_sale(contract, sale, korean_calendar({}, lang))
        return priced_view(priced, contract.source, lang)

    view = run(work(), as_json=as_json, lang=lang)
    if as_json:
        show(view, as_json=True)
        return
    for line in priced_lines(view, lang):
        typer.echo(harmless(line))


def _contract(asked: list[str], price_list: str | None) -> Contract:
    """Of the file before the amount, or of the list where there is none."""
    if len(asked) > 2:
        raise typer.BadParameter(f"give [FILE] AMOUNT, not {len(asked)} values")
    with ExitStack() as opened:
        return contract_asked(_opened(asked[0], opened) if len(asked) == 2 else None, price_list)


def _opened(name: str, opened: ExitStack) -> BinaryIO:
    if name == "-":
        return typer.get_binary_stream("stdin")
    try:
        return opened.enter_context(Path(name).open("rb"))
    except OSError as error:
        raise typer.BadParameter(f"{name}: {error.strerror}") from error


def _today() -> date:
    return kst_day(MachineClock().now_ms())


def _whole(name: str, value: str | int, *, least: int) -> int:
    return Fields({name: value}).whole(name, least=least, most=MINOR_MAX)


def _months(months: int) -> int:
    if months and not 2 <= months <= MONTHS_MAX:
        raise InvalidTerms("installment-months", Fault.MONTHS_NOT_WITHIN, MONTHS_MAX)
    return months


def _word(name: str, text: str, choices: type[E], words: dict[str, E]) -> E:
    known = {choice.value: choice for choice in choices} | words
    if text not in known:
        raise InvalidTerms(name, Fault.NOT_A_CHOICE, ", ".join(known))
    return known[text]
