"""What settlement rows should say, from terms given or learned: entry points for a reconciliation.

Both want the connection of a workspace with rows in it and nothing in the tables of terms
(`match/terms.sql`). Afterwards the view `expected` says what is expected of each row, and `terms_exceptions`
which rows are otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.expect.coverage import Compared, Coverage, coverage
from jeongsan.reconcile.expect.expected_tables import fill_tables, find_exceptions, row_groups
from jeongsan.reconcile.expect.given_contract import Contract
from jeongsan.reconcile.expect.given_terms import given_terms
from jeongsan.reconcile.expect.learned_terms import learned_terms
from jeongsan.reconcile.expect.sample import sampled_history
from jeongsan.reconcile.expect.statements import rows, run_rules
from jeongsan.reconcile.learn import learn

# Any shop that has no contract of its own.
ANY_SHOP = ""
# A method that fewer of its rows agree with has no learned terms: they would be called wrong by a guess.
AGREE_PERCENT_MIN = 99


@dataclass(frozen=True, slots=True)
class Expectation:
    """What was compared, per shop, method and currency. `shut_days`: days that no list of holidays has and on
    which banks were closed, as rows say. `sampled`: rows that were learned from. `rejected`: what was learned
    and is not expected, since too few rows agree."""

    coverage: tuple[Coverage, ...]
    shut_days: tuple[date, ...]
    sampled: int = 0
    rejected: tuple[Coverage, ...] = ()


def expect_given(connection: Any, contracts: Mapping[str, Contract], banks: OpenDays) -> Expectation:
    """By contracts: shop → contract, ANY_SHOP for all others."""
    run_rules(connection, "balances")
    terms = [
        agreed
        for group in row_groups(connection)
        if (contract := contracts.get(group.shop, contracts.get(ANY_SHOP))) is not None
        for agreed in given_terms(contract, group)
    ]
    shut = find_exceptions(connection, fill_tables(connection, terms, banks), banks)
    return Expectation(coverage(connection), shut)


def expect_learned(connection: Any, banks: OpenDays) -> Expectation:
    """By what a part of the rows says and at least AGREE_PERCENT_MIN of all rows agree with."""
    run_rules(connection, "balances")
    groups = row_groups(connection)
    history = sampled_history(connection, len(groups))
    terms = learned_terms(learn(history, banks).terms, groups)
    calendar = fill_tables(connection, terms, banks)
    shut, told = find_exceptions(connection, calendar, banks), coverage(connection)
    rejected = tuple(one for one in told if _reject(connection, one))
    if rejected:
        shut, told = find_exceptions(connection, calendar, banks), coverage(connection)
    return Expectation(told, shut, len(history.rows), rejected)


def _reject(connection: Any, one: Coverage) -> bool:
    """Take out what too few rows agree with; whether there was any."""
    fees, cancels = _too_few(one.approvals), _too_few(one.cancels)
    dates = _too_few(one.sold) or _too_few(one.paid)
    if fees or cancels or dates:
        scope = {"shop": one.shop, "method": one.method, "currency": one.currency}
        rows(connection, "reject", **scope, fees=fees, cancels=fees or cancels, dates=dates)
    return fees or cancels or dates


def _too_few(compared: Compared) -> bool:
    return 100 * compared.agree < AGREE_PERCENT_MIN * compared.rows
