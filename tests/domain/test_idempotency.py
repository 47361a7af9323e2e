"""Idempotency: what makes two requests the same, for how long, and which answers stay."""

import pytest

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.idempotency import Record, identity, is_bound, is_live
from jeongsan.domain.instants import DAY_MS

SAME = {"key": "k-1", "key_hash": "aa", "method": "POST", "path": "/v1/payments/confirm"}


@pytest.mark.parametrize(
    "change", [{"key": "k-2"}, {"key_hash": "bb"}, {"method": "DELETE"}, {"path": "/v1/payments/x/cancel"}]
)
def test_key_api_key_method_and_address_all_belong_to_the_identity(change: dict[str, str]) -> None:
    assert identity(**SAME) == identity(**SAME)
    assert identity(**(SAME | change)) != identity(**SAME)


def test_parts_cannot_be_shifted_into_each_other() -> None:
    shifted = {"key": "1", "key_hash": "aa", "method": "POST", "path": "/v1/payments/confirmk-"}
    assert identity(**shifted) != identity(**SAME)


@pytest.mark.parametrize("key", ["", "k" * 301])
def test_a_key_of_no_or_too_many_characters_is_refused(key: str) -> None:
    with pytest.raises(Refusal) as refused:
        identity(**(SAME | {"key": key}))
    assert refused.value.code is Code.INVALID_IDEMPOTENCY_KEY


@pytest.mark.parametrize("key", ["k", "k" * 300, "키", " "])
def test_one_to_three_hundred_characters_are_a_key(key: str) -> None:
    assert identity(**(SAME | {"key": key})).startswith("idempotency:")


@pytest.mark.parametrize(
    ("status", "bound"),
    [
        (200, True), (400, True), (403, True), (404, True),
        (401, False), (409, False), (429, False), (500, False), (503, False),
    ],
)  # fmt: skip
def test_success_and_decided_refusals_stay_with_the_key(status: int, bound: bool) -> None:
    assert is_bound(status) is bound


def test_an_answer_is_replayed_for_fifteen_days_and_not_a_millisecond_more() -> None:
    record = Record(1, 200, "t", b"{}", recorded_at=1_000)
    assert is_live(record, 1_000)
    assert is_live(record, 1_000 + 15 * DAY_MS - 1)
    assert not is_live(record, 1_000 + 15 * DAY_MS)
