"""`jeongsan check cancels`: the merchant's own check of a gateway, ours or the real one. It only reads."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from jeongsan.cli.output import EXIT_REFUSED, EXIT_UNUSABLE, JsonOption, fail, show, status_line
from jeongsan.cli.reading import (
    ADDRESS_DEFAULT,
    AddressOption,
    FirstOption,
    LastOption,
    machine_now,
    period_asked,
)
from jeongsan.client.errors import ClientError
from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.keys import is_test_key
from jeongsan.client.moments import kst_day
from jeongsan.client.reader import Reader
from jeongsan.reconcile.cancel_book import Book, read_book
from jeongsan.reconcile.cancel_csv import csv_file
from jeongsan.reconcile.cancel_outcomes import CancelCheck, Circumstances
from jeongsan.reconcile.cancel_report import html_page, terminal_text
from jeongsan.reconcile.cancel_view import Head, check_view, problem_view
from jeongsan.reconcile.cancel_words import Language, problem_sentence
from jeongsan.reconcile.cancels import check_cancels
from jeongsan.reconcile.gather import Gathered, gather
from jeongsan.reconcile.period import Period
from jeongsan.settings import merchant_key
from jeongsan.wire.encode import encode

app = typer.Typer(help="Check a gateway, ours or the real one.", no_args_is_help=True)


@app.callback()
def check() -> None:
    """Check a gateway, ours or the real one. Only reads; the key is JEONGSAN_SECRET_KEY."""


@app.command()
def cancels(
    first: FirstOption,
    last: LastOption,
    address: AddressOption = ADDRESS_DEFAULT,
    ours: Annotated[Path | None, typer.Option(metavar="FILE", help="Our own cancels, as CSV.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one HTML page.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a CSV file.")] = None,
    lang: Annotated[Language, typer.Option(help="Words of the report.")] = Language.KO,
    as_json: JsonOption = False,
) -> None:
    """Every cancel as ours, not ours or only in our book, with its settlement row.

    Exit 0: all accounted for, 1: not all, 2: something cannot be read."""
    period = period_asked(first, last, as_json=as_json)
    key = merchant_key()
    if key is None:
        message = "set JEONGSAN_SECRET_KEY to the secret key of the shop; it is not taken as an argument"
        fail("NO_SECRET_KEY", message, as_json=as_json, exit_code=EXIT_UNUSABLE)
    book = None if ours is None else _book(ours, lang, as_json)
    gathered = _gathered(address, key, period, as_json)
    circumstances = Circumstances(
        period,
        kst_day(gathered.now),
        settles=gathered.settles,
        book_lines=None if book is None else len(book.lines),
        recorded=gathered.recorded,
    )
    checked = check_cancels(gathered.found, () if book is None else book.lines, circumstances)
    head = Head(address, gathered.now)
    if book is not None:
        head = replace(head, book=book.file, book_remarks=book.remarks)
    _write(html, html_page(checked, head, lang).encode() if html else b"", as_json)
    _write(csv, csv_file(checked, lang) if csv else b"", as_json)
    _print(checked, head, lang, as_json)
    if not checked.accounted:
        raise typer.Exit(EXIT_REFUSED)


def _book(path: Path, language: Language, as_json: bool) -> Book:
    """With any problem in it nothing is compared: the lines that are missing would look like cancels of
    somebody else."""
    book = read_book(path)
    if book.problems:
        _unreadable(book, language, as_json)
    return book


def _unreadable(book: Book, language: Language, as_json: bool) -> NoReturn:
    code, message = "UNREADABLE_BOOK", f"{book.file} cannot be read whole"
    if as_json:
        problems = [problem_view(one) for one in book.problems]
        remarks = [problem_view(one) for one in book.remarks]
        refused = {"code": code, "message": message, "problems": problems, "remarks": remarks}
        typer.echo(encode(refused), err=True)
    else:
        for one in (*book.problems, *book.remarks):
            typer.echo(problem_sentence(one, language), err=True)
        typer.echo(f"{code}: {message}", err=True)
    raise typer.Exit(EXIT_UNUSABLE)


def _gathered(address: str, key: str, period: Period, as_json: bool) -> Gathered:
    try:
        with Reader(address, key) as reader, status_line() as tell:
            client = GatewayClient(reader)
            return gather(client, period, machine_now=machine_now(), test_key=is_test_key(key), tell=tell)
    except ClientError as error:
        fail(error.code, str(error), as_json=as_json, exit_code=EXIT_UNUSABLE)


def _write(path: Path | None, content: bytes, as_json: bool) -> None:
    if path is None:
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        message = f"{path.name}: {error.strerror}"
        fail("FILE_NOT_WRITTEN", message, as_json=as_json, exit_code=EXIT_UNUSABLE)


def _print(checked: CancelCheck, head: Head, language: Language, as_json: bool) -> None:
    if as_json:
        show(check_view(checked, head), as_json=True)
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    typer.echo(terminal_text(checked, head, language, width=width))
