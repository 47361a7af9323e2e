"""What several commands ask for is taken or refused by its field."""

import pytest

from jeongsan.cli.asked import actor_asked, day_asked
from jeongsan.domain.errors import Code, Refusal


@pytest.mark.parametrize("name", ["", " ", " kim", "a\tb", "k" * 41, "\udceb"])
def test_an_actor_has_a_name_that_can_be_read(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        actor_asked(name)
    assert (refused.value.code, refused.value.field) == (Code.INVALID_REQUEST, "actor")


def test_a_name_may_be_korean_and_have_a_blank_inside() -> None:
    assert actor_asked("정산팀 김") == "정산팀 김"


@pytest.mark.parametrize("text", ["20250425", "2025-W17-5", "2025-02-30", "2025-4-25", "٢٠٢٥-04-25", ""])
def test_a_day_is_written_in_one_way_only(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        day_asked(text, "from")
    assert (refused.value.code, refused.value.field) == (Code.INVALID_DATE, "from")
