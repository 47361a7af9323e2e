"""The page that answers the help thread, and the two front pages that lead to it."""

import re

import pytest

from docs.pages import ROOT, Page, page
from docs.terminal import commands
from support.help_thread import DATED

PAGE = "docs/help-thread.md"
TOP_CHARACTERS = 3_000
_HANGUL = re.compile(r"[가-힣]")


def _sections() -> dict[str, Page]:
    """The page's numbered sections by their number."""
    parts = re.split(r"^## ", page(PAGE).text, flags=re.MULTILINE)[1:]
    return {found[1]: Page(PAGE, part) for part in parts if (found := re.match(r"(\d+) ", part))}


def test_the_questions_of_the_page_are_those_of_its_table() -> None:
    listed = [number for row in page(PAGE).rows("#") for number in re.findall(r"^\[(\d+)\]", row[0])]
    assert listed == [str(number) for number in range(1, 12)]
    assert list(_sections()) == listed


@pytest.mark.parametrize("number", _sections())
def test_a_question_is_answered_by_something_that_is_executed(number: str) -> None:
    """In Korean and in English, here and at the real gateway."""
    section = _sections()[number]
    executed = [
        command for block in section.blocks if block.language == "console" for command in commands(block)
    ]
    assert executed
    assert all(output or command.startswith("curl") for command, output in executed)
    assert "**실제 토스에서는**" in section.prose
    assert "**At the real gateway" in section.prose
    paragraphs = [text for text in section.prose.split("\n\n")[1:] if text.strip()]
    assert any(_HANGUL.search(text) for text in paragraphs)
    assert any(not _HANGUL.search(text) for text in paragraphs)


def test_the_list_is_the_one_that_was_pasted() -> None:
    """Cut off at its end, as in the thread."""
    lines = (ROOT / "docs/help-thread/orders.txt").read_text(encoding="utf-8").splitlines()
    assert lines == [*(f"{order_id} {at}" for order_id, at in DATED), "ARI"]


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_a_readme_leads_to_the_thread_its_twin_and_the_picture_near_the_top(name: str) -> None:
    text = page(name).text
    twin = "README.ko.md" if name == "README.md" else "README.md"
    for target in (PAGE, twin, "docs/demo.svg"):
        assert f"({target})" in text[:TOP_CHARACTERS]


def test_both_readmes_show_the_same_commands_blocks_and_pages() -> None:
    english, korean = page("README.md"), page("README.ko.md")
    typed = [_typed(readme) for readme in (english, korean)]
    assert typed[0] == typed[1]
    assert [row[0] for row in english.rows("page")] == [row[0] for row in korean.rows("페이지")]


def _typed(readme: Page) -> list[str]:
    """Everything to type, without the minted keys and the language asked for."""
    blocks = [
        "\n".join(command for command, _ in commands(block)) if block.language == "console" else block.text
        for block in readme.blocks
    ]
    return [re.sub(r"tjeon\d{14}\w{5}", "KEY", block).replace(" --lang en", "") for block in blocks]
