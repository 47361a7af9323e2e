"""Identifiers: the recorded formats, times that can be read back, and suffixes that never meet."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain import ids
from jeongsan.domain.instants import parse_instant

INSTANTS = st.integers(0, 2**48 - 1)
COUNTERS = st.integers(0, 10 * ids.SUFFIX_SPACE)


@pytest.mark.parametrize(
    ("key", "moment"),
    [
        ("txrd_a01jsnb7kckzdbyzg7jjy0har1r", "2025-04-25T11:08:10.643+09:00"),
        ("txrd_a01jkks4kdkvhqr2kge21gqawf8", "2025-02-09T06:58:32.627+09:00"),
    ],
)
def test_recorded_transaction_keys_tell_their_moment(key: str, moment: str) -> None:
    assert ids.ulid_instant(key.removeprefix("txrd_a")) == parse_instant(moment)


@given(INSTANTS, st.integers(0, 2**80 - 1))
def test_a_transaction_key_has_the_recorded_format_and_gives_its_moment_back(at: int, entropy: int) -> None:
    key = ids.transaction_key(at, entropy)
    assert re.fullmatch(r"txrd_a[0-7][0-9a-hjkmnp-tv-z]{25}", key)
    assert ids.ulid_instant(key.removeprefix("txrd_a")) == at
    assert ids.ulid_instant(key.removeprefix("txrd_a").upper()) == at


@given(st.tuples(INSTANTS, st.integers(0, 2**80 - 1)), st.tuples(INSTANTS, st.integers(0, 2**80 - 1)))
def test_transaction_keys_sort_by_time_then_entropy(left: tuple[int, int], right: tuple[int, int]) -> None:
    assert (ids.transaction_key(*left) < ids.transaction_key(*right)) == (left < right)


def test_entropy_beyond_eighty_bits_does_not_reach_the_time() -> None:
    assert ids.ulid_instant(ids.ulid(1_741_838_400_000, 2**200 - 1)) == 1_741_838_400_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01jsnb7kckzdbyzg7jjy0har1",
        "01jsnb7kckzdbyzg7jjy0har1rr",
        "01jsnb7kckzdbyzg7jjy0har1u",
        "01jsnb7kckzdbyzg7jjy0har1-",
        "81jsnb7kckzdbyzg7jjy0har1r",
        "zzzzzzzzzzzzzzzzzzzzzzzzzz",
    ],
)
def test_what_is_no_ulid_has_no_moment(text: str) -> None:
    with pytest.raises(ValueError):
        ids.ulid_instant(text)


def test_a_transmission_id_is_the_same_for_every_attempt_and_another_for_every_receiver() -> None:
    at = parse_instant("2024-09-05T12:19:21+09:00")
    first = ids.transmission_id(at, event_id=7, endpoint_id=1)
    assert re.fullmatch(r"whtrans_a[0-9a-z]{26}", first)
    assert first == ids.transmission_id(at, event_id=7, endpoint_id=1)
    assert ids.ulid_instant(first.removeprefix("whtrans_a")) == at
    others = {ids.transmission_id(at, event_id=e, endpoint_id=n) for e in (1, 7, 71, 11) for n in (1, 7, 71)}
    assert len(others) == 12


def test_a_payment_key_is_the_shop_the_second_and_a_suffix() -> None:
    """As `tgen_20250626194853NtWm4`: 24 characters."""
    at = parse_instant("2025-06-26T19:48:53.999+09:00")
    key = ids.payment_key("tgen_docs", at, ids.permuted_suffix(1))
    assert re.fullmatch(r"tgen_20250626194853[A-Za-z0-9]{5}", key)
    assert len(key) == 24
    assert ids.payment_key("TP01012100", at, 0).startswith("TP01020250626194853")


@given(st.integers(0, ids.SUFFIX_SPACE - 1), st.integers(0, ids.SUFFIX_SPACE - 1))
def test_different_suffixes_give_different_payment_keys(left: int, right: int) -> None:
    keys = ids.payment_key("tjeongsan", 0, left), ids.payment_key("tjeongsan", 0, right)
    assert (keys[0] == keys[1]) == (left == right)


def test_two_hundred_thousand_payments_of_one_second_have_different_suffixes() -> None:
    for start in (0, 65_536, 10**12):
        assert len({ids.permuted_suffix(start + n) for n in range(200_000)}) == 200_000


def test_the_suffix_permutation_is_a_bijection() -> None:
    """counter → counter·a + c is one modulo m exactly when a and m have no common divisor; a is the step."""
    step = (ids.permuted_suffix(1) - ids.permuted_suffix(0)) % ids.SUFFIX_SPACE
    assert ids.SUFFIX_SPACE == 2**5 * 31**5
    assert math.gcd(step, ids.SUFFIX_SPACE) == 1


@given(COUNTERS)
def test_every_suffix_leads_back_to_its_counter(counter: int) -> None:
    shift = ids.permuted_suffix(0)
    step = (ids.permuted_suffix(1) - shift) % ids.SUFFIX_SPACE
    suffix = ids.permuted_suffix(counter)
    assert 0 <= suffix < ids.SUFFIX_SPACE
    back = (suffix - shift) * pow(step, -1, ids.SUFFIX_SPACE) % ids.SUFFIX_SPACE
    assert back == counter % ids.SUFFIX_SPACE


@given(st.integers(0, 2**ids.SECRET_ENTROPY_BITS - 1))
def test_a_secret_has_the_recorded_length_and_alphabet(entropy: int) -> None:
    assert re.fullmatch(r"ps_[A-Za-z0-9]{28}", ids.payment_secret(entropy))


@given(st.integers(0, 2**64))
def test_an_approval_number_has_eight_digits(entropy: int) -> None:
    assert re.fullmatch(r"[0-9]{8}", ids.approval_number(entropy))
