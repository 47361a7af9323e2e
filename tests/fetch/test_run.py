"""Whole runs against a gateway in recorded shapes: what is read, kept, told, and what survives trouble."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jeongsan.client.moments import KST
from jeongsan.client.reader import BUSY_RETRIES, CONNECTION_RETRIES
from jeongsan.fetch.collect import READINGS_MAX
from jeongsan.fetch.shop_run import SILENT_SLICES_MAX, Shop
from jeongsan.fetch.slices import What
from support.fetching import Fetching, key_of, once, settlements_of, transactions_of
from support.recorded_gateway import (
    KEY,
    RecordedGateway,
    encoded,
    error,
    open_recorded_gateway,
    settlement_row,
    transaction_row,
)

pytestmark = pytest.mark.slow

TRANSACTIONS, SETTLEMENTS = (What.TRANSACTIONS,), (What.SETTLEMENTS,)
DAY = "2025-04-25"
ONE_DAY = (date(2025, 4, 25), date(2025, 4, 25))
# The end of a week and of a month, so that nothing of it stands under a later sold date.
SUNDAY, LAST = "2024-03-31", date(2024, 3, 31)
# Half of a character, which JSON can say and no text can hold.
SURROGATE = encoded([settlement_row(soldDate="2025-04-24", orderId="half")]).replace(b"half", rb"\ud800")
NO_CLOCK = error(404, "NOT_FOUND_HTTP_METHOD")


def codes(found: Any) -> list[tuple[str | None, str | None, str]]:
    """(list, day, code) of a shop's problems."""
    return [(one["what"], one["day"], one["code"]) for one in found["problems"]]


def noted(found: Any) -> list[tuple[str | None, str]]:
    """(day, code) of a shop's notes."""
    return [(one["day"], one["code"]) for one in found["notes"]]


def pages_of(gateway: RecordedGateway, day: str) -> list[str]:
    """The pages of settlement rows that were asked for."""
    return [query["page"] for query in gateway.asked("/v1/settlements") if query["startDate"] == day]


def test_each_day_is_a_file_and_the_manifest_counts_and_sums_it(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    gateway.transactions = transactions_of("2025-04-24", 2) + transactions_of(DAY, 1, first=2)
    gateway.transactions.append(
        transaction_row(
            transactionKey="usd", transactionAt=f"{DAY}T13:00:00+09:00", currency="USD", amount=5.25
        )
    )
    found = fetching.shop(whats=TRANSACTIONS)
    assert found["transactions"] == {
        "slices": 3, "read": 3, "open": 0, "rows": 4,
        "sums": {"KRW": {"amount": "3001.00"}, "USD": {"amount": "5.25"}},
    }  # fmt: skip
    record = fetching.record(What.TRANSACTIONS, DAY)
    assert (record["rows"], record["state"], record["remarks"]) == (2, "final", [])
    assert record["sums"] == {"KRW": {"amount": "1000.00"}, "USD": {"amount": "5.25"}}
    assert sorted(fetching.contents()) == [
        f"default/transactions/2025-04-{day}.parquet" for day in (24, 25, 26)
    ]
    assert fetching.rows(What.TRANSACTIONS, "amount::VARCHAR, transactionAt::VARCHAR")[0] == (
        "1000.00",
        "2025-04-24 12:00:00",
    )


def test_a_second_run_asks_for_nothing_that_is_final(gateway: RecordedGateway, fetching: Fetching) -> None:
    gateway.transactions, gateway.settlements = transactions_of(DAY, 2), settlements_of(DAY, 2)
    fetching.shop()
    before, gateway.requests[:] = fetching.contents(), []
    found = fetching.shop()
    assert (found["transactions"]["read"], found["settlements"]["read"]) == (0, 0)
    assert {path for _, path, _ in gateway.requests} == {"/jeongsan/v1/clock"}
    assert fetching.contents() == before


def test_refresh_reads_everything_again_and_tells_what_had_changed(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    gateway.transactions = transactions_of(DAY, 2)
    fetching.shop(whats=TRANSACTIONS)
    gateway.transactions.append(transaction_row(transactionKey="late", transactionAt=f"{DAY}T23:00:00+09:00"))
    assert fetching.shop(whats=TRANSACTIONS)["transactions"]["rows"] == 2
    found = fetching.shop(whats=TRANSACTIONS, refresh=True)
    assert (found["transactions"]["rows"], found["transactions"]["read"]) == (3, 3)
    assert noted(found) == [(DAY, "FINAL_CHANGED")]


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    page_rows=st.integers(2, 12),
    counts=st.tuples(st.integers(0, 25), st.integers(0, 25)),
    parallel=st.integers(1, 4),
    order=st.randoms(use_true_random=False),
)
def test_the_same_rows_are_the_same_bytes_whatever_the_page_size_the_order_and_the_threads(
    page_rows: int,
    counts: tuple[int, int],
    parallel: int,
    order: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Settlements come in any order; transactions are listed by time."""
    contents = []
    for capped, threads in ((None, 1), (page_rows, parallel)):
        with open_recorded_gateway() as gateway:
            gateway.transactions = transactions_of(SUNDAY, counts[0])
            gateway.settlements = settlements_of(SUNDAY, counts[1])
            if capped:
                order.shuffle(gateway.settlements)
            gateway.page_rows = capped
            fetching = Fetching(gateway.url, tmp_path_factory.mktemp("rows"))
            found = fetching.shop(parallel=threads, days=(LAST, LAST))
        assert (found["transactions"]["rows"], found["settlements"]["rows"]) == counts
        contents.append(fetching.contents())
    assert contents[0] == contents[1]


def test_the_last_moment_of_a_day_belongs_to_it_and_midnight_to_the_next(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    times = (
        "2025-04-24T23:59:59.999",
        "2025-04-25T00:00:00",
        "2025-04-25T23:59:59.987",
        "2025-04-26T00:00:00.001",
    )
    gateway.transactions = [
        transaction_row(transactionKey=key_of(number), transactionAt=f"{at}+09:00")
        for number, at in enumerate(times)
    ]
    fetching.shop(whats=TRANSACTIONS)
    days = {day: fetching.record(What.TRANSACTIONS, day)["rows"] for day in ("2025-04-24", DAY, "2025-04-26")}
    assert days == {"2025-04-24": 1, DAY: 2, "2025-04-26": 1}
    assert fetching.rows(What.TRANSACTIONS, "transactionAt::VARCHAR, transactionAtText")[2] == (
        "2025-04-25 23:59:59.987",
        "2025-04-25T23:59:59.987+09:00",
    )


def test_today_and_what_is_not_paid_out_stay_open_and_are_read_again(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    fetching.now = datetime(2025, 4, 26, 9, tzinfo=KST)
    gateway.transactions = transactions_of(DAY, 1) + transactions_of("2025-04-26", 1, first=1)
    gateway.settlements = settlements_of("2025-04-24", 1, paidOutDate="2025-05-08")
    fetching.shop()
    assert fetching.states(What.TRANSACTIONS) == {"2025-04-24": "final", DAY: "open", "2025-04-26": "open"}
    assert set(fetching.states(What.SETTLEMENTS).values()) == {"open"}
    # A late holiday moves the payout; the row is dated anew and then paid.
    gateway.settlements[0]["paidOutDate"] = "2025-05-09"
    fetching.now = datetime(2025, 5, 9, 12, tzinfo=KST)
    fetching.shop()
    assert fetching.rows(What.SETTLEMENTS, "paidOutDate") == [date(2025, 5, 9)]
    assert fetching.states(What.SETTLEMENTS)["2025-04-24"] == "open"
    fetching.now = datetime(2025, 5, 10, tzinfo=KST)
    fetching.shop()
    assert set(fetching.states(What.SETTLEMENTS).values()) == {"final"}


def test_days_to_come_have_no_transactions_but_sold_dates(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    """A weekly row is readable on Friday under the Sunday, a monthly one under the last of the month."""
    fetching.now = datetime(2025, 4, 25, 9, tzinfo=KST)
    gateway.settlements = settlements_of("2025-04-27", 1) + settlements_of("2025-04-30", 1, first=1)
    found = fetching.shop()
    assert list(fetching.states(What.TRANSACTIONS)) == ["2025-04-24", "2025-04-25"]
    assert list(fetching.states(What.SETTLEMENTS)) == [f"2025-04-{day}" for day in range(24, 31)]
    assert found["settlements"]["rows"] == 2


def test_a_list_that_moves_while_it_is_read_is_read_again(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    gateway.page_rows = 10
    gateway.settlements = settlements_of(DAY, 20, first=1)
    gateway.between = once(lambda: gateway.settlements.insert(0, *settlements_of(DAY, 1)))
    found = fetching.shop(whats=SETTLEMENTS, days=ONE_DAY)
    assert noted(found) == []
    assert fetching.rows(What.SETTLEMENTS) == [key_of(number) for number in range(21)]
    assert fetching.states(What.SETTLEMENTS)[DAY] == "final"
    assert pages_of(gateway, DAY) == ["1", "2", "3", "4"] * 2


def test_pages_in_no_fixed_order_are_not_taken_for_the_whole_list(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    """As of a database that sorts equal rows as it likes: what comes twice means that others never came."""
    gateway.page_rows = 10
    gateway.settlements = settlements_of(DAY, 20)

    def turn(_: str) -> None:
        gateway.settlements = gateway.settlements[-7:] + gateway.settlements[:-7]

    gateway.between = turn
    found = fetching.shop(whats=SETTLEMENTS, days=ONE_DAY, whole=False)
    assert codes(found) == [("settlements", DAY, "REPEATED")]
    assert pages_of(gateway, DAY) == ["1", "2", "3"] * READINGS_MAX
    kept = fetching.rows(What.SETTLEMENTS)
    assert (len(kept), len(set(kept)), found["problems"][0]["rows"]) == (13, 13, 7)
    assert fetching.states(What.SETTLEMENTS)[DAY] == "open"
    gateway.between = None
    fetching.shop(whats=SETTLEMENTS, days=ONE_DAY)
    assert fetching.rows(What.SETTLEMENTS) == [key_of(number) for number in range(20)]
    assert fetching.states(What.SETTLEMENTS)[DAY] == "final"


def test_a_transaction_of_today_that_comes_while_today_is_read_is_not_lost(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    fetching.now = datetime(2025, 4, 25, 13, tzinfo=KST)
    gateway.page_rows = 5
    gateway.transactions = transactions_of(DAY, 10)
    new = transaction_row(transactionKey="new", transactionAt=f"{DAY}T12:59:59+09:00")
    gateway.between = once(lambda: gateway.transactions.append(new))
    fetching.shop(whats=TRANSACTIONS, days=ONE_DAY)
    assert fetching.rows(What.TRANSACTIONS) == ["new", *(key_of(number) for number in range(10))]


def test_a_repeated_row_with_other_contents_is_a_problem_by_its_key(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    gateway.settlements = settlements_of(DAY, 2) + settlements_of(DAY, 1, fee=-1)
    found = fetching.shop(whats=SETTLEMENTS, days=ONE_DAY, whole=False)
    (problem,) = found["problems"]
    assert (problem["code"], problem["day"], problem["transactionKey"]) == ("CHANGED_REPEAT", DAY, key_of(0))
    assert "서로 다른" in problem["ko"]
    assert "different contents" in problem["en"]
    assert fetching.rows(What.SETTLEMENTS, "transactionKey, fee::VARCHAR") == [
        (key_of(0), "-1.00"), (key_of(1), "-5280.00"),
    ]  # fmt: skip
    record = fetching.record(What.SETTLEMENTS, DAY)
    assert (record["state"], record["rows"]) == ("open", 2)
    assert [one["code"] for one in record["remarks"]] == ["CHANGED_REPEAT"]


def test_a_row_of_another_day_is_not_kept_under_this_one(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    stray = transactions_of("2025-04-26", 1)
    gateway.replies = [NO_CLOCK, (200, encoded(stray)), (200, b"[]")]
    found = fetching.shop(whats=TRANSACTIONS, days=ONE_DAY, whole=False)
    assert codes(found) == [("transactions", DAY, "OTHER_DAY")]
    assert found["problems"][0]["ownDay"] == "2025-04-26"
    assert fetching.rows(What.TRANSACTIONS) == []
    assert fetching.states(What.TRANSACTIONS)[DAY] == "open"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ((200, b'[{"transactionKey": "a"'), "UNREADABLE_ANSWER"),
        ((200, encoded([settlement_row(soldDate="20250425")])), "UNREADABLE_ANSWER"),
        (error(400, "INVALID_REQUEST"), "ANSWERED"),
        ((200, encoded([settlement_row(soldDate="2025-04-24", fee=1.005)])), "NOT_STORABLE"),
        ((200, SURROGATE), "NOT_STORABLE"),
    ],
    ids=["truncated", "wrong field", "refused", "too fine", "no text"],
)
def test_a_slice_that_cannot_be_read_is_named_and_the_rest_goes_on(
    gateway: RecordedGateway, fetching: Fetching, reply: tuple[int, bytes], code: str
) -> None:
    gateway.settlements = settlements_of(DAY, 1)
    gateway.replies = [NO_CLOCK, reply]
    found = fetching.shop(whats=SETTLEMENTS, whole=False)
    assert codes(found) == [("settlements", "2025-04-24", code)]
    assert fetching.record(What.SETTLEMENTS, "2025-04-24")["state"] == "open"
    assert fetching.rows(What.SETTLEMENTS) == [key_of(0)]
    assert not fetching.file(What.SETTLEMENTS, "2025-04-24").exists()
    fetching.shop(whats=SETTLEMENTS)
    assert fetching.states(What.SETTLEMENTS)["2025-04-24"] == "final"


def test_rows_that_are_late_for_a_day_are_found_by_the_run_of_the_next_day(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    """The day is over, and its first reading too early."""
    fetching.now = datetime(2025, 4, 26, 0, 30, tzinfo=KST)
    gateway.transactions = transactions_of(DAY, 2)
    fetching.shop(days=ONE_DAY)
    late = transaction_row(transactionKey="late", transactionAt=f"{DAY}T23:59:59+09:00")
    gateway.transactions.append(late)
    gateway.settlements = settlements_of(DAY, 2, paidOutDate="2025-04-29")
    fetching.now = datetime(2025, 4, 27, 0, 30, tzinfo=KST)
    found = fetching.shop(days=ONE_DAY)
    assert fetching.rows(What.TRANSACTIONS) == ["late", key_of(0), key_of(1)]
    assert fetching.rows(What.SETTLEMENTS) == [key_of(0), key_of(1)]
    assert fetching.states(What.TRANSACTIONS) == {DAY: "final"}
    assert found["notes"] == []
    # Of a settlement that is not paid out yet, another row may still come.
    gateway.settlements += settlements_of(DAY, 1, first=2, paidOutDate="2025-04-29")
    fetching.now = datetime(2025, 4, 30, 0, 30, tzinfo=KST)
    fetching.shop(days=ONE_DAY)
    assert fetching.rows(What.SETTLEMENTS) == [key_of(0), key_of(1), key_of(2)]
    assert fetching.states(What.SETTLEMENTS)[DAY] == "final"


@pytest.mark.parametrize("reply", [error(503, "BUSY"), error(500, "FAULT"), error(429, "TOO_MANY_REQUESTS")])
def test_a_gateway_that_cannot_answer_is_not_waited_for_on_every_day(
    gateway: RecordedGateway, fetching: Fetching, reply: tuple[int, bytes]
) -> None:
    """A year of days with a minute of waiting each would be six hours."""
    days = (date(2025, 3, 1), date(2025, 3, 30))
    gateway.replies = [NO_CLOCK, *[reply] * 1_000]
    found = fetching.shop(whats=TRANSACTIONS, days=days, whole=False)
    assert [code for _, _, code in codes(found)] == ["ANSWERED"] * SILENT_SLICES_MAX + ["NOT_ASKED"]
    assert found["problems"][-1]["slices"] == 30 - SILENT_SLICES_MAX
    gateway.replies = []
    assert fetching.shop(whats=TRANSACTIONS, days=days)["transactions"]["open"] == 0


def test_rows_that_were_read_before_survive_a_later_failure(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    gateway.transactions = transactions_of(DAY, 3)
    fetching.shop(whats=TRANSACTIONS, days=ONE_DAY)
    before = fetching.contents()
    gateway.replies = [NO_CLOCK, (200, b"<html>")]
    fetching.shop(whats=TRANSACTIONS, days=ONE_DAY, refresh=True, whole=False)
    record = fetching.record(What.TRANSACTIONS, DAY)
    assert (record["state"], record["rows"]) == ("open", 3)
    assert fetching.contents() == before


def test_a_busy_gateway_is_waited_for_and_counted(gateway: RecordedGateway, fetching: Fetching) -> None:
    gateway.transactions = transactions_of(DAY, 2)
    gateway.replies = [NO_CLOCK, *[error(429, "TOO_MANY_REQUESTS")] * BUSY_RETRIES]
    found = fetching.shop(whats=TRANSACTIONS)
    assert (found["requests"]["busy"], sum(fetching.waits)) == (BUSY_RETRIES, 63.0)
    assert found["transactions"]["rows"] == 2


def test_nobody_is_asked_on_and_on_when_nobody_is_there(gateway: RecordedGateway, fetching: Fetching) -> None:
    with open_recorded_gateway() as gone:
        fetching.address = gone.url
        fetching.shop(days=ONE_DAY)
    found = fetching.shop(whole=False)
    assert codes(found) == [(None, None, "UNREACHABLE")]
    assert len(fetching.waits) == CONNECTION_RETRIES


def test_a_gateway_that_goes_away_in_the_middle_fails_some_slices_and_the_rest_is_not_asked(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    days = (date(2025, 4, 1), date(2025, 4, 20))

    def break_down(_: str) -> None:
        gateway.broken = True

    gateway.between = break_down
    gateway.replies = [NO_CLOCK]
    found = fetching.shop(whats=TRANSACTIONS, days=days, whole=False)
    assert [code for _, _, code in codes(found)] == ["UNREACHABLE"] * SILENT_SLICES_MAX + ["NOT_ASKED"]
    assert found["problems"][-1]["slices"] == 20 - 1 - SILENT_SLICES_MAX
    gateway.broken = False
    gateway.between = None
    assert fetching.shop(whats=TRANSACTIONS, days=days)["transactions"]["open"] == 0


def test_a_wrong_key_of_one_shop_does_not_stop_the_others(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    gateway.known_keys = (KEY,)
    gateway.transactions = transactions_of(DAY, 2)
    wrong = "live_sk_nobody_knows_this_one_9"
    shops = (Shop("mall", wrong), Shop("cafe", KEY))
    for parallel in (1, 4):
        first, second = fetching(shops=shops, parallel=parallel, refresh=True)["shops"]
        assert {code for _, _, code in codes(first)} == {"UNAUTHORIZED", "NOT_ASKED"}
        assert (second["whole"], second["transactions"]["rows"]) == (True, 2)
    assert fetching.rows(What.TRANSACTIONS, shop="cafe") == [key_of(0), key_of(1)]
    # Not once per day: a key that is refused is refused.
    assert gateway.keys.count(f"{wrong}:") <= 1 + 2 + 1 + 4


def test_nothing_of_a_slice_is_left_behind_but_its_file(gateway: RecordedGateway, fetching: Fetching) -> None:
    gateway.page_rows = 10
    gateway.transactions = transactions_of(DAY, 100)
    fetching.shop(whats=TRANSACTIONS, days=ONE_DAY)
    names = {path.name for path in (fetching.into / "default").rglob("*") if path.is_file()}
    assert names == {".lock", "manifest.json", f"{DAY}.parquet"}


def test_what_is_read_is_told_with_how_much_is_left(gateway: RecordedGateway, fetching: Fetching) -> None:
    """Also in the middle of a day with very many rows."""
    gateway.transactions = transactions_of(DAY, 5_100)
    fetching.shop(whats=TRANSACTIONS)
    assert fetching.told[1:3] == [
        f"default · transactions {DAY} · 5,000 …",
        f"default · transactions {DAY} · 5,100 · 2 / 3",
    ]


def test_a_disk_that_cannot_be_written_is_told_and_the_rest_goes_on(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    fetching.shop(whats=TRANSACTIONS, days=ONE_DAY)
    blocked = fetching.file(What.TRANSACTIONS, "2025-04-24")
    blocked.mkdir()
    (blocked / "file").touch()
    found = fetching.shop(whats=TRANSACTIONS, whole=False)
    assert codes(found) == [("transactions", "2025-04-24", "NOT_WRITTEN")]
    assert fetching.states(What.TRANSACTIONS)["2025-04-26"] == "final"


def test_old_rows_without_fees_are_kept_with_what_they_lack(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    old = settlement_row(
        transactionKey="B7103F204998813B889C77C043D09502", card={"company": "현대", "receiptUrl": "x"}
    )
    del old["fees"]
    gateway.settlements = [old]
    fetching.shop(whats=SETTLEMENTS)
    assert fetching.rows(What.SETTLEMENTS, "fees, absent, card.company, fee::VARCHAR") == [
        (None, ["fees"], "현대", "-5280.00")
    ]


def test_nothing_but_gets_are_sent(gateway: RecordedGateway, fetching: Fetching) -> None:
    fetching.shop()
    assert {method for method, _, _ in gateway.requests} == {"GET"}
    assert {path for _, path, _ in gateway.requests} == {
        "/jeongsan/v1/clock", "/v1/transactions", "/v1/settlements",
    }  # fmt: skip
