"""Rows and domain values: the only place that knows both. Column order is `tables`' order."""

from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from jeongsan.domain.adjustments import Adjustment, AdjustmentKind
from jeongsan.domain.attempts import Attempt, AttemptKind, AttemptState
from jeongsan.domain.business_clock import BusinessClock, ClockMode
from jeongsan.domain.channels import Actor, Audit, Channel
from jeongsan.domain.contract import Contract
from jeongsan.domain.errors import Code
from jeongsan.domain.fees import FeeLine
from jeongsan.domain.holds import Hold, HoldReason, HoldState
from jeongsan.domain.ledger import Posting
from jeongsan.domain.methods import PLAIN, CardKind, Method, Situation, Traits
from jeongsan.domain.money import Money
from jeongsan.domain.payment import Cancel, Card, Failure, Payment
from jeongsan.domain.payment_states import Status
from jeongsan.domain.settlement import SettlementRow
from jeongsan.domain.terms import Conditions, Grade, Terms
from jeongsan.domain.transactions import Kind, Transaction
from jeongsan.store.session import Row
from jeongsan.store.tables import CLOCK, HOLD, NETWORK_ATTEMPT, PAYMENT, TERMS, TRANSACTION

PAYMENT_COLUMNS = ", ".join(PAYMENT.names)
TRANSACTION_COLUMNS = ", ".join(TRANSACTION.names)
ATTEMPT_COLUMNS = ", ".join(NETWORK_ATTEMPT.names)
TERMS_COLUMNS = ", ".join(TERMS.names)
HOLD_COLUMNS = ", ".join(HOLD.names)
CLOCK_COLUMNS = ", ".join(CLOCK.names[1:])

_cards = msgspec.json.Decoder(Card)
_fees = msgspec.json.Decoder(tuple[FeeLine, ...])
_stored_conditions = msgspec.json.Decoder(Conditions)
_contracts = msgspec.json.Decoder(Contract)
_situations = msgspec.json.Decoder(tuple[Situation, ...])
_traits = msgspec.json.Decoder(Traits)
_json = msgspec.json.Encoder()
_STATUS = {status.value: status for status in Status}


def payment_row(payment: Payment) -> Row:
    """Payment → row. The cancels live in their transactions; only their count is here."""
    return (
        payment.payment_id,
        payment.shop_id,
        payment.mid,
        payment.payment_key,
        payment.order_id,
        payment.order_name,
        payment.total.currency,
        payment.total.minor,
        payment.requested_at,
        payment.status.value,
        payment.method,
        payment.balance.minor,
        payment.tax_free.minor,
        payment.tax_exemption.minor,
        payment.expires_at,
        payment.approved_at,
        payment.last_transaction_key,
        payment.secret,
        None if payment.card is None else _json.encode(payment.card).decode(),
        len(payment.cancels),
        None if payment.failure is None else payment.failure.code.value,
        payment.terms_id,
        int(payment.settles),
        int(payment.waits),
        _json.encode(payment.situations).decode() if payment.situations else None,
        payment.version,
    )


def payment_from(row: Row, cancels: tuple[Cancel, ...]) -> Payment:
    """Row → payment, with its cancels in order."""
    currency = row[6]
    return Payment(
        payment_id=row[0],
        shop_id=row[1],
        mid=row[2],
        payment_key=row[3],
        order_id=row[4],
        order_name=row[5],
        status=_STATUS[row[9]],
        method=row[10],
        total=Money(row[7], currency),
        balance=Money(row[11], currency),
        tax_free=Money(row[12], currency),
        tax_exemption=Money(row[13], currency),
        requested_at=row[8],
        expires_at=row[14],
        approved_at=row[15],
        last_transaction_key=row[16],
        secret=row[17],
        card=None if row[18] is None else _cards.decode(row[18]),
        cancels=cancels,
        failure=None if row[20] is None else Failure(Code(row[20])),
        terms_id=row[21],
        settles=bool(row[22]),
        waits=bool(row[23]),
        situations=situations_from(row[24]),
        version=row[25],
    )


def situations_from(text: str | None) -> tuple[Situation, ...]:
    """The stored situations of a payment."""
    return () if text is None else _situations.decode(text)


def transaction_row(transaction: Transaction) -> Row:
    """Transaction → row."""
    day = transaction.settle_day
    return (
        transaction.transaction_id,
        transaction.transaction_key,
        transaction.payment_id,
        transaction.shop_id,
        transaction.kind.value,
        transaction.status.value,
        transaction.currency,
        transaction.amount,
        transaction.tax_free,
        transaction.tax_exemption,
        transaction.balance_before,
        transaction.balance_after,
        transaction.approved_at,
        transaction.transacted_at,
        transaction.terms_id,
        None if day is None else day.isoformat(),
        transaction.reason,
        transaction.cancel_request_id,
        None if transaction.traits == PLAIN else _json.encode(transaction.traits).decode(),
    )


def transaction_from(row: Row) -> Transaction:
    """Row → transaction."""
    return Transaction(
        transaction_id=row[0],
        transaction_key=row[1],
        payment_id=row[2],
        shop_id=row[3],
        kind=Kind(row[4]),
        status=_STATUS[row[5]],
        currency=row[6],
        amount=row[7],
        tax_free=row[8],
        tax_exemption=row[9],
        balance_before=row[10],
        balance_after=row[11],
        approved_at=row[12],
        transacted_at=row[13],
        terms_id=row[14],
        settle_day=None if row[15] is None else date.fromisoformat(row[15]),
        reason=row[16],
        cancel_request_id=row[17],
        traits=PLAIN if row[18] is None else _traits.decode(row[18]),
    )


def cancel_from(row: Row) -> Cancel:
    """A cancel transaction's row → the cancel as a payment shows it."""
    currency = row[6]
    return Cancel(
        transaction_key=row[1],
        reason=row[16],
        canceled_at=row[13],
        amount=Money(row[7], currency),
        tax_free=Money(row[8], currency),
        tax_exemption=Money(row[9], currency),
        refundable=Money(row[11], currency),
        cancel_request_id=row[17],
    )


def posting_row(posting: Posting) -> Row:
    """Posting → row."""
    day = posting.settle_day
    return (
        posting.posting_id,
        posting.shop_id,
        posting.debit.value,
        posting.credit.value,
        posting.amount,
        posting.currency,
        posting.cause,
        posting.transaction_id,
        None if day is None else day.isoformat(),
        posting.posted_at,
    )


def _actor_columns(actor: Actor) -> tuple[Any, ...]:
    return (actor.channel.value, actor.name, actor.key_hint, actor.address)


def attempt_row(attempt: Attempt) -> Row:
    """Attempt → row."""
    return (
        attempt.attempt_id,
        attempt.request_id,
        attempt.kind.value,
        attempt.state.value,
        attempt.payment_id,
        attempt.payment_key,
        attempt.shop_id,
        attempt.amount,
        attempt.tax_free,
        attempt.tax_exemption,
        attempt.currency,
        attempt.reason,
        attempt.cancel_request_id,
        *_actor_columns(attempt.actor),
        attempt.identity,
        attempt.trace_id,
        attempt.language,
        attempt.lease_until,
        attempt.created_at,
    )


def attempt_from(row: Row) -> Attempt:
    """Row → attempt."""
    return Attempt(
        attempt_id=row[0],
        request_id=row[1],
        kind=AttemptKind(row[2]),
        state=AttemptState(row[3]),
        payment_id=row[4],
        payment_key=row[5],
        shop_id=row[6],
        amount=row[7],
        tax_free=row[8],
        tax_exemption=row[9],
        currency=row[10],
        reason=row[11],
        cancel_request_id=row[12],
        actor=Actor(Channel(row[13]), row[14], row[15], row[16]),
        identity=row[17],
        trace_id=row[18],
        language=row[19],
        lease_until=row[20],
        created_at=row[21],
    )


def audit_row(audit: Audit) -> Row:
    """Audit line → row."""
    return (
        audit.audit_id,
        audit.shop_id,
        audit.payment_id,
        audit.transaction_key,
        audit.action,
        *_actor_columns(audit.actor),
        audit.reason,
        audit.acted_at,
    )


def audit_from(row: Row) -> Audit:
    """Row → audit line."""
    return Audit(
        audit_id=row[0],
        shop_id=row[1],
        payment_id=row[2],
        transaction_key=row[3],
        action=row[4],
        actor=Actor(Channel(row[5]), row[6], row[7], row[8]),
        reason=row[9],
        acted_at=row[10],
    )


def terms_row(terms: Terms, *, contract_id: int, now: int) -> Row:
    """Terms → row."""
    return (
        terms.terms_id,
        terms.shop_id,
        contract_id,
        terms.method.value,
        None if terms.card_kind is None else terms.card_kind.value,
        terms.start.isoformat(),
        None if terms.end is None else terms.end.isoformat(),
        None if terms.grade is None else terms.grade.value,
        _json.encode(terms.conditions).decode(),
        now,
    )


def terms_from(row: Row) -> Terms:
    """Row → terms."""
    return Terms(
        terms_id=row[0],
        shop_id=row[1],
        method=Method(row[3]),
        card_kind=None if row[4] is None else CardKind(row[4]),
        start=date.fromisoformat(row[5]),
        end=None if row[6] is None else date.fromisoformat(row[6]),
        grade=None if row[7] is None else Grade(row[7]),
        conditions=_conditions(row[8]),
    )


@lru_cache(maxsize=1024)
def _conditions(text: str) -> Conditions:
    """Most shops have agreed to one of a few price lists."""
    return _stored_conditions.decode(text)


def contract_text(contract: Contract) -> str:
    """Contract → stored text."""
    return _json.encode(contract).decode()


def contract_from(text: str) -> Contract:
    """Stored text → contract."""
    return _contracts.decode(text)


def clock_from(row: Row) -> BusinessClock:
    """CLOCK_COLUMNS → clock."""
    return BusinessClock(
        mode=ClockMode(row[0]),
        offset_ms=row[1],
        frozen_at=row[2],
        closed_through=date.fromisoformat(row[3]),
        readable_through=date.fromisoformat(row[4]),
        config_version=row[5],
    )


def clock_row(clock: BusinessClock) -> Row:
    """Clock → full row of the single clock."""
    return (
        1,
        clock.mode.value,
        clock.offset_ms,
        clock.frozen_at,
        clock.closed_through.isoformat(),
        clock.readable_through.isoformat(),
        clock.config_version,
    )


def settlement_row(row: SettlementRow, *, sold_seq: int, paid_seq: int, held: bool) -> Row:
    """Settlement row → row, with its dense numbers for paging. `held`: it is in no payout meanwhile."""
    return (
        row.transaction_id,
        row.shop_id,
        row.terms_id,
        row.settle_day.isoformat(),
        row.sold_date.isoformat(),
        row.paid_out_date.isoformat(),
        sold_seq,
        paid_seq,
        row.currency,
        row.amount,
        _json.encode(row.fees).decode(),
        row.fee,
        row.supply_amount,
        row.vat,
        row.interest_fee,
        row.pay_out_amount,
        int(held),
    )


def hold_row(hold: Hold) -> Row:
    """Hold → row."""
    released_by = (None,) * 4 if hold.released_by is None else _actor_columns(hold.released_by)
    return (
        hold.hold_id,
        hold.shop_id,
        hold.payment_id,
        hold.reason.value,
        hold.note,
        hold.state.value,
        hold.placed_at,
        *_actor_columns(hold.placed_by),
        hold.released_at,
        *released_by,
    )


def hold_from(row: Row) -> Hold:
    """Row → hold."""
    return Hold(
        hold_id=row[0],
        shop_id=row[1],
        payment_id=row[2],
        reason=HoldReason(row[3]),
        note=row[4],
        state=HoldState(row[5]),
        placed_at=row[6],
        placed_by=Actor(Channel(row[7]), row[8], row[9], row[10]),
        released_at=row[11],
        released_by=None if row[12] is None else Actor(Channel(row[12]), row[13], row[14], row[15]),
    )


def settlement_from(row: Row) -> SettlementRow:
    """Row → settlement row; its numbers for paging are left behind."""
    return SettlementRow(
        transaction_id=row[0],
        shop_id=row[1],
        terms_id=row[2],
        settle_day=date.fromisoformat(row[3]),
        sold_date=date.fromisoformat(row[4]),
        paid_out_date=date.fromisoformat(row[5]),
        currency=row[8],
        amount=row[9],
        fees=_fees.decode(row[10]),
        fee=row[11],
        supply_amount=row[12],
        vat=row[13],
        interest_fee=row[14],
        pay_out_amount=row[15],
    )


def adjustment_row(adjustment: Adjustment) -> Row:
    """Adjustment → row."""
    return (
        adjustment.adjustment_id,
        adjustment.shop_id,
        adjustment.kind.value,
        adjustment.currency,
        adjustment.fee_amount,
        adjustment.supply_amount,
        adjustment.vat,
        adjustment.amount,
        adjustment.due_date.isoformat(),
        adjustment.cause,
        adjustment.reason,
        adjustment.actor_name,
        adjustment.created_at,
        adjustment.transaction_id,
        None if adjustment.start is None else adjustment.start.isoformat(),
        None if adjustment.end is None else adjustment.end.isoformat(),
        None if adjustment.grade is None else adjustment.grade.value,
        adjustment.paid_out_date.isoformat(),
    )


def adjustment_from(row: Row) -> Adjustment:
    """Row → adjustment."""
    return Adjustment(
        adjustment_id=row[0],
        shop_id=row[1],
        kind=AdjustmentKind(row[2]),
        currency=row[3],
        fee_amount=row[4],
        supply_amount=row[5],
        vat=row[6],
        amount=row[7],
        due_date=date.fromisoformat(row[8]),
        paid_out_date=date.fromisoformat(row[17]),
        cause=row[9],
        reason=row[10],
        actor_name=row[11],
        created_at=row[12],
        transaction_id=row[13],
        start=None if row[14] is None else date.fromisoformat(row[14]),
        end=None if row[15] is None else date.fromisoformat(row[15]),
        grade=None if row[16] is None else Grade(row[16]),
    )


def fees_from(text: str) -> tuple[FeeLine, ...]:
    """The stored fee lines."""
    return _fees.decode(text)


def card_from(text: str | None) -> Card | None:
    """The stored card."""
    return None if text is None else _cards.decode(text)
