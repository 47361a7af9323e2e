"""The bodies that tell of a payment's cancels, gathered from what the gateway stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jeongsan.domain.channels import Audit, Channel
from jeongsan.domain.payment import Cancel, Payment
from jeongsan.domain.transactions import Transaction
from jeongsan.inquiry.differences import Json, parsed
from jeongsan.inquiry.parity import Column, Part, Source, payment_told
from jeongsan.inquiry.parity_evidence import cancels_of
from jeongsan.inquiry.records import Records
from jeongsan.inquiry.words import day_after
from jeongsan.store.reads import trace
from jeongsan.store.reads.parity import kept_answers, told_bodies
from jeongsan.store.reads.settlements import of_payment
from jeongsan.wire.errors import KO
from jeongsan.wire.lists import settlements_bytes
from jeongsan.wire.payment import payment_bytes


class Why(StrEnum):
    """Why a body is not there to compare. PERSON: cancelled by hand, no program was answered."""

    NOT_CANCELLED = "NOT_CANCELLED"
    PERSON = "PERSON"
    NOT_CLOSED = "NOT_CLOSED"
    WAITING = "WAITING"
    NEVER_SETTLES = "NEVER_SETTLES"


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that cannot be compared. `readable_from`: the day from which it can, where one is known."""

    part: Part
    why: Why
    readable_from: date | None = None


class NothingTold(LookupError):
    """No webhook tells of the payment, so that there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class ToldCancel:
    """One cancel of a payment and everything that tells of it; `cancel` None: the approval, of a payment
    that is not cancelled. `audit`: who cancelled and by which path."""

    cancel: Cancel | None
    audit: Audit | None
    webhook: Column
    answer: Column | None
    row: Column | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored beside a payment, by transaction key."""

    transactions: Mapping[str, Transaction]
    audits: Mapping[str | None, Audit]
    answers: Mapping[str | None, Json]
    rows: Mapping[str, Json]


async def told_cancels(records: Records, payment: Payment) -> list[ToldCancel]:
    """Every cancel of a payment, oldest first; of one that is not cancelled its approval.

    Raises NothingTold, and InvalidJson for a stored body that cannot be read."""
    webhooks = await _webhooks(records, payment)
    if not payment.cancels:
        missing = tuple(Missing(part, Why.NOT_CANCELLED) for part in (Part.ANSWER, Part.SETTLEMENT_ROW))
        return [ToldCancel(None, None, webhooks[0], None, None, missing)]
    stored = await _stored(records, payment)
    return [_told(payment, number, webhook, stored) for number, webhook in enumerate(webhooks, 1)]


async def _webhooks(records: Records, payment: Payment) -> list[Column]:
    """The first webhook tells of the approval, or of its failure; each cancel has one of the others."""
    told = await told_bodies(records.store, payment.payment_id)
    wanted = told[1 : len(payment.cancels) + 1] if payment.cancels else told[:1]
    if len(wanted) < max(len(payment.cancels), 1):
        raise NothingTold(f"{payment.order_id} is {payment.status}, and no webhook tells of that")
    return [
        _column(
            payment,
            Part.WEBHOOK,
            payment_told(parsed(one.body)),
            Source.STORED if one.heard else Source.UNHEARD,
        )
        for one in wanted
    ]


async def _stored(records: Records, payment: Payment) -> _Stored:
    payment_id = payment.payment_id
    traded = await trace.traded(records.store, payment_id)
    rows = parsed(settlements_bytes(await of_payment(records.store, payment_id), KO))
    answers = [parsed(body) for body in await kept_answers(records.store, payment_id)]
    return _Stored(
        transactions={one.transaction.transaction_key: one.transaction for one in traded},
        audits={one.transaction_key: one for one in await trace.audits(records.store, payment_id)},
        answers={_last_key(body): body for body in answers},
        rows={row["transactionKey"]: row["cancel"] for row in rows},
    )


def _last_key(body: Json) -> str | None:
    """Which cancel an answer was given to: its last one."""
    entries = cancels_of(body)
    key = entries[-1].get("transactionKey") if entries and isinstance(entries[-1], dict) else None
    return key if isinstance(key, str) else None


def _told(payment: Payment, number: int, webhook: Column, stored: _Stored) -> ToldCancel:
    cancel = payment.cancels[number - 1]
    key = cancel.transaction_key
    transaction, audit = stored.transactions[key], stored.audits[key]
    answer = row = None
    missing = []
    if key in stored.answers:
        answer = _column(payment, Part.ANSWER, stored.answers[key], Source.STORED)
    elif audit.actor.channel is Channel.API:
        again = payment_bytes(_as_of(payment, number, transaction), KO)
        answer = _column(payment, Part.ANSWER, parsed(again), Source.RENDERED)
    else:
        missing.append(Missing(Part.ANSWER, Why.PERSON))
    if key in stored.rows:
        row = _column(payment, Part.SETTLEMENT_ROW, stored.rows[key], Source.NOW)
    else:
        missing.append(_no_row(payment, transaction))
    return ToldCancel(cancel, audit, webhook, answer, row, tuple(missing))


def _no_row(payment: Payment, transaction: Transaction) -> Missing:
    day = transaction.settle_day
    if day is None and payment.waits and payment.balance.minor:
        return Missing(Part.SETTLEMENT_ROW, Why.WAITING)
    if day is None:
        return Missing(Part.SETTLEMENT_ROW, Why.NEVER_SETTLES)
    return Missing(Part.SETTLEMENT_ROW, Why.NOT_CLOSED, day_after(day))


def _as_of(payment: Payment, number: int, transaction: Transaction) -> Payment:
    """The payment as it was after its cancel `number`, from 1."""
    cancel, later = payment.cancels[number - 1], payment.cancels[number:]
    return replace(
        payment,
        status=transaction.status,
        balance=cancel.refundable,
        tax_free=sum((one.tax_free for one in later), payment.tax_free),
        tax_exemption=sum((one.tax_exemption for one in later), payment.tax_exemption),
        last_transaction_key=cancel.transaction_key,
        cancels=payment.cancels[:number],
    )


def _column(payment: Payment, part: Part, body: Json, source: Source) -> Column:
    return Column(part=part, order_id=payment.order_id, body=body, source=source)


def look_up(payment: Payment) -> Column:
    """GET /v1/payments/{paymentKey} as it answers now, in Korean."""
    return _column(payment, Part.LOOK_UP, parsed(payment_bytes(payment, KO)), Source.NOW)
