"""The page about the check lists every code there is and every option, and invents none."""

import re

import pytest
import typer

from docs.command_tree import leaves
from docs.pages import page
from jeongsan.cli.main import app
from jeongsan.client.keys import KeyKind
from jeongsan.reconcile.cancel_book import BookField, column_of
from jeongsan.reconcile.cancel_outcomes import Difference, Inference, NoRow, Outcome, Remark

PAGE = page("docs/check-cancels.md")


@pytest.mark.parametrize(
    ("heading", "codes"),
    [("outcome", Outcome), ("no row", NoRow), ("difference", Difference), ("inference", Inference)],
)
def test_every_code_is_explained(heading: str, codes: type[Outcome]) -> None:
    shown = [code for row in PAGE.rows(heading) for code in re.findall(r"[A-Z_]{4,}", row[0])]
    assert sorted(shown) == sorted(code.value for code in codes)


def test_every_remark_is_explained() -> None:
    assert all(f"`{remark.value}`" in PAGE.prose for remark in Remark)


def test_every_kind_of_key_is_listed() -> None:
    shown = {kind for row in PAGE.rows("kind") for kind in row[0].split(", ")}
    assert shown == {kind.value for kind in KeyKind} - {"unknown"}


def test_every_option_is_listed() -> None:
    command = dict(leaves(typer.main.get_command(app), "jeongsan"))["jeongsan check cancels"]
    options = {name for parameter in command.params for name in parameter.opts} - {"--help"}
    assert {name for row in PAGE.rows("option") for name in re.findall(r"--[a-z]+", row[0])} == options


def test_every_column_of_a_book_is_listed_with_headers_that_are_read() -> None:
    rows = PAGE.rows("column")
    assert [row[0] for row in rows] == [field.value for field in BookField]
    for name, also, _ in rows:
        assert {column_of(header) for header in (name, *also.split(", "))} == {BookField(name)}
