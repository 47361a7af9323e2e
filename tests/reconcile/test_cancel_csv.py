"""The CSV file for spreadsheets."""

import csv
import io

import pytest

from jeongsan.reconcile.cancel_csv import csv_file, neutral
from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.cancels import check_cancels
from support.cancels import circumstances, found, line
from support.recorded_gateway import THREAD_CANCEL, THREAD_ORDER


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_line_per_cancel_with_its_row_and_what_is_inferred() -> None:
    lost = line(5, transaction_key="txrd_a01jsnb7jrgcjr4s6nhww116sys")
    check = check_cancels([found()], [lost], circumstances(book_lines=1))
    only_ours, not_ours = rows(csv_file(check, Language.EN))
    assert (only_ours["outcome"], only_ours["bookLine"]) == ("ONLY_IN_OUR_BOOK", "5")
    assert (not_ours["transactionKey"], not_ours["orderId"]) == (THREAD_CANCEL, THREAD_ORDER)
    assert (not_ours["approvedAt"], not_ours["canceledAt"]) == (
        "2025-03-13T13:35:03+09:00", "2025-04-25T11:08:10+09:00",
    )  # fmt: skip
    assert (not_ours["soldDate"], not_ours["paidOutDate"]) == ("2025-04-25", "2025-05-08")
    assert (not_ours["amount"], not_ours["fee"], not_ours["payOutAmount"]) == ("-150000", "-5280", "-144720")
    assert "No network cancel" in not_ours["inference"]


def test_excel_is_told_that_it_is_utf_8_and_reads_korean_headers() -> None:
    content = csv_file(check_cancels([found()], [], circumstances()), Language.KO)
    assert content.startswith(b"\xef\xbb\xbf")
    (one,) = rows(content)
    assert (one["판정"], one["정산지급일"], one["취소금액"]) == ("NOT_OURS", "2025-05-08", "150000")


@pytest.mark.parametrize("text", ["=1+1", "+82", "-1+1", "@SUM(A1)", "=HYPERLINK(1)", "-", "+1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert neutral(text) == f"'{text}"
    check = check_cancels([found(order_id=text, reason=text)], [], circumstances())
    (one,) = rows(csv_file(check, Language.EN))
    assert (one["orderId"], one["cancelReason"]) == (f"'{text}", f"'{text}")


@pytest.mark.parametrize("text", ["-144720", "-0.5", "5", "", "고객 변심", "a=b"])
def test_numbers_and_plain_words_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


def test_a_reason_with_line_breaks_stays_in_its_line() -> None:
    content = csv_file(check_cancels([found(reason="a\n=1+1\t")], [], circumstances()), Language.EN)
    assert len(content.decode("utf-8-sig").splitlines()) == 2
