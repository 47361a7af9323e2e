"""The words of the answers: each path, each calendar day, in both languages."""

import re
from datetime import date

import pytest

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.business_days import WEEKEND, Step
from jeongsan.domain.channels import Channel
from jeongsan.domain.payout_dates import Anchor, PayoutRule, payout_date
from jeongsan.inquiry.words import channel_word, in_language, say, step_words

HANGUL = re.compile("[가-힣]")


def steps(
    day: str, business_days: int, *, anchor: Anchor = Anchor.EXCLUSIVE, language: str = "ko"
) -> list[str]:
    calendar = korean_calendar({}, language)
    sold = date.fromisoformat(day)
    _, counted = payout_date(sold, PayoutRule(count=business_days, anchor=anchor), calendar)
    return step_words(counted, language)


def test_the_threads_cancel_of_april_is_counted_in_words() -> None:
    assert steps("2025-04-25", 6) == [
        "4/26–27 주말 ✗",
        "4/28 ①",
        "4/29 ②",
        "4/30 ③",
        "5/1 근로자의 날 ✗",
        "5/2 ④",
        "5/3–4 주말 ✗",
        "5/5 부처님오신날; 어린이날 ✗",
        "5/6 부처님오신날 대체 휴일; 어린이날 대체 휴일 ✗",
        "5/7 ⑤",
        "5/8 ⑥",
    ]


def test_the_same_count_in_english_has_no_korean_word() -> None:
    words = steps("2025-04-25", 6, language="en")
    assert words[0] == "4/26–27 weekend ✗"
    assert words[4] == "5/1 Workers' Day ✗"
    assert not HANGUL.search("".join(words))


def test_a_weekend_over_the_end_of_a_month_names_both() -> None:
    assert steps("2025-05-30", 1)[0] == "5/31–6/1 주말 ✗"


def test_a_count_that_starts_on_a_weekend_shows_where_it_rolled_to() -> None:
    assert steps("2025-02-09", 1, anchor=Anchor.ROLL) == ["2/9 주말 ✗", "2/10 (0)", "2/11 ①"]


def test_more_days_than_there_are_circled_numbers_are_still_numbered() -> None:
    assert steps("2025-06-30", 22)[-2:] == ["7/29 (21)", "7/30 (22)"]
    assert "7/28 ⑳" in steps("2025-06-30", 22)


@pytest.mark.parametrize("channel", Channel)
def test_every_path_has_a_name_in_both_languages(channel: Channel) -> None:
    assert channel_word(channel, "ko")
    english = channel_word(channel, "en")
    assert english
    assert not HANGUL.search(english)


def test_only_a_weekend_is_translated_and_a_named_day_keeps_its_name() -> None:
    saturday, holiday = date(2025, 4, 26), date(2025, 6, 9)
    assert in_language(Step(saturday, None, WEEKEND), "en").reason == "weekend"
    assert in_language(Step(saturday, None, WEEKEND), "ko").reason == "주말"
    assert in_language(Step(holiday, None, "임시공휴일"), "en").reason == "임시공휴일"
    assert in_language(Step(holiday, 1, None), "en") == Step(holiday, 1, None)


def test_what_is_not_english_is_said_in_korean() -> None:
    assert (say("ko", "승인", "approval"), say("en", "승인", "approval")) == ("승인", "approval")
