"""Text of files, whatever program wrote them."""

import pytest

from jeongsan.reconcile.text_files import is_spreadsheet, text_of


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_korean_text_is_read_in_every_encoding_merchants_have(encoding: str) -> None:
    assert text_of("주문번호,금액\n".encode(encoding)) == "주문번호,금액\n"


def test_bytes_of_no_known_encoding_are_no_text() -> None:
    assert text_of(b"\xff\xff\xff\x00\x80") is None


@pytest.mark.parametrize(
    ("data", "found"), [(b"PK\x03\x04...", True), (b"\xd0\xcf\x11\xe0", True), (b"a,b", False)]
)
def test_a_spreadsheet_is_known_by_its_first_bytes(data: bytes, found: bool) -> None:
    assert is_spreadsheet(data) is found
