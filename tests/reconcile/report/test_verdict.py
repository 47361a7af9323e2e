"""One word for a scheduler: clean, open or unreadable."""

import duckdb
import pytest

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.report.events import Act, ExceptionBook
from jeongsan.reconcile.report.result import Result, Summary
from jeongsan.reconcile.report.verdict import Exit, exit_code, verdict_words
from support.reported import Tables, april, event, filled, found

pytestmark = pytest.mark.slow

KO, EN = Language


def readable() -> Tables:
    """April without the rows that could not be read."""
    tables = april()
    tables.rows["problems"].clear()
    for file in tables.rows["files"]:
        file["unreadable_count"] = 0
    return tables


def summary(tables: Tables, *, accepted: bool = False) -> Summary:
    with filled(tables) as connection:
        open_ones = [one for one in found(connection) if one.needs_decision] if accepted else []
        book = ExceptionBook(tuple(event(one, Act.ACCEPT, "확인함") for one in open_ones))
        return Result(connection, book).summary


def test_findings_that_nobody_decided_about_are_open() -> None:
    assert exit_code(summary(readable())) is Exit.OPEN


def test_what_is_accepted_not_due_older_or_set_aside_is_clean() -> None:
    assert exit_code(summary(readable(), accepted=True)) is Exit.CLEAN


def test_what_was_not_read_goes_before_all_else(connection: duckdb.DuckDBPyConnection) -> None:
    assert exit_code(Result(connection, ExceptionBook()).summary) is Exit.UNREADABLE
    assert exit_code(summary(april(), accepted=True)) is Exit.UNREADABLE


def test_nothing_at_all_is_clean() -> None:
    assert exit_code(summary(Tables())) is Exit.CLEAN
    assert verdict_words(summary(Tables()), EN) == "Everything agrees."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            KO,
            "확인할 차이가 8건 있습니다: 거래 대사 4건 164,250원 + 12.50 USD; 정산 대사 2건 77,000원; "
            "입금 대사 2건 464,640원.",
        ),
        (
            EN,
            "8 findings to decide about: transaction comparison 4 of 164,250 KRW + 12.50 USD; "
            "settlement comparison 2 of 77,000 KRW; deposit comparison 2 of 464,640 KRW.",
        ),
    ],
)
def test_money_of_several_comparisons_is_not_added(language: Language, text: str) -> None:
    """What one lacks is often the same money that another lacks."""
    assert verdict_words(summary(readable()), language) == text


def test_accepted_ones_are_told() -> None:
    assert verdict_words(summary(readable(), accepted=True), KO) == "모두 맞습니다. 승인된 차이 8건."
