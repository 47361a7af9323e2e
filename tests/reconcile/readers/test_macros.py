"""How a cell's text becomes an amount, a moment or a day; and why it does not."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jeongsan.reconcile.readers.statements import text_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def macros() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": "1"}) as connection:
        connection.execute(text_of("macros.sql"))
        yield connection


def value_of(connection: duckdb.DuckDBPyConnection, macro: str, text: str) -> object:
    found = connection.execute(
        f"SELECT readers.{macro}(written) FROM (SELECT ? AS written)", [text]
    ).fetchone()
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("15000", "15000"),
        ("15,000", "15000"),
        ("-15,000원", "-15000"),
        ("₩15,000", "15000"),
        ("₩-15,000", "-15000"),
        ("-₩15,000", "-15000"),
        ("(15,000)", "-15000"),
        ("(15,000원)", "-15000"),
        ("１５，０００", "15000"),
        ("￦１５，０００", "15000"),
        ("－１５", "-15"),
        ("△1,500", "-1500"),
        ("▲5", "-5"),
        ("+5", "5"),
        ("\\5,000", "5000"),
        ("KRW 5,000", "5000"),
        ("5,000 KRW", "5000"),
        ("0", "0"),
        ("-0", "0"),
        ("1.5", "1.5"),
        ("1.50", "1.5"),
        ("15000.000", "15000"),
        ("00012", "12"),
        ("1,234,567.89", "1234567.89"),
        ("9999999999999999.99", "9999999999999999.99"),
        ("-9999999999999999.99", "-9999999999999999.99"),
    ],
)
def test_an_amount_is_read_as_people_write_it(
    macros: duckdb.DuckDBPyConnection, text: str, amount: str
) -> None:
    assert value_of(macros, "amount_of", text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x", "NOT_AN_AMOUNT"),
        ("1.23E+15", "NOT_AN_AMOUNT"),
        ("1e3", "NOT_AN_AMOUNT"),
        ("1_000", "NOT_AN_AMOUNT"),
        ("15 000", "NOT_AN_AMOUNT"),
        ("1,00", "NOT_AN_AMOUNT"),
        ("1,0000", "NOT_AN_AMOUNT"),
        ("--5", "NOT_AN_AMOUNT"),
        ("(-5)", "NOT_AN_AMOUNT"),
        ("(5", "NOT_AN_AMOUNT"),
        ("5)", "NOT_AN_AMOUNT"),
        ("-₩-5", "NOT_AN_AMOUNT"),
        ("$5", "NOT_AN_AMOUNT"),
        ("5천원", "NOT_AN_AMOUNT"),
        (".5", "NOT_AN_AMOUNT"),
        ("5.", "NOT_AN_AMOUNT"),
        ("1.2.3", "NOT_AN_AMOUNT"),
        ("-", "NOT_AN_AMOUNT"),
        ("NaN", "NOT_AN_AMOUNT"),
        ("0x10", "NOT_AN_AMOUNT"),
        ("1.005", "TOO_FINE"),
        ("0.30000000000000004", "TOO_FINE"),
        ("10000000000000000", "TOO_LARGE"),
        ("99999999999999999999999999999999999999999", "TOO_LARGE"),
        ("10,000,000,000,000,000", "TOO_LARGE"),
    ],
)
def test_what_is_no_amount_is_none_and_says_why(
    macros: duckdb.DuckDBPyConnection, text: str, fault: str
) -> None:
    assert value_of(macros, "amount_of", text) is None
    assert value_of(macros, "fault_of_amount", text) == fault


@given(
    st.decimals(min_value=-(10**16) + 1, max_value=10**16 - 1, places=2), st.sampled_from(["{:f}", "{:,f}"])
)
@example(Decimal("0.10"), "{:,f}")
def test_no_amount_is_rounded(macros: duckdb.DuckDBPyConnection, amount: Decimal, form: str) -> None:
    assert value_of(macros, "amount_of", form.format(amount)) == amount


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-13 13:00:00", "2025-03-13 13:00:00"),
        ("2025-03-13T13:00:00", "2025-03-13 13:00:00"),
        ("2025-03-13T13:00:00+09:00", "2025-03-13 13:00:00"),
        ("2025-03-13T13:00:00+0900", "2025-03-13 13:00:00"),
        ("2025-03-13T15:00:00Z", "2025-03-14 00:00:00"),
        ("2025-03-13 10:00:00-05:00", "2025-03-14 00:00:00"),
        ("2025-03-13T09:30:00+05:30", "2025-03-13 13:00:00"),
        ("2025-03-13 13:00", "2025-03-13 13:00:00"),
        ("2025-3-1 1:02:03", "2025-03-01 01:02:03"),
        ("2025/03/13 13:00:00", "2025-03-13 13:00:00"),
        ("2025.03.13 13:00:00", "2025-03-13 13:00:00"),
        ("2025. 3. 13. 오후 1:05", "2025-03-13 13:05:00"),
        ("2025. 3. 13. 오전 12:05:09", "2025-03-13 00:05:09"),
        ("25.03.13 13:00:00", "2025-03-13 13:00:00"),
        ("2025-03-13 오후 12:00:00", "2025-03-13 12:00:00"),
        ("2025-03-13 1:00:00 PM", "2025-03-13 13:00:00"),
        ("2025년 3월 13일 13시 05분", "2025-03-13 13:05:00"),
        ("2025년 03월 13일 오후 1시 5분 7초", "2025-03-13 13:05:07"),
        ("2025-03-13(목) 13:00:00", "2025-03-13 13:00:00"),
        ("20250313130000", "2025-03-13 13:00:00"),
        ("20250313 130000", "2025-03-13 13:00:00"),
        ("20250313 13:00:00", "2025-03-13 13:00:00"),
        ("202503131300", "2025-03-13 13:00:00"),
        ("2025-03-13T13:00:00.123", "2025-03-13 13:00:00.123000"),
        ("2025-03-13T13:00:00.123456789+09:00", "2025-03-13 13:00:00.123456"),
        ("2000-01-01 00:00:00", "2000-01-01 00:00:00"),
        ("2099-12-31 23:59:59", "2099-12-31 23:59:59"),
    ],
)
def test_a_moment_is_the_wall_clock_of_seoul(
    macros: duckdb.DuckDBPyConnection, text: str, moment: str
) -> None:
    assert value_of(macros, "moment_of", text) == datetime.fromisoformat(moment)
    assert value_of(macros, "day_of", text) == datetime.fromisoformat(moment).date()


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-13",
        "20250313",
        "2025.03.13",
        "2025. 3. 13.",
        "2025/3/13",
        "25.03.13",
        "2025년 3월 13일",
        "2025-03-13(목)",
    ],
)
def test_a_day_is_no_moment(macros: duckdb.DuckDBPyConnection, text: str) -> None:
    assert value_of(macros, "moment_of", text) is None
    assert value_of(macros, "day_of", text) == date(2025, 3, 13)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x", "NOT_A_TIME"),
        ("2025-02-30", "NOT_A_TIME"),
        ("2025-03-13 24:00:00", "NOT_A_TIME"),
        ("2025-03-13 13:60:00", "NOT_A_TIME"),
        ("2025-03-13 오후 13:00:00", "NOT_A_TIME"),
        ("25-03-13", "NOT_A_TIME"),
        ("03/13/2025", "NOT_A_TIME"),
        ("1999-12-31", "NOT_A_TIME"),
        ("2100-01-01 00:00:00", "NOT_A_TIME"),
        ("infinity", "NOT_A_TIME"),
        ("epoch", "NOT_A_TIME"),
        ("2025-03-13 13", "NOT_A_TIME"),
        ("2025-03", "NOT_A_TIME"),
        ("45729", "SERIAL_NUMBER"),
        ("45729.5416", "SERIAL_NUMBER"),
        ("2025-13-01", "NOT_A_TIME"),
        ("2025-03-13 13:00:00 Asia/Seoul", "NOT_A_TIME"),
        ("99991231", "NOT_A_TIME"),
    ],
)
def test_what_is_no_time_is_none_and_says_why(
    macros: duckdb.DuckDBPyConnection, text: str, fault: str
) -> None:
    assert value_of(macros, "moment_of", text) is None
    assert value_of(macros, "day_of", text) is None
    assert value_of(macros, "fault_of_time", text) == fault


@given(
    st.datetimes(
        min_value=datetime.fromisoformat("2000-01-01 00:00:00"),
        max_value=datetime.fromisoformat("2099-12-31 00:00:00"),
    ),
    st.integers(-12, 14),
)
def test_an_offset_moves_the_clock_and_not_the_moment(
    macros: duckdb.DuckDBPyConnection, seoul: datetime, hours: int
) -> None:
    from_there = seoul.replace(microsecond=0)
    zone = f"{'-' if hours < 0 else '+'}{abs(hours):02}:00"
    there = from_there + timedelta(hours=hours - 9)
    assert value_of(macros, "moment_of", f"{there.isoformat()}{zone}") == from_there


@pytest.mark.parametrize("text", ["", " ", "\t", "\u3000", "\xa0 ", "\ufeff"])
def test_spaces_say_nothing(macros: duckdb.DuckDBPyConnection, text: str) -> None:
    assert value_of(macros, "cell", text) is None


@given(st.text(), st.text(alphabet=" \t\u3000\xa0", max_size=3), st.text(alphabet=" \t\n\u3000", max_size=3))
def test_a_cell_is_what_stands_between_its_spaces(
    macros: duckdb.DuckDBPyConnection, text: str, before: str, after: str
) -> None:
    plain = text.replace("\x00", "").strip(" \t\n\r\u3000\xa0\ufeff")
    assert value_of(macros, "cell", f"{before}{plain}{after}") == (plain or None)
