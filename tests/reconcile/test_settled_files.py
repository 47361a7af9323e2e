"""Histories of settlement rows: every format says the same, and what cannot be read is named."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jeongsan.reconcile.settled_files import read_rows, rows_of, rows_of_answers
from jeongsan.reconcile.settled_rows import RowFault, RowProblem, SettledRow

APPROVAL: dict[str, Any] = {
    "mId": "tjeongsan", "paymentKey": "p1", "transactionKey": "t1", "orderId": "o1", "currency": "KRW",
    "method": "카드", "fees": [{"type": "BASE", "fee": 63}, {"type": "ETC", "fee": 11}],
    "approvedAt": "2025-10-20T23:59:59+09:00", "soldDate": "2025-10-20", "paidOutDate": "2025-10-27",
    "card": {"cardType": "신용", "installmentPlanMonths": 3, "acquireStatus": "READY"}, "cancel": None,
    "amount": 1600, "interestFee": 0, "fee": 74, "supplyAmount": 67, "vat": 7, "payOutAmount": 1526,
}  # fmt: skip
CANCEL: dict[str, Any] = APPROVAL | {
    "transactionKey": "t2", "amount": -600, "fee": -23, "fees": [{"type": "BASE", "fee": -23}],
    "supplyAmount": -21, "vat": -2, "payOutAmount": -577, "soldDate": "2025-10-21",
    "cancel": {"cancelAmount": 600, "refundableAmount": 1000, "canceledAt": "2025-10-21T00:00:00+09:00"},
}  # fmt: skip
CSV = (
    "mId,paymentKey,transactionKey,currency,method,fees.0.type,fees.0.fee,fees[1].type,fees[1].fee,approvedAt,"
    "soldDate,paidOutDate,card.cardType,card.installmentPlanMonths,card.acquireStatus,amount,fee,supplyAmount,vat,"
    "payOutAmount,cancel.cancelAmount,cancel.refundableAmount,cancel.canceledAt,모르는 열\n"
    'tjeongsan,p1,t1,KRW,카드,BASE,63,ETC,11,2025-10-20T23:59:59+09:00,2025-10-20,2025-10-27,신용,3,READY,"1,600",74,'
    "67,7,1526,,,,x\n"
    "tjeongsan,p1,t2,KRW,카드,BASE,-23,,,2025-10-20 23:59:59,2025-10-21,2025-10-27,신용,3,READY,-600,-23,-21,"
    '-2,-577,600,"1,000",2025-10-21 00:00,x\n'
)


def content(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows, ensure_ascii=False).encode()


def told(row: SettledRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__ if name not in ("file", "place")}


def problem(data: bytes) -> RowProblem:
    (found,) = rows_of("rows", data).problems
    return found


def test_a_row_says_its_amounts_days_and_parts() -> None:
    approval, cancel = rows_of("rows", content([APPROVAL, CANCEL])).rows
    assert (approval.method, approval.card_kind, approval.months) == ("CARD", "CREDIT", 3)
    assert (approval.amount, approval.fee, approval.base, approval.extra) == (1_600, 74, 63, 11)
    assert (approval.sold, approval.is_cancel) == (date(2025, 10, 20), False)
    assert (cancel.is_cancel, cancel.cancel_amount, cancel.refundable) == (True, 600, 1_000)
    assert cancel.happened_at is not None
    assert cancel.happened_at.isoformat() == "2025-10-21T00:00:00+09:00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_table_says_the_same_as_the_answer(encoding: str, delimiter: str) -> None:
    text = CSV if delimiter == "," else CSV.replace('"1,600"', "1600").replace('"1,000"', "1000")
    table = rows_of("rows", text.replace(",", delimiter).encode(encoding))
    answer = rows_of("rows", content([APPROVAL, CANCEL]))
    assert [told(row) for row in table.rows] == [told(row) for row in answer.rows]
    assert not table.problems


def test_lines_of_json_say_the_same_as_the_array() -> None:
    lines = b"\n".join([content([one])[1:-1] for one in (APPROVAL, CANCEL)]) + b"\n\n"
    assert rows_of("rows", lines) == rows_of("rows", content([APPROVAL, CANCEL]))


def test_parsed_answers_say_the_same_as_the_array() -> None:
    array = rows_of("rows", content([APPROVAL, CANCEL]))
    assert rows_of_answers("rows", iter(json.loads(content([APPROVAL, CANCEL])))) == array


def test_fees_may_be_a_cell_of_json() -> None:
    table = 'amount,soldDate,fees\n1600,2025-10-20,"[{""type"": ""BASE"", ""fee"": 63}]"\n'
    (row,) = rows_of("rows", table.encode()).rows
    assert (row.base, row.fee, row.itemised) == (63, 63, True)


def test_a_row_of_an_old_version_has_a_fee_and_no_parts() -> None:
    (row,) = rows_of("rows", content([{**APPROVAL, "fees": None}])).rows
    assert (row.itemised, row.base) == (False, 74)


def test_hidden_amounts_are_unknown_and_not_zero() -> None:
    """As staff published it: amounts hidden, days there."""
    (row,) = rows_of(
        "rows", content([{**APPROVAL, "amount": None, "fee": None, "fees": [{"type": "BASE", "fee": None}]}])
    ).rows
    assert (row.amount, row.fee, row.base, row.itemised) == (None, None, None, False)


def test_fees_written_as_text_are_read() -> None:
    """An old sample of the documentation has them so."""
    (row,) = rows_of("rows", content([{**APPROVAL, "fees": [{"type": "BASE", "fee": "74"}]}])).rows
    assert row.base == 74


def test_amounts_of_other_currencies_are_hundredths() -> None:
    (row,) = rows_of("rows", content([{**APPROVAL, "currency": "USD", "amount": 12.34, "fees": None}])).rows
    assert row.amount == 1_234


@pytest.mark.parametrize(
    ("change", "field", "fault"),
    [
        ({"amount": "abc"}, "amount", RowFault.WRONG_VALUE),
        ({"amount": True}, "amount", RowFault.WRONG_VALUE),
        ({"amount": 12.5}, "amount", RowFault.TOO_FINE),
        ({"amount": "NaN"}, "amount", RowFault.NOT_AN_AMOUNT),
        ({"amount": 10**30}, "amount", RowFault.NOT_AN_AMOUNT),
        ({"fees": [{"type": "BASE", "fee": []}]}, "fees[0].fee", RowFault.WRONG_VALUE),
        ({"soldDate": "20250425"}, "soldDate", RowFault.WRONG_VALUE),
        ({"soldDate": "1025-04-25"}, "soldDate", RowFault.NOT_A_TIME),
        ({"approvedAt": "yesterday"}, "approvedAt", RowFault.WRONG_VALUE),
        ({"method": 7}, "method", RowFault.WRONG_VALUE),
    ],
)
def test_a_wrong_value_is_named_and_its_neighbours_are_read(
    change: dict[str, Any], field: str, fault: RowFault
) -> None:
    found = rows_of("rows", content([APPROVAL, APPROVAL | change, CANCEL]))
    assert [row.place for row in found.rows] == [1, 3]
    (wrong,) = found.problems
    assert (wrong.place, wrong.field, wrong.fault) == (2, field, fault)


@pytest.mark.parametrize(
    ("line", "field", "fault"),
    [
        ("abc,2025-10-20", "amount", RowFault.NOT_AN_AMOUNT),
        ("100,tomorrow", "soldDate", RowFault.NOT_A_TIME),
        ("100,45772", "soldDate", RowFault.NOT_A_TIME),
        ("100", None, RowFault.FIELD_COUNT),
        ('"100', None, RowFault.NOT_CSV),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(line: str, field: str | None, fault: RowFault) -> None:
    found = problem(f"amount,soldDate\n{line}\n".encode())
    assert (found.place, found.field, found.fault) == (2, field, fault)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"[{]", RowFault.NOT_JSON),
        (b'{"amount": ', RowFault.NOT_JSON),
        (b"orderId,name\n1,2\n", RowFault.NO_COLUMNS),
        (b"", RowFault.NO_COLUMNS),
        (b"amount,amount\n1,2\n", RowFault.SAME_COLUMN_TWICE),
        (b"PK\x03\x04", RowFault.SPREADSHEET),
        (b"\xff\xff\xff\x00\x80", RowFault.ENCODING),
    ],
)
def test_a_file_that_is_no_history_says_so(data: bytes, fault: RowFault) -> None:
    assert problem(data).fault is fault


def test_a_file_that_is_not_there_is_a_problem_too(tmp_path: Path) -> None:
    (found,) = read_rows(tmp_path / "none.json").problems
    assert (found.file, found.fault) == ("none.json", RowFault.NO_FILE)
