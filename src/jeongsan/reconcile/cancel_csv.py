"""A check of cancels as a CSV file for spreadsheets, which take some texts for formulas."""

import csv
import io
import re
from decimal import Decimal
from typing import Any

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_outcomes import CancelCheck, CheckedCancel
from jeongsan.reconcile.cancel_view import cancel_view
from jeongsan.reconcile.cancel_words import Language, pick, sentence

_CSV_COLUMNS = {
    "outcome": "판정",
    "transactionKey": "거래키",
    "paymentKey": "결제키",
    "orderId": "주문번호",
    "approvedAt": "승인일시",
    "canceledAt": "취소일시",
    "cancelAmount": "취소금액",
    "currency": "통화",
    "cancelReason": "취소사유",
    "soldDate": "정산매출일",
    "paidOutDate": "정산지급일",
    "amount": "정산금액",
    "fee": "수수료",
    "payOutAmount": "지급액",
    "noRow": "정산건없음",
    "absentFields": "없는항목",
    "channel": "취소경로",
    "actor": "취소자",
    "address": "주소",
    "bookLine": "장부줄",
    "matchedBy": "대조키",
    "difference": "차이",
    "inference": "추정",
    "remark": "참고",
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def csv_file(check: CancelCheck, language: Language) -> bytes:
    """UTF-8 with a mark, so that Excel shows Korean; a line per cancel, headers in the language asked for."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([pick((korean, name), language) for name, korean in _CSV_COLUMNS.items()])
    for checked in check.cancels:
        values = _csv_values(checked, language)
        writer.writerow([neutral(values[name]) for name in _CSV_COLUMNS])
    return file.getvalue().encode("utf-8-sig")


def _csv_values(checked: CheckedCancel, language: Language) -> dict[str, str]:
    view = cancel_view(checked)
    settlement, record, book = view["settlement"] or {}, view["record"] or {}, view["book"] or {}
    flat: dict[str, Any] = {**view, **settlement, **record}
    flat |= {"bookLine": book.get("line"), "matchedBy": book.get("matchedBy")}
    flat["noRow"] = (view["noRow"] or {}).get("code")
    flat["absentFields"] = ", ".join(settlement.get("absentFields", ()))
    for name, notes in (
        ("difference", checked.differences),
        ("inference", checked.inferences),
        ("remark", checked.remarks),
    ):
        flat[name] = "; ".join(sentence(note, language) for note in notes)
    return {name: _cell(flat.get(name)) for name in _CSV_COLUMNS}


def _cell(value: Any) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return "" if value is None else printable(text)


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if cell[:1] in ("=", "+", "-", "@") and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
