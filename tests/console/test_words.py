"""The pages' words are complete, and a template uses what its dataclass documents: no less and no more."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from jinja2 import UndefinedError, nodes

from jeongsan.console import guards
from jeongsan.console.page import TEMPLATES, RefusedPage
from jeongsan.console.payment_detail import DetailPage
from jeongsan.console.payment_list import ListPage
from jeongsan.console.words import TEXTS, Words
from jeongsan.domain.channels import CancelWarning, Channel
from jeongsan.domain.payment_states import Status
from jeongsan.domain.shop import Mode
from jeongsan.domain.transactions import Kind
from jeongsan.domain.webhooks import DeliveryState
from jeongsan.inquiry.trace import RowState
from jeongsan.wire.errors import EN, KO

FOLDER = Path(guards.__file__).parent / "templates"
# Texts named after a value: every value that a trace shows has one.
FAMILIES = {
    "mode_": set(Mode),
    "kind_": {Kind.APPROVAL, Kind.CANCEL},
    "state_": set(RowState),
    "delivery_": set(DeliveryState),
    "guard_": set(
        re.findall(r'Forbidden\("guard_(\w+)"\)', Path(guards.__file__).read_text(encoding="utf-8"))
    ),
}


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def with_parts(name: str) -> list[str]:
    """A template, what it extends and what it includes."""
    found = re.findall(r'{% (?:extends|include) "(\w+\.html)" %}', source(name))
    return [name, *(each for part in found for each in with_parts(part))]


def used(name: str, variable: str) -> set[str]:
    """The attributes that a template and its parts take from a variable."""
    return {
        node.attr
        for part in with_parts(name)
        for node in TEMPLATES.parse(source(part)).find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == variable
    }


@pytest.mark.parametrize(
    ("template", "content"),
    [("list.html", ListPage), ("detail.html", DetailPage), ("refused.html", RefusedPage)],
)
def test_a_template_uses_exactly_what_its_dataclass_documents(template: str, content: type) -> None:
    documented = {field.name for field in fields(content)}
    assert used(template, "page") - {"url"} == documented
    assert content.__doc__ is not None
    assert f"`{template}`" in content.__doc__


def test_every_text_exists_and_is_used() -> None:
    asked = {
        name
        for path in FOLDER.glob("*.html")
        for name in re.findall(r"""words\.text\(["'](\w+)["']\)""", path.read_text(encoding="utf-8"))
    }
    expected = asked | {prefix + value for prefix, values in FAMILIES.items() for value in values}
    assert set(TEXTS) == expected


def test_every_text_is_there_in_both_languages() -> None:
    hangul = re.compile("[가-힣]")
    for name, (korean, english) in TEXTS.items():
        assert hangul.search(korean), name
        assert english, name


@pytest.mark.parametrize("language", [KO, EN])
def test_every_status_path_and_warning_has_a_word(language: str) -> None:
    words = Words(language)
    for status in Status:
        assert words.status(status)
    for channel in Channel:
        assert words.channel(channel)
    for warning in CancelWarning:
        assert words.warning(warning)


def test_won_are_written_as_koreans_write_them_and_other_money_with_its_code() -> None:
    assert Words(KO).money(1_234_567, "KRW") == "1,234,567원"
    assert Words(EN).money(-5_280, "KRW") == "-5,280 KRW"
    assert Words(KO).money(12, "USD") == "12 USD"


def test_instants_are_written_in_korean_time() -> None:
    assert Words(KO).moment(1_741_838_400_000) == "2025-03-13 13:00:00"
    assert Words(KO).moment("2025-03-13T13:00:00+09:00") == "2025-03-13 13:00:00"
    assert Words(EN).moment(None) == "–"


def test_a_template_that_asks_for_what_is_not_there_fails() -> None:
    """Nothing is silently left out of a page."""
    with pytest.raises(UndefinedError, match="page"):
        TEMPLATES.get_template("framed.html").render(words=Words(KO))
