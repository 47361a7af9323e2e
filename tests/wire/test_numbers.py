"""JSON of requests: exact numbers, recorded tolerance, and a named refusal for everything else."""

import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.errors import Code, Refusal
from jeongsan.wire.numbers import BODY_BYTES_MAX, Fields, parse_object


def fields(text: str) -> Fields:
    return Fields(parse_object(text.encode("utf-8", "surrogatepass")))


def refusal_of(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call()
    assert refused.value.code is Code.INVALID_REQUEST
    return refused.value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"amount":1,}',
        b"{'amount':1}",
        b'{"amount":NaN}',
        b'{"amount":Infinity}',
        b'{"amount":-Infinity}',
        b'{"amount":1e99999999999999999999}',
        b'{"amount":' + b"9" * 5_000 + b"}",
        b'{"a":"\xff"}',
        b'{"a":"line\nbreak"}',
        b"[" * 30_000,
        b'{"a":' * 10_000,
        b"\x00",
    ],
    ids=repr,
)
def test_what_is_no_json_is_refused_as_a_body(body: bytes) -> None:
    refusal = refusal_of(lambda: parse_object(body))
    assert (refusal.field, refusal.detail) == ("body", "is not valid JSON")


@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null", b"true"])
def test_a_body_must_be_an_object(body: bytes) -> None:
    assert refusal_of(lambda: parse_object(body)).detail == "must be a JSON object"


def test_a_body_has_a_size_that_is_checked_before_it_is_read() -> None:
    just = b'{"a":"' + b"x" * (BODY_BYTES_MAX - 8) + b'"}'
    assert len(just) == BODY_BYTES_MAX
    assert parse_object(just)["a"].startswith("x")
    assert "larger than" in str(refusal_of(lambda: parse_object(just + b" ")).detail)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("15000", 15_000),
        ("-1", -1),
        ("1500.00", Decimal("1500.00")),
        ("1.5e3", Decimal("1500")),
        ("0.1", Decimal("0.1")),
        ("544.68", Decimal("544.68")),
        ('"9026"', 9_026),
        ('"544.68"', Decimal("544.68")),
        ("12345678901234567890.123456789", Decimal("12345678901234567890.123456789")),
    ],
)
def test_numbers_are_exact_and_may_come_as_strings(text: str, number: int | Decimal) -> None:
    assert fields(f'{{"amount":{text}}}').number("amount") == number


@pytest.mark.parametrize(
    "text",
    [
        "true", "false", "[]", "{}", '""', '"abc"', '"NaN"', '"sNaN"', '"Infinity"', '"-inf"', '"1_000"',
        '"1,000"',
        '"٣"', '"1 000"', '"0x10"', '"\\u0000"', '"' + "1" * 41 + '"',
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_by_name(text: str) -> None:
    refusal = refusal_of(lambda: fields(f'{{"amount":{text}}}').number("amount"))
    assert (refusal.field, refusal.detail) == ("amount", "must be a number")


@pytest.mark.parametrize("text", ["{}", '{"amount":null}'])
def test_an_explicit_null_is_a_field_that_was_not_sent(text: str) -> None:
    sent = fields(text)
    assert not sent.has("amount")
    assert sent.optional_number("amount") is None
    assert sent.optional_text("amount", longest=9) is None
    assert sent.flag("amount", default=True) is True
    assert sent.texts("amount") == []
    assert refusal_of(lambda: sent.number("amount")).detail == "is required"
    assert refusal_of(lambda: sent.text("amount", longest=9)).detail == "is required"


@pytest.mark.parametrize(
    ("text", "value"), [('"order-1"', "order-1"), ("71", "71"), ('"티셔츠 🎽"', "티셔츠 🎽")]
)
def test_texts_are_kept_and_a_whole_number_is_taken_as_its_digits(text: str, value: str) -> None:
    assert fields(f'{{"orderId":{text}}}').text("orderId", longest=64) == value


@pytest.mark.parametrize("text", ["true", "1.5", "[]", "{}", "1e2"])
def test_what_is_no_text_is_refused_by_name(text: str) -> None:
    refusal = refusal_of(lambda: fields(f'{{"orderId":{text}}}').text("orderId", longest=64))
    assert (refusal.field, refusal.detail) == ("orderId", "must be a string")


@pytest.mark.parametrize("character", ["\\u0000", "\\ud800", "\\udfff", "\ud800"], ids=ascii)
def test_characters_that_cannot_be_stored_are_refused(character: str) -> None:
    refusal = refusal_of(lambda: fields(f'{{"a":"x{character}"}}').text("a", longest=64))
    assert refusal.detail == "has a character that cannot be stored"
    listed = refusal_of(lambda: fields(f'{{"a":["fine","x{character}"]}}').texts("a"))
    assert listed.detail == "has a character that cannot be stored"


def test_a_surrogate_pair_is_one_character() -> None:
    assert fields('{"a":"\\ud83c\\udfbd"}').text("a", longest=1) == "🎽"


@pytest.mark.parametrize(("value", "fits"), [("", False), ("x", True), ("x" * 64, True), ("x" * 65, False)])
def test_texts_have_bounds_in_characters(value: str, fits: bool) -> None:
    sent = fields(json.dumps({"a": value}))
    if fits:
        assert sent.text("a", longest=64) == value
    else:
        assert refusal_of(lambda: sent.text("a", longest=64)).detail == "must have 1 to 64 characters"


@pytest.mark.parametrize("text", ["1", "60", '"7"', "7.0", "1e1"])
def test_whole_numbers_within_bounds_are_taken_however_written(text: str) -> None:
    assert 1 <= fields(f'{{"n":{text}}}').whole("n", least=1, most=60) <= 60


@pytest.mark.parametrize(
    "text", ["0", "61", "1.5", "-1", "1e400", "1e99999999", "1e-99999999", '"1e99999999"']
)
def test_other_numbers_are_refused_at_once_however_large(text: str) -> None:
    refusal = refusal_of(lambda: fields(f'{{"n":{text}}}').whole("n", least=1, most=60))
    assert refusal.detail == "must be a whole number from 1 to 60"


@pytest.mark.parametrize("text", ["1", '"true"', "[]"])
def test_a_flag_is_true_or_false(text: str) -> None:
    assert refusal_of(lambda: fields(f'{{"f":{text}}}').flag("f", default=False)).field == "f"
    assert fields('{"f":true}').flag("f", default=False) is True


@pytest.mark.parametrize("text", ['"a"', "[1]", '["a",null]', "{}"])
def test_a_list_of_texts_holds_texts(text: str) -> None:
    assert refusal_of(lambda: fields(f'{{"e":{text}}}').texts("e")).detail == "must be a list of strings"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _outcome(getter: Callable[[], object]) -> tuple[type, str | None]:
    """The type that was taken, or Refusal and the field it names."""
    try:
        return type(getter()), None
    except Refusal as refusal:
        return Refusal, refusal.field


@given(JSON_VALUES)
def test_any_json_value_is_taken_or_refused_and_never_a_fault(value: object) -> None:
    """Each getter answers with its type or refuses its field; any other exception fails the test."""
    body = json.dumps({"v": value}).encode()
    if _outcome(lambda: parse_object(body)) == (Refusal, "body"):
        return
    sent = Fields(parse_object(body))
    refused = (Refusal, "v")
    assert _outcome(lambda: sent.text("v", longest=64)) in ((str, None), refused)
    assert _outcome(lambda: sent.number("v")) in ((int, None), (Decimal, None), refused)
    assert _outcome(lambda: sent.whole("v", least=1, most=60)) in ((int, None), refused)
    assert _outcome(lambda: sent.flag("v", default=False)) in ((bool, None), refused)
    assert _outcome(lambda: sent.texts("v")) in ((list, None), refused)
