"""What a report reads: money by currency, ids that last, decisions that hold only for what was decided."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jeongsan.reconcile.match.codes import Comparison, Reason, State
from jeongsan.reconcile.report.events import Act, Event, ExceptionBook
from jeongsan.reconcile.report.finding import HandlingState
from jeongsan.reconcile.report.finding_list import OneListAtATime
from jeongsan.reconcile.report.result import Result
from support.reported import NOW, Row, Tables, april, event, filled, found

pytestmark = pytest.mark.slow


@pytest.fixture
def result(connection: duckdb.DuckDBPyConnection) -> Result:
    return Result(connection, ExceptionBook())


def test_what_each_side_lacks_is_summed_by_comparison_and_currency(result: Result) -> None:
    """150,000 cancelled, 3,000 too much, 10,000 between candidates; where currencies differ, each side counts
    in its own."""
    open_ones = {(line.comparison, line.currency): line for line in result.summary.abnormal}
    won = open_ones[Comparison.TRANSACTION, "KRW"]
    assert (won.open_count, won.open_amount) == (3, Decimal(150_000 + 3_000 + 10_000 + 1_250))
    dollars = open_ones[Comparison.TRANSACTION, "USD"]
    assert (dollars.open_count, dollars.open_amount) == (1, Decimal("12.50"))
    assert result.summary.open_count == 8


def test_what_was_read_and_what_not_is_counted_by_side(result: Result) -> None:
    assert [line.unreadable_count for line in result.summary.read] == [2, 0, 0, 0]
    assert result.summary.is_unreadable
    assert [row.value for row in result.unread()] == ["일만원", "=HYPERLINK(1)"]


def test_a_file_that_is_no_file_counts_as_one() -> None:
    tables = Tables()
    tables.add("files", file_id=1, side="BANK", name="a", row_count=0, unreadable_count=0)
    tables.add("problems", file_id=1, fault="BROKEN_FILE", value="")
    with filled(tables) as connection:
        summary = Result(connection, ExceptionBook()).summary
    assert (summary.read[0].file_count, summary.is_unreadable) == (1, True)


def test_lists_are_in_the_order_of_the_comparisons(result: Result) -> None:
    assert [finding.comparison for finding in result.findings()] == [
        *[Comparison.TRANSACTION] * 5,
        *[Comparison.SETTLEMENT] * 2,
        *[Comparison.DEPOSIT] * 3,
    ]
    assert [finding.position for finding in result.findings(limit=2)] == [1, 2]
    assert all(finding.is_open for finding in result.findings(open_only=True))
    assert [*result.undecided(open_first=True)][-1].state is State.SET_ASIDE


def test_rows_of_a_finding_say_where_they_stood(result: Result) -> None:
    origins = [(origin.outcome_number, origin.name, origin.row_number) for origin in result.origins()]
    assert (2, "주문_4월.xlsx", 5) in origins


def test_one_list_is_read_at_a_time(result: Result) -> None:
    """Two lists over one connection would end each other without a word."""
    first = result.findings()
    next(first)
    next(result.undecided())
    with pytest.raises(OneListAtATime):
        list(first)


def test_an_accepted_finding_is_open_no_more(connection: duckdb.DuckDBPyConnection) -> None:
    fee = next(one for one in found(connection) if Reason.FEE_RATE in one.reasons)
    result = Result(connection, ExceptionBook((event(fee, Act.ACCEPT, "다음 달 정정"),)))
    again = next(one for one in result.findings() if one.id == fee.id)
    assert again.handling is not None
    assert (again.is_open, again.handling.state) == (False, HandlingState.ACCEPTED)
    assert again.handling.at == NOW
    assert (result.summary.open_count, result.summary.accepted_count, result.summary.gone) == (7, 1, 0)


def test_a_correction_stands_beside_the_difference(connection: duckdb.DuckDBPyConnection) -> None:
    amount = found(connection)[1]
    book = ExceptionBook((event(amount, Act.ADJUST, "배송비", Decimal(-2_900)),))
    corrected = found(connection, book)[1]
    assert (corrected.difference, corrected.remaining) == (Decimal(3_000), Decimal(100))
    assert corrected.is_open


def _with_amount(tables: Tables, amount: int) -> Tables:
    tables.rows["outcomes"][1]["right_amount"] = Decimal(amount)
    return tables


def test_an_acceptance_does_not_hold_for_another_amount() -> None:
    """What was accepted at 40,000 is another finding at 39,000, and says that it was decided before."""
    with filled(april()) as before:
        book = ExceptionBook((event(found(before)[1], Act.ACCEPT, "할인"),))
    with filled(_with_amount(april(), 39_000)) as after:
        changed = found(after, book)[1]
        assert Result(after, book).summary.gone == 0
    assert changed.handling is not None
    assert (changed.handling.state, changed.is_open) == (HandlingState.CHANGED, True)
    assert changed.handling.accept_reason == "할인"


def test_a_correction_of_what_has_changed_corrects_nothing() -> None:
    with filled(april()) as before:
        book = ExceptionBook((event(found(before)[1], Act.ADJUST, "배송비", Decimal(-3_000)),))
    with filled(_with_amount(april(), 39_000)) as after:
        assert found(after, book)[1].remaining == Decimal(4_000)


def test_a_new_decision_about_what_has_changed_counts(connection: duckdb.DuckDBPyConnection) -> None:
    finding = found(connection)[1]
    old = Event("T-gone", finding.subject, Act.ACCEPT, NOW, "최팀장", "지난번")
    assert found(connection, ExceptionBook((old,)))[1].is_open
    both = ExceptionBook((old, event(finding, Act.ACCEPT, "이번")))
    assert not found(connection, both)[1].is_open
    assert Result(connection, both).summary.gone == 0


def test_what_is_no_more_is_counted(connection: duckdb.DuckDBPyConnection) -> None:
    old = Event("T-gone", "T-nothing", Act.ACCEPT, NOW, "최팀장", "지난번")
    assert Result(connection, ExceptionBook((old,))).summary.gone == 1


SAID: dict[str, list[object]] = {
    "order_id": ["a", "b", None],
    "payment_key": ["a", "b", None],
    "left_amount": [Decimal(1), Decimal(2), None],
    "currency": ["KRW", "USD"],
    "left_day": [date(2025, 4, 25), date(2025, 4, 26)],
}
outcomes = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in SAID.items()})


@pytest.fixture(scope="module")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    with filled(Tables()) as opened:
        yield opened


def _ids(connection: duckdb.DuckDBPyConnection, rows: list[Row]) -> list[str]:
    tables = Tables()
    for row in rows:
        tables.outcome("TRANSACTION", "ONE_SIDED", "NOT_AT_GATEWAY", **row)
    connection.execute("DELETE FROM outcomes")
    tables.fill(connection)
    return [finding.id for finding in found(connection)]


@settings(max_examples=20)
@given(first=st.lists(outcomes, max_size=5), more=st.lists(outcomes, max_size=5))
def test_ids_stay_when_other_findings_come(
    empty: duckdb.DuckDBPyConnection, first: list[Row], more: list[Row]
) -> None:
    """Every finding has an id of its own, also among equals; more of them take no id away, in any order."""
    before, after = _ids(empty, first), _ids(empty, [*more, *first])
    assert len(set(after)) == len(after)
    assert set(before) <= set(after)


def test_another_finding_has_another_id(empty: duckdb.DuckDBPyConnection) -> None:
    """Whatever one of its fields says otherwise; and the same in another run has the same."""
    rows = [dict(zip(SAID, values, strict=True)) for values in product(*SAID.values())]
    ids = _ids(empty, rows)
    assert len(set(ids)) == len(rows) == 108
    assert _ids(empty, rows[40:41]) == ids[40:41]


def test_equal_findings_are_told_apart_and_keep_their_ids(empty: duckdb.DuckDBPyConnection) -> None:
    row = {"order_id": "a", "left_amount": Decimal(1)}
    one, two = _ids(empty, [row, row])
    assert one != two
    assert _ids(empty, [row]) == [one]


def test_no_two_fields_can_be_read_as_one(empty: duckdb.DuckDBPyConnection) -> None:
    """Ids come from all fields together; where one ends and the next begins is not left to the text."""
    apart = _ids(empty, [{"order_id": "a", "payment_key": "1:b"}])
    assert apart != _ids(empty, [{"order_id": "a1:b"}])


def test_the_nearest_row_and_the_rule_are_no_part_of_the_id(connection: duckdb.DuckDBPyConnection) -> None:
    tables = april()
    tables.rows["outcomes"][0] |= {"rule": "another", "nearest": None}
    with filled(tables) as other:
        assert found(other)[0].id == found(connection)[0].id
