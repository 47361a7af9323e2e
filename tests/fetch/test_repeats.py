"""A row stands in one slice: one that moved is followed, one that is in two is a problem."""

from datetime import datetime

from jeongsan.client.moments import KST
from jeongsan.fetch.slices import What
from support.fetching import Fetching, key_of, settlements_of
from support.recorded_gateway import RecordedGateway

SETTLEMENTS = (What.SETTLEMENTS,)
WHERE = "transactionKey, soldDate::VARCHAR"


def test_a_row_that_moves_to_an_open_day_is_followed_and_told(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    """Its old day was final, and would not be read again by itself."""
    fetching.now = datetime(2025, 4, 26, 12, tzinfo=KST)
    gateway.settlements = settlements_of("2025-04-24", 3, paidOutDate="2025-04-25")
    fetching.shop(whats=SETTLEMENTS)
    assert fetching.states(What.SETTLEMENTS)["2025-04-24"] == "final"
    gateway.settlements[1]["soldDate"] = "2025-04-26"
    found = fetching.shop(whats=SETTLEMENTS)
    (note,) = [one for one in found["notes"] if one["code"] == "MOVED"]
    assert (note["from"], note["to"], note["rows"], note["transactionKey"]) == (
        "2025-04-24", "2025-04-26", 1, key_of(1),
    )  # fmt: skip
    assert fetching.rows(What.SETTLEMENTS, WHERE) == [
        (key_of(0), "2025-04-24"), (key_of(1), "2025-04-26"), (key_of(2), "2025-04-24"),
    ]  # fmt: skip
    assert fetching.record(What.SETTLEMENTS, "2025-04-24")["rows"] == 2


def test_a_row_that_is_in_two_days_at_once_is_kept_in_the_first_and_a_problem_of_the_other(
    gateway: RecordedGateway, fetching: Fetching
) -> None:
    gateway.settlements = settlements_of("2025-04-24", 2) + settlements_of("2025-04-26", 2, first=1)
    contents = []
    for _ in range(2):
        found = fetching.shop(whats=SETTLEMENTS, whole=False)
        assert [(one["day"], one["code"], one["keptIn"]) for one in found["problems"]] == [
            ("2025-04-26", "REPEATED_ELSEWHERE", "2025-04-24")
        ]
        assert fetching.rows(What.SETTLEMENTS, WHERE) == [
            (key_of(0), "2025-04-24"), (key_of(1), "2025-04-24"), (key_of(2), "2025-04-26"),
        ]  # fmt: skip
        assert fetching.record(What.SETTLEMENTS, "2025-04-26")["state"] == "open"
        contents.append(fetching.contents())
    assert contents[0] == contents[1]


def test_a_key_may_stand_in_both_lists(gateway: RecordedGateway, fetching: Fetching) -> None:
    """A transaction and its settlement row share it."""
    gateway.settlements = settlements_of("2025-04-24", 2)
    assert fetching.shop()["problems"] == []
