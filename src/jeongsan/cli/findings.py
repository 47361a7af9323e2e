"""`jeongsan findings`: what a clerk decides about the findings of a reconciliation, kept for its next run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from jeongsan.cli.output import EXIT_REFUSED, JsonOption, fail, harmless, show, unusable
from jeongsan.cli.reading import machine_now
from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.extras import NotInstalled, needed
from jeongsan.reconcile.report.decide import Decision, Undecidable, decided
from jeongsan.reconcile.report.event_file import (
    FILE_NAME,
    DamagedBook,
    damage_words,
    load_book,
    record_events,
)
from jeongsan.reconcile.report.events import Act, Event, InvalidEvent
from jeongsan.reconcile.report.filled_in import fill_problem_words, import_excel
from jeongsan.reconcile.report.finding import Handling
from jeongsan.reconcile.report.finding_list import FindingList, recorded_findings, written_handlings
from jeongsan.reconcile.report.handling_words import handling_label, handling_sentence
from jeongsan.reconcile.report.json_file import finding_view
from jeongsan.reconcile.report.write import OUTCOMES, WORKBOOK

app = typer.Typer(
    help="Decide about the findings of `jeongsan reconcile`; the next run respects it.", no_args_is_help=True
)

FolderOption = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the report.")]
UserOption = Annotated[str, typer.Option(metavar="NAME", help="Who decides.")]
WordsOption = Annotated[Language, typer.Option(help="Words of the answer.")]


@app.command()
def decide(
    folder: FolderOption,
    ids: Annotated[list[str], typer.Argument(metavar="FINDING_ID…", help="As reports have them.")],
    user: UserOption,
    accept: Annotated[str | None, typer.Option(metavar="REASON", help="It may stay as it is.")] = None,
    reopen: Annotated[str | None, typer.Option(metavar="REASON", help="It may not, after all.")] = None,
    assign: Annotated[
        str | None, typer.Option(metavar="NAME", help='Who looks after it; "": nobody.')
    ] = None,
    comment: Annotated[str | None, typer.Option(metavar="TEXT", help="A note.")] = None,
    adjust: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Corrects the difference; needs --reason.")
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="REASON", help="Of --adjust.")] = None,
    lang: WordsOption = Language.KO,
    as_json: JsonOption = False,
) -> None:
    """Accept, assign, note or adjust findings, all of them or none.

    Exit 0: recorded, 1: refused, 2: there is no report, or its decisions are damaged."""
    texts = {Act.ASSIGN: assign, Act.COMMENT: comment, Act.ACCEPT: accept, Act.REOPEN: reopen}
    decisions = [Decision(act, text) for act, text in texts.items() if text is not None]
    if accept is not None and reopen is not None:
        _refused("INVALID_OPTION", "either --accept or --reopen", as_json)
    if (adjust is None) != (reason is None):
        _refused("INVALID_OPTION", "--adjust and --reason go together", as_json)
    if adjust is not None:
        decisions.append(Decision(Act.ADJUST, reason or "", _amount(adjust, as_json)))
    if not decisions:
        _refused("INVALID_OPTION", "one of --accept, --reopen, --assign, --comment, --adjust", as_json)

    def events(found: FindingList, _: Mapping[str, Handling]) -> Sequence[Event]:
        try:
            return decided(found, ids, decisions, user=user, now=machine_now())
        except Undecidable as error:
            _refused(error.fault.value, ", ".join(map(printable, error.findings)), as_json)
        except InvalidEvent as error:
            _refused(error.fault.value, "an acceptance, an adjustment and a user need words", as_json)

    _record(folder, events, lang, as_json)


@app.command("import")
def import_(
    folder: FolderOption,
    user: UserOption,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help=f"The filled-in spreadsheet; else {WORKBOOK}.")
    ] = None,
    lang: WordsOption = Language.KO,
    as_json: JsonOption = False,
) -> None:
    """Take what was filled into the yellow columns of the spreadsheet, all of it or nothing.

    Exit 0: recorded, 1: refused, 2: there is no report, or its decisions are damaged."""
    path = folder / WORKBOOK if file is None else file

    def events(found: FindingList, written: Mapping[str, Handling]) -> Sequence[Event]:
        try:
            filled_in = import_excel(path, found, user=user, now=machine_now(), written=written)
        except InvalidEvent as error:
            _refused(error.fault.value, "--user is who imports it", as_json)
        except OSError as error:
            unusable("NO_FILE", f"{printable(str(path))}: {error.strerror}", as_json)
        if filled_in.problems:
            words = "; ".join(fill_problem_words(one, lang) for one in filled_in.problems)
            _refused("NOT_TAKEN", words, as_json)
        return filled_in.events

    _record(folder, events, lang, as_json)


def _record(
    folder: Path,
    events: Callable[[FindingList, Mapping[str, Handling]], Sequence[Event]],
    language: Language,
    as_json: bool,
) -> None:
    """Add events to the history, and print what it comes to for their findings."""
    with _refusing(folder, language, as_json):
        duckdb = needed("duckdb")
        outcomes = folder / OUTCOMES
        if not outcomes.is_file():
            unusable("NO_REPORT", f"{printable(str(outcomes))}: jeongsan reconcile writes it", as_json)
        try:
            with closing(duckdb.connect()) as connection:
                written = written_handlings(connection, outcomes)
                found = recorded_findings(connection, outcomes, load_book(folder / FILE_NAME))
                made = events(found, written)
                book = record_events(folder / FILE_NAME, made)
                ids = {one.finding for one in made}
                after = [*recorded_findings(connection, outcomes, book).with_ids(ids)]
        except duckdb.Error as error:
            unusable("BROKEN_REPORT", f"{printable(str(outcomes))}: {printable(str(error))}", as_json)
    if as_json:
        show({"recorded": len(made), "findings": [finding_view(one) for one in after]}, as_json=True)
        return
    for one in after:
        words = f"{handling_label(one.handling, language)} · {handling_sentence(one, language)}"
        typer.echo(harmless(f"[{one.id}] {words.removesuffix(' · ')}"))
    if not made:
        typer.echo({Language.KO: "새로 적힌 것이 없습니다.", Language.EN: "Nothing new."}[language])


@contextmanager
def _refusing(folder: Path, language: Language, as_json: bool) -> Iterator[None]:
    try:
        yield
    except DamagedBook as damage:
        unusable("DAMAGED_DECISIONS", damage_words(damage, language), as_json)
    except NotInstalled as error:
        unusable("EXTRA_MISSING", str(error), as_json)
    except OSError as error:
        unusable("FILE_NOT_WRITTEN", f"{printable(str(folder / FILE_NAME))}: {error.strerror}", as_json)


def _amount(text: str, as_json: bool) -> Decimal:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        _refused("INVALID_OPTION", f"--adjust is an amount such as -3000, not {printable(text)}", as_json)


def _refused(code: str, message: str, as_json: bool) -> NoReturn:
    fail(code, message, as_json=as_json, exit_code=EXIT_REFUSED)
