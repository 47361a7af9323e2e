"""How two JSON values differ: nothing is overlooked, nothing invented, and each difference has its path."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.inquiry.differences import ABSENT, Difference, InvalidJson, What, differences, json_type, parsed
from support.mutations import mutations

KEYS = st.text("abcdefg", min_size=1, max_size=3)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, places=2)
    | st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def found(left: Any, right: Any) -> list[Difference]:
    return list(differences(left, right))


@given(VALUES)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert found(value, value) == []


@given(st.data())
def test_any_single_change_at_any_depth_is_found_and_named_by_its_path(data: st.DataObject) -> None:
    value = data.draw(VALUES)
    mutation = data.draw(mutations(value))
    assert [(one.path, one.what) for one in found(value, mutation.value)] == [(mutation.path, mutation.what)]


@given(VALUES, VALUES)
def test_what_only_one_side_has_changes_sides_with_the_sides(left: Any, right: Any) -> None:
    turned = {What.ONLY_LEFT: What.ONLY_RIGHT, What.ONLY_RIGHT: What.ONLY_LEFT}
    there = {(one.path, one.what) for one in found(left, right)}
    back = {(one.path, turned.get(one.what, one.what)) for one in found(right, left)}
    assert there == back


def test_the_order_of_keys_is_compared_among_the_keys_both_have() -> None:
    left, right = {"a": 1, "b": 2, "c": 3}, {"c": 3, "x": 0, "a": 1}
    assert found(left, right) == [
        Difference("", What.ORDER, ["a", "c"], ["c", "a"]),
        Difference("b", What.ONLY_LEFT, 2, ABSENT),
        Difference("x", What.ONLY_RIGHT, ABSENT, 0),
    ]


def test_null_is_a_value_and_nothing_is_not() -> None:
    assert found({"a": None}, {}) == [Difference("a", What.ONLY_LEFT, None, ABSENT)]


@pytest.mark.parametrize(
    ("left", "right", "what"),
    [
        (b"1", b"1.0", What.TYPE),
        (b"1.1", b"1.10", What.VALUE),
        (b"1", b"true", What.TYPE),
        (b"0", b"false", What.TYPE),
        (b'"1"', b"1", What.TYPE),
        (b"null", b"{}", What.TYPE),
        (b"[]", b"{}", What.TYPE),
    ],
)
def test_what_another_language_would_read_differently_differs(left: bytes, right: bytes, what: What) -> None:
    assert [one.what for one in found(parsed(left), parsed(right))] == [what]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"null", "null"),
        (b"true", "boolean"),
        (b"15000", "integer"),
        (b"5.44", "decimal"),
        (b'"a"', "string"),
        (b"[]", "array"),
        (b"{}", "object"),
    ],
)
def test_every_json_type_has_its_name(body: bytes, name: str) -> None:
    assert json_type(parsed(body)) == name


def test_a_body_keeps_the_order_of_its_keys_and_the_digits_of_its_decimals() -> None:
    body = parsed('{"b": 5.40, "a": "티셔츠"}'.encode())
    assert list(body) == ["b", "a"]
    assert body["b"].as_tuple() == Decimal("5.40").as_tuple()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b'{"a": 1, "a": 1}',
        b'[{"a": {"b": 1, "b": 2}}]',
        b'"\xff"',
        b"1 2",
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_or_nested_too_deeply_or_has_a_key_twice_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidJson):
        parsed(body)


def test_a_key_that_is_no_word_is_quoted_in_the_path() -> None:
    left: Any = {"a b": {"c.d": [1]}, "이름": 1}
    right: Any = {"a b": {"c.d": [2]}, "이름": 2}
    assert [one.path for one in found(left, right)] == ['["a b"]["c.d"][0]', "이름"]
