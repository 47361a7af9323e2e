"""Enumerated values in Korean, and in English for `Accept-Language: en-US`; amounts as people write them."""

from decimal import Decimal

_ENGLISH = {
    "카드": "CARD",
    "신용": "CREDIT",
    "체크": "CHECK",
    "기프트": "GIFT",
    "개인": "PERSONAL",
    "법인": "CORPORATE",
    "미확인": "UNKNOWN",
}


def in_language(word: str, language: str) -> str:
    """The English value for "en" where there is one; otherwise the word itself."""
    return _ENGLISH.get(word, word) if language == "en" else word


def money_words(number: int | Decimal, currency: str, language: str) -> str:
    """Whole units as `15,000원`; with the currency's code where it is not won, or for "en": `15,000 KRW`."""
    return f"{number:,}원" if currency == "KRW" and language != "en" else f"{number:,} {currency}"


def language_of(accept_language: str) -> str:
    """ "en" when the header asks for English first, else "ko"."""
    return "en" if accept_language.strip().lower().startswith("en") else "ko"
