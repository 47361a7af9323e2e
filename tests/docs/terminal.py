"""A small terminal that does what the documentation's examples type.

It knows `jeongsan …` (run in this process, also behind a pipe), `curl …` (a real request to a real gateway
process), `python FILE …` (a script of the repository), `< FILE` behind either, `echo $?` and the two filters
the examples use, `| jq` and `| grep -i`. Anything else is refused: an example that is not executed would be
worth nothing.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from docs.pages import ROOT, Block
from jeongsan.cli.main import app
from support.process import gateway_process
from support.receiver import Receiver, open_receiver
from support.sandbox import LIVE_KEY, TEST_KEY

SHOWN_GATEWAY = "http://127.0.0.1:8080"
SHOWN_RECEIVER = "http://127.0.0.1:9000/hook"
_LOOK_EVERY_S = 0.02
_LOOKS = 250
_VALUED = {"-u", "-X", "-d", "-H", "-w"}


class NotUnderstood(AssertionError):
    """An example uses something this terminal does not know."""


class Terminal:
    """One page's session: examples see what earlier ones did."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._url = ""
        self._receiver: Receiver | None = None
        self._heard = 0
        self._exit_code = 0

    def serve(self, line: str) -> None:
        """Start the gateway of a `jeongsan serve …` line in the session's folder."""
        if self._url:
            return  # a page shows other ways to start it, too
        database = f"sqlite:///{self._folder}/jeongsan.db"
        options = shlex.split(line)[2:]
        process = self._stack.enter_context(gateway_process(database, *options))
        self._url = process.url

    def run(self, command: str) -> str:
        """What the command prints."""
        command = command.replace("\\\n", " ")
        words = shlex.split(self._replaced(os.path.expandvars(command)))
        stages = _split(words)
        typed = _typed(stages[0])
        if stages[0][0] == "jeongsan":
            output = self._jeongsan(stages[0][1:], typed, piped=len(stages) > 1)
        elif stages[0][0] == "python":
            output = _python(stages[0][1:], typed)
        elif stages[0][0] == "curl":
            output = self._curl(stages[0][1:])
        elif command == "echo $?":
            output = f"{self._exit_code}\n"
        else:
            raise NotUnderstood(command)
        for number, stage in enumerate(stages[1:], 2):
            if stage[0] == "jeongsan":
                output = self._jeongsan(stage[1:], output, piped=number < len(stages))
            else:
                output = _filtered(output, stage)
        return self._shown(output)

    def next_webhook(self) -> str:
        """The body of the next webhook the receiver gets."""
        assert self._receiver is not None, "no example registered a webhook"
        self._heard += 1
        received = self._receiver.received
        for _ in range(_LOOKS):
            if len(received) >= self._heard:
                return self._shown(received[self._heard - 1].body.decode())
            time.sleep(_LOOK_EVERY_S)
        raise AssertionError("no webhook came")

    def _replaced(self, text: str) -> str:
        if SHOWN_RECEIVER in text and self._receiver is None:
            self._receiver = self._stack.enter_context(open_receiver())
        if self._receiver is not None:
            text = text.replace(SHOWN_RECEIVER, self._receiver.url)
        return text.replace(SHOWN_GATEWAY, self._url) if self._url else text

    def _shown(self, text: str) -> str:
        if self._receiver is not None:
            text = text.replace(self._receiver.url, SHOWN_RECEIVER)
        return text.replace(self._url, SHOWN_GATEWAY) if self._url else text

    def _jeongsan(self, arguments: list[str], typed: str, *, piped: bool) -> str:
        """What people see of it, both streams; through a pipe goes standard output alone."""
        result = CliRunner().invoke(app, arguments, input=typed, catch_exceptions=False)
        self._exit_code = result.exit_code
        return result.stdout if piped else result.output

    def _curl(self, arguments: list[str]) -> str:
        options, url = _curl_options(arguments)
        headers = dict(header.split(": ", 1) for header in options.get("-H", []))
        body = options["-d"][0].encode() if "-d" in options else None
        method = options.get("-X", ["GET" if body is None else "POST"])[0]
        user, _, password = options["-u"][0].partition(":") if "-u" in options else ("", "", "")
        auth = httpx.BasicAuth(user, password) if "-u" in options else None
        answer = httpx.request(method, url, content=body, headers=headers, auth=auth, timeout=30)
        head = ""
        if "-i" in options:
            lines = [f"{name.decode()}: {value.decode()}" for name, value in answer.headers.raw]
            head = "\n".join([f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}", *lines]) + "\n\n"
        tail = (
            options.get("-w", [""])[0].replace("\\n", "\n").replace("%{http_code}", str(answer.status_code))
        )
        return head + answer.text + tail


def _split(words: list[str]) -> list[list[str]]:
    stages: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            stages.append([])
        else:
            stages[-1].append(word)
    return stages


def _typed(words: list[str]) -> str:
    """What a command gets on standard input; its `< FILE` is taken out of the words."""
    if "<" not in words:
        return ""
    at = words.index("<")
    _, name = words[at : at + 2]
    del words[at : at + 2]
    return Path(name).read_text(encoding="utf-8")


def _python(arguments: list[str], typed: str) -> str:
    """A script of the repository, in a process of its own."""
    done = subprocess.run(
        [sys.executable, *arguments], input=typed, text=True, capture_output=True, timeout=60, check=True
    )
    return done.stdout


def _curl_options(arguments: list[str]) -> tuple[dict[str, list[str]], str]:
    options: dict[str, list[str]] = {}
    urls = []
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            urls.append(word)
            continue
        *flags, last = [f"-{letter}" for letter in word[1:]]
        for flag in flags:
            options[flag] = []
        if last in _VALUED:
            options.setdefault(last, []).append(next(words))
        elif last in ("-s", "-i"):
            options[last] = []
        else:
            raise NotUnderstood(f"curl {word}")
    if len(urls) != 1:
        raise NotUnderstood(f"curl with {len(urls)} addresses")
    return options, urls[0]


def _filtered(output: str, stage: list[str]) -> str:
    if stage[:2] == ["grep", "-i"] and len(stage) == 3:
        wanted = stage[2].lower()
        return "".join(line + "\n" for line in output.splitlines() if wanted in line.lower())
    if stage[0] == "jq":
        return _jq(output, stage[1:])
    raise NotUnderstood(" ".join(stage))


def _jq(output: str, arguments: list[str]) -> str:
    """`jq`, `jq -c`, and the expressions `.`, `.[]`, `.[0]`, `.name`, `{a, b}`, joined by ` | `."""
    compact = "-c" in arguments
    expressions = [argument for argument in arguments if argument != "-c"] or ["."]
    values: list[Any] = [json.loads(output)]
    for step in expressions[0].split(" | "):
        values = [made for value in values for made in _step(value, step.strip())]
    return "".join(
        json.dumps(value, ensure_ascii=False, **({"separators": (",", ":")} if compact else {"indent": 2}))
        + "\n"
        for value in values
    )


def _step(value: Any, step: str) -> Iterator[Any]:
    if step == ".":
        yield value
    elif step == ".[]":
        yield from value
    elif found := re.fullmatch(r"\.\[(\d+)\]", step):
        yield value[int(found[1])]
    elif found := re.fullmatch(r"\.(\w+)", step):
        yield value[found[1]]
    elif found := re.fullmatch(r"\{([\w, ]+)\}", step):
        yield {name.strip(): value[name.strip()] for name in found[1].split(",")}
    else:
        raise NotUnderstood(f"jq {step}")


@contextmanager
def terminal(folder: Path) -> Iterator[Terminal]:
    """A session in a folder of its own, in which `docs` is the repository's, as the reader has it; everything
    it started is stopped at its end."""
    before = Path.cwd()
    if not (folder / "docs").exists():
        (folder / "docs").symlink_to(ROOT / "docs")
    keys = {
        "JEONGSAN_LIVE_SECRET_KEY": LIVE_KEY,
        "JEONGSAN_TEST_SECRET_KEY": TEST_KEY,
        # What the merchant's own tools take: the same key, where the page tells to export it so.
        "JEONGSAN_SECRET_KEY": LIVE_KEY,
    }
    known = {name: os.environ.get(name) for name in (*keys, "JEONGSAN_DATABASE")}
    os.environ.update(keys)
    os.environ.pop("JEONGSAN_DATABASE", None)
    os.chdir(folder)
    try:
        with ExitStack() as stack:
            yield Terminal(folder, stack)
    finally:
        os.chdir(before)
        for name, value in known.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def commands(block: Block) -> list[tuple[str, str]]:
    """(command, what it is shown to print) of a console block."""
    found: list[tuple[str, str]] = []
    for line in block.text.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:].rstrip("\n"), ""))
        elif found and not found[-1][1] and found[-1][0].endswith("\\"):
            found[-1] = (f"{found[-1][0]}\n{line.rstrip()}", "")
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line)
        else:
            raise NotUnderstood(f"line {block.line}: a console block starts with a command")
    return found
