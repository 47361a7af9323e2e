"""정산 대사: what becomes of transactions and settlement rows, one promise each."""

from datetime import timedelta
from decimal import Decimal

import pytest

from support.reconciled import NOON, TODAY, Books, books

# Many runs of the whole rule book.
pytestmark = pytest.mark.slow

SETTLEMENT = "SETTLEMENT"


def _settled(book: Books, order_id: str, amount: int = 10_000, **more: object) -> None:
    book.transaction(order_id, amount)
    book.settlement(order_id, amount, **more)


def test_a_row_that_says_what_its_transaction_says_and_adds_up_is_matched() -> None:
    with books() as book:
        _settled(book, "o-1", fee=352, supply_amount=320, fee_vat=32)
        _settled(book, "o-1", -10_000, fee=-352, supply_amount=-320, fee_vat=-32)
        assert book.matched().outcomes(SETTLEMENT) == []


def test_a_transaction_without_a_row_is_not_settled() -> None:
    with books() as book:
        _settled(book, "o-1")
        book.transaction("o-2")
        assert book.matched().only(SETTLEMENT).reasons == ("NOT_SETTLED",)


def test_a_row_without_a_transaction_is_unknown() -> None:
    with books() as book:
        _settled(book, "o-1")
        book.settlement("o-2")
        assert book.matched().only(SETTLEMENT).reasons == ("SETTLED_UNKNOWN",)


def test_a_transaction_of_today_has_no_row_yet() -> None:
    with books() as book:
        _settled(book, "o-1")
        book.transaction("o-2", occurred_at=NOON + timedelta(days=1))
        found = book.matched(today=NOON.date() + timedelta(days=1)).only(SETTLEMENT)
        assert (found.state, found.reason) == ("NOT_YET_DUE", "TOO_YOUNG")


def test_an_expired_virtual_account_is_not_expected_to_be_settled() -> None:
    with books() as book:
        _settled(book, "o-1")
        book.transaction("o-2", -10_000, method="VIRTUAL_ACCOUNT")
        book.transaction("o-3", kind="NO_MONEY")
        found = book.matched().only(SETTLEMENT)
        assert (found.state, found.reason) == ("SET_ASIDE", "CANCELED_WITHOUT_DONE")


def test_a_settled_cancel_is_money_whether_its_approval_is_known_or_not() -> None:
    with books() as book:
        _settled(book, "o-1")
        book.settlement("o-2", -10_000, method="VIRTUAL_ACCOUNT")
        assert book.matched().only(SETTLEMENT).reasons == ("SETTLED_UNKNOWN",)


@pytest.mark.parametrize(
    ("told", "reason", "field"),
    [
        ({"fee": 352, "pay_out_amount": 9_647}, "PAY_OUT_SUM", ("pay_out_amount", "9648.00", "9647.00")),
        (
            {"fee": 352, "pay_out_amount": 9_598, "interest_fee": 50},
            "INTEREST_FEE",
            ("pay_out_amount", "9648.00", "9598.00"),
        ),
        ({"fee": 352, "supply_amount": 321, "fee_vat": 31}, "FEE_VAT", ("fee_vat", "32.00", "31.00")),
        ({"fee": 352, "supply_amount": 320, "fee_vat": 31}, "FEE_VAT", ("fee_vat", "32.00", "31.00")),
    ],
)
def test_a_row_whose_figures_do_not_agree_with_each_other_is_told(
    told: dict[str, int], reason: str, field: tuple[str, str, str]
) -> None:
    with books() as book:
        _settled(book, "o-1", **told)
        found = book.matched().only(SETTLEMENT)
        assert (found.state, found.reasons) == ("DIFFERENT", (reason,))
        assert found.fields[field[0]] == field[1:]


def test_what_is_wrong_with_an_unknown_row_is_told_beside_that_it_is_unknown() -> None:
    with books() as book:
        _settled(book, "o-1")
        book.settlement("o-2", fee=352, pay_out_amount=9_000)
        assert book.matched().only(SETTLEMENT).reasons == ("SETTLED_UNKNOWN", "PAY_OUT_SUM")


@pytest.mark.parametrize(("fee", "vat"), [(16, 1), (17, 2), (-17, -2), (353, 32)])
def test_the_vat_of_a_fee_is_an_eleventh_rounded_half_up(fee: int, vat: int) -> None:
    with books() as book:
        amount = 10_000 if fee > 0 else -10_000
        _settled(book, "o-1", amount, fee=fee, supply_amount=fee - vat, fee_vat=vat)
        assert book.matched().outcomes(SETTLEMENT) == []


def test_cents_have_an_eleventh_of_their_own() -> None:
    with books() as book:
        dollars = {"currency": "USD", "fee": Decimal("3.30"), "pay_out_amount": Decimal("96.70")}
        book.transaction("o-1", 100, currency="USD")
        book.settlement("o-1", 100, supply_amount=3, fee_vat=Decimal("0.30"), **dollars)
        assert book.matched().outcomes(SETTLEMENT) == []


def test_a_row_that_is_listed_twice_is_a_duplicate() -> None:
    with books() as book:
        _settled(book, "o-1")
        book.settlement("o-1")
        assert book.matched().only(SETTLEMENT).reason == "DUPLICATE"


def test_without_transactions_orders_are_held_against_settlements() -> None:
    with books() as book:
        book.order("o-1")
        book.settlement("o-1", 9_000)
        found = book.matched(today=TODAY).only(SETTLEMENT)
        assert (found.reasons, found.amounts) == (("AMOUNT",), (Decimal(10_000), Decimal(9_000)))
