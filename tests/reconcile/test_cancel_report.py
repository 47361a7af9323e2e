"""What people see: the table, the page."""

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from rich.cells import cell_len

from jeongsan.client.moments import moment_of
from jeongsan.reconcile.cancel_book import Fault, Problem
from jeongsan.reconcile.cancel_outcomes import CancelCheck
from jeongsan.reconcile.cancel_report import html_page, terminal_text
from jeongsan.reconcile.cancel_view import Head
from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.cancels import check_cancels
from support.cancels import circumstances, found, line, recorded
from support.recorded_gateway import THREAD_CANCEL, THREAD_ORDER, THREAD_PAYMENT

HEAD = Head("https://api.tosspayments.com", moment_of("2025-06-01T10:00:00"), "cancels.csv")
HOSTILE = '<script>alert("x")</script>\x1b[2J\r\n=1+1'


def check(*cancels: object, lines: tuple[object, ...] = ()) -> CancelCheck:
    return check_cancels(cancels or (found(),), lines, circumstances(book_lines=len(lines)))  # type: ignore[arg-type]


def test_the_table_shows_outcome_dates_and_amounts_and_says_what_is_inferred() -> None:
    text = terminal_text(check(), HEAD, Language.KO, width=150)
    line_of_cancel = next(line for line in text.splitlines() if THREAD_ORDER in line)
    for shown in ("우리 취소 아님", "2025-04-25 11:08:10", "150,000", "2025-04-25", "2025-05-08", "-144,720"):
        assert shown in line_of_cancel
    assert f"{THREAD_CANCEL}  {THREAD_PAYMENT}  {THREAD_ORDER}" in text
    assert "추정: 망취소 아님. 근거: 승인(2025-03-13 13:35:03) 42일 21시간 뒤에 취소됨" in text
    assert "거래 키 안의 시각 2025-04-25 11:08:10.643" in text
    assert text.endswith("우리 취소 아님 1 — 확인되지 않은 취소가 있습니다.")


def test_the_same_in_english() -> None:
    text = terminal_text(check(), HEAD, Language.EN, width=130)
    assert "inference: No network cancel (망취소). Evidence: 42 d 21 h after the approval" in text
    assert text.endswith("not ours 1 — Not all accounted for.")


def test_the_columns_stay_in_line_under_korean_words() -> None:
    """A Korean character takes two columns of a terminal."""
    lost = line(transaction_key="txrd_a01jsnb7jrgcjr4s6nhww116sys", cancel_amount=Decimal(1))
    text = terminal_text(check(lines=(lost,)), HEAD, Language.KO, width=None)
    table = [one for one in text.split("\n\n")[0].splitlines()[1:] if "2025-04-25 11" in one]
    assert len(table) == 2
    assert len({cell_len(one[: one.index("2025-04-25 11")]) for one in table}) == 1


@pytest.mark.parametrize("width", [40, 80, 120, 150, None])
def test_nothing_is_cut_off_however_narrow_the_terminal(width: int | None) -> None:
    text = terminal_text(check(), HEAD, Language.KO, width=width)
    above = text.split("\n\n")[0]
    for shown in (
        "우리 취소 아님",
        THREAD_ORDER,
        "2025-04-25 11:08:10",
        " 150,000",
        "2025-05-08",
        "-144,720",
    ):
        assert shown in above
    if width in (150, None):
        assert len(above.splitlines()) == 4
    elif width is not None and width > 40:
        assert max(map(cell_len, above.splitlines()[1:])) <= width


def test_a_cancel_with_nothing_to_say_has_no_more_than_its_line() -> None:
    ours = check(lines=(line(transaction_key=THREAD_CANCEL),))
    text = terminal_text(ours, HEAD, Language.KO, width=130)
    assert "추정" not in text
    assert text.endswith("우리 취소 1 — 모두 확인되었습니다.")


def test_nothing_found_is_said_in_one_line() -> None:
    nothing = check_cancels([], [], circumstances(book_lines=0))
    assert terminal_text(nothing, HEAD, Language.EN, width=100).splitlines()[1:] == ["All accounted for."]


def test_without_anything_to_compare_with_it_says_so_and_is_not_accounted_for() -> None:
    unknown = check_cancels([found()], [], circumstances(book_lines=None))
    korean, english = (terminal_text(unknown, HEAD, one, width=150).splitlines()[-1] for one in Language)
    assert "대조할 장부가 없어" in korean
    assert "--ours" in korean
    assert "nothing to compare with" in english
    assert not unknown.accounted


def test_one_that_is_known_not_to_be_ours_keeps_the_verdict() -> None:
    others = found(transaction_key="other", recorded=recorded())
    known = check_cancels([found(), others], [], circumstances(book_lines=None, recorded=True))
    assert terminal_text(known, HEAD, Language.EN, width=150).endswith("— Not all accounted for.")


def test_what_was_left_out_of_the_book_is_said_on_the_terminal_and_on_the_page() -> None:
    head = replace(HEAD, book_remarks=(Problem("cancels.csv", 9, None, Fault.TOTAL_LINE, "합계 20,000"),))
    said = "참고: cancels.csv:9: 합계 줄이라 취소로 보지 않았습니다 (합계 20,000)"
    assert said in terminal_text(check(), head, Language.KO, width=150).splitlines()
    assert said in html_page(check(), head, Language.KO)


def test_text_from_outside_cannot_steer_the_terminal() -> None:
    hostile = found(order_id=HOSTILE, reason=HOSTILE, recorded=recorded(actor=HOSTILE))
    text = terminal_text(check(hostile), HEAD, Language.KO, width=200)
    assert "\x1b" not in text
    assert "\r" not in text
    assert "alert" in text


class _Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href", "action")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_holds_what_the_terminal_shows_and_more() -> None:
    ours = check(found(), lines=(line(transaction_key=THREAD_CANCEL),))
    page = _Page(html_page(ours, HEAD, Language.KO))
    for shown in ("우리 취소", "2025-05-08", "-144,720", THREAD_CANCEL, "추정", "근거", "cancels.csv"):
        assert shown in page.text
    assert "paid-out date" in page.text  # English beside the Korean


def test_the_page_needs_nothing_but_itself_and_runs_nothing() -> None:
    hostile = found(
        order_id=HOSTILE, reason=HOSTILE, transaction_key=HOSTILE, recorded=recorded(actor=HOSTILE)
    )
    text = html_page(check(hostile), HEAD, Language.KO)
    page = _Page(text)
    assert "script" not in page.tags
    assert page.links == []
    assert not re.search(r"https?://(?!api\.tosspayments\.com)|url\(|@import", text)
    assert 'alert("x")' in page.text
    assert "default-src 'none'" in text


def test_the_page_marks_what_is_not_accounted_for() -> None:
    page = html_page(check(), HEAD, Language.EN)
    assert '<html lang="en">' in page
    assert 'class="row open" data-outcome="NOT_OURS"' in page
    fine = html_page(check(lines=(line(transaction_key=THREAD_CANCEL),)), HEAD, Language.EN)
    assert 'class="row" data-outcome="OURS"' in fine
