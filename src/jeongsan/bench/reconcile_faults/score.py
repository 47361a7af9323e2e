"""How much of what was labelled a reconciliation found, how much of what it found was labelled, and whether
it accounts for every row."""

from dataclasses import dataclass
from typing import Any

from jeongsan.reconcile.duck import run_script


@dataclass(frozen=True, slots=True)
class Score:
    """`expected` labels of a kind, `hits` of them found: by an outcome of the same comparison, state and
    reasons about exactly the same rows. `alarms`: other outcomes about rows of the kind. A name that begins
    with "no fault" stands for outcomes about rows that nothing is wrong with."""

    name: str
    deterministic: bool
    expected: int
    hits: int
    alarms: int

    @property
    def found(self) -> int:
        """Outcomes about the kind's rows, right or wrong."""
        return self.hits + self.alarms

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 when nothing was found that should have been."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what should be found that was; 1 when nothing should."""
        return self.hits / self.expected if self.expected else 1.0


@dataclass(frozen=True, slots=True)
class Check:
    """Something that holds of every reconciliation, whatever is in it."""

    name: str
    holds: bool


def score(connection: Any) -> list[Score]:
    """Compare `outcomes`, `members` and `payouts` with the labels beside them; a Score for each kind,
    then one for each way in which rows without a fault were found."""
    run_script(connection, __package__, "score.sql")
    return [Score(*row) for row in connection.table("scores").fetchall()]


def whole_checks(connection: Any) -> list[Check]:
    """Whether totals are the tables' and no row is used twice; after `score`."""
    return [Check(*row) for row in connection.table("whole_checks").fetchall()]


def summed(name: str, scores: list[Score]) -> Score:
    """Several as one."""
    return Score(
        name,
        all(one.deterministic for one in scores),
        sum(one.expected for one in scores),
        sum(one.hits for one in scores),
        sum(one.alarms for one in scores),
    )
