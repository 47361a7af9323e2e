"""A check of cancels as plain values: what `--json`, the CSV file and the pages are made of."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from jeongsan.client.rows import RecordedCancel
from jeongsan.reconcile.cancel_book import Problem
from jeongsan.reconcile.cancel_outcomes import CancelCheck, CheckedCancel, Note, Value
from jeongsan.reconcile.cancel_words import Language, no_row_sentence, sentence

_OF_GATEWAY = (
    "transactionKey", "paymentKey", "orderId", "approvedAt", "canceledAt", "cancelAmount", "currency",
    "cancelReason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """Where and when a check was made. `now` is the gateway's time; `book` is the name of our file,
    `book_remarks` what was left out of it."""

    address: str
    now: datetime
    book: str | None = None
    book_remarks: tuple[Problem, ...] = ()


def check_view(check: CancelCheck, head: Head) -> dict[str, Any]:
    """The whole check as JSON values; times in KST, amounts as numbers."""
    circumstances = check.circumstances
    return {
        "address": head.address,
        "now": head.now.isoformat(timespec="seconds"),
        "from": circumstances.period.first.isoformat(),
        "to": circumstances.period.last.isoformat(),
        "book": head.book,
        "bookLines": circumstances.book_lines,
        "bookLinesOutside": check.outside_lines,
        "bookRemarks": [problem_view(one) for one in head.book_remarks],
        "recorded": circumstances.recorded,
        "settles": circumstances.settles,
        "accounted": check.accounted,
        "counts": {outcome.value: count for outcome, count in check.counts.items()},
        "cancels": [cancel_view(one) for one in check.cancels],
    }


def problem_view(problem: Problem) -> dict[str, Any]:
    """A problem or a remark of our book; `line` and `field` are null where it is about the whole file."""
    return {
        "file": problem.file,
        "line": problem.line,
        "field": problem.field,
        "reason": problem.fault.value,
        "value": problem.value,
    }


def cancel_view(checked: CheckedCancel) -> dict[str, Any]:
    """One cancel: what the gateway says of it, its row, its line in the book, and the notes."""
    found, line = checked.found, checked.line
    return {
        "outcome": checked.outcome.value,
        "accounted": checked.accounted,
        **_of_gateway(checked),
        "settlement": _row_view(checked),
        "noRow": None if checked.no_row is None else _no_row_view(checked),
        "record": None if found is None or found.recorded is None else _record_view(found.recorded),
        "book": None
        if line is None
        else {
            "line": line.line,
            "matchedBy": checked.matched_by and checked.matched_by.value,
            "cancelAmount": _plain(line.cancel_amount),
            "canceledAt": _plain(line.canceled_at),
        },
        "differences": [_note_view(note) for note in checked.differences],
        "inferences": [_note_view(note) for note in checked.inferences],
        "remarks": [_note_view(note) for note in checked.remarks],
    }


def _of_gateway(checked: CheckedCancel) -> dict[str, Any]:
    """The cancel as the gateway has it; for one that only our book has, what the book says."""
    found, line = checked.found, checked.line
    values: dict[str, Value | None] = dict.fromkeys(_OF_GATEWAY)
    if found is not None:
        values["transactionKey"], values["paymentKey"] = found.transaction_key, found.payment_key
        values["orderId"], values["currency"] = found.order_id, found.currency
        values["approvedAt"], values["canceledAt"] = found.approved_at, found.canceled_at
        values["cancelAmount"], values["cancelReason"] = found.cancel_amount, found.reason
    elif line is not None:
        values["transactionKey"], values["paymentKey"] = line.transaction_key, line.payment_key
        values["orderId"], values["currency"] = line.order_id, line.currency
        values["canceledAt"], values["cancelAmount"] = line.canceled_at, line.cancel_amount
    return {name: _plain(value) for name, value in values.items()}


def _row_view(checked: CheckedCancel) -> dict[str, Any] | None:
    row = checked.found.row if checked.found is not None else None
    if row is None:
        return None
    values: dict[str, Value | None] = {
        "soldDate": row.sold_date,
        "paidOutDate": row.paid_out_date,
        "amount": row.amount,
        "fee": row.fee,
        "payOutAmount": row.pay_out_amount,
    }
    return {name: _plain(value) for name, value in values.items()} | {"absentFields": list(row.absent)}


def _no_row_view(checked: CheckedCancel) -> dict[str, Any]:
    return {
        "code": None if checked.no_row is None else checked.no_row.value,
        "readableFrom": _plain(checked.readable_from),
        "ko": no_row_words(checked, Language.KO),
        "en": no_row_words(checked, Language.EN),
    }


def no_row_words(checked: CheckedCancel, language: Language) -> str:
    """Why this cancel has no settlement row; empty when it has one."""
    if checked.no_row is None or checked.found is None:
        return ""
    values: dict[str, Value] = {"status": checked.found.status or "?"}
    if checked.readable_from is not None:
        values["readableFrom"] = checked.readable_from
    return no_row_sentence(checked.no_row, values, language)


def _record_view(recorded: RecordedCancel) -> dict[str, Any]:
    return {
        "channel": recorded.channel,
        "actor": recorded.actor,
        "key": recorded.key,
        "address": recorded.address,
    }


def _note_view(note: Note) -> dict[str, Any]:
    values = {name: _plain(value) for name, value in note.values.items()}
    words = {language.value: sentence(note, language) for language in Language}
    return {"code": note.code.value, **values, **words}


def _plain(value: Value | None) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"PT{value.days * 86_400 + value.seconds}S"
    return value
