"""`jeongsan reconcile`: orders, transactions, settlements and bank lines held against each other (대사).

It trusts nobody and changes nothing: it reads files and writes a report beside them.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from jeongsan.calendar_kr import korean_holidays
from jeongsan.cli.fetch_asked import refuse_keys
from jeongsan.cli.fetched_rows import Wanted, fetched_rows
from jeongsan.cli.output import JsonOption, status_line, unusable
from jeongsan.cli.reading import machine_now
from jeongsan.cli.untold import untold_words
from jeongsan.client.keys import printable
from jeongsan.client.moments import kst_day
from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.duck import InvalidMemory, open_workspace
from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.expect.expectation import ANY_SHOP, expect_given, expect_learned
from jeongsan.reconcile.expect.given_contract import Contract, read_contract
from jeongsan.reconcile.extras import NotInstalled
from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.match.run import GATEWAY_MEMO, Circumstances, InvalidMemo, match
from jeongsan.reconcile.readers.faults import Unreadable
from jeongsan.reconcile.readers.read import read_side
from jeongsan.reconcile.readers.recognise import Told, tell_apart
from jeongsan.reconcile.readers.sources import FileSource, sources_in
from jeongsan.reconcile.report.event_file import FILE_NAME, DamagedBook, damage_words, load_book
from jeongsan.reconcile.report.events import ExceptionBook
from jeongsan.reconcile.report.terminal import terminal_text
from jeongsan.reconcile.report.write import Report, write_reports

RESULT = "result.json"


OrdersOption = Annotated[list[Path] | None, typer.Option(help="Our own orders and cancels.")]
TransactionsOption = Annotated[
    list[Path] | None, typer.Option(help="The gateway's transactions; also a folder of `fetch`.")
]
SettlementsOption = Annotated[
    list[Path] | None, typer.Option(help="Its settlement rows; also a folder of `fetch`.")
]
BankOption = Annotated[list[Path] | None, typer.Option(help="The lines of the bank account.")]
LayoutOption = Annotated[
    list[str] | None,
    typer.Option(metavar="SIDE=LAYOUT", help="orders=mall.toml; else headers tell the layout."),
]
TermsOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The contract; else terms are learned of the rows.")
]
CoveredFromOption = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day covered.")]
CoveredToOption = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last, included.")]
TodayOption = Annotated[str | None, typer.Option(metavar="DAY", help="Another day than today.")]
MemoOption = Annotated[str, typer.Option(metavar="REGEX", help="How the gateway stands in the bank's text.")]
IntoOption = Annotated[Path, typer.Option(metavar="FOLDER", help="Where the report goes.")]
AddressOption = Annotated[
    str | None,
    typer.Option(metavar="URL", help="A gateway: its lists of --from to --to are fetched first."),
]
ShopsOption = Annotated[
    list[str] | None, typer.Option("--shop", metavar="NAME", help="Of --address, as `fetch` has them.")
]
RowsOption = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where what is fetched goes; else rows in --into.")
]
KeyOption = Annotated[str | None, typer.Option("--key", "--secret-key", hidden=True)]
MemoryOption = Annotated[str, typer.Option(help="Memory before the disk is used.")]
WordsOption = Annotated[Language, typer.Option(help="Words of the report.")]


def reconcile(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILES]…", help="Files and folders whose headers tell which list they are."),
    ] = None,
    orders: OrdersOption = None,
    transactions: TransactionsOption = None,
    settlements: SettlementsOption = None,
    bank: BankOption = None,
    layout: LayoutOption = None,
    terms: TermsOption = None,
    first: CoveredFromOption = None,
    last: CoveredToOption = None,
    today: TodayOption = None,
    gateway_memo: MemoOption = GATEWAY_MEMO,
    into: IntoOption = Path("reconciliation"),
    address: AddressOption = None,
    shop: ShopsOption = None,
    rows: RowsOption = None,
    memory: MemoryOption = "2GB",
    lang: WordsOption = Language.KO,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold orders, transactions, settlements and bank lines against each other; every difference with its
    reason.

    Exit 0: no difference is open, 1: some are, 2: something could not be read, or the run could not start."""
    named = dict(zip(Side, (orders or [], transactions or [], settlements or [], bank or []), strict=True))
    dropped = files or []
    refuse_keys([*map(str, dropped), address or "", *(shop or ())], key, as_json)
    wanted = None if address is None else Wanted(address, shop or (), first, last, rows or into / "rows")
    if wanted is None and not dropped and sum(map(bool, named.values())) < 2:
        _nothing_to_compare(as_json)
    if wanted is None and (shop or rows is not None):
        unusable("INVALID_OPTION", "--shop and --rows go with --address", as_json)
    layouts = _layouts(layout or [], as_json)
    asked_today = _day("--today", today, as_json)
    covered = _day("--from", first, as_json), _day("--to", last, as_json)
    contract = None if terms is None else _contract(terms, as_json)
    decisions = _decisions(into / FILE_NAME, lang, as_json)
    with (
        _refusing(as_json),
        tempfile.TemporaryDirectory() as scratch,
        status_line() as tell,
        closing(open_workspace(Path(scratch), memory=memory)) as connection,
    ):
        told = tell_apart(connection, dropped, layouts, scratch=Path(scratch))
        fetched = None if wanted is None else fetched_rows(wanted, lang, tell, as_json)
        if fetched is not None:
            told = told.with_fetched(fetched.folders)
        _read(connection, _sources(told, named, layouts, as_json), Path(scratch), tell)
        tell("match")
        now_there = kst_day(machine_now()) if fetched is None else fetched.today
        _match(connection, contract, Circumstances(asked_today or now_there, *covered, gateway_memo))
        tell("report")
        report = write_reports(connection, into, language=lang, exceptions=decisions, now=machine_now())
        _print(report, into, lang, as_json)
    raise typer.Exit(report.exit.value)


@contextmanager
def _refusing(as_json: bool) -> Iterator[None]:
    """What keeps a run from going on, by the name of its input."""
    try:
        yield
    except InvalidMemory as error:
        unusable("INVALID_OPTION", f"--memory {error}", as_json)
    except InvalidMemo as error:
        unusable("INVALID_OPTION", f"--gateway-memo {error}", as_json)
    except Unreadable as error:
        unusable("INVALID_OPTION", f"--layout {printable(error.value)}", as_json)
    except NotInstalled as error:
        unusable("EXTRA_MISSING", str(error), as_json)
    except OSError as error:
        unusable("FILE_NOT_WRITTEN", f"{error.filename}: {error.strerror}", as_json)


def _sources(
    told: Told, named: Mapping[Side, Sequence[Path]], layouts: Mapping[Side, str], as_json: bool
) -> Mapping[Side, Sequence[FileSource]]:
    """What is read of each side; leaves the program where a file is nobody's, or there twice."""
    if told.untold:
        unusable("UNTOLD_FILE", "; ".join(map(untold_words, told.untold)), as_json)
    given = {
        side: [
            *told.sources[side],
            *(one for path in paths for one in sources_in(path, side, layout=layouts.get(side))),
        ]
        for side, paths in named.items()
    }
    if sum(map(bool, given.values())) < 2:
        _nothing_to_compare(as_json, given)
    seen: set[Path] = set()
    for source in (one for sources in given.values() for one in sources):
        real = source.path.resolve()
        if real in seen:
            unusable("SAME_FILE_TWICE", f"{printable(source.name)} is given twice", as_json)
        seen.add(real)
    return given


def _nothing_to_compare(as_json: bool, given: Mapping[Side, Sequence[FileSource]] | None = None) -> NoReturn:
    message = (
        "give at least two lists: files that tell which they are, or --orders, --transactions, "
        "--settlements, --bank"
    )
    only = [side.lower() for side, sources in (given or {}).items() if sources]
    if only:
        message = f"everything that was given is {only[0]}; {message}"
    unusable("NOTHING_TO_COMPARE", message, as_json)


def _read(
    connection: Any,
    given: Mapping[Side, Sequence[FileSource]],
    scratch: Path,
    tell: Callable[[str], None],
) -> None:
    for side, sources in given.items():
        tell(side.value.lower())
        if sources:
            read_side(connection, side, sources, scratch=scratch)


def _match(connection: Any, contract: Contract | None, circumstances: Circumstances) -> None:
    banks = OpenDays(korean_holidays())
    if contract is None:
        expect_learned(connection, banks)
    else:
        expect_given(connection, {ANY_SHOP: contract}, banks)
    match(connection, circumstances)


def _layouts(asked: Sequence[str], as_json: bool) -> Mapping[Side, str]:
    found: dict[Side, str] = {}
    for one in asked:
        side, _, layout = one.partition("=")
        if side.upper() not in Side.__members__ or not layout:
            message = f"--layout is SIDE=LAYOUT with {', '.join(each.lower() for each in Side)}, not {one}"
            unusable("INVALID_OPTION", message, as_json)
        found[Side(side.upper())] = layout
    return found


def _day(name: str, text: str | None, as_json: bool) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        unusable("INVALID_OPTION", f"{name} is a day such as 2025-04-01, not {text}", as_json)


def _contract(path: Path, as_json: bool) -> Contract:
    try:
        read = read_contract(path.read_bytes())
    except OSError as error:
        unusable("NO_FILE", f"{path}: {error.strerror}", as_json)
    if read.contract is None:
        problems = "; ".join(f"{one.path}: {one.fault.value} {one.value}".strip() for one in read.problems)
        unusable("INVALID_TERMS", f"{path}: {problems}", as_json)
    return read.contract


def _decisions(path: Path, language: Language, as_json: bool) -> ExceptionBook:
    try:
        return load_book(path)
    except DamagedBook as damage:
        unusable("DAMAGED_DECISIONS", damage_words(damage, language), as_json)
    except OSError as error:
        unusable("NO_FILE", f"{path}: {error.strerror}", as_json)


def _print(report: Report, into: Path, language: Language, as_json: bool) -> None:
    if as_json:
        typer.echo((into / RESULT).read_text(encoding="utf-8"), nl=False)
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    typer.echo(terminal_text(report.result, language, width=width))
