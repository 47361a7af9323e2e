"""Whatever parity may have to say, it has words for in both languages."""

from datetime import date

import pytest

from jeongsan.inquiry.differences import What
from jeongsan.inquiry.parity import Part, Source
from jeongsan.inquiry.parity_reasons import Reason
from jeongsan.inquiry.parity_sources import Missing, Why
from jeongsan.inquiry.parity_words import part_word, reason_word, source_word, what_word, why_word


@pytest.mark.parametrize(
    ("word", "members"),
    [
        (part_word, [*Part]),
        (source_word, [*Source]),
        (what_word, [*What]),
        (reason_word, [*Reason, None]),
        (why_word, [Missing(Part.ANSWER, why) for why in Why]),
    ],
)
def test_everything_has_a_word_of_its_own_in_korean_and_in_english(
    word: object, members: list[object]
) -> None:
    assert callable(word)
    for language in ("ko", "en"):
        words = [word(member, language) for member in members]
        assert len(set(words)) == len(members)
        assert all(
            any("가" <= character <= "힣" for character in text) is (language == "ko") for text in words
        )


def test_a_part_that_is_still_to_come_says_when() -> None:
    missing = Missing(Part.SETTLEMENT_ROW, Why.NOT_CLOSED, date(2025, 4, 26))
    assert why_word(missing, "ko") == "아직 없음: 2025-04-26부터 조회됨"
    assert why_word(missing, "en") == "not there yet: readable from 2025-04-26 on"
