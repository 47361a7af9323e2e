"""Links lead somewhere, and every page can be found from the front door."""

import re

import pytest

from docs.pages import ROOT, Page, page, pages

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def _targets(found: Page) -> list[str]:
    return [target for target in _LINK.findall(found.prose) if not re.match(r"[a-z]+:", target)]


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def _broken(found: Page) -> list[str]:
    problems = []
    for target in _targets(found):
        name, _, anchor = target.partition("#")
        path = (ROOT / found.name).parent / name if name else ROOT / found.name
        if not path.exists() or (anchor and anchor not in _anchors(path.read_text(encoding="utf-8"))):
            problems.append(target)
    return problems


@pytest.mark.parametrize("found", pages(), ids=lambda found: found.name)
def test_a_link_leads_to_a_file_and_heading_that_exist(found: Page) -> None:
    assert _broken(found) == []


def test_every_page_is_linked_from_the_readme() -> None:
    linked = set(_targets(page("README.md")))
    names = {p.name for p in pages() if re.fullmatch(r"docs/[\w-]+\.md|[A-Z]+\.md", p.name)} - {"README.md"}
    assert names - linked == set()
    assert "docs/decisions/README.md" in linked


def test_a_broken_link_is_noticed() -> None:
    assert _broken(Page("README.md", "[a](docs/nowhere.md) [b](#nowhere) [c](Makefile)")) == [
        "docs/nowhere.md",
        "#nowhere",
    ]
