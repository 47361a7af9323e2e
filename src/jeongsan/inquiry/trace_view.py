"""A trace as plain JSON values, with a sentence per entry in Korean or English, and amounts or fees hidden
for whoever must not see them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from jeongsan.domain.channels import Actor
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.holds import Hold
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.money import Money
from jeongsan.domain.release import CAUSES, Cause
from jeongsan.domain.shop import Mode, Shop
from jeongsan.domain.terms import percent_from_rate
from jeongsan.domain.transactions import Kind
from jeongsan.domain.webhooks import DeliveryState
from jeongsan.inquiry.hold_view import actor_view
from jeongsan.inquiry.trace import (
    Acted,
    Entry,
    Freed,
    PaidOut,
    Placed,
    Posted,
    Readable,
    Redated,
    Requested,
    Returned,
    RowState,
    Settling,
    Trace,
    Waits,
)
from jeongsan.inquiry.words import (
    cause_word,
    channel_word,
    hold_reason_word,
    in_language,
    move_words,
    say,
    step_words,
)
from jeongsan.store.reads.trace import Answer, Delivery, Move, Told
from jeongsan.wire.cancels import shown_address
from jeongsan.wire.requests import PAGE_SIZE_DEFAULT
from jeongsan.wire.views import step_view
from jeongsan.wire.words import money_words

AMOUNTS, FEES = "amounts", "fees"
REDACTABLE = (AMOUNTS, FEES)
HIDDEN = "•••"
DATE_TYPES = {"sold": "soldDate", "paid": "paidOutDate"}
_ACTIONS = {
    "confirm": ("approved", "승인", "approved"),
    "cancel": ("cancelled", "취소", "cancelled"),
    "abort": ("aborted", "승인 실패", "approval failed"),
    "expire": ("expired", "만료", "expired"),
    "release": ("released", "정산 대기 해제", "released to settle"),
}
_KINDS = {Kind.APPROVAL: ("승인", "approval"), Kind.CANCEL: ("취소", "cancel")}


@dataclass(frozen=True, slots=True)
class Shown:
    """How a trace is shown: the language, the currency, and what is hidden."""

    language: str
    currency: str
    redact: frozenset[str]

    def say(self, korean: str, english: str) -> str:
        """One of the two."""
        return say(self.language, korean, english)

    def number(self, minor: int, *kinds: str) -> Any:
        """An amount as a JSON number; null when one of its kinds is hidden."""
        return None if self.redact.intersection(kinds) else Money(minor, self.currency).number()

    def money(self, minor: int, *kinds: str) -> str:
        """An amount as people write it."""
        if self.redact.intersection(kinds):
            return HIDDEN
        return money_words(Money(minor, self.currency).number(), self.currency, self.language)


def hidden_kinds(text: str) -> frozenset[str]:
    """What `amounts,fees` asks to hide. Raises Refusal INVALID_REQUEST for anything else."""
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    unknown = sorted(names.difference(REDACTABLE))
    if unknown:
        detail = f"knows {', '.join(REDACTABLE)}, not {', '.join(unknown)}"
        raise Refusal(Code.INVALID_REQUEST, field="redact", detail=detail)
    return names


def trace_view(trace: Trace, language: str, redact: Collection[str] = ()) -> dict[str, Any]:
    """The whole trace. Amounts are in whole units; instants ISO 8601 in KST; hidden values null."""
    payment = trace.payment
    shown = Shown(language, payment.total.currency, frozenset(redact))
    return {
        "mode": "TEST" if trace.shop.mode is Mode.TEST else "LIVE",
        "mId": trace.shop.mid,
        "orderId": payment.order_id,
        "orderName": payment.order_name,
        "paymentKey": payment.payment_key,
        "status": payment.status.value,
        "requestedAt": iso_kst(payment.requested_at),
        "approvedAt": None if payment.approved_at is None else iso_kst(payment.approved_at),
        "currency": shown.currency,
        "totalAmount": shown.number(payment.total.minor, AMOUNTS),
        "balanceAmount": shown.number(payment.balance.minor, AMOUNTS),
        "timeline": [_entry(entry, shown) for entry in trace.timeline],
        "webhooks": [_webhook(told) for told in trace.webhooks],
        "settlements": [_settling(one, shown, trace.shop) for one in trace.settlings],
    }


def _entry(entry: Entry, shown: Shown) -> dict[str, Any]:
    show: Callable[[Any, Shown], dict[str, Any]] = _ENTRIES[type(entry)]
    return {"at": iso_kst(entry.at), **show(entry, shown)}


def _requested(entry: Requested, shown: Shown) -> dict[str, Any]:
    total = entry.payment.total.minor
    words = f"{shown.say('결제 요청', 'payment requested')} {shown.money(total, AMOUNTS)}"
    return {"what": "requested", "words": words, "amount": shown.number(total, AMOUNTS)}


def _acted(entry: Acted, shown: Shown) -> dict[str, Any]:
    audit, actor = entry.audit, entry.audit.actor
    address = shown_address(actor)
    what, korean, english = _ACTIONS[audit.action]
    amount = "" if entry.amount is None else f" {shown.money(entry.amount, AMOUNTS)}"
    said = None if audit.reason is None else f'"{audit.reason}"'
    if what == "released":
        said = cause_word(Cause(audit.reason or ""), shown.language)
    who = [channel_word(actor.channel, shown.language), actor.name, actor.key_hint, address]
    words = " · ".join([shown.say(korean, english) + amount, *(part for part in (*who, said) if part)])
    return {
        "what": what,
        "words": words,
        "amount": None if entry.amount is None else shown.number(entry.amount, AMOUNTS),
        "transactionKey": audit.transaction_key,
        "channel": actor.channel.value,
        "channelInWords": channel_word(actor.channel, shown.language),
        "actor": actor.name,
        "key": actor.key_hint,
        "address": address,
        "reason": audit.reason,
    }


def _waits(entry: Waits, shown: Shown) -> dict[str, Any]:
    words = shown.say("카드사 응답 대기 중", "waiting for the card network")
    return {"what": "network-waiting", "words": f"{words} ({entry.kind})", "channel": entry.channel}


def _posted(entry: Posted, shown: Shown) -> dict[str, Any]:
    attempt, told = entry.attempt, entry.told
    answered = attempt.error if attempt.status is None else str(attempt.status)
    words = f"{shown.say('웹훅', 'webhook')} {told.status} → {entry.delivery.url} · {answered}"
    if attempt.number > 1:
        words += f" · {shown.say(f'{attempt.number}번째 시도', f'attempt {attempt.number}')}"
    return {
        "what": "webhook",
        "words": words,
        "status": told.status,
        "url": entry.delivery.url,
        "attempt": attempt.number,
        "httpStatus": attempt.status,
        "error": attempt.error,
        "durationMs": attempt.duration_ms,
    }


def _kind(settling: Settling, shown: Shown) -> str:
    return shown.say(*_KINDS[settling.transaction.kind])


def _readable(entry: Readable, shown: Shown) -> dict[str, Any]:
    kind = _kind(entry.settling, shown)
    if entry.expected:
        words = shown.say(f"{kind} 정산 건이 조회되기 시작 (예정)", f"{kind} row becomes readable (expected)")
    else:
        words = shown.say(f"{kind} 정산 건이 조회됨", f"{kind} row can be read")
    return {"what": "readable", "words": words, "expected": entry.expected, **_key(entry.settling)}


def _returned(entry: Returned, shown: Shown) -> dict[str, Any]:
    answer, kind = entry.answer, _kind(entry.settling, shown)
    name = DATE_TYPES[answer.date_type]
    words = shown.say(
        f"{kind} 정산 건 전달: 키 {answer.key_name}, {name} 조회 {answer.page}쪽 {answer.place}번째",
        f"{kind} row returned: key {answer.key_name}, by {name}, page {answer.page}, row {answer.place}",
    )
    return {"what": "returned", "words": words, **_answer(answer), **_key(entry.settling)}


def _redated(entry: Redated, shown: Shown) -> dict[str, Any]:
    words = f"{_kind(entry.settling, shown)} {move_words(entry.move, shown.language)}"
    return {"what": "redated", "words": words, **_key(entry.settling), **_move(entry.move)}


def _move(move: Move) -> dict[str, Any]:
    return {
        "from": move.from_day.isoformat(),
        "to": move.to_day.isoformat(),
        "cause": move.cause,
        "version": move.version,
        "source": move.source,
    }


def _paid_out(entry: PaidOut, shown: Shown) -> dict[str, Any]:
    one = entry.settling
    word = shown.say("지급 예정", "to be paid out") if entry.expected else shown.say("지급", "paid out")
    if one.holds:
        word = shown.say("지급 예정이지만 보류 중", "due, but held")
    words = f"{_kind(one, shown)} {word} {shown.money(one.pay_out_amount, AMOUNTS, FEES)}"
    return {"what": "paid-out", "words": words, "expected": entry.expected, **_key(one)}


def _placed(entry: Placed, shown: Shown) -> dict[str, Any]:
    hold = entry.hold
    return _hold_entry("held", shown.say("지급보류", "held"), hold, hold.placed_by, shown)


def _freed(entry: Freed, shown: Shown) -> dict[str, Any]:
    hold = entry.hold
    assert hold.released_by is not None
    return _hold_entry("released", shown.say("지급보류 해제", "hold released"), hold, hold.released_by, shown)


def _hold_entry(what: str, word: str, hold: Hold, actor: Actor, shown: Shown) -> dict[str, Any]:
    who = [actor.name, actor.key_hint, shown_address(actor)]
    note = [f'"{hold.note}"'] if hold.note is not None else []
    words = " · ".join([f"{word}: {_hold_words(hold, shown)}", *(part for part in who if part), *note])
    return {
        "what": what,
        "words": words,
        "holdId": str(hold.hold_id),
        "reason": hold.reason.value,
        "ofShop": hold.payment_id is None,
        "note": hold.note,
        "by": actor_view(actor, shown.language),
    }


def _hold_words(hold: Hold, shown: Shown) -> str:
    """Why, and of what where it is not of this payment alone."""
    word = hold_reason_word(hold.reason, shown.language)
    return word if hold.payment_id is not None else f"{word} ({shown.say('상점 전체', 'the whole shop')})"


def _key(settling: Settling) -> dict[str, Any]:
    return {"transactionKey": settling.transaction.transaction_key}


_ENTRIES: dict[type, Callable[[Any, Shown], dict[str, Any]]] = {
    Requested: _requested,
    Acted: _acted,
    Waits: _waits,
    Posted: _posted,
    Readable: _readable,
    Returned: _returned,
    Redated: _redated,
    PaidOut: _paid_out,
    Placed: _placed,
    Freed: _freed,
}


def _webhook(told: Told) -> dict[str, Any]:
    return {
        "event": told.event_type,
        "status": told.status,
        "createdAt": iso_kst(told.created_at),
        "underway": told.underway,
        "deliveries": [_delivery(delivery) for delivery in told.deliveries],
    }


def _delivery(delivery: Delivery) -> dict[str, Any]:
    pending = delivery.state == DeliveryState.PENDING
    return {
        "url": delivery.url,
        "transmissionId": delivery.transmission_id,
        "state": delivery.state,
        "nextAttemptAt": iso_kst(delivery.due_at) if pending else None,
        "attempts": [
            {
                "number": attempt.number,
                "at": iso_kst(attempt.attempted_at),
                "status": attempt.status,
                "error": attempt.error,
                "durationMs": attempt.duration_ms,
            }
            for attempt in delivery.attempts
        ],
    }


def _settling(one: Settling, shown: Shown, shop: Shop) -> dict[str, Any]:
    kind = {"kind": one.transaction.kind.value, "kindInWords": _kind(one, shown)}
    head = {**_key(one), **kind, "state": one.state.value}
    if one.state is RowState.NEVER:
        return {**head, **_why_never(one, shown, shop)}
    if one.state is RowState.WAITING:
        return {**head, **_why_waiting(one, shown)}
    words = step_words(one.steps, shown.language)
    return {
        **head,
        "amount": shown.number(one.amount, AMOUNTS),
        "fee": shown.number(one.fee, FEES),
        "vat": shown.number(one.vat, FEES),
        "payOutAmount": shown.number(one.pay_out_amount, AMOUNTS, FEES),
        # Beside a fee it tells the amount, and beside an amount the fee.
        "rate": None if shown.redact else percent_from_rate(one.terms.conditions.base.rate_ppm),
        "payoutRule": one.terms.conditions.payout.words,
        "soldDate": one.sold_date.isoformat(),
        "paidOutDate": one.paid_out_date.isoformat(),
        "readableFrom": None if one.readable_from is None else one.readable_from.isoformat(),
        "steps": [step_view(in_language(step, shown.language)) for step in one.steps],
        "stepsInWords": "  ".join(words),
        "redated": one.redated,
        "moves": [_moved(move, shown) for move in one.moves],
        "paidOut": one.paid_at is not None,
        "holds": [hold.reason.value for hold in one.holds],
        "heldInWords": _held_in_words(one, shown) if one.holds else None,
        "queries": queries(one),
        "answers": [_answer(answer) for answer in one.answers],
        "answersInWords": _answers_in_words(one, shown),
    }


def _held_in_words(one: Settling, shown: Shown) -> str:
    reasons = ", ".join(dict.fromkeys(_hold_words(hold, shown) for hold in one.holds))
    return shown.say(
        f"지급보류 중: {reasons}. 지급일 뒤에 풀리면 다음 영업일에 지급",
        f"held: {reasons}; released after its date it is paid on the next business day",
    )


def _would_be(one: Settling) -> dict[str, Any]:
    would_be = {"soldDate": one.sold_date.isoformat(), "paidOutDate": one.paid_out_date.isoformat()}
    return {"wouldBe": would_be, "queries": [], "answers": []}


def _why_waiting(one: Settling, shown: Shown) -> dict[str, Any]:
    assert one.awaits is not None
    cause = CAUSES[one.awaits]
    word = cause_word(cause, shown.language)
    sold, paid = one.sold_date, one.paid_out_date
    words = shown.say(
        f"정산 대기: {word}을 기다림. 지금 풀리면 {sold} 매출, {paid} 지급",
        f"waits for {word}; if it were released now: sold {sold}, paid out {paid}",
    )
    return {"waitsFor": cause.value, "words": words, **_would_be(one)}


def _why_never(one: Settling, shown: Shown, shop: Shop) -> dict[str, Any]:
    if one.awaits is not None:
        word = cause_word(CAUSES[one.awaits], shown.language)
        words = shown.say(
            f"{word} 전에 전액 취소되어 매입되지 않았습니다",
            f"cancelled in full before {word}: nothing was acquired",
        )
        return {"reason": "CANCELED_WAITING", "words": words, **_would_be(one)}
    sold, paid = one.sold_date.isoformat(), one.paid_out_date.isoformat()
    why = shown.say("테스트 키는 정산을 만들지 않습니다.", "test keys settle nothing;")
    if shop.settles:
        switch = "settleTestPayments"
        why = shown.say(f"{switch}를 켜기 전에 승인됐습니다.", f"approved before {switch} was on;")
    words = shown.say(
        f"{why} 만들었다면 {sold} 매출, {paid} 지급", f"{why} if they did: sold {sold}, paid out {paid}"
    )
    return {"reason": "TEST_KEY", "words": words, **_would_be(one)}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "at": iso_kst(answer.answered_at),
        "key": answer.key_name,
        "query": _asked(answer),
        "page": answer.page,
        "row": answer.place,
        "traceId": answer.trace_id,
    }


def _asked(answer: Answer) -> str:
    start, end = answer.start.isoformat(), answer.end.isoformat()
    return query(start, end, answer.date_type, answer.page, answer.size)


def _moved(move: Move, shown: Shown) -> dict[str, Any]:
    return {"at": iso_kst(move.redated_at), **_move(move), "words": move_words(move, shown.language)}


def _answers_in_words(one: Settling, shown: Shown) -> str:
    if one.state is not RowState.READABLE:
        day = one.readable_from
        return shown.say(f"{day}부터 조회됩니다", f"readable from {day}")
    if not one.answers:
        return shown.say("아직 조회한 적이 없습니다", "never asked for") + _since(one, shown)
    last = one.answers[-1]
    at = iso_kst(last.answered_at)
    words = shown.say(
        f"{at}에 {last.page}쪽 {last.place}번째 건으로 전달됨",
        f"returned at {at}, page {last.page}, row {last.place}",
    )
    return words + _since(one, shown)


def _since(one: Settling, shown: Shown) -> str:
    """What is not known of answers by a paid-out date whose rows were moved."""
    if one.answers_since is None:
        return ""
    at = iso_kst(one.answers_since)
    return shown.say(
        f" (지급일 조회는 지급일이 변경된 {at} 이후만 알 수 있습니다)",
        f" (by paid-out date only known after {at}, when rows were moved)",
    )


def queries(one: Settling) -> list[str]:
    """The queries that return the row, by sold date and by paid-out date, each on its exact page."""
    sold, paid = one.sold_date.isoformat(), one.paid_out_date.isoformat()
    return [
        query(sold, sold, "sold", _page(one.sold_seq)),
        query(paid, paid, "paid", _page(one.paid_seq)),
    ]


def _page(sequence: int | None) -> int:
    return 1 if sequence is None else (sequence - 1) // PAGE_SIZE_DEFAULT + 1


def query(start: str, end: str, date_type: str, page: int = 1, size: int = PAGE_SIZE_DEFAULT) -> str:
    """`GET /v1/settlements?…` as somebody would send it."""
    text = f"GET /v1/settlements?startDate={start}&endDate={end}&dateType={DATE_TYPES[date_type]}"
    beside = {"page": (page, 1), "size": (size, PAGE_SIZE_DEFAULT)}
    return text + "".join(f"&{name}={value}" for name, (value, default) in beside.items() if value != default)
