"""`jeongsan bench accuracy`: makes a world with labelled faults, reconciles it, and scores what was found."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeongsan.bench.reconcile_faults.contract_documents import contract_documents
from jeongsan.bench.reconcile_faults.generate import WorldPlan, generate
from jeongsan.bench.reconcile_faults.score import Check, Score, score, summed, whole_checks
from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.duck import open_workspace, run_script
from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.expect.expectation import expect_given, expect_learned
from jeongsan.reconcile.expect.given_contract import Contract, read_contract
from jeongsan.reconcile.match.run import Circumstances, match

_ALL = "all"
_ALL_DETERMINISTIC = "all deterministic"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """`scores`: each kind of fault, then false alarms, then all kinds together. `rows`: side → count."""

    scores: list[Score]
    checks: list[Check]
    rows: dict[str, int]
    generate_seconds: float
    terms_seconds: float
    match_seconds: float
    bare_join_seconds: float


def measure(
    plan: WorldPlan, folder: Path, *, memory: str, threads: int | None, learn: bool = False
) -> Accuracy:
    """Run a whole reconciliation of a generated world in a workspace in this folder, its terms given, or
    learned of its rows. Raises NotInstalled, and DoesNotAddUp when the reconciliation lost a row."""
    connection = open_workspace(folder, memory=memory, threads=threads)
    try:
        begun = time.perf_counter()
        world = generate(connection, plan)
        made = time.perf_counter()
        banks = OpenDays(korean_holidays())
        if learn:
            expect_learned(connection, banks)
        else:
            expect_given(connection, _contracts(), banks)
        told = time.perf_counter()
        match(connection, Circumstances(today=world.today, first=world.first, last=world.last))
        done = time.perf_counter()
        run_script(connection, __package__, "bare_joins.sql")
        joined = time.perf_counter()
        scores = score(connection)
        return Accuracy(
            scores=[*scores, *_together(scores)],
            checks=whole_checks(connection),
            rows=_rows(connection),
            generate_seconds=made - begun,
            terms_seconds=told - made,
            match_seconds=done - told,
            bare_join_seconds=joined - done,
        )
    finally:
        connection.close()


def _contracts() -> dict[str, Contract]:
    read = {shop: read_contract(document).contract for shop, document in contract_documents().items()}
    return {shop: contract for shop, contract in read.items() if contract is not None}


def _together(scores: list[Score]) -> list[Score]:
    return [
        summed(_ALL, scores),
        summed(_ALL_DETERMINISTIC, [one for one in scores if one.deterministic]),
    ]


def _rows(connection: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for side, count in connection.table("files").project("side, row_count").fetchall():
        found[side] = found.get(side, 0) + count
    return found
