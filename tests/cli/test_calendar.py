"""`jeongsan calendar`: the calendar and its versions as people see them, and how a new one is entered."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jeongsan.calendar_kr import SOURCE
from jeongsan.cli.main import app
from support.inside import inside
from support.sandbox import MID, Sandbox


class Calendar:
    """Runs `jeongsan calendar … --database URL`."""

    def __init__(self, database: str) -> None:
        self.database = database

    def __call__(self, *arguments: str, exits: int = 0) -> dict[str, Any]:
        result = self._invoke(*arguments, "--json")
        assert result.exit_code == exits, (result.stdout, result.stderr, result.exception)
        printed: dict[str, Any] = json.loads(result.stderr if exits else result.stdout)
        return printed

    def lines(self, *arguments: str) -> list[str]:
        result = self._invoke(*arguments)
        assert result.exit_code == 0, (result.stdout, result.stderr, result.exception)
        return result.stdout.splitlines()

    def _invoke(self, *arguments: str) -> Any:
        return CliRunner().invoke(app, ["calendar", *arguments, "--database", self.database])


@pytest.fixture
def calendar(database_url: str) -> Calendar:
    """A gateway on 17 March 2025 with a row that is paid out on the 21st."""

    async def sold(sandbox: Sandbox) -> None:
        await sandbox.done(15_000)
        await sandbox.move_to("2025-03-17T09:00:00+09:00")

    inside(database_url, sold)
    return Calendar(database_url)


def test_a_year_shows_every_closed_weekday_with_its_reason_and_whose_word_it_is(calendar: Calendar) -> None:
    calendar("add", "2025-06-09", "--name", "임시공휴일", "--source", "관보 제1호")
    calendar("add", "2025-05-01", "--business-day", "--source", "사내 공지")
    calendar("add", "2025-06-14", "--name", "주말 행사")
    shown = calendar("show", "2025")
    assert (shown["year"], shown["version"], shown["base"]) == (2025, 3, SOURCE)
    days = {one["date"]: one for one in shown["days"]}
    assert days["2025-06-09"] == {
        "date": "2025-06-09",
        "weekday": "월",
        "closed": "임시공휴일",
        "version": 1,
        "source": "관보 제1호",
    }
    assert (days["2025-05-01"]["closed"], days["2025-05-01"]["version"]) == (None, 2)
    assert (days["2025-05-05"]["closed"], days["2025-05-05"]["source"]) == ("부처님오신날; 어린이날", SOURCE)
    assert days["2025-06-14"]["weekday"] == "토"
    assert "2025-06-15" not in days
    assert calendar("show")["days"] == shown["days"]
    base = {one["date"]: one for one in calendar("show", "2025", "--version", "0")["days"]}
    assert base["2025-05-01"]["closed"] == "근로자의 날"
    assert "2025-06-09" not in base


def test_versions_differ_by_the_days_that_they_do_not_say_the_same_of(calendar: Calendar) -> None:
    calendar("add", "2025-06-09", "--name", "임시공휴일", "--note", "초안", "--actor", "김운영")
    calendar("add", "2025-06-09", "--name", "임시 공휴일")
    calendar("add", "2025-06-09", "--business-day", "--keep-dates")
    assert calendar("diff", "base")["days"] == []
    assert calendar("diff", "base", "1")["days"] == [
        {"date": "2025-06-09", "weekday": "월", "before": None, "after": "임시공휴일"}
    ]
    (changed,) = calendar("diff", "1", "2")["days"]
    assert (changed["before"], changed["after"]) == ("임시공휴일", "임시 공휴일")
    assert calendar.lines("diff", "2")[0] == "2025-06-09 월  임시 공휴일 → 영업일"
    found = calendar("versions")["versions"]
    assert [one["version"] for one in found] == [1, 2, 3]
    assert (found[0]["actor"], found[0]["note"], found[0]["base"]) == ("김운영", "초안", SOURCE)
    assert [one["redating"] for one in found] == [
        {"movedRows": 0, "done": True},
        {"movedRows": 0, "done": True},
        None,
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "1999"),
        ("show", "2101"),
        ("show", "2025", "--version", "1"),
        ("diff", "1"),
        ("diff", "base", "-1"),
        ("diff", "basis"),
        ("add", "2025-06-09", "--file", "x.csv", "--name", "x"),
        ("add", "--name", "x"),
        ("add", "2101-01-01", "--name", "x"),
        ("add", "2025-06-09", "--name", " "),
    ],
    ids=" ".join,
)
def test_a_question_that_cannot_be_meant_is_refused(calendar: Calendar, arguments: tuple[str, ...]) -> None:
    if "-1" in arguments:  # a leading dash is read as an option
        assert CliRunner().invoke(app, ["calendar", *arguments]).exit_code == 2
        return
    assert calendar(*arguments, exits=1)["code"] == "INVALID_REQUEST"
    assert calendar("versions")["versions"] == []


def test_a_preview_shows_rows_and_payouts_and_changes_nothing(calendar: Calendar) -> None:
    holiday = ("add", "2025-03-21", "--name", "임시공휴일", "--source", "관보")
    shown = calendar(*holiday, "--preview")
    move = {
        "mId": MID,
        "mode": "LIVE",
        "from": "2025-03-21",
        "to": "2025-03-24",
        "rows": 1,
        "currency": "KRW",
        "amount": 15_000,
        "payOutAmount": 14_472,
    }
    payout = {"mId": MID, "mode": "LIVE", "currency": "KRW"}
    assert shown == {
        "preview": True,
        "source": "관보",
        "changes": [{"date": "2025-03-21", "holiday": "임시공휴일"}],
        "redating": {
            "moves": [move],
            "payouts": [
                payout | {"date": "2025-03-21", "before": 14_472, "after": 0},
                payout | {"date": "2025-03-24", "before": 0, "after": 14_472},
            ],
        },
    }
    assert calendar("versions")["versions"] == []
    added = calendar(*holiday)
    assert added["redating"] == {"done": True, "movedRows": 1, "moves": [move]}
    assert calendar("redate", "--preview")["redating"] == {"moves": [], "payouts": []}


def test_a_preview_counts_adjustments_in_the_payouts_that_change(calendar: Calendar) -> None:
    """One that is booked on 17 March is due on the 25th, D+6."""
    asked = ["settle", "adjust", MID, "--amount", "5000", "--reason", "정정", "--database", calendar.database]
    assert CliRunner().invoke(app, asked).exit_code == 0
    shown = calendar("add", "2025-03-25", "--name", "임시공휴일", "--source", "관보", "--preview")
    payouts = [(one["date"], one["before"], one["after"]) for one in shown["redating"]["payouts"]]
    assert (payouts, shown["redating"]["moves"]) == ([("2025-03-25", 5_000, 0), ("2025-03-26", 0, 5_000)], [])


def test_kept_dates_move_when_somebody_asks_for_it(calendar: Calendar) -> None:
    added = calendar("add", "2025-03-21", "--name", "임시공휴일", "--keep-dates")
    assert added["redating"] is None
    assert calendar("add", "2025-03-20", "--name", "x", "--keep-dates", "--preview")["redating"] is None
    assert [one["to"] for one in calendar("redate", "--preview")["redating"]["moves"]] == ["2025-03-24"]
    lines = calendar.lines("redate", "--source", "달력 대조")
    assert lines == [
        f"LIVE  {MID}  2025-03-21 → 2025-03-24  1 rows, 15,000 KRW, to be paid 14,472",
        "version 1 is in force",
    ]
    assert calendar.lines("redate")[0] == "no row moves"


def test_a_count_of_days_or_months_shows_its_steps_and_where_a_day_off_leads(calendar: Calendar) -> None:
    found = calendar("payout-date", "2025-05-01", "--calendar-days", "2")
    assert (found["paidOutDate"], found["steps"][0]) == (
        "2025-05-07",
        {"date": "2025-05-02", "calendarDay": 1},
    )
    before = calendar("payout-date", "2025-05-01", "--calendar-days", "2", "--holiday", "before")
    assert before["paidOutDate"] == "2025-05-02"
    ignored = calendar("payout-date", "2025-05-01", "--calendar-days", "2", "--holiday", "ignore")
    assert ignored["paidOutDate"] == "2025-05-03"
    assert calendar("payout-date", "2025-04-10", "--month-ends", "1")["paidOutDate"] == "2025-06-02"
    assert calendar.lines("payout-date", "2025-04-10", "--month-ends", "1")[-2:] == [
        "  2025-06-02  M+1",
        "sold 2025-04-10, paid out 2025-06-02",
    ]


GOOD = {
    "korean.csv": "날짜,휴일명,영업일\n2025-06-03,대통령 선거일,\n2025-06-09,임시공휴일,아니오\n"
    "2025-05-01,,예\n",
    "english.csv": "name,day,business-day\n대통령 선거일,2025-06-03,\n임시공휴일,2025-06-09,no\n"
    ",2025-05-01,yes\n",
    "tabs.csv": "day\tname\tbusiness day\n\n2025-06-03\t 대통령 선거일 \n2025-06-09\t임시공휴일\n"
    "2025-05-01\t\ty\n",
    "holidays.toml": '[[day]]\nday = 2025-06-03\nname = "대통령 선거일"\n\n[[day]]\nday = "2025-06-09"\n'
    'name = "임시공휴일"\n[[day]]\nday = 2025-05-01\nbusiness-day = true\n',
}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_file_of_days_is_one_version(calendar: Calendar, tmp_path: Path, name: str, encoding: str) -> None:
    file = tmp_path / name
    file.write_bytes(GOOD[name].encode(encoding))
    added = calendar("add", "--file", str(file), "--source", "관보")
    assert added["version"] == 1
    assert added["changes"] == [
        {"date": "2025-05-01", "holiday": None},
        {"date": "2025-06-03", "holiday": "대통령 선거일"},
        {"date": "2025-06-09", "holiday": "임시공휴일"},
    ]


BAD = {
    "bad date": ("a.csv", "day,name\n2025-02-30,x\n", "a.csv line 2, day: '2025-02-30' is no date"),
    "written short": ("a.csv", "day,name\n2025-3-1,x\n", "a.csv line 2, day: '2025-3-1' is no date"),
    "duplicate": (
        "a.csv",
        "day,name\n2025-06-03,x\n2025-06-03,y\n",
        "a.csv line 3, day: 2025-06-03 stands on",
    ),
    "empty name": ("a.csv", "day,name\n2025-06-03,\n", "a.csv line 2, name: is empty"),
    "short line": ("a.csv", "day,name\n2025-06-03\n", "a.csv line 2, name: is empty"),
    "too early": ("a.csv", "day,name\n1999-06-03,x\n", "a.csv line 2, day: 1999-06-03 is not between"),
    "too late": ("a.csv", "day,name\n2101-06-03,x\n", "a.csv line 2, day: 2101-06-03 is not between"),
    "unknown column": ("a.csv", "day,name,reason\n2025-06-03,x,y\n", "a.csv line 1, reason: is no column"),
    "column twice": ("a.csv", "day,날짜,name\n2025-06-03,x,y\n", "a.csv line 1, 날짜: is there twice"),
    "no header": ("a.csv", "2025-06-03,x\n", "a.csv line 1, 2025-06-03: is no column"),
    "no day column": ("a.csv", "name\nx\n", "a.csv line 1, header: names day and name"),
    "too many cells": ("a.csv", "day,name\n2025-06-03,x,y\n", "a.csv line 2, y: has no column"),
    "worked with a name": (
        "a.csv",
        "day,name,business-day\n2025-06-03,x,yes\n",
        "a.csv line 2, name: a business day has none",
    ),
    "worked or not": (
        "a.csv",
        "day,name,business-day\n2025-06-03,x,maybe\n",
        "a.csv line 2, business-day: 'maybe' is neither",
    ),
    "open quote": ("a.csv", 'day,name\n2025-06-03,"x\n', "a.csv line"),
    "nothing": ("a.csv", "day,name\n", "a.csv: names no day"),
    "not TOML": ("a.toml", "day = \n", "a.toml: Invalid value"),
    "unknown table": ("a.toml", '[[holiday]]\nday = 2025-06-03\nname = "x"\n', "a.toml, holiday: is not a"),
    "one table": ("a.toml", '[day]\nday = 2025-06-03\nname = "x"\n', "a.toml, day: is not a"),
    "unknown key": ("a.toml", '[[day]]\nday = 2025-06-03\nwhy = "x"\n', "a.toml line 1, why: is no key"),
    "a time": ("a.toml", '[[day]]\nday = 2025-06-03T00:00:00\nname = "x"\n', "a.toml line 1, day: "),
    "second table": (
        "a.toml",
        '[[day]]\nday = 2025-06-03\nname = "x"\n[[day]]\nday = 2025-06-04\n',
        "a.toml line 4, name: is empty",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_broken_file_is_refused_whole_with_the_line_and_the_field(
    calendar: Calendar, tmp_path: Path, case: str
) -> None:
    name, text, said = BAD[case]
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    refused = calendar("add", "--file", str(file), "--source", "관보", exits=1)
    assert refused["code"] == (
        "INVALID_DATE" if "is no date" in said or case == "a time" else "INVALID_REQUEST"
    )
    assert said in refused["message"]
    assert calendar("versions")["versions"] == []


def test_a_file_that_cannot_be_read_is_refused(calendar: Calendar, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    assert "cannot be read" in calendar("add", "--file", str(file), "--source", "x", exits=1)["message"]
    file.write_bytes("day,name\n2025-06-03,선거\n".encode("utf-16"))
    refused = calendar("add", "--file", str(file), "--source", "관보", exits=1)
    assert "a.csv: is neither UTF-8 nor CP949 text" in refused["message"]
    file.write_text("day,name\n2025-06-03,x\n")
    assert "who announced" in calendar("add", "--file", str(file), exits=1)["message"]


def test_banks_that_never_open_again_are_refused(calendar: Calendar, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    days = [date(2025, 6, 2) + timedelta(days=n) for n in range(40)]
    file.write_text("day,name\n" + "".join(f"{day},닫음\n" for day in days), encoding="utf-8")
    for preview in ((), ("--preview",)):
        refused = calendar("add", "--file", str(file), "--source", "x", *preview, exits=1)
        assert "closed for more than 31 days" in refused["message"]
    assert calendar("versions")["versions"] == []
