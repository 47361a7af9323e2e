"""Contracts for tests that settle under something else than one rate for every card."""

from dataclasses import replace
from datetime import date
from typing import Any

from jeongsan.domain.contract import Agreement, Contract
from jeongsan.domain.methods import Method, Situation
from jeongsan.domain.payout_dates import PayoutRule
from jeongsan.domain.price_lists import published_contract
from jeongsan.domain.terms import Conditions, Price, Surcharge
from jeongsan.operations.shops import set_contract
from support.sandbox import MID, Sandbox

BEGINNING = date(2000, 1, 1)


def card_contract(**conditions: Any) -> Contract:
    """Every card alike."""
    agreed: dict[str, Any] = {"base": Price(32_000), "payout": PayoutRule(count=6)}
    agreement = Agreement(method=Method.CARD, start=BEGINNING, conditions=Conditions(**(agreed | conditions)))
    return Contract(agreements=(agreement,), source="a test")


def points_contract() -> Contract:
    """A surcharge for card points beside the base, and a line of its own for them."""
    return card_contract(
        surcharges=(Surcharge(Situation.CARD_POINT, Price(2_000)),), point_saving=Price(1_000, 10)
    )


def graded_contract() -> Contract:
    """The published list with its card rates by grade; the shop is general (일반) so far."""
    return published_contract("tosspayments")


async def agree(sandbox: Sandbox, contract: Contract, mid: str = MID) -> None:
    """Put a contract in force for the next approvals."""
    await set_contract(sandbox.gateway.loop, mid, replace(contract), actor_name="operator")
