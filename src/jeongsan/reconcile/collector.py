"""Holding the collector of reference cycles while millions of rows are made, of which none refers to
another."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """It would look through all rows again and again: half of the time of a big history."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
