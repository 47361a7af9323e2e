"""Every remark has a sentence in both languages with all that it needs to say."""

import re

import pytest

from jeongsan.fetch.remarks import Note, Problem, Remark
from jeongsan.fetch.words import sentences

NAMES = (
    "reason", "transactionKey", "keptIn", "ownDay", "known", "first", "last", "slices", "rows", "from", "to",
    "slice", "mId", "readings",
)  # fmt: skip
VALUES = {name: f"<{name}>" for name in NAMES}


@pytest.mark.parametrize("code", [*Problem, *Note])
def test_a_remark_is_told_in_korean_and_in_english(code: Problem | Note) -> None:
    told = sentences(Remark(code, VALUES))
    assert re.search("[가-힣]", told["ko"])
    assert not re.search("[가-힣]", told["en"])
    named = [set(re.findall(r"<\w+>", told[language])) for language in ("ko", "en")]
    assert named[0] == named[1]
