"""A payment from the buyer's window to its approval, or to its end without one."""

from dataclasses import replace

import pytest

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import MINUTE_MS
from jeongsan.domain.methods import PLAIN, CardKind, InterestPayer, Method, Situation, Traits
from jeongsan.domain.money import Money
from jeongsan.domain.payment import (
    abort,
    approve,
    authenticate,
    check_confirm,
    check_minimum,
    expire,
    hold,
    subject_of,
    traits_of,
)
from jeongsan.domain.payment_states import Status
from jeongsan.domain.terms import Release
from support.examples import (
    APPROVED_AT,
    REQUESTED_AT,
    a_card,
    a_contract,
    a_ready_payment,
    an_approved_payment,
    an_authenticated_payment,
    cancelled,
    krw,
)


def test_authentication_gives_ten_minutes_to_confirm() -> None:
    finished = REQUESTED_AT + 29 * MINUTE_MS
    payment = authenticate(a_ready_payment(), now=finished, card=a_card())
    assert (payment.status, payment.method, payment.card) == (Status.IN_PROGRESS, "카드", a_card())
    assert payment.expires_at == finished + 10 * MINUTE_MS


def test_an_approval_carries_its_moment_key_secret_and_approval_number() -> None:
    payment = an_approved_payment()
    assert payment.status is Status.DONE
    assert payment.approved_at == APPROVED_AT
    assert payment.last_transaction_key is not None
    assert payment.secret is not None
    assert payment.card is not None
    assert payment.card.approve_no == "12345678"
    assert payment.expires_at is None
    assert (payment.total, payment.balance) == (krw(15_000), krw(15_000))


def test_every_stored_change_has_a_version_of_its_own() -> None:
    life = [a_ready_payment(), an_authenticated_payment(), an_approved_payment()]
    life.append(cancelled(life[-1], 5_000))
    assert [payment.version for payment in life] == [1, 2, 3, 4]


def test_a_confirm_must_match_what_the_buyer_paid() -> None:
    payment = an_authenticated_payment()
    check_confirm(payment, order_id="order-000001", amount=krw(15_000), now=REQUESTED_AT)
    for order_id, amount, field in (
        ("order-000002", krw(15_000), "orderId"),
        ("order-000001", krw(14_999), "amount"),
        ("order-000001", krw(15_001), "amount"),
        ("order-000001", Money(15_000, "JPY"), "amount"),
    ):
        with pytest.raises(Refusal) as refused:
            check_confirm(payment, order_id=order_id, amount=amount, now=REQUESTED_AT)
        assert (refused.value.code, refused.value.field) == (Code.INVALID_REQUEST, field)


def test_ten_minutes_are_over_at_the_very_instant() -> None:
    payment = an_authenticated_payment()
    deadline = REQUESTED_AT + 10 * MINUTE_MS
    check_confirm(payment, order_id="order-000001", amount=krw(15_000), now=deadline - 1)
    with pytest.raises(Refusal) as refused:
        check_confirm(payment, order_id="order-000001", amount=krw(15_000), now=deadline)
    assert refused.value.code is Code.NOT_FOUND_PAYMENT_SESSION


def test_a_held_payment_no_longer_expires_and_keeps_its_version() -> None:
    before = an_authenticated_payment()
    held = hold(before)
    check_confirm(held, order_id="order-000001", amount=krw(15_000), now=REQUESTED_AT + 11 * MINUTE_MS)
    assert (held.expires_at, held.version, held.status) == (None, before.version, Status.IN_PROGRESS)


def test_a_finished_payment_says_so_before_its_amount_is_compared() -> None:
    with pytest.raises(Refusal) as refused:
        check_confirm(an_approved_payment(), order_id="other-order", amount=krw(1), now=APPROVED_AT)
    assert refused.value.code is Code.ALREADY_PROCESSED_PAYMENT


def test_a_declined_payment_is_aborted_with_its_reason() -> None:
    payment = abort(an_authenticated_payment(), Code.REJECT_CARD_PAYMENT)
    assert payment.status is Status.ABORTED
    assert payment.failure is not None
    assert payment.failure.code is Code.REJECT_CARD_PAYMENT
    assert (payment.approved_at, payment.last_transaction_key, payment.expires_at) == (None, None, None)


@pytest.mark.parametrize("payment", [a_ready_payment(), an_authenticated_payment()], ids=lambda p: p.status)
def test_a_payment_that_nobody_finished_expires(payment: object) -> None:
    expired = expire(payment)  # type: ignore[arg-type]
    assert expired.status is Status.EXPIRED
    assert expired.failure is not None
    assert expired.failure.code is Code.EXPIRED_PAYMENT


def test_nothing_is_approved_twice() -> None:
    with pytest.raises(Refusal) as refused:
        approve(
            an_approved_payment(),
            now=APPROVED_AT,
            transaction_key="",
            secret="",
            approve_no="",
            terms=a_contract(),
            settles=True,
        )
    assert refused.value.code is Code.ALREADY_PROCESSED_PAYMENT


@pytest.mark.parametrize(
    ("minor", "currency"), [(99, "KRW"), (0, "KRW"), (-1, "KRW"), (0, "USD"), (-1, "JPY")]
)
def test_less_than_a_card_can_pay_is_refused(minor: int, currency: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_minimum(Money(minor, currency))
    assert refused.value.code is Code.BELOW_MINIMUM_AMOUNT


@pytest.mark.parametrize(("minor", "currency"), [(100, "KRW"), (1, "USD"), (1, "JPY")])
def test_the_minimum_itself_can_be_paid(minor: int, currency: str) -> None:
    check_minimum(Money(minor, currency))


@pytest.mark.parametrize(
    ("card_type", "situations", "subject"),
    [
        ("신용", (), (Method.CARD, CardKind.CREDIT)),
        ("체크", (), (Method.CARD, CardKind.CHECK)),
        ("기프트", (Situation.ESCROW,), (Method.CARD, CardKind.GIFT)),
        ("미확인", (), (Method.CARD, None)),
        ("신용", (Situation.KEY_IN, Situation.OVERSEAS), (Method.CARD, CardKind.OVERSEAS)),
    ],
)
def test_a_payment_falls_under_the_terms_of_its_kind_of_card(
    card_type: str, situations: tuple[Situation, ...], subject: tuple[Method, CardKind | None]
) -> None:
    payment = an_authenticated_payment(situations=situations)
    assert payment.card is not None
    assert subject_of(replace(payment, card=replace(payment.card, card_type=card_type))) == subject


def test_a_plain_card_payment_has_no_traits_and_any_other_has_what_its_fee_depends_on() -> None:
    plain = an_authenticated_payment()
    assert plain.card is not None
    assert traits_of(plain) is PLAIN
    card = replace(plain.card, use_card_point=True, installment_plan_months=3, interest_payer="MERCHANT")
    assert traits_of(replace(plain, card=card, situations=(Situation.ESCROW,))) == Traits(
        (Situation.ESCROW, Situation.CARD_POINT), 3, InterestPayer.MERCHANT
    )


@pytest.mark.parametrize(
    ("release", "situations", "settles", "waits"),
    [
        (Release.AT_ONCE, (), True, False),
        (Release.AT_ONCE, (Situation.ESCROW,), True, True),
        (Release.ON_REQUEST, (), True, True),
        (Release.ON_REQUEST, (), False, False),
    ],
)
def test_what_was_agreed_to_wait_waits_from_its_approval_on(
    release: Release, situations: tuple[Situation, ...], settles: bool, waits: bool
) -> None:
    """A test payment that never settles waits for nothing."""
    approved = approve(
        an_authenticated_payment(situations=situations),
        now=APPROVED_AT,
        transaction_key="",
        secret="",
        approve_no="",
        terms=a_contract(release=release),
        settles=settles,
    )
    assert approved.waits is waits
    assert approved.settles_now is (settles and not waits)
