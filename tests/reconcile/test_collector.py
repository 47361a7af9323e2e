"""The collector is held and let go."""

import gc

import pytest

from jeongsan.reconcile.collector import without_collector


def broken() -> None:
    with without_collector():
        assert not gc.isenabled()
        raise ValueError("inside")


def test_the_collector_is_off_inside_and_on_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="inside"):
        broken()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with without_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
