"""From the columns of a source to the rows of a side: which expression reads which cell by which layout.

Only names and literals are put together here; how a cell becomes a value is in sql/macros.sql, how values
become a row in the file of the side. No Python sees a row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import Template

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.fields import CODE_PATTERNS, FIELDS, KEPT_WORDS, WORDS, Kind
from jeongsan.reconcile.readers.layout import Fit, Layout
from jeongsan.reconcile.readers.relation import TEXT, Relation
from jeongsan.reconcile.readers.statements import filled
from jeongsan.reconcile.sql_text import listed, quoted

AMOUNT, ENTRIES = "DECIMAL(18,2)", "STRUCT(type VARCHAR, fee DECIMAL(18,2))[]"
_TEXT_ENTRIES = "STRUCT(type VARCHAR, fee VARCHAR)[]"
_VALUE_TYPES = {
    Kind.TEXT: TEXT, Kind.WORD: TEXT, Kind.AMOUNT: AMOUNT, Kind.MOMENT: "TIMESTAMP", Kind.DAY: "DATE",
    Kind.CLOCK: TEXT, Kind.ENTRIES: ENTRIES,
}  # fmt: skip
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_SMALL_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"}
_FLOATS = {"FLOAT", "DOUBLE"}
# A moment of a zone as microseconds since 1970 in UTC; Seoul is nine hours ahead, without summer time.
_SEOUL = Template("(make_timestamp(epoch_us($column)) + INTERVAL 9 HOUR)")
_NOTHING = "NULL::VARCHAR"
_SPACES = "concat(' ', chr(9), chr(10), chr(13), chr(160), chr(12288))"


@dataclass(frozen=True, slots=True)
class _Field:
    """`text`: what stands there, as an expression; `typed`: its value, where the source says the type;
    `called`: the field as the file calls it; `constant`: what it is where nothing stands."""

    name: str
    kind: Kind
    text: str
    typed: str | None
    called: str
    constant: str | None


def rows_sql(side: Side, relation: Relation, layout: Layout, fit: Fit) -> str:
    """A statement that gives the columns of a side's table, and `is_unreadable`, `is_skipped`, `is_blank`,
    `faults` (a list of field, fault, value)."""
    fields = list(_fields(side, relation, layout, fit))
    checks = [*_conversions(fields, layout), *_required(side, fit, fields)]
    read = filled(
        "read.sql",
        source=relation.sql,
        cells=", ".join(_cells(fields)),
        values=", ".join(_values(fields, layout)),
        skipped=_skipped(layout, fit),
        blank=_blank(len(relation.headers)),
        unreadable=" OR ".join(f"({condition})" for condition, _ in checks),
        faults=", ".join(f"CASE WHEN {condition} THEN {fault} END" for condition, fault in checks),
    )
    return filled(f"{side.lower()}.sql", read=read, cancels=quoted(layout.cancels))


def _fields(side: Side, relation: Relation, layout: Layout, fit: Fit) -> Iterator[_Field]:
    for name, kind in FIELDS[side].items():
        places = fit.fields.get(name, ())
        constant = layout.constants.get(name)
        typed = _typed(kind, f"c{places[0] + 1}", relation.types[places[0]]) if len(places) == 1 else None
        texts = [_text(f"c{place + 1}", relation.types[place], layout.empty) for place in places]
        text = _NOTHING
        if texts:
            text = texts[0] if len(texts) == 1 else f"nullif(concat_ws(' ', {', '.join(texts)}), '')"
        called = ", ".join(relation.headers[place].strip() for place in places) or name
        if kind is Kind.ENTRIES and typed is None:
            text = _entries(text, relation, layout, fit)
        yield _Field(name, kind, text, typed, called, constant)


def _text(column: str, full_type: str, empty: tuple[str, ...]) -> str:
    """What stands in a column, without spaces around it; NULL where it says nothing."""
    text = f"{column}::VARCHAR"
    if full_type in _FLOATS:
        # A number that a spreadsheet's column became: 1230000000000000.0 is 1230000000000000.
        text = rf"regexp_replace({column}::VARCHAR, '\.0$', '')"
    cell = f"readers.cell({column if full_type == TEXT else text})"
    return f"CASE WHEN {cell} NOT IN ({', '.join(map(quoted, empty))}) THEN {cell} END" if empty else cell


def _typed(kind: Kind, column: str, full_type: str) -> str | None:
    """The value of a column that has its type already."""
    if kind is Kind.AMOUNT and (_fits_amount(full_type) or full_type in _SMALL_WHOLE):
        return f"{column}::{AMOUNT}"
    if kind in (Kind.MOMENT, Kind.DAY):
        if full_type == "DATE":
            return column
        if full_type.startswith("TIMESTAMP"):
            zoned = full_type == "TIMESTAMP WITH TIME ZONE"
            return _SEOUL.substitute(column=column) if zoned else f"{column}::TIMESTAMP"
    if kind is Kind.ENTRIES and full_type.startswith("STRUCT(") and full_type.endswith("[]"):
        amount = re.search(r'"?fee"? (DECIMAL\(\d+,\d+\))', full_type)
        return f"{column}::{ENTRIES}" if amount and _fits_amount(amount[1]) else None
    return None


def _fits_amount(full_type: str) -> bool:
    found = _DECIMAL.fullmatch(full_type)
    return found is not None and int(found[2]) <= 2 and int(found[1]) - int(found[2]) <= 16


def _entries(text: str, relation: Relation, layout: Layout, fit: Fit) -> str:
    """Entries from columns of their own, else from the JSON of one cell."""
    pairs = [
        "{{'type': {}, 'fee': {}}}".format(
            *(_text(f"c{place + 1}", relation.types[place], layout.empty) for place in pair)
        )
        for pair in fit.entries
    ]
    if not pairs:
        return text
    return f"[entry FOR entry IN [{', '.join(pairs)}] IF entry.fee IS NOT NULL]::{_TEXT_ENTRIES}"


def _cells(fields: list[_Field]) -> Iterator[str]:
    by_name = {field.name: field for field in fields}
    for field in fields:
        text = field.text
        clock = by_name.get("time")
        # A list with a day and a time beside it: together they are the moment.
        if field.name == "occurred_at" and clock is not None and clock.text != _NOTHING:
            day = field if field.called != field.name or field.typed else by_name["day"]
            stood = day.text if day.typed is None else f"{day.typed}::DATE::VARCHAR"
            text = f"nullif(concat_ws(' ', {stood}, readers.clock_of({clock.text})), '')"
        if field.constant is not None:
            text = f"coalesce({text}, {quoted(field.constant)})"
        yield f"{text if field.typed is None else _NOTHING} AS {field.name}_text"
        if field.typed is not None:
            yield f"{field.typed} AS {field.name}_typed"


def _values(fields: list[_Field], layout: Layout) -> Iterator[str]:
    for field in fields:
        typed, text = f"{field.name}_typed", f"{field.name}_text"
        value = typed if field.typed is not None else _converted(field, text, layout)
        if _is_unsaid(field):
            value = "NULL"
        yield f"({value})::{_VALUE_TYPES[field.kind]} AS {field.name}"
    for field in fields:
        if field.kind is Kind.MOMENT:
            typed, text = f"{field.name}_typed", f"{field.name}_text"
            day = typed if field.typed else f"coalesce({field.name}::DATE, {_day(text, layout)})"
            if _is_unsaid(field):
                day = "NULL"
            yield f"({day})::DATE AS {field.name}_day"


def _is_unsaid(field: _Field) -> bool:
    """Whether the source has nothing for a field. A moment may still be made of a day and a time."""
    has_nothing = field.text == _NOTHING and field.typed is None and field.constant is None
    return has_nothing and field.name != "occurred_at"


def _converted(field: _Field, text: str, layout: Layout) -> str:
    match field.kind:
        case Kind.AMOUNT:
            return f"readers.amount_of({text})"
        case Kind.MOMENT:
            return _moment(text, layout)
        case Kind.DAY:
            return _day(text, layout)
        case Kind.WORD:
            return _word(field.name, text, layout)
        case Kind.ENTRIES:
            return (
                f"[{{'type': entry.type, 'fee': readers.amount_of(entry.fee)}} FOR entry IN {_listed(field)}]"
            )
        case _:
            return text


def _listed(field: _Field) -> str:
    """Entries as a list of texts, also where they stand as JSON."""
    return (
        f"{field.name}_text"
        if field.text.endswith(_TEXT_ENTRIES)
        else f"readers.entries_of({field.name}_text)"
    )


def _moment(text: str, layout: Layout) -> str:
    timed = [one for one in layout.times if re.search("%[HI]", one)]
    if not layout.times:
        return f"readers.moment_of({text})"
    return f"readers.plausible(try_strptime({text}, {listed(timed)}))" if timed else "NULL::TIMESTAMP"


def _day(text: str, layout: Layout) -> str:
    if not layout.times:
        return f"readers.day_of({text})"
    return f"readers.plausible(try_strptime({text}, {listed(layout.times)}))::DATE"


def _word(name: str, text: str, layout: Layout) -> str:
    words = {**WORDS[name], **layout.words.get(name, {})}
    cases = " ".join(f"WHEN {quoted(word)} THEN {quoted(code)}" for word, code in words.items())
    known = f"CASE upper({text}) {cases} END"
    if name in KEPT_WORDS:
        return f"coalesce({known}, {text})"
    if name in CODE_PATTERNS:
        is_code = f"regexp_full_match(upper({text}), {quoted(CODE_PATTERNS[name])})"
        return f"coalesce({known}, CASE WHEN {is_code} THEN upper({text}) END)"
    return known


def _conversions(fields: list[_Field], layout: Layout) -> Iterator[tuple[str, str]]:
    """(condition, fault) of every cell that may not be what it has to be."""
    for field in fields:
        text = f"{field.name}_text"
        if field.typed is not None or _is_unsaid(field):
            continue
        match field.kind:
            case Kind.AMOUNT:
                yield _unless(field.name, text, field.called, f"readers.fault_of_amount({text})")
            case Kind.MOMENT:
                yield _unless(f"{field.name}_day", text, field.called, f"readers.fault_of_time({text})")
            case Kind.DAY:
                yield _unless(field.name, text, field.called, f"readers.fault_of_time({text})")
            case Kind.WORD if field.name not in KEPT_WORDS:
                yield _unless(field.name, text, field.called, "'UNKNOWN_WORD'")
            case Kind.ENTRIES:
                yield _unless(field.name, text, field.called, "'NOT_JSON'")
                wrong = "entry.fee IS NOT NULL AND readers.amount_of(entry.fee) IS NULL"
                broken = f"[entry.fee FOR entry IN {_listed(field)} IF {wrong}]"
                yield (
                    f"coalesce(len({broken}) > 0, false)",
                    _fault(field.called, f"readers.fault_of_amount({broken}[1])", f"{broken}[1]"),
                )


def _unless(value: str, text: str, called: str, fault: str) -> tuple[str, str]:
    return f"{text} IS NOT NULL AND {value} IS NULL", _fault(called, fault, f"{text}::VARCHAR")


def _fault(called: str, fault: str, value: str) -> str:
    return f"{{'field': {quoted(called)}, 'fault': {fault}, 'value': {value}}}"


def _required(side: Side, fit: Fit, fields: list[_Field]) -> Iterator[tuple[str, str]]:
    """(condition, fault) of what a row has to say."""
    called = {field.name: field.called for field in fields}
    amounts = ["amount", "paid_in", "paid_out"] if side is Side.BANK else ["amount"]
    groups = [amounts, ["currency"]]
    if side is Side.BANK:
        groups.append(["occurred_at_day", "day"])
        both = "coalesce(paid_in <> 0 AND paid_out <> 0, false)"
        value = "concat(paid_in_text, ' / ', paid_out_text)"
        yield both, _fault(f"{called['paid_in']}, {called['paid_out']}", "'CONTRADICTION'", value)
    kinds = [name for name in ("kind", "status") if name in fit.fields]
    if kinds:
        groups.append(kinds)
    for group in groups:
        names = [name.removesuffix("_day") for name in group]
        there = [name for name in names if name in fit.fields] or names
        nothing = " AND ".join(f"{name} IS NULL" for name in group)
        unsaid = " AND ".join(f"{name}_text IS NULL" for name in names)
        label = ", ".join(called[name] for name in there)
        yield f"{nothing} AND {unsaid}", _fault(label, "'NO_VALUE'", "''")


def _skipped(layout: Layout, fit: Fit) -> str:
    # No IN: from six words on it becomes a join.
    rules = [
        f"CASE readers.cell(c{place + 1}::VARCHAR) "
        f"{' '.join(f'WHEN {quoted(word)} THEN true' for word in rule.words)} ELSE false END"
        for rule, places in zip(layout.skip, fit.skips, strict=True)
        for place in places
    ]
    return " OR ".join(rules) or "false"


def _blank(count: int) -> str:
    stood = ", ".join(f"c{number}::VARCHAR" for number in range(1, count + 1))
    return f"trim(concat({stood}), {_SPACES}) = ''"
