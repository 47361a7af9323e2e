"""A layout is a small TOML document; what is wrong with one is named."""

import pytest

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.layout import Cancels, InvalidLayout, fit, layout_from_text, plain_header

OWN = """
side = "orders"
needed = ["day"]
[columns]
order_id = "주문 번호"
amount = ["결제금액", "Amount (KRW)"]
day = ["일자"]
shop = { join = ["지점", "코너"] }
[constants]
kind = "APPROVAL"
[words.method]
"무통장" = "VIRTUAL_ACCOUNT"
[format]
cancels = "positive"
times = ["%d/%m/%Y"]
empty = ["-"]
sheet = "매출"
[skip.footer]
column = "일자"
words = ["끝"]
"""


def test_a_layout_is_what_its_document_says() -> None:
    layout = layout_from_text(OWN, "own")
    assert (layout.name, layout.side, layout.cancels) == ("own", Side.ORDERS, Cancels.POSITIVE)
    assert layout.columns["order_id"] == ("주문번호",)
    assert layout.columns["amount"] == ("결제금액", "amount")
    assert layout.joined == {"shop"}
    assert layout.constants == {"currency": "KRW", "kind": "APPROVAL"}
    assert (layout.times, layout.empty, layout.sheet) == (("%d/%m/%Y",), ("-",), "매출")
    assert [(rule.name, rule.headers, rule.words) for rule in layout.skip] == [("footer", {"일자"}, ("끝",))]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('side = "orders"', 'side = "sales"'), "side: one of orders, transactions, settlements, bank"),
        (('side = "orders"', "side ="), "no TOML"),
        (("[skip.footer]", "[skip.footer]\nmore = 1"), "skip.footer.more"),
        (('column = "일자"', ""), "skip.footer: a column and words"),
        (('words = ["끝"]', "words = []"), "skip.footer: a column and words"),
        (('day = ["일자"]', "day = []"), "columns.day: at least one header"),
        (('day = ["일자"]', "day = [5]"), "columns.day: a text"),
        (('day = ["일자"]', 'day = { join = ["일자"] }'), "columns.day: only text is joined"),
        (('day = ["일자"]', 'fee = ["수수료"]'), "columns.fee: none of"),
        (('needed = ["day"]', 'needed = ["vat"]'), "needed: vat has no headers"),
        (('needed = ["day"]', 'columnns = ["day"]'), "columnns: none of"),
        (('"positive"', '"both"'), "format.cancels: one of negative, positive, either"),
        (('"%d/%m/%Y"', '"%d/%m/%Y %Z"'), "format.times"),
        (('"%d/%m/%Y"', '"%d/%m"'), "format.times"),
        (('kind = "APPROVAL"', "amount = 5"), "constants.amount"),
        (('kind = "APPROVAL"', 'kind = "SALE"'), "constants.kind: SALE"),
        (("[words.method]", "[words.kind]"), "words.kind: VIRTUAL_ACCOUNT is none of"),
        (("[words.method]", "[words.order_id]"), "words.order_id"),
    ],
)
def test_what_is_wrong_with_a_layout_is_named(change: tuple[str, str], says: str) -> None:
    assert change[0] in OWN
    with pytest.raises(InvalidLayout, match=says.replace(".", r"\.")):
        layout_from_text(OWN.replace(*change), "own")


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        ("주문번호", "주문번호"), (" 주문 번호 ", "주문번호"), ("order_id", "orderid"), ("Order-ID", "orderid"),
        ('"금액(원)"', "금액"), ("금액(￦)", "금액"), ("금액(천원)", "금액(천원)"), ("\ufeff주문번호", "주문번호"),
        # As a Mac writes it, letter by letter.
        ("\u110c\u116e\u1106\u116e\u11ab\u1107\u1165\u11ab\u1112\u1169", "주문번호"), ("ａｍｏｕｎｔ", "amount"),
    ],
)  # fmt: skip
def test_headers_are_compared_without_their_looks(header: str, plain: str) -> None:
    assert plain_header(header) == plain


def test_a_fit_tells_what_is_missing_and_what_is_twice() -> None:
    layout = layout_from_text(OWN, "own")
    whole = fit(layout, ["코너", "일자", "결제금액", "주문번호", "지점", "모르는 것"])
    assert whole.is_whole
    assert whole.fields == {"day": (1,), "amount": (2,), "order_id": (3,), "shop": (4, 0)}
    assert whole.skips == ((1,),)
    assert fit(layout, ["일자", "결제금액"]).missing == (("order_id", "payment_key", "transaction_key"),)
    assert fit(layout, ["결제금액", "Amount", "주문번호", "일자"]).twice == (("amount", "결제금액, amount"),)


def test_entries_of_fees_have_columns_of_their_own() -> None:
    layout = layout_from_text('side = "settlements"\n[columns]\namount = "amount"\nfees = "fees"', "fees")
    assert fit(
        layout, ["fees[1].fee", "fees.0.type", "fees.0.fee", "fees[1].type", "fees.2.type"]
    ).entries == (
        (1, 2),
        (3, 0),
    )
