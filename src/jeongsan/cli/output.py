"""How commands speak: one JSON object with `--json`, lines for people without; exit codes."""

import asyncio
import re
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn, TypeVar, cast

import typer
from rich.console import Console

from jeongsan.domain.business_clock import ClockRefusal
from jeongsan.domain.contract_faults import InvalidTerms, Problem
from jeongsan.domain.errors import Refusal
from jeongsan.store.open import InvalidDatabaseUrl
from jeongsan.store.session import StoreUnavailable
from jeongsan.wire.contract_fields import problem_view, problem_words, problems_of
from jeongsan.wire.encode import encode
from jeongsan.wire.errors import EN, KO, message_of

EXIT_REFUSED = 1
EXIT_UNUSABLE = 2

T = TypeVar("T")
RunLoop = Callable[[Coroutine[Any, Any, Any]], Any]


class NoDatabase(Exception):
    """A question about a database that does not exist."""


def _known_language(language: str) -> str:
    if language not in (KO, EN):
        raise typer.BadParameter(f"is {KO} or {EN}, not {language}")
    return language


JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="sqlite:///path or postgresql://… (JEONGSAN_DATABASE)."),
]
LanguageOption = Annotated[str, typer.Option("--lang", help="ko or en.", callback=_known_language)]


# What steers a terminal or turns the reading direction: escape sequences, line ends, bidirectional overrides.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def harmless(line: str) -> str:
    """A line with other people's words in it (order names, reasons, names), as a terminal may show it."""
    return _STEERING.sub("\ufffd", line)


def show(value: Mapping[str, Any], *, as_json: bool) -> None:
    """Print a result."""
    if as_json:
        typer.echo(encode(value))
        return
    width = max(len(name) for name in value)
    for name, content in value.items():
        typer.echo(f"{name:<{width}}  {_plain(content)}")


def _plain(content: Any) -> str:
    if isinstance(content, (dict, list)):
        return encode(content).decode()
    return str(content)


def fail(
    code: str,
    message: str,
    *,
    as_json: bool,
    exit_code: int,
    problems: Sequence[Problem] = (),
    lang: str = EN,
) -> NoReturn:
    """Print what went wrong to standard error and leave. `problems`: everything that is wrong with a
    contract, in words of `lang` for people; `message` is for programs then."""
    if as_json:
        beside = {"problems": [problem_view(one) for one in problems]} if problems else {}
        typer.echo(encode({"code": code, "message": message} | beside), err=True)
    else:
        lines = [problem_words(one, lang) for one in problems] or [message]
        for place, line in enumerate(lines):
            typer.echo(f"{' ' * len(code)}  {line}" if place else f"{code}: {line}", err=True)
    sys.exit(exit_code)


def unusable(code: str, message: str, as_json: bool) -> NoReturn:
    """Leave because what was given cannot be worked with."""
    fail(code, message, as_json=as_json, exit_code=EXIT_UNUSABLE)


def run(work: Coroutine[Any, Any, T], *, as_json: bool, run_loop: RunLoop = asyncio.run, lang: str = EN) -> T:
    """Run a command's work; known refusals become a message and an exit code. `lang`: of what is wrong with
    a contract."""
    try:
        return cast(T, run_loop(work))
    except Refusal as refusal:
        message = message_of(refusal.code, EN)
        if refusal.field is not None:
            message = f"{message} ({refusal.field}: {refusal.detail})"
        fail(refusal.code.value, message, as_json=as_json, exit_code=EXIT_REFUSED)
    except InvalidTerms as error:
        problems = problems_of(error)
        fail(
            "INVALID_TERMS",
            str(error),
            as_json=as_json,
            exit_code=EXIT_REFUSED,
            problems=problems,
            lang=lang,
        )
    except ClockRefusal as error:
        fail("CLOCK_REFUSED", str(error), as_json=as_json, exit_code=EXIT_REFUSED)
    except InvalidDatabaseUrl as error:
        fail("INVALID_DATABASE", str(error), as_json=as_json, exit_code=EXIT_UNUSABLE)
    except NoDatabase as error:
        fail("NO_DATABASE", str(error), as_json=as_json, exit_code=EXIT_UNUSABLE)
    except StoreUnavailable as error:
        fail("DATABASE_UNAVAILABLE", str(error), as_json=as_json, exit_code=EXIT_UNUSABLE)


@contextmanager
def status_line() -> Iterator[Callable[[str], None]]:
    """Shows on a terminal, and only there, what the work it is told of is at."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status("") as status:
        yield status.update
