"""Ids in pasted text: an engineer's chat message, a list from a spreadsheet, a JSON body."""

import re
from bisect import bisect_left
from collections.abc import Sequence

# Order ids have 6 characters at least; payment and transaction keys have more.
_ID_LENGTH_MIN = 6
_CUT_LENGTH_MIN = 3
_DIGITS_ONLY_MIN = 10
# An id may have a date inside, so a date counts as one only where it stands alone.
_TIMES = re.compile(
    r"(?<![A-Za-z0-9_=-])(?:"
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
    r")(?![A-Za-z0-9_=-])",
    re.ASCII,
)
# `orderId=…` in a log line or a query: a name of letters alone is not part of the id behind it.
_FIELD = re.compile(r"(?<![A-Za-z0-9_=-])[A-Za-z_]+=(?=[A-Za-z0-9_])", re.ASCII)
_AROUND = " \t,;'\"`"
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_=-]*", re.ASCII)


def ids_in(text: str) -> list[str]:
    """What looks like an id in the text, each once, in order.

    An id has a digit; of digits alone only long ones count, and dates and times never. Alone on its line a
    word needs no digit. A short word right behind an id is taken too when an id of the text begins like it:
    somebody's list was cut off there."""
    plain = _FIELD.sub(" ", _TIMES.sub(" ", text))
    words = _WORD.findall(plain)
    ids = {word for word in words if _is_id(word)} | _alone(plain)
    in_order = sorted(ids)
    previous = [None, *words]
    found = [
        word
        for word, before in zip(words, previous, strict=False)
        if word in ids or (before in ids and _is_cut(word, in_order))
    ]
    return list(dict.fromkeys(found))


def _alone(text: str) -> set[str]:
    """The words of a pasted column: nothing else stands on their line."""
    lines = (line.strip(_AROUND) for line in text.splitlines())
    return {line for line in lines if len(line) >= _ID_LENGTH_MIN and _WORD.fullmatch(line)}


def _is_id(word: str) -> bool:
    if len(word) < _ID_LENGTH_MIN or not any(character.isdigit() for character in word):
        return False
    return len(word) >= _DIGITS_ONLY_MIN or any(character.isalpha() for character in word)


def _is_cut(word: str, in_order: Sequence[str]) -> bool:
    """Sorted ids that begin like the word stand right where it would: a long text has very many of both."""
    place = bisect_left(in_order, word)
    return len(word) >= _CUT_LENGTH_MIN and place < len(in_order) and in_order[place].startswith(word)
