"""What a contract says of rows by what they say of themselves: days, grades, kinds of card, situations."""

from datetime import date

from jeongsan.reconcile.expect.given_contract import read_contract
from jeongsan.reconcile.expect.given_terms import given_terms
from jeongsan.reconcile.expect.terms import Agreed, CancelFee, Choice, RowGroup
from jeongsan.reconcile.fee_rates import Rounding, Tariff

ANY = '[[terms]]\nmethod = "CARD"\nfrom = 2025-01-01\nrate = "3.2"\npayout = { businessDays = 4 }\n'
CHECK = ANY.replace("3.2", "1.5") + 'card = ["CHECK"]\n'
OVERSEAS = ANY.replace("3.2", "4.5") + 'card = ["OVERSEAS"]\n'
END = date(2100, 12, 31)


def terms(
    document: str, card_kind: str | None = "CREDIT", method: str = "CARD", currency: str = "KRW"
) -> list[Agreed]:
    found = read_contract(document.encode())
    assert found.contract is not None, found.problems
    return list(given_terms(found.contract, RowGroup("", method, currency, card_kind)))


def rates(document: str, card_kind: str | None = "CREDIT") -> list[tuple[str | None, int]]:
    (agreed,) = terms(document, card_kind)
    return [(one.situation, one.tariff.rate) for one in agreed.choices if one.tariff is not None]


def test_grades_and_periods_cut_the_days() -> None:
    document = (
        ANY.replace('"3.2"', '{ general = "3.2", small = "1.65" }').replace(
            "from", "until = 2025-03-31\nfrom"
        )
        + ANY.replace("2025-01-01", "2025-04-01").replace("3.2", "2.9")
        + '[[grades]]\nfrom = 2025-02-14\ngrade = "영세"\n'
    )
    assert [(one.first, one.last, one.choices[0].tariff) for one in terms(document)] == [
        (date(2025, 1, 1), date(2025, 2, 13), Tariff(32_000, 0, Rounding.B)),
        (date(2025, 2, 14), date(2025, 3, 31), Tariff(16_500, 0, Rounding.B)),
        (date(2025, 4, 1), END, Tariff(29_000, 0, Rounding.B)),
    ]


def test_a_gap_has_no_terms() -> None:
    document = ANY.replace("from", "until = 2025-01-31\nfrom") + ANY.replace("01-01", "03-01")
    assert [(one.first, one.last) for one in terms(document)] == [
        (date(2025, 1, 1), date(2025, 1, 31)),
        (date(2025, 3, 1), END),
    ]


def test_a_kind_of_card_has_its_own_entry_or_that_of_any_kind() -> None:
    assert rates(ANY + CHECK, "CHECK") == [(None, 15_000)]
    assert rates(ANY + CHECK, "체크") == [(None, 15_000)]
    assert rates(ANY + CHECK, "CREDIT") == [(None, 32_000)]
    assert rates(ANY + CHECK, "미확인") == [(None, 32_000)]


def test_a_row_that_names_no_kind_may_be_of_any() -> None:
    assert rates(ANY + CHECK, None) == [(None, 32_000), ("CHECK", 15_000)]


def test_any_card_may_be_from_abroad() -> None:
    assert rates(ANY + OVERSEAS) == [(None, 32_000), ("OVERSEAS", 45_000)]
    assert rates(ANY + CHECK + OVERSEAS, "CHECK") == [(None, 15_000), ("OVERSEAS", 45_000)]


def test_a_card_from_abroad_without_an_entry_has_that_of_any_kind_with_the_surcharge() -> None:
    surcharged = ANY + 'surcharges = { OVERSEAS = { rate = "1" } }\n'
    assert rates(surcharged) == [(None, 32_000), ("OVERSEAS", 42_000)]
    assert rates(surcharged + CHECK, "CHECK") == [(None, 15_000), ("OVERSEAS", 42_000)]


def test_a_contract_that_names_no_card_from_abroad_sells_to_none() -> None:
    """Else a check card at the rate of a credit card would always have an excuse."""
    assert rates(ANY + CHECK, "CHECK") == [(None, 15_000)]


def test_every_set_of_surcharges_within_the_base_fee_is_a_reading() -> None:
    priced = 'ESCROW = { rate = "0.2" }, KEY_IN = { rate = "0.03" }, BILLING = { fixed = 9, line = "ETC" }'
    document = f"{ANY}surcharges = {{ {priced} }}\n"
    (agreed,) = terms(document)
    assert rates(document) == [
        (None, 32_000), ("ESCROW", 34_000), ("KEY_IN", 32_300), ("ESCROW+KEY_IN", 34_300),
    ]  # fmt: skip
    assert [one.waits for one in agreed.choices] == [False, True, False, True]
    assert all(one.has_other_fees for one in agreed.choices)


def test_a_cancel_costs_its_refund_fee_with_vat() -> None:
    document = ANY + ANY.replace("CARD", "VIRTUAL_ACCOUNT") + "cancel = { refundFee = 300 }\n"
    ((choice,),) = (one.choices for one in terms(document, None, "가상계좌"))
    assert isinstance(choice, Choice)
    assert (choice.cancel, choice.refund_fee) == (CancelFee.KEPT, 330)


def test_other_currencies_have_rates_but_no_fixed_fees() -> None:
    assert len(terms(ANY, currency="USD")) == 1
    assert terms(ANY + "fixed = 100\n", currency="USD") == []


def test_a_method_without_an_entry_has_no_terms() -> None:
    assert terms(ANY, None, "TRANSFER") == []
    assert terms(ANY, None, "현금") == []
