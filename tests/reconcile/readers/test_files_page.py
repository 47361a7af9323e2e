"""The page about files lists every fault, field, word and layout there is, and its own layout is one."""

import re

from docs.pages import ROOT, page
from jeongsan.reconcile.readers.faults import ReadFault
from jeongsan.reconcile.readers.fields import FIELDS, WORDS
from jeongsan.reconcile.readers.layout import layout_from_text
from jeongsan.reconcile.readers.layouts import ready_layouts

PAGE = page("docs/reconcile-files.md")


def test_every_fault_is_explained_once() -> None:
    shown = [
        code
        for heading in ("fault of a row", "fault of a file")
        for row in PAGE.rows(heading)
        for code in re.findall(r"[A-Z_]{4,}", row[0])
    ]
    assert sorted(shown) == sorted(fault.value for fault in ReadFault)


def test_every_field_is_listed_with_its_lists() -> None:
    shown = {row[0]: row[1] for row in PAGE.rows("field")}
    real: dict[str, list[str]] = {}
    for side, fields in FIELDS.items():
        for name in fields:
            real.setdefault(name, []).append(side.lower())
    assert shown == {
        name: "all" if len(sides) == len(FIELDS) else ", ".join(sides) for name, sides in real.items()
    }


def test_every_word_is_listed_with_its_code() -> None:
    shown = {}
    for code, words in PAGE.rows("code"):
        name, _, value = code.replace("`", "").partition(": ")
        shown.update({(name, word): value for word in words.split(", ")})
    assert shown == {(name, word): code for name, words in WORDS.items() for word, code in words.items()}


def test_every_ready_layout_is_listed() -> None:
    assert {row[0]: row[1] for row in PAGE.rows("layout")} == {
        name: layout.side.lower() for name, layout in ready_layouts().items()
    }


def test_every_header_of_orders_is_read() -> None:
    columns = ready_layouts()["orders"].columns
    rows = PAGE.rows("header of orders")
    assert {row[0] for row in rows} == {*columns}
    assert sum(len(row[1].split(", ")) + 1 for row in rows) >= sum(map(len, columns.values()))


def test_a_layout_on_the_page_is_the_one_that_is_run() -> None:
    blocks = [block.text for block in PAGE.blocks if block.language == "toml"]
    assert blocks == [(ROOT / "docs/reconcile-files/mall.toml").read_text(encoding="utf-8")]
    assert layout_from_text(blocks[0], "mall").name == "mall"


def test_every_key_of_a_layout_is_listed() -> None:
    shown = {row[0].partition(".")[0] for row in PAGE.rows("key of a layout")}
    source = (ROOT / "src/jeongsan/reconcile/readers/layout.py").read_text(encoding="utf-8")
    keys, form = re.findall(r"^_(?:FORMAT_)?KEYS = \{(.*?)\}", source, re.MULTILINE)
    assert shown == set(re.findall(r'"(\w+)"', keys))
    assert {row[0].partition(".")[2] for row in PAGE.rows("key of a layout")} - {""} == set(
        re.findall(r'"(\w+)"', form)
    )
