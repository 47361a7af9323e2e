"""Ids are found in whatever was pasted, and nothing else is taken for one."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.inquiry.pasted import ids_in
from support.help_thread import CUT, DATED, DATED_AS_PASTED, LIVE, LIVE_AS_PASTED, TESTED, TESTED_AS_PASTED

ORDER_IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_=-]{5,40}[A-Za-z0-9]", fullmatch=True).filter(
    lambda text: any(character.isdigit() for character in text) and "=" not in text
)


def test_the_threads_lists_are_read_as_they_were_pasted() -> None:
    assert ids_in(TESTED_AS_PASTED) == TESTED
    assert ids_in(LIVE_AS_PASTED) == LIVE
    assert LIVE[-1] == CUT


def test_of_the_threads_dated_list_no_date_is_an_id_and_its_cut_end_is_one() -> None:
    assert ids_in(DATED_AS_PASTED) == [*(one for one, _ in DATED), "ARI"]


def test_an_id_named_twice_is_asked_once() -> None:
    assert ids_in(f"{LIVE_AS_PASTED}\n{DATED_AS_PASTED}").count(LIVE[4]) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"orderId": "order-0001", "amount": 15000}', ["order-0001"]),
        (
            '"paymentKey": "kbsi_20250313133339UOZE2",\n"transactionKey": "txrd_a01jsnb7kckzdbyzg7jjy0har1r",'
            '\n"method": "카드", "approvedAt": "2025-03-13T13:35:03+09:00", "soldDate": "2025-04-25"',
            ["kbsi_20250313133339UOZE2", "txrd_a01jsnb7kckzdbyzg7jjy0har1r"],
        ),
        ("GET /v1/payments/orders/order-0001?x=1", ["order-0001"]),
        ("orderId=order-0001&status=DONE", ["order-0001"]),
        ("order-0001,order-0002;order-0003\torder-0004", [f"order-000{n}" for n in range(1, 5)]),
        ("주문order-0001은요?", ["order-0001"]),
        ("`order-0001`, (order-0002) “order-0003”", ["order-0001", "order-0002", "order-0003"]),
        ("_order_0001", ["_order_0001"]),
        ("b3JkZXIwMDAx==", ["b3JkZXIwMDAx=="]),
        ("20250313130000", ["20250313130000"]),
    ],
)
def test_an_id_is_found_in_json_addresses_log_lines_and_prose(text: str, found: list[str]) -> None:
    assert ids_in(text) == found


@pytest.mark.parametrize(
    "dated", ["ORD-2025-03-13-0001", "2025-03-13-0001", "ORD_2025-03-13", "shop1-2025-03-13T13:00"]
)
def test_a_date_inside_an_id_belongs_to_the_id(dated: str) -> None:
    assert ids_in(f"{dated.partition(':')[0]} 확인") == [dated.partition(":")[0]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-03-13",
        "2025-03-13 13:00:00.000",
        "2025-03-13T13:00:00+09:00",
        "2025-03-13T04:00:00Z, 13:00",
        "15,000원 3.2% D+6 11월 28일",
        "연어초밥OP2w ago 41 Replies",
        "order",
        "\x00\ud800",
    ],
)
def test_dates_times_amounts_and_words_are_no_ids(text: str) -> None:
    assert ids_in(text) == []


def test_a_word_is_a_cut_off_id_only_right_behind_an_id_that_begins_like_it() -> None:
    assert ids_in("order-0001 order-0002 ord") == ["order-0001", "order-0002", "ord"]
    assert ids_in("order-0001 2025-03-13 13:00 ord") == ["order-0001", "ord"]
    assert ids_in("the order order-0001") == ["order-0001"]
    assert ids_in("order-0001 AR") == ["order-0001"]
    assert ids_in("order-0001 or") == ["order-0001"]


@given(
    st.lists(ORDER_IDS, min_size=1, max_size=8, unique=True), st.sampled_from([" ", "\n", ", ", "\t", " · "])
)
def test_any_list_of_order_ids_is_read_whole(ids: list[str], between: str) -> None:
    assert ids_in(between.join(ids)) == ids


@given(st.text(max_size=200))
def test_any_text_can_be_pasted(text: str) -> None:
    assert all(one in text for one in ids_in(text))


def test_alone_on_its_line_an_id_needs_no_digit() -> None:
    assert ids_in('ARIA_twin_by_api\n  "lettersonly",\nabc\nsome order in prose\n"cancel": {\n') == [
        "ARIA_twin_by_api",
        "lettersonly",
    ]


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"order-{number:06} word" for number in range(55_000)),
        "order-0001 " + "order-1=" * 125_000,
        "9" * 1_000_000,
        "2025-03-13 " * 90_000,
    ],
    ids=["ids with words behind", "one long id", "digits", "dates"],
)
def test_a_megabyte_of_text_is_read_at_once(text: str) -> None:
    began = perf_counter()
    ids_in(text)
    assert perf_counter() - began < 2
