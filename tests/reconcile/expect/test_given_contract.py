"""A contract document read by the merchant's own reader: every setting that decides a row, in both formats,
and each problem by its path."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from jeongsan.domain.contract import Contract as AgreedContract
from jeongsan.reconcile.due_days import Anchor, BusinessDays, CalendarDays, Cycle, Holiday, MonthEnd
from jeongsan.reconcile.expect.contract_entry import Entry, Surcharge
from jeongsan.reconcile.expect.contract_words import CardKind, Method
from jeongsan.reconcile.expect.document_table import TermsFault
from jeongsan.reconcile.expect.given_contract import Contract, read_contract
from jeongsan.reconcile.fee_rates import Rounding
from jeongsan.wire.contract_view import document_of
from support.contracts import a_document, contracts, patient

CONTRACTS = Path(__file__).parents[3] / "docs/contracts"
ENTRY: dict[str, Any] = {"method": "CARD", "from": "2025-01-01", "rate": "3.2", "payout": {"businessDays": 4}}


def read(document: dict[str, Any]) -> Contract:
    found = read_contract(json.dumps(document).encode())
    assert found.problems == ()
    assert found.contract is not None
    return found.contract


def only(**changes: Any) -> Entry:
    (entry,) = read({"terms": [ENTRY | changes]}).entries
    return entry


def problems(document: dict[str, Any] | str) -> list[tuple[str, str]]:
    text = document if isinstance(document, str) else json.dumps(document)
    found = read_contract(text.encode())
    assert found.contract is None
    return [(one.path, one.fault.value) for one in found.problems]


def test_an_entry_has_the_defaults_of_the_page() -> None:
    assert only() == Entry(
        method=Method.CARD,
        kinds=frozenset(),
        first=date(2025, 1, 1),
        last=None,
        rates={"general": 32_000},
        fixed=0,
        rounding=Rounding.B,
        cycle=Cycle.DAILY,
        payout=BusinessDays(4, Anchor.EXCLUSIVE),
        keeps_fee=False,
        refund_fee=0,
        surcharges=(),
        has_other_fees=False,
        waits=False,
        sold_on_transaction=False,
    )


@pytest.mark.parametrize(
    ("changes", "setting", "value"),
    [
        ({"method": "가상계좌"}, "keeps_fee", True),
        ({"method": "TRANSFER", "cancel": {"fee": "returned"}}, "keeps_fee", False),
        ({"cancel": {"fee": "kept", "refundFee": 300}}, "refund_fee", 300),
        ({"cancel": {"refundFee": 300, "refundFeeOn": "adjustment"}}, "refund_fee", 0),
        ({"method": "문화상품권"}, "method", Method.GIFT_CERTIFICATE),
        ({"card": ["신용", "OVERSEAS"]}, "kinds", frozenset({CardKind.CREDIT, CardKind.OVERSEAS})),
        ({"until": "2025-01-31"}, "last", date(2025, 1, 31)),
        ({"rate": {"일반": "3.2", "small": 1.65}}, "rates", {"general": 32_000, "small": 16_500}),
        ({"rate": 3}, "rates", {"general": 30_000}),
        ({"rate": "0.0001"}, "rates", {"general": 1}),
        ({"fixed": 300}, "fixed", 300),
        ({"rounding": "A"}, "rounding", Rounding.A),
        ({"vat": "included"}, "rounding", Rounding.INCLUDED),
        ({"cycle": "weekly"}, "cycle", Cycle.WEEKLY),
        ({"payout": {"businessDays": 2, "anchor": "roll"}}, "payout", BusinessDays(2, Anchor.ROLL)),
        ({"payout": {"calendarDays": 2}}, "payout", CalendarDays(2, Holiday.AFTER)),
        ({"payout": {"monthEnds": 1, "holiday": "before"}}, "payout", MonthEnd(1, Holiday.BEFORE)),
        ({"surcharges": {"ESCROW": {"rate": "0.2"}}}, "surcharges", (Surcharge("ESCROW", 2_000, 0, True),)),
        ({"surcharges": {"KEY_IN": {"fixed": 9, "line": "ETC"}}}, "has_other_fees", True),
        ({"installments": {"3": "2"}}, "has_other_fees", True),
        ({"other": {"fixed": 100}}, "has_other_fees", True),
        ({"release": "on-request"}, "waits", True),
        ({"release": "on-request", "soldOn": "transaction"}, "sold_on_transaction", True),
    ],
)
def test_every_setting_that_decides_a_row_is_read(
    changes: dict[str, Any], setting: str, value: object
) -> None:
    assert getattr(only(**changes), setting) == value


def test_the_contract_of_the_page_is_read_as_toml() -> None:
    found = read_contract((CONTRACTS / "shop.toml").read_bytes())
    assert found.problems == ()
    assert found.contract is not None
    assert found.contract.grades == ((date(2025, 2, 14), "small"), (date(2025, 8, 14), "medium1"))
    assert [one.method.value for one in found.contract.entries] == [
        "CARD", "CARD", "CARD", "TRANSFER", "VIRTUAL_ACCOUNT", "MOBILE_PHONE",
    ]  # fmt: skip


def test_a_document_with_every_setting_is_read() -> None:
    assert len(read(a_document()).entries) == 5


@given(contracts())
@patient
def test_every_contract_that_a_shop_can_have_is_read(contract: AgreedContract) -> None:
    assert len(read(document_of(contract)).entries) == len(contract.agreements)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    found = problems(
        {
            "grade": [],
            "grades": [{"from": "2025-02-29", "grade": "large"}, 7],
            "terms": [
                ENTRY | {"rate": "3.21111", "fixed": -1, "payout": {"businessDays": 61}},
                {"method": "CASH", "card": ["SILVER", []], "from": 7, "payout": {"businesDays": 4}},
                ENTRY
                | {"from": "2025-02-01", "rate": {"small": "1"}, "cycle": 3, "surcharges": {"NIGHT": {}}},
                ENTRY
                | {"method": "TRANSFER", "payout": {"businessDays": True}, "cancel": {"refundFee": 0.5}},
            ],
        }
    )
    assert found == [
        ("grade", "UNKNOWN_SETTING"),
        ("grades[0].from", "NOT_A_DAY"),
        ("grades[0].grade", "NOT_A_CHOICE"),
        ("grades[1]", "NOT_A_TABLE"),
        ("terms[0].payout.businessDays", "NOT_A_NUMBER"),
        ("terms[0].rate", "NOT_A_RATE"),
        ("terms[0].fixed", "NOT_A_NUMBER"),
        ("terms[1].method", "NOT_A_CHOICE"),
        ("terms[1].from", "NOT_A_DAY"),
        ("terms[1].payout.businesDays", "UNKNOWN_SETTING"),
        ("terms[1].payout", "ONE_OF_SEVERAL"),
        ("terms[1].card[0]", "NOT_A_CHOICE"),
        ("terms[1].card[1]", "NOT_A_CHOICE"),
        ("terms[1].rate", "MISSING"),
        ("terms[2].surcharges.NIGHT", "UNKNOWN_SETTING"),
        ("terms[2].cycle", "NOT_A_CHOICE"),
        ("terms[2].rate.general", "MISSING"),
        ("terms[3].payout.businessDays", "NOT_A_NUMBER"),
        ("terms[3].cancel.refundFee", "NOT_A_NUMBER"),
        ("terms[2].from", "OVERLAP"),
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "[[terms]", "{}", "[" * 100_000, '{"terms": {}}', "rate = 1e9999999999999", "\x00"]
)
def test_what_is_no_document_is_one_problem_or_has_no_terms(text: str) -> None:
    assert {fault for _, fault in problems(text)} <= {
        TermsFault.NOT_A_DOCUMENT, TermsFault.MISSING, TermsFault.NOT_A_LIST, TermsFault.UNKNOWN_SETTING,
    }  # fmt: skip


def test_bytes_that_are_no_utf_8_are_no_document() -> None:
    (problem,) = read_contract("카드".encode("cp949")).problems
    assert problem.fault is TermsFault.NOT_A_DOCUMENT
