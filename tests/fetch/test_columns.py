"""Columns: every key of a row has one, values are kept exactly or not at all."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.client.fields import Fields
from jeongsan.client.rows import (
    SETTLED_CANCEL_KEYS,
    SETTLEMENT_KEYS,
    TRANSACTION_KEYS,
    settlement_row,
    transaction,
)
from jeongsan.fetch.columns import COLUMNS, SORTED_BY, SUMMED, Unstorable, line_of
from jeongsan.fetch.slices import What
from support.recorded_gateway import settlement_row as recorded_row
from support.recorded_gateway import transaction_row


def line(**changes: Any) -> Any:
    """The line of a settlement row, read again."""
    return json.loads(line_of(What.SETTLEMENTS, settlement_row(Fields(recorded_row(**changes), "row"))))


@pytest.mark.parametrize(
    ("what", "keys"), [(What.TRANSACTIONS, TRANSACTION_KEYS), (What.SETTLEMENTS, SETTLEMENT_KEYS)]
)
def test_every_recorded_key_has_a_column_in_recorded_order(what: What, keys: tuple[str, ...]) -> None:
    names = [column.name for column in COLUMNS[what]]
    assert [name for name in names if name in keys] == list(keys)
    assert set(names) - set(keys) <= {"transactionAtText", "approvedAtText", "absent", "extra"}
    assert {*SORTED_BY[what], *SUMMED[what]} <= set(names)


def test_every_key_of_a_settled_cancel_has_a_column() -> None:
    (cancel,) = [column for column in COLUMNS[What.SETTLEMENTS] if column.name == "cancel"]
    names = [part.name for part in cancel.parts]
    assert [name for name in names if name in SETTLED_CANCEL_KEYS] == list(SETTLED_CANCEL_KEYS)


@given(st.decimals(-(10**15), 10**15, places=2))
def test_an_amount_is_kept_to_its_last_digit(amount: Decimal) -> None:
    written = line(amount=amount, cancel=None)["amount"]
    assert Decimal(written) == amount
    assert "E" not in written


@pytest.mark.parametrize("amount", [Decimal("0.001"), Decimal("-1.005"), 10**16, Decimal("1e-6")])
@pytest.mark.parametrize("field", ["amount", "payOutAmount"])
def test_an_amount_that_does_not_fit_is_an_error_and_never_rounded(field: str, amount: Any) -> None:
    with pytest.raises(Unstorable, match=f"{field} .* does not fit"):
        line(**{field: amount})


def test_an_amount_inside_a_nested_object_is_named_by_its_path() -> None:
    with pytest.raises(Unstorable, match=r"card\.amount"):
        line(card={"amount": Decimal("0.001")})


def test_a_moment_is_the_wall_clock_of_seoul_with_its_text() -> None:
    found = line(approvedAt="2025-04-24T23:30:00.5Z", cancel=None)
    assert (found["approvedAt"], found["approvedAtText"]) == (
        "2025-04-25 08:30:00.500000",
        "2025-04-24T23:30:00.5Z",
    )


def test_what_is_not_known_is_kept_exactly_and_in_one_order() -> None:
    found = line(zeta=Decimal("1.10"), alpha={"b": [1, None], "a": "ㄱ"}, card={"amount": 1, "newKey": False})
    assert found["extra"] == '{"alpha":{"a":"ㄱ","b":[1,null]},"card.newKey":false,"zeta":1.10}'
    assert line()["extra"] is None


def test_a_transactions_line_has_its_columns_in_order() -> None:
    row = transaction(Fields(transaction_row(), "row"))
    written = json.loads(line_of(What.TRANSACTIONS, row))
    assert set(written) == {column.name for column in COLUMNS[What.TRANSACTIONS]}
    assert (written["useEscrow"], written["absent"], written["amount"]) == (False, [], "150000")


def test_a_number_of_any_length_is_kept_aside_exactly() -> None:
    assert line(strange=2**70)["extra"] == f'{{"strange":{2**70}}}'
