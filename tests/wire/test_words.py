"""Words of the wire in two languages."""

import pytest

from jeongsan.wire.words import in_language, language_of


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("카드", "CARD"), ("신용", "CREDIT"), ("체크", "CHECK"), ("기프트", "GIFT"),
        ("개인", "PERSONAL"), ("법인", "CORPORATE"),
    ],
)  # fmt: skip
def test_enumerated_values_have_their_documented_english_word(korean: str, english: str) -> None:
    assert in_language(korean, "en") == english
    assert in_language(korean, "ko") == korean


def test_what_has_no_english_word_stays_as_it_is() -> None:
    assert in_language("READY", "en") == "READY"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en-US", "en"), ("en", "en"), (" EN-us,ko;q=0.5", "en"), ("ko-KR", "ko"), ("ko,en-US", "ko"),
        ("", "ko"), ("*", "ko"), ("fr", "ko"),
    ],
)  # fmt: skip
def test_english_is_for_those_who_ask_for_it_first(header: str, language: str) -> None:
    assert language_of(header) == language
