"""Contract documents → contracts, with the same keys in TOML and JSON. `contract_view` is the way back.

Every problem is named by its path, and all of them are found that do not hide one another.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jeongsan.domain.contract import (
    Agreement,
    Contract,
    Scope,
    check_scope,
    check_source,
    grade_problems,
    overlaps,
)
from jeongsan.domain.contract_faults import Fault, InvalidTerms
from jeongsan.domain.idle_settings import idle_settings
from jeongsan.domain.methods import CARD_TYPES, METHOD_NAMES, CardKind, Method
from jeongsan.domain.price_lists import published_contract
from jeongsan.domain.terms import Grade
from jeongsan.wire.contract_conditions import CONDITIONS_KEYS, GRADE_NAMES, conditions_from
from jeongsan.wire.contract_fields import InvalidContract, Problems, Table, require
from jeongsan.wire.contract_text import parse_document, parse_json_document
from jeongsan.wire.numbers import BODY_BYTES_MAX

SCOPE_KEYS = ("method", "card", "from", "until")
METHOD_WORDS = {**METHOD_NAMES, "상품권": Method.GIFT_CERTIFICATE}
KIND_WORDS = {**CARD_TYPES, "해외": CardKind.OVERSEAS}


def contract_from_text(text: bytes) -> Contract:
    """The contract of a file, in TOML or JSON. Raises InvalidTerms, or InvalidContract with every problem."""
    return contract_from(parse_document(text))


def contract_body(body: bytes) -> Contract:
    """The contract of a request: a document, or `{"priceList": NAME}`. Raises as `contract_from_text`."""
    if len(body) > BODY_BYTES_MAX:
        raise InvalidTerms("body", Fault.TOO_LARGE, BODY_BYTES_MAX)
    document = parse_json_document(body)
    if "priceList" not in document:
        return contract_from(document)
    problems = Problems()
    name = Table(document, "", problems).only("priceList").text("priceList")
    problems.raise_any()
    return published_contract(name)


def contract_from(document: Mapping[str, Any]) -> Contract:
    """The contract of a parsed document. Raises InvalidContract."""
    problems = Problems()
    table = Table(document, "", problems).only("source", "grades", "terms")
    source = table.text("source")
    with problems.noting():
        check_source(source)
    grades = _grades(table)
    agreements = _agreements(table)
    problems.raise_any()
    with problems.noting():
        return Contract(agreements=agreements, grades=grades, source=source)
    raise InvalidContract(tuple(problems.found))


def _agreements(table: Table) -> tuple[Agreement, ...]:
    problems = table.problems
    noted = len(problems.found)
    entries = table.tables("terms")
    # An entry that cannot be read might be the one that closes a gap.
    readable = noted == len(problems.found)
    scopes, found = [], []
    for entry in entries:
        scope = _scope(entry)
        agreement = _agreement(entry, scope)
        scopes += [] if scope is None else [scope]
        found += [] if agreement is None else [agreement]
    if readable and len(scopes) == len(entries):
        _check_together(problems, scopes)
    return tuple(found)


def _check_together(problems: Problems, scopes: list[Scope]) -> None:
    if not scopes:
        problems.add("terms", Fault.NO_ENTRY)
    elif all(scope.method is not Method.CARD for scope in scopes):
        problems.add("terms", Fault.NO_ENTRY_FOR, Method.CARD)
    for error in overlaps(scopes):
        problems.note(error.problem)


def _grades(table: Table) -> tuple[tuple[date, Grade], ...]:
    noted = len(table.problems.found)
    entries = table.tables("grades")
    readable = noted == len(table.problems.found)
    found = []
    for entry in entries:
        entry.only("from", "grade")
        require(entry, "from", "grade")
        day, grade = entry.day("from"), entry.choice("grade", Grade, GRADE_NAMES)
        if day is not None and grade is not None:
            found.append((day, grade))
    if readable and len(found) == len(entries):
        for error in grade_problems(found):
            table.problems.note(error.problem)
    return tuple(found)


def _scope(entry: Table) -> Scope | None:
    require(entry, "method", "from")
    method = entry.choice("method", Method, METHOD_WORDS)
    noted = len(entry.problems.found)
    kinds = entry.choices("card", CardKind, KIND_WORDS)
    start, end = entry.day("from"), entry.day("until")
    if entry.has("card") and not kinds and noted == len(entry.problems.found):
        entry.problems.add(entry.at("card"), Fault.NO_KIND)
    if method is None or start is None or noted != len(entry.problems.found):
        return None
    scope = Scope(method=method, card_kinds=kinds, start=start, end=end)
    try:
        check_scope(f"{entry.path}.", scope)
    except InvalidTerms as error:
        entry.problems.note(error.problem)
        return None
    return scope


def _agreement(entry: Table, scope: Scope | None) -> Agreement | None:
    agreed = conditions_from(
        entry.only(*SCOPE_KEYS, *CONDITIONS_KEYS), None if scope is None else scope.method
    )
    if scope is None or agreed is None:
        return None
    rates, conditions = agreed
    agreement = Agreement(
        method=scope.method,
        card_kinds=scope.card_kinds,
        start=scope.start,
        end=scope.end,
        rates=rates,
        conditions=conditions,
    )
    for error in idle_settings(f"{entry.path}.", agreement):
        entry.problems.note(error.problem)
    return agreement
