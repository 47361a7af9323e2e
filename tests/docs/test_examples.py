"""Every example of the documentation does what it shows."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from docs.likeness import Names, canonical, translated
from docs.pages import ROOT, Block, Page, pages
from docs.session import examples, has_examples
from docs.terminal import NotUnderstood, Terminal, commands, terminal
from jeongsan.cli.main import app

# console: executed and compared. json: the next webhook. sh: read for commands and options that exist. toml:
# a contract or a layout; it must be one.
_LANGUAGES = {"console", "json", "sh", "mermaid", "text", "python", "sql", "toml"}
WITH_EXAMPLES = [page for page in pages() if has_examples(page)]
# What everybody tries first; a page takes seconds, because each command of it is a program of its own.
ALWAYS = ("README.md", "README.ko.md")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.name, marks=[] if page.name in ALWAYS else [pytest.mark.slow])
        for page in WITH_EXAMPLES
    ],
)
def test_an_example_prints_what_the_page_shows(page: Page, tmp_path: Path) -> None:
    for example in examples(page, tmp_path):
        assert example.same, (
            f"{example.where}: $ {example.command}\nshown:\n{example.shown}\nreally:\n{example.real}\n"
            "(python tests/docs/rewrite.py writes it anew)"
        )


def test_the_main_pages_have_examples() -> None:
    names = {page.name for page in WITH_EXAMPLES}
    assert {"README.md", "README.ko.md", "docs/help-thread.md"} <= names
    assert {"docs/api.md", "docs/sandbox.md", "docs/settlement.md", "docs/webhooks.md"} <= names


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_block_says_what_it_is(page: Page) -> None:
    """A block in an unknown language would be an example that nobody runs."""
    strange = [
        f"{page.name}:{block.line} {block.language!r}"
        for block in page.blocks
        if block.language not in _LANGUAGES
    ]
    assert not strange


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_command_to_type_exists(page: Page) -> None:
    problems = [
        f"{page.name}:{block.line}: {line}: {problem}"
        for block in page.blocks
        if block.language == "sh"
        for line in block.text.replace("\\\n", " ").splitlines()
        if (problem := _problem(line)) is not None
    ]
    assert not problems


def _problem(line: str) -> str | None:
    """What is wrong with a line of a `sh` block; None when nothing is."""
    words = line.partition(" #")[0].split()
    if not words or words[0] == "#":
        return None
    while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
        words = words[1:]
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        return None if words[1] in targets else "no such target"
    if words[0] == "jeongsan":
        return _unknown_option(words[1:])
    if words[0] == "export":
        known = re.findall(
            r'"(JEONGSAN_\w+)"', (ROOT / "src/jeongsan/settings.py").read_text(encoding="utf-8")
        )
        return None if words[1].partition("=")[0] in known else "no such variable"
    return (
        None
        if words[0] in {"git", "pip", "python", ".venv/bin/python", "pg_dump", "pg_restore", "sqlite3"}
        else "unknown"
    )


def _unknown_option(words: list[str]) -> str | None:
    command: Any = typer.main.get_command(app)
    while (children := getattr(command, "commands", None)) is not None and words:
        name, *words = words
        if name not in children:
            return f"no command {name}"
        command = children[name]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in options]
    return f"no option {unknown[0]}" if unknown else None


# The judges themselves.


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("make demo", False),
        ("make everything", True),
        ("jeongsan serve --ephemeral", False),
        ("jeongsan serve --forever", True),
        ("jeongsan fly", True),
        ("export JEONGSAN_DATABASE=sqlite:///shop.db", False),
        ("export JEONGSAN_MOON=full", True),
        ("wget http://example.com", True),
    ],
)
def test_a_wrong_line_to_type_is_noticed(line: str, wrong: bool) -> None:
    assert (_problem(line) is not None) is wrong


def test_an_output_that_differs_is_noticed(tmp_path: Path) -> None:
    """A wrong figure, a missing line and a swapped key order are each a difference."""
    command = "$ jeongsan settle fee 1600 --rate 3.6 --json\n"
    true = '{"fee": 63, "supplyAmount": 57, "vat": 6, "payOutAmount": 1537}\n'
    false = [true.replace("63", "64"), "", true.replace('"fee": 63, ', "").replace("}", ', "fee": 63}')]
    for shown, same in [(true, True), *((text, False) for text in false)]:
        page = Page("page.md", f"```console\n{command}{shown}```\n")
        assert [example.same for example in examples(page, tmp_path)] == [same]


def test_minted_keys_are_compared_by_who_is_who() -> None:
    first, second = "tjeon20250313130000aB3dE", "tjeon20250313130000zZ9yX"
    shown, real = Names(), Names()
    assert shown.numbered(f"{first} {first}") == real.numbered(f"{second} {second}")
    assert translated(f"cancel {first}", shown, real) == f"cancel {second}"
    assert Names().numbered(f"{first} {first}") != Names().numbered(f"{first} {second}")
    assert Names().numbered(first) != Names().numbered(first.replace("13130000", "13130001"))


def test_json_is_compared_in_key_order_and_exactly() -> None:
    assert canonical('{\n "a": 1\n}') == canonical('{"a":1}')
    assert canonical('{"a": 1, "b": 2}') != canonical('{"b": 2, "a": 1}')
    assert canonical("[1.10]") != canonical("[1.1]")


def test_an_example_the_terminal_cannot_run_is_refused(tmp_path: Path) -> None:
    with terminal(tmp_path) as session:
        assert isinstance(session, Terminal)
        for command in ("ls", "curl --insecure http://x", "curl -s a b", "node docs/a.mjs"):
            with pytest.raises(NotUnderstood):
                session.run(command)
    with pytest.raises(NotUnderstood):
        commands(Block("console", "no command first\n", 0, 0, 1))
