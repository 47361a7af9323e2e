"""The page about terms lists every remark and every reason that terms can give."""

import re
from collections.abc import Iterable
from importlib.resources import files

import pytest

from docs.pages import page
from jeongsan.reconcile.expect.coverage import Remark
from jeongsan.reconcile.match.codes import Reason

PAGE = page("docs/reconcile-terms.md")
SQL = files("jeongsan.reconcile.match").joinpath("exceptions.sql").read_text("utf-8")
CODES = set(re.findall(r"'([A-Z]+(?:_[A-Z]+)*)'", SQL))
REASONS = CODES & {one.value for one in Reason}


@pytest.mark.parametrize(("heading", "codes"), [("remark", list(Remark)), ("reason", REASONS)])
def test_every_code_is_explained(heading: str, codes: Iterable[str]) -> None:
    shown = [code for row in PAGE.rows(heading) for code in re.findall(r"[A-Z_]{4,}", row[0])]
    assert sorted(shown) == sorted(str(code) for code in codes)


def test_every_remark_of_the_rules_is_one_that_is_known_and_no_other() -> None:
    assert {one.value for one in Remark} <= CODES
