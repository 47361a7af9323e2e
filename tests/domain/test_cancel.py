"""Cancelling: in full, in parts, with untaxed parts, with others pending."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.cancel import CancelTerms, check_cancel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.money import Money
from jeongsan.domain.payment import Payment
from jeongsan.domain.payment_states import Status
from support.examples import a_ready_payment, an_approved_payment, an_authenticated_payment, cancelled, krw


def _refused(payment: Payment, amount: int | None = None, **options: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        cancelled(payment, amount, **options)  # type: ignore[arg-type]
    return refused.value


def test_one_full_cancel_leaves_a_cancelled_payment() -> None:
    payment = cancelled(an_approved_payment())
    assert (payment.status, payment.balance, payment.total) == (Status.CANCELED, krw(0), krw(15_000))
    assert [entry.amount for entry in payment.cancels] == [krw(15_000)]
    assert payment.last_transaction_key == payment.cancels[0].transaction_key
    assert _refused(payment).code is Code.ALREADY_CANCELED_PAYMENT
    assert _refused(payment, 1).code is Code.ALREADY_CANCELED_PAYMENT


def test_the_rest_after_a_partial_cancel_leaves_partial_cancelled_at_nothing() -> None:
    """Measured; what comes after is NOT_CANCELABLE_AMOUNT."""
    payment = cancelled(cancelled(an_approved_payment(), 5_000), key="txrd_a2")
    assert (payment.status, payment.balance) == (Status.PARTIAL_CANCELED, krw(0))
    assert [entry.refundable for entry in payment.cancels] == [krw(10_000), krw(0)]
    assert payment.last_transaction_key == "txrd_a2"
    assert _refused(payment).code is Code.NOT_CANCELABLE_AMOUNT
    assert _refused(payment, 1).code is Code.NOT_CANCELABLE_AMOUNT


def test_asking_for_the_whole_amount_is_a_full_cancel() -> None:
    assert cancelled(an_approved_payment(), 15_000).status is Status.CANCELED


@pytest.mark.parametrize("amount", [15_001, 10**15])
def test_more_than_the_balance_is_refused(amount: int) -> None:
    assert _refused(an_approved_payment(), amount).code is Code.NOT_CANCELABLE_AMOUNT


@pytest.mark.parametrize("amount", [0, -1, -15_000])
def test_nothing_or_less_is_no_cancel(amount: int) -> None:
    refusal = _refused(an_approved_payment(), amount)
    assert (refusal.code, refusal.field) == (Code.INVALID_REQUEST, "cancelAmount")


@pytest.mark.parametrize("payment", [a_ready_payment(), an_authenticated_payment()], ids=lambda p: p.status)
def test_what_was_never_paid_cannot_be_cancelled(payment: Payment) -> None:
    assert _refused(payment).code is Code.NOT_CANCELABLE_PAYMENT


def test_the_callers_idea_of_the_balance_is_checked_first() -> None:
    payment = cancelled(an_approved_payment(), 5_000)
    assert _refused(payment, 1_000, refundable=krw(15_000)).code is Code.NOT_MATCHES_REFUNDABLE_AMOUNT
    assert cancelled(payment, 1_000, refundable=krw(10_000)).balance == krw(9_000)


def test_money_that_pending_cancels_have_taken_cannot_be_cancelled_again() -> None:
    payment = an_approved_payment()
    assert _refused(payment, reserved=1).code is Code.FORBIDDEN_CONSECUTIVE_REQUEST
    assert _refused(payment, 10_001, reserved=5_000).code is Code.FORBIDDEN_CONSECUTIVE_REQUEST
    assert cancelled(payment, 10_000, reserved=5_000).balance == krw(5_000)
    assert _refused(payment, 15_001, reserved=5_000).code is Code.NOT_CANCELABLE_AMOUNT


def test_a_full_cancel_takes_the_untaxed_parts_along() -> None:
    payment = cancelled(an_approved_payment(tax_free=3_000))
    assert payment.tax_free == krw(0)
    assert payment.cancels[0].tax_free == krw(3_000)


def test_a_partial_cancel_takes_no_tax_free_part_unless_asked() -> None:
    payment = cancelled(an_approved_payment(tax_free=3_000), 5_000)
    assert (payment.tax_free, payment.cancels[0].tax_free) == (krw(3_000), krw(0))
    more = cancelled(payment, 4_000, tax_free=krw(2_000))
    assert (more.tax_free, more.cancels[1].tax_free) == (krw(1_000), krw(2_000))


@pytest.mark.parametrize(
    ("amount", "tax_free"),
    [(5_000, 3_001), (5_000, -1), (1_000, 2_000), (14_000, 0)],
    ids=["more than is left", "negative", "more than the cancel", "the rest would be too untaxed"],
)
def test_a_tax_free_part_that_cannot_be_is_refused(amount: int, tax_free: int) -> None:
    refusal = _refused(an_approved_payment(tax_free=3_000), amount, tax_free=krw(tax_free))
    assert (refusal.code, refusal.field) == (Code.INVALID_REQUEST, "taxFreeAmount")


def test_a_payment_with_an_exempt_part_is_cancelled_whole_or_not_at_all() -> None:
    payment = an_approved_payment(tax_exemption=300)
    assert _refused(payment, 5_000).code is Code.NOT_ALLOWED_PARTIAL_REFUND
    whole = cancelled(payment)
    assert (whole.status, whole.tax_exemption) == (Status.CANCELED, krw(0))
    assert whole.cancels[0].tax_exemption == krw(300)


def test_a_check_changes_nothing() -> None:
    payment = an_approved_payment()
    parts = check_cancel(payment, CancelTerms(reason="변심", amount=krw(1_000)), reserved=krw(0))
    assert parts.amount == krw(1_000)
    assert payment == an_approved_payment()


@given(data=st.data(), total=st.integers(100, 10**9), currency=st.sampled_from(["KRW", "USD", "MUSD"]))
def test_any_run_of_cancels_takes_exactly_what_was_paid(
    data: st.DataObject, total: int, currency: str
) -> None:
    tax_free = data.draw(st.integers(0, total))
    payment = an_approved_payment(Money(total, currency), tax_free=tax_free)
    for number in range(6):
        if payment.balance.minor == 0:
            break
        left, untaxed = payment.balance.minor, payment.tax_free.minor
        amount = data.draw(st.integers(1, left))
        lowest, highest = max(0, amount - (left - untaxed)), min(amount, untaxed)
        part = data.draw(st.integers(lowest, highest))
        payment = cancelled(payment, amount, key=f"k{number}", tax_free=Money(part, currency))
        taken = sum(entry.amount.minor for entry in payment.cancels)
        assert payment.balance.minor == total - taken
        assert payment.tax_free.minor == tax_free - sum(e.tax_free.minor for e in payment.cancels)
        assert payment.cancels[-1].refundable == payment.balance
        assert 0 <= payment.tax_free.minor <= payment.balance.minor
        whole = taken == total and len(payment.cancels) == 1
        assert payment.status is (Status.CANCELED if whole else Status.PARTIAL_CANCELED)
