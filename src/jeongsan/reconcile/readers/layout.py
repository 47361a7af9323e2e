"""A layout: which column of a file is which field, and how its values are written. A small TOML document."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.fields import FIELDS, NEEDED, WORDS, Kind

_KEYS = {"name", "side", "needed", "columns", "constants", "words", "format", "skip"}
_FORMAT_KEYS = {"cancels", "times", "empty", "sheet"}
_DEFAULT_CURRENCY = "KRW"
# Units that change no value; thousands of won or another zone's time would.
_UNIT = re.compile(r"[(\[（](?:원|₩|krw|kst)[)\]）]$")
_IGNORED = re.compile(r"[\s_\-\"'\ufeff]")
# fees.0.type, fees[0].fee
_ENTRY = re.compile(r"fees[.\[](\d{1,2})\]?\.(type|fee)")
# What a layout's own formats may ask for: parts of a day and of a time, no zone and no words of a language.
_FORMAT = re.compile(r"(?:[^%]|%[YymdHIMSpf])+")


class Cancels(StrEnum):
    """How amounts of cancels are written: NEGATIVE is taken as it stands; POSITIVE has its sign turned;
    EITHER becomes negative, whatever it is."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    EITHER = "either"


class InvalidLayout(ValueError):
    """A document that is no layout. Says where."""


@dataclass(frozen=True, slots=True)
class SkipRule:
    """Lines that are no rows, such as totals: those with one of `words` in a column."""

    name: str
    headers: frozenset[str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns`: field → headers, of which a file has one, in `plain_header` form; `joined`: fields made of
    all columns that are there, in this order. `times`: formats as strptime knows them; none: the usual
    ones."""

    name: str
    side: Side
    columns: Mapping[str, tuple[str, ...]]
    joined: frozenset[str] = frozenset()
    needed: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    cancels: Cancels = Cancels.NEGATIVE
    times: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    sheet: str | None = None
    skip: tuple[SkipRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a layout's fields are: field → columns, counted from 0; `entries`: (type, fee) columns of fees;
    `skips`: the columns of each rule of the layout. `missing`: groups of fields of which none is there;
    `twice`: (field, headers) with more than one column."""

    fields: Mapping[str, tuple[int, ...]]
    entries: tuple[tuple[int, int], ...]
    skips: tuple[tuple[int, ...], ...]
    missing: tuple[tuple[str, ...], ...]
    twice: tuple[tuple[str, str], ...]

    @property
    def is_whole(self) -> bool:
        """Whether every needed field is there."""
        return not self.missing


def plain_header(text: str) -> str:
    """A header as it is compared: without spaces, quotes, `_`, `-` and a unit of won, in small letters."""
    plain = _IGNORED.sub("", unicodedata.normalize("NFKC", text)).lower()
    return _UNIT.sub("", plain) or plain


def fit(layout: Layout, headers: Iterable[str]) -> Fit:
    """Where a layout's fields are in a file with these headers."""
    plain = [plain_header(one) for one in headers]
    fields: dict[str, tuple[int, ...]] = {}
    twice: list[tuple[str, str]] = []
    for name, wanted in layout.columns.items():
        found = [number for one in wanted for number, header in enumerate(plain) if header == one]
        if len(found) > 1 and name not in layout.joined:
            twice.append((name, ", ".join(plain[number] for number in found)))
        if found:
            fields[name] = tuple(found if name in layout.joined else found[:1])
    entries = _entries(plain) if "fees" in layout.columns else ()
    groups = (*NEEDED[layout.side], *((one,) for one in layout.needed))
    there = {*fields, *layout.constants}
    return Fit(
        fields,
        entries,
        tuple(
            tuple(number for number, header in enumerate(plain) if header in rule.headers)
            for rule in layout.skip
        ),
        tuple(dict.fromkeys(group for group in groups if not there & {*group})),
        tuple(twice),
    )


def _entries(plain: list[str]) -> tuple[tuple[int, int], ...]:
    pairs: dict[int, dict[str, int]] = {}
    for number, header in enumerate(plain):
        found = _ENTRY.fullmatch(header)
        if found is not None:
            pairs.setdefault(int(found[1]), {})[found[2]] = number
    return tuple((pair["type"], pair["fee"]) for _, pair in sorted(pairs.items()) if len(pair) == 2)


def layout_from_text(text: str, name: str) -> Layout:
    """The layout of a TOML document; `name` where it does not say one. Raises InvalidLayout."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidLayout(f"no TOML: {error}") from error
    _known("", document, _KEYS)
    try:
        side = Side(str(document.get("side", "")).upper())
    except ValueError as error:
        raise InvalidLayout(f"side: one of {', '.join(one.lower() for one in Side)}") from error
    columns, joined = _columns(_table(document, "columns"), side)
    form = _table(document, "format")
    _known("format.", form, _FORMAT_KEYS)
    try:
        cancels = Cancels(form.get("cancels", Cancels.NEGATIVE))
    except ValueError as error:
        raise InvalidLayout(f"format.cancels: one of {', '.join(Cancels)}") from error
    sheet = form.get("sheet")
    return Layout(
        name=_text(document.get("name", name), "name"),
        side=side,
        columns=columns,
        joined=joined,
        needed=_fields(_texts(document.get("needed", []), "needed"), columns),
        constants=_constants(_table(document, "constants"), side),
        words=_words(_table(document, "words"), side),
        cancels=cancels,
        times=_times(_texts(form.get("times", []), "format.times")),
        empty=_texts(form.get("empty", []), "format.empty"),
        sheet=None if sheet is None else _text(sheet, "format.sheet"),
        skip=tuple(_skip(key, value) for key, value in _table(document, "skip").items()),
    )


def _columns(table: Mapping[str, Any], side: Side) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    _known("columns.", table, FIELDS[side])
    columns, joined = {}, set()
    for name, value in table.items():
        headers = value
        if isinstance(value, dict):
            _known(f"columns.{name}.", value, {"join"})
            if FIELDS[side][name] is not Kind.TEXT:
                raise InvalidLayout(f"columns.{name}: only text is joined")
            headers = value.get("join", [])
            joined.add(name)
        found = [headers] if isinstance(headers, str) else headers
        columns[name] = tuple(dict.fromkeys(map(plain_header, _texts(found, f"columns.{name}"))))
        if not columns[name]:
            raise InvalidLayout(f"columns.{name}: at least one header")
    return columns, frozenset(joined)


def _constants(table: Mapping[str, Any], side: Side) -> dict[str, str]:
    plain = {name for name, kind in FIELDS[side].items() if kind in (Kind.TEXT, Kind.WORD)}
    _known("constants.", table, plain)
    kind = table.get("kind")
    if kind is not None and str(kind).upper() not in WORDS["kind"]:
        raise InvalidLayout(f"constants.kind: {kind} is none of {', '.join(WORDS['kind'])}")
    return {"currency": _DEFAULT_CURRENCY} | {
        name: _text(value, f"constants.{name}") for name, value in table.items()
    }


def _words(table: Mapping[str, Any], side: Side) -> dict[str, dict[str, str]]:
    _known("words.", table, {*WORDS} & {*FIELDS[side]})
    found = {}
    for name in table:
        words = {
            key.strip().upper(): _text(code, f"words.{name}") for key, code in _table(table, name).items()
        }
        codes = {*WORDS[name].values(), *(("NO_MONEY",) if side is Side.TRANSACTIONS else ())}
        strange = [code for code in words.values() if name == "kind" and code not in codes]
        if strange:
            raise InvalidLayout(f"words.kind: {strange[0]} is none of {', '.join(sorted(codes))}")
        found[name] = words
    return found


def _times(formats: tuple[str, ...]) -> tuple[str, ...]:
    for one in formats:
        if not _FORMAT.fullmatch(one) or not re.search("%[Yy]", one):
            raise InvalidLayout(f"format.times: {one} is not made of %Y %y %m %d %H %I %M %S %f %p")
    return formats


def _skip(name: str, value: Any) -> SkipRule:
    if not isinstance(value, dict):
        raise InvalidLayout(f"skip.{name}: a table with column and words")
    _known(f"skip.{name}.", value, {"column", "words"})
    headers, words = value.get("column", []), _texts(value.get("words", []), f"skip.{name}.words")
    found = _texts([headers] if isinstance(headers, str) else headers, f"skip.{name}.column")
    if not found or not words:
        raise InvalidLayout(f"skip.{name}: a column and words")
    return SkipRule(name, frozenset(map(plain_header, found)), words)


def _fields(names: tuple[str, ...], columns: Mapping[str, Any]) -> tuple[str, ...]:
    strange = [one for one in names if one not in columns]
    if strange:
        raise InvalidLayout(f"needed: {strange[0]} has no headers in columns")
    return names


def _known(where: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
    strange = sorted({*table} - {*known})
    if strange:
        raise InvalidLayout(f"{where}{strange[0]}: none of {', '.join(sorted(known))}")


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise InvalidLayout(f"{name}: a table")
    return table


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidLayout(f"{where}: a text")
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InvalidLayout(f"{where}: a list of texts")
    return tuple(_text(one, where) for one in value)
