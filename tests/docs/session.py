"""A page's examples, run in order: what they show against what happens."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs.likeness import Names, translated
from docs.pages import Block, Page
from docs.terminal import Terminal, commands, terminal


@dataclass(frozen=True)
class Example:
    """One command (or webhook) of a page. `run` is the command with the keys that really were minted,
    `shown` and `real` are what is printed; `same` when they agree."""

    where: str
    block: Block
    command: str
    run: str
    shown: str
    real: str
    same: bool


def has_examples(page: Page) -> bool:
    """Whether anything on the page is executed."""
    return any(block.language in ("console", "json") for block in page.blocks)


def examples(page: Page, folder: Path) -> Iterator[Example]:
    """Run them all in one session."""
    shown_names, real_names = Names(), Names()
    with terminal(folder) as session:
        for block in page.blocks:
            for command, run, shown, real in _run(session, block, shown_names, real_names):
                same = shown_names.numbered(shown) == real_names.numbered(real)
                yield Example(f"{page.name}:{block.line}", block, command, run, shown, real, same)


def _run(session: Terminal, block: Block, shown: Names, real: Names) -> Iterator[tuple[str, str, str, str]]:
    if block.language == "sh":
        for line in block.text.splitlines():
            if line.startswith("jeongsan serve"):
                session.serve(line)
    elif block.language == "console":
        for command, output in commands(block):
            run = translated(command, shown, real)
            yield command, run, output, session.run(run)
    elif block.language == "json":
        yield "", "", block.text, session.next_webhook()
