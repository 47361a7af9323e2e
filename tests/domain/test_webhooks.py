"""Webhook rules: the documented retry schedule and which changes are told."""

from jeongsan.domain.instants import MINUTE_MS
from jeongsan.domain.payment_states import Status
from jeongsan.domain.webhooks import ANNOUNCED, next_attempt_at


def test_seven_repeats_follow_the_first_attempt_at_growing_distances() -> None:
    at, distances, attempts = 0, [], 1
    while (following := next_attempt_at(attempts, at)) is not None:
        distances.append((following - at) // MINUTE_MS)
        at, attempts = following, attempts + 1
    assert distances == [1, 4, 16, 64, 256, 1024, 4096]
    assert sum(distances) == 5461
    assert attempts == 8


def test_a_delivery_is_given_up_after_the_eighth_attempt_for_good() -> None:
    assert next_attempt_at(8, 0) is None
    assert next_attempt_at(9, 0) is None


def test_the_buyers_window_is_not_announced_but_every_outcome_is() -> None:
    told = [status for status in Status if status in ANNOUNCED]
    assert told == ["DONE", "CANCELED", "PARTIAL_CANCELED", "ABORTED", "EXPIRED"]
