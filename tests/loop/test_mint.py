"""The mint: ids from blocks, and keys that a seed repeats but a restart does not."""

import re

import pytest

from jeongsan.domain.ids import ulid_instant
from jeongsan.loop.mint import Mint
from jeongsan.store.batch import ID_BLOCK_SIZE

NOW = 1_741_838_400_000


def _keys(mint: Mint, count: int = 20) -> list[str]:
    return [mint.transaction_key(NOW) for _ in range(count)]


def test_row_ids_are_consecutive_within_a_block_and_end_with_it() -> None:
    mint = Mint(None)
    mint.refill(65_536)
    assert [mint.row_id() for _ in range(ID_BLOCK_SIZE)] == list(range(65_536, 65_536 + ID_BLOCK_SIZE))
    with pytest.raises(RuntimeError):
        mint.row_id()


def test_a_mint_knows_how_many_ids_are_left() -> None:
    mint = Mint(None)
    assert not mint.has(1)
    mint.refill(0)
    assert mint.has(ID_BLOCK_SIZE)
    mint.row_id()
    assert not mint.has(ID_BLOCK_SIZE)
    assert mint.has(ID_BLOCK_SIZE - 1)


def test_a_block_of_a_rolled_back_batch_is_given_up() -> None:
    mint = Mint(None)
    mint.refill(0)
    mint.forget_block()
    assert not mint.has(1)
    with pytest.raises(RuntimeError):
        mint.row_id()


def test_the_same_seed_and_block_mint_the_same_keys() -> None:
    first, second = Mint(7), Mint(7)
    for mint in (first, second):
        mint.refill(65_536)
    assert _keys(first) == _keys(second)
    assert (first.payment_secret(), first.request_id()) == (second.payment_secret(), second.request_id())


def test_another_block_or_another_seed_mints_other_keys() -> None:
    """A restart takes a new block, so a seeded gateway never repeats a key."""
    seen: set[str] = set()
    for seed, block in ((7, 0), (7, 65_536), (8, 0), (None, 0)):
        mint = Mint(seed)
        mint.refill(block)
        seen.update(_keys(mint))
    assert len(seen) == 4 * 20


def test_keys_of_one_frozen_moment_differ_and_carry_it() -> None:
    mint = Mint(None)
    keys = _keys(mint, 5_000)
    assert len(set(keys)) == 5_000
    assert {ulid_instant(key.removeprefix("txrd_a")) for key in keys} == {NOW}


def test_a_request_id_is_32_lower_hexadecimal_digits() -> None:
    mint = Mint(7)
    mint.refill(0)
    assert all(re.fullmatch("[0-9a-f]{32}", mint.request_id()) for _ in range(100))
