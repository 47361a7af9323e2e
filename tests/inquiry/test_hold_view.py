"""What a release did, in words."""

from datetime import date

import pytest

from jeongsan.inquiry.hold_view import move_view, released_words

DAY = date(2025, 3, 24)


@pytest.mark.parametrize(
    ("state", "moved", "day", "words"),
    [
        ("releasing", 0, None, "a day is being closed: the release goes on once it is"),
        ("released", 0, None, "no row had to move: paid-out dates stay"),
        ("released", 0, DAY, "adjustments are paid out on 2025-03-24"),
        ("released", 1_200, DAY, "1,200 rows are paid out on 2025-03-24"),
    ],
)
def test_a_release_says_what_moved_and_where_to(state: str, moved: int, day: date | None, words: str) -> None:
    assert released_words({"state": state} | move_view(moved, day), "en") == words
