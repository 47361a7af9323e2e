"""The made-up merchant's contracts: documents that a gateway takes, and settles by as the rows were made."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.bench.reconcile_faults.contract_documents import contract_documents
from jeongsan.bench.reconcile_faults.contract_terms import SHOPS, Banks, Tariff, due, tariffs
from jeongsan.domain.methods import CardKind, Method, Traits
from jeongsan.inquiry.priced import Sale, price
from jeongsan.wire.contract_document import contract_from_text

CALENDAR = korean_calendar({})
SHOP = {one.shop: one for one in SHOPS}
# A made-up sale is priced in won; the shop that sells for dollars has the same rates for cents.
CONTRACTS = {shop: contract_from_text(document) for shop, document in contract_documents().items()}


@pytest.mark.parametrize("tariff", tariffs(), ids=lambda one: f"{one.shop}-{one.method}-{one.card_kind}")
@given(
    amount=st.integers(1, 5_000_000),
    canceled=st.integers(0, 100),
    day=st.dates(date(2025, 4, 14), date(2026, 5, 18)),
)
def test_the_gateway_charges_and_pays_out_what_rows_are_made_by(
    tariff: Tariff, amount: int, canceled: int, day: date
) -> None:
    method = Method(tariff.method)
    kind = None if tariff.card_kind is None else CardKind(tariff.card_kind)
    cancel = amount * canceled // 100
    sale = Sale(amount=amount, day=day, method=method, card_kind=kind, traits=Traits(), cancel=cancel)
    told = price(CONTRACTS[tariff.shop], sale, CALENDAR)
    assert told.approval.fee == tariff.fee(amount)
    row = told.approval.expected
    assert row is not None
    assert (row.sold_date, row.paid_out_date) == due(SHOP[tariff.shop], tariff.method, day, Banks())
    if told.cancel is not None:
        back = tariff.fee(amount - cancel) - tariff.fee(amount)
        assert told.cancel.fee == (0 if tariff.cancel == "KEPT" else back)
