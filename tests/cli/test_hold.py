"""`jeongsan hold` and `jeongsan settle forecast`: people keep money back, and see what is paid and when."""

import json
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from jeongsan.cli.main import app
from support.inside import inside
from support.sandbox import MID, Sandbox


def called(database_url: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--database", database_url])


def value(database_url: str, *arguments: str) -> dict[str, Any]:
    result = called(database_url, *arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refusal(database_url: str, *arguments: str) -> str:
    result = called(database_url, *arguments, "--json")
    assert result.exit_code == 1, result.output
    error = json.loads(result.stderr)
    return f"{error['code']} {error['message'].partition('(')[2].rstrip(')')}"


async def two_sales(sandbox: Sandbox) -> str:
    payment = await sandbox.done(10_000, order_id="order-A")
    await sandbox.done(20_000, order_id="order-B")
    await sandbox.move_to("2025-03-20T10:00:00+09:00")
    return str(payment["paymentKey"])


async def the_date_passes(sandbox: Sandbox) -> None:
    await sandbox.move_to("2025-03-24T10:00:00+09:00")


def test_a_person_holds_a_payment_and_lets_go_of_it(database_url: str) -> None:
    key = inside(database_url, two_sales)
    note = ("--note", "구매자 이의 제기")
    hold = value(
        database_url,
        "hold",
        "place",
        MID,
        *("--reason", "DISPUTE", "--payment", key, "--actor", "김정산", *note),
    )
    assert (hold["orderId"], hold["state"], hold["reasonInWords"]) == ("order-A", "standing", "분쟁")
    assert (hold["placedBy"]["name"], hold["placedBy"]["channel"]) == ("김정산", "system")
    listed = called(database_url, "hold", "list", MID).stdout
    assert listed == (
        f"{hold['holdId']}  {MID} live  보류 중  분쟁 (DISPUTE) · 주문 order-A · "
        '"구매자 이의 제기" · 김정산 2025-03-20 10:00\n'
    )
    inside(database_url, the_date_passes)
    released = called(database_url, "hold", "release", hold["holdId"], "--actor", "이팀장").stdout
    assert released.splitlines() == [
        f"{hold['holdId']}  {MID} live  해제됨  분쟁 (DISPUTE) · 주문 order-A · "
        '"구매자 이의 제기" · 김정산 2025-03-20 10:00 · 해제 이팀장 2025-03-24 10:00',
        "정산 건 1건의 지급일이 2025-03-25로 옮겨졌습니다",
    ]
    assert called(database_url, "hold", "list").stdout == "지급보류가 없습니다\n"
    (over,) = value(database_url, "hold", "list", "--all")["holds"]
    assert (over["state"], over["releasedBy"]["name"]) == ("released", "이팀장")


def test_a_shop_of_test_mode_is_held_by_its_mode(database_url: str) -> None:
    inside(database_url, two_sales)
    hold = value(database_url, "hold", "place", MID, "--reason", "KYC", "--mode", "test", "--actor", "kim")
    assert (hold["mode"], hold["paymentKey"]) == ("test", None)
    line = called(database_url, "hold", "list", MID, "--lang", "en").stdout
    assert "standing  KYC pending (KYC) · the whole shop · kim" in line
    released = value(database_url, "hold", "release", hold["holdId"], "--actor", "kim")
    assert (released["state"], released["movedRows"], released["paidOutDate"]) == ("released", 0, None)


def test_what_cannot_be_held_or_released_is_refused_with_its_field(database_url: str) -> None:
    key = inside(database_url, two_sales)
    place = ("hold", "place", MID, "--actor", "kim", "--reason")
    assert refusal(database_url, *place, "WHIM").startswith("INVALID_REQUEST reason: is one of CONTRACT_")
    assert refusal(database_url, *place, "KYC", "--payment", key).startswith("INVALID_REQUEST paymentKey:")
    assert refusal(database_url, *place, "DISPUTE", "--payment", "unknown") == (
        "NOT_FOUND_PAYMENT paymentKey: no payment of this shop has it"
    )
    assert refusal(database_url, "hold", "place", "tother0001", "--actor", "kim", "--reason", "KYC") == (
        "NOT_FOUND_MERCHANT mId: no shop tother0001"
    )
    assert refusal(database_url, "hold", "place", MID, "--actor", " ", "--reason", "KYC") == (
        "INVALID_REQUEST actor: must have visible characters only"
    )
    assert refusal(database_url, "hold", "release", "7", "--actor", "kim") == (
        "NOT_FOUND holdId: there is no such hold"
    )
    assert refusal(database_url, "hold", "list", "tother0001") == "NOT_FOUND_MERCHANT mId: no shop tother0001"


def test_a_note_that_is_no_text_or_steers_a_terminal_does_no_harm(database_url: str) -> None:
    inside(database_url, two_sales)
    place = ("hold", "place", MID, "--actor", "kim", "--reason", "KYC", "--note")
    result = called(database_url, *place, "\x1b[31mred\x07")
    assert (result.exit_code, "\x1b" in result.stdout) == (0, False)
    assert refusal(database_url, *place, "cut \udceb") == (
        "INVALID_REQUEST note: has a character that cannot be stored"
    )


def test_the_forecast_tells_people_what_is_paid_when_and_what_is_held(database_url: str) -> None:
    key = inside(database_url, two_sales)
    called(database_url, "hold", "place", MID, "--reason", "DISPUTE", "--payment", key, "--actor", "kim")
    told = called(database_url, "settle", "forecast", MID)
    assert told.stdout.splitlines() == [
        f"{MID} live  2025-03-20 – 2025-04-20",
        "  2025-03-21  지급 예정 19,296원  (마감 1건 · 마감 전 0건 · 정산 19,296원)",
        "      지급보류 1건 9,648원: 분쟁",
    ]
    inside(database_url, the_date_passes)
    told = called(database_url, "settle", "forecast", MID, "--lang", "en")
    assert told.stdout.splitlines() == [
        f"{MID} live  2025-03-24 – 2025-04-24",
        "  nothing is to be paid out",
        "  overdue and held: 1 row 9,648 KRW: dispute; released today they are paid on 2025-03-25",
    ]
    asked = value(database_url, "settle", "forecast", MID, "--mode", "test", "--days", "7")
    assert (asked["mode"], asked["through"], asked["dates"]) == ("test", "2025-03-31", [])
    assert refusal(database_url, "settle", "forecast", MID, "--days", "0") == (
        "INVALID_REQUEST days: must be between 1 and 366"
    )
    assert refusal(database_url, "settle", "forecast", "tother0001").startswith("NOT_FOUND_MERCHANT mId:")
