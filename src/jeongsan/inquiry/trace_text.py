"""A trace for a terminal: lines of text from the plain values of `trace_view`."""

from collections.abc import Iterator
from typing import Any

from rich.cells import cell_len

from jeongsan.inquiry.trace_view import HIDDEN
from jeongsan.inquiry.words import say

_INDENT = "   "


def trace_lines(answer: dict[str, Any], language: str) -> Iterator[str]:
    """One id's answer, whole."""
    if not answer["traces"]:
        yield f"{answer['asked']}  {answer['match']}  {answer['words']}"
        yield from (f"{_INDENT}{candidate}" for candidate in answer["candidates"])
    elif answer["id"] != answer["asked"]:
        yield f"{answer['asked']}…  {answer['words']}"
    for trace in answer["traces"]:
        yield from _trace(trace, language)


def _trace(trace: dict[str, Any], language: str) -> Iterator[str]:
    balance = say(language, "남은 금액", "balance")
    yield f"{trace['mode']}  {trace['orderId']}  {trace['paymentKey']}  {trace['mId']}"
    amount = f"{_number(trace['totalAmount'])} {trace['currency']}"
    left = f"{balance} {_number(trace['balanceAmount'])}"
    yield f"{_INDENT}{trace['orderName']} · {trace['status']} · {amount} · {left}"
    yield ""
    for entry in trace["timeline"]:
        yield f"{_INDENT}{entry['at'][:19].replace('T', ' ')}  {entry['words']}"
    yield from _pending(trace, language)
    if not trace["settlements"]:
        yield _INDENT + say(language, "승인되지 않아 정산 건이 없습니다", "not approved, so nothing settles")
    for row in trace["settlements"]:
        yield ""
        yield from _settlement(row, language)
    yield ""


def _pending(trace: dict[str, Any], language: str) -> Iterator[str]:
    for webhook in trace["webhooks"]:
        if webhook["underway"]:
            yield f"{_INDENT}{say(language, '웹훅 발송 중', 'webhook on its way')} ({webhook['status']})"
        elif not webhook["deliveries"]:
            words = say(language, "웹훅을 받을 곳이 없었습니다", "no receiver was registered for the webhook")
            yield f"{_INDENT}{words} ({webhook['status']})"
        for delivery in webhook["deliveries"]:
            if delivery["nextAttemptAt"] is not None:
                words = say(language, "다음 웹훅 시도", "next webhook attempt")
                yield f"{_INDENT}{words}: {webhook['status']} → {delivery['url']} {delivery['nextAttemptAt']}"


def _settlement(row: dict[str, Any], language: str) -> Iterator[str]:
    kind = say(language, "정산", "settlement")
    yield f"{_INDENT}{kind} · {row['kindInWords']} · {row['transactionKey']}"
    if row["state"] == "never":
        yield f"{_INDENT}{_INDENT}{row['reason']}: {row['words']}"
        return
    if row["state"] == "waiting":
        yield f"{_INDENT}{_INDENT}{row['words']}"
        return
    forecast = "" if row["state"] == "readable" else say(language, " (예상)", " (forecast)")
    dates = f"soldDate {row['soldDate']}  paidOutDate {row['paidOutDate']}{forecast}"
    amounts = "  ".join(f"{name} {_number(row[name])}" for name in ("amount", "fee", "payOutAmount"))
    yield f"{_INDENT}{_INDENT}{dates}  {amounts}"
    yield f"{_INDENT}{_INDENT}{row['payoutRule']}: {row['stepsInWords']}"
    yield from (f"{_INDENT}{_INDENT}{move['words']}" for move in row["moves"])
    if row["redated"]:
        yield _INDENT * 2 + say(
            language,
            "이 정산 건 이후 달력이 바뀌었습니다: 지급일은 그대로입니다",
            "the calendar changed after this row was made: its payout day stays",
        )
    if row["heldInWords"] is not None:
        yield f"{_INDENT}{_INDENT}{row['heldInWords']}"
    yield from (f"{_INDENT}{_INDENT}{query}" for query in row["queries"])
    yield f"{_INDENT}{_INDENT}{row['answersInWords']}"


def _number(number: Any) -> str:
    return HIDDEN if number is None else f"{number:,}"


def list_lines(answers: list[dict[str, Any]], language: str) -> Iterator[str]:
    """A line for each payment that was found, and for each id that led to none."""
    by = say(language, "취소 경로", "cancelled by")
    heads = ("", "mId", "orderId", "status", by, "soldDate", "paidOutDate")
    # (cells, what is said beyond the last column)
    rows: list[tuple[tuple[str, ...], str]] = [(heads, "")]
    for answer in answers:
        note = "" if answer["id"] == answer["asked"] else f"← {answer['asked']}"
        rows += [(_cells(trace), note) for trace in answer["traces"]]
        if not answer["traces"]:
            rows.append(((answer["match"], "-", answer["asked"]), answer["words"]))
            rows += [(("", "", candidate), "") for candidate in answer["candidates"]]
    widths = [max(cell_len(cells[at]) for cells, _ in rows if at < len(cells)) for at in range(len(heads))]
    for cells, note in rows:
        padded = (word + " " * (widths[at] - cell_len(word)) for at, word in enumerate(cells))
        yield "  ".join([*padded, note]).rstrip()


def _cells(trace: dict[str, Any]) -> tuple[str, ...]:
    cancels = [entry["channelInWords"] for entry in trace["timeline"] if entry["what"] == "cancelled"]
    settled = [row for row in trace["settlements"] if "soldDate" in row]
    last = settled[-1] if settled else {"soldDate": "-", "paidOutDate": "-"}
    channels = ", ".join(dict.fromkeys(cancels)) or "-"
    head = (trace["mode"], trace["mId"], trace["orderId"], trace["status"], channels)
    return (*head, last["soldDate"], last["paidOutDate"])
