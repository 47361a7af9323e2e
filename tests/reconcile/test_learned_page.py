"""The page about learning lists every question, reason, rounding and option, and invents none."""

import re

import typer

from docs.command_tree import leaves
from docs.pages import page
from jeongsan.cli.main import app
from jeongsan.reconcile.fee_rates import Rounding
from jeongsan.reconcile.learn_answers import Answer
from jeongsan.reconcile.learned_notes import Said
from jeongsan.reconcile.settled_rows import RowFault

PAGE = page("docs/learn-contract.md")


def test_every_question_is_listed() -> None:
    assert {row[0] for row in PAGE.rows("question")} == {one.value.partition(".")[0] for one in Answer}


def test_every_reason_is_explained() -> None:
    shown = [code for row in PAGE.rows("reason") for code in re.findall(r"[A-Z_]{4,}", row[0])]
    assert sorted(shown) == sorted(RowFault)


def test_every_note_about_the_document_is_explained() -> None:
    shown = [code for row in PAGE.rows("note") for code in re.findall(r"[A-Za-z]+", row[0])]
    assert sorted(shown) == sorted(Said)


def test_every_rounding_is_explained() -> None:
    shown = {name for row in PAGE.rows("rounding") for name in row[0].replace("`", "").split(", ")}
    assert shown == {one.value for one in Rounding}


def test_every_option_is_listed() -> None:
    command = dict(leaves(typer.main.get_command(app), "jeongsan"))["jeongsan settle learn"]
    options = {name for parameter in command.params for name in parameter.opts} - {"--help", "files"}
    assert {name for row in PAGE.rows("option") for name in re.findall(r"--[a-z]+", row[0])} == options
