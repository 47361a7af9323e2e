"""The page on contracts names every setting a document has, and every TOML block on a page is a contract; but
for those of layouts, which have a test of their own."""

import re

import pytest

from docs.pages import Block, page, pages
from jeongsan.domain.terms import COUNT_NAMES
from jeongsan.wire.contract_conditions import CONDITIONS_KEYS
from jeongsan.wire.contract_document import SCOPE_KEYS, contract_from_text

PAGE = page("docs/contracts.md")
LAYOUTS = "docs/reconcile-files.md"
BLOCKS = [
    (each.name, block)
    for each in pages()
    for block in each.blocks
    if block.language == "toml" and each.name != LAYOUTS
]


@pytest.mark.parametrize(("name", "block"), BLOCKS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_contract_on_a_page_is_one(name: str, block: Block) -> None:
    assert contract_from_text(block.text.encode()).agreements, name


def test_every_key_of_an_entry_is_in_the_table() -> None:
    rows = PAGE.rows("key of terms")
    shown = {name.split(".")[0] for row in rows for name in re.split(r"`, `", row[0])}
    assert shown == {*SCOPE_KEYS, *CONDITIONS_KEYS}
    assert all(len(row) == 4 and row[3] for row in rows)
    (payout,) = (row for row in rows if row[0] == "payout")
    assert all(f"`{name}`" in payout[2] for name in COUNT_NAMES.values())


def test_every_open_point_is_answered_by_a_setting_or_says_that_there_is_none() -> None:
    rows = PAGE.rows("question")
    assert len(rows) == 10
    assert all(row[1] for row in rows)
