"""Where `jeongsan serve` says the console is, and that it is there."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest


@contextmanager
def served(*options: str, lines: int) -> Iterator[list[str]]:
    """The first lines of a gateway that lives until the block ends."""
    arguments = [sys.executable, "-m", "jeongsan", "serve", "--port", "0", "--ephemeral", *options]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield [process.stdout.readline().strip() for _ in range(lines)]
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@pytest.mark.slow
def test_a_person_is_told_where_the_console_is_on_this_machine() -> None:
    with served("--host", "0.0.0.0", lines=2) as (_, told):
        words, _, address = told.rpartition(" ")
        assert words == "console (콘솔):"
        assert address.startswith("http://127.0.0.1:")
        assert "결제내역" in httpx.get(address).text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "there"), [((), True), (("--host", "127.0.0.2"), False), (("--mode", "production"), False)]
)
def test_a_program_is_told_too_and_null_where_there_is_none(options: tuple[str, ...], there: bool) -> None:
    with served("--json", *options, lines=1) as (line,):
        told = json.loads(line)
        assert told["console"] == (f"{told['url']}/console" if there else None)
