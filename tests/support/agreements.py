"""Contracts for cards, put in force for the sandbox's shop."""

from dataclasses import replace
from datetime import date
from typing import Any

from jeongsan.domain.contract import Agreement, Contract
from jeongsan.domain.methods import CardKind, Method
from jeongsan.domain.payout_dates import PayoutRule
from jeongsan.domain.terms import Conditions, Price, Release
from jeongsan.operations.shops import set_contract
from support.sandbox import MID, Sandbox

LONG_AGO = date(2000, 1, 1)


def card_conditions(rate_ppm: int = 32_000, **agreed: Any) -> Conditions:
    """3.2 % and D+6 unless told otherwise."""
    return Conditions(**({"base": Price(rate_ppm), "payout": PayoutRule(count=6)} | agreed))


def card_agreement(conditions: Conditions, *kinds: CardKind) -> Agreement:
    return Agreement(method=Method.CARD, card_kinds=kinds, start=LONG_AGO, conditions=conditions)


def agreement_of(method: Method, *kinds: CardKind, **agreed: Any) -> Agreement:
    """One of any method, under the conditions of `card_conditions`."""
    return replace(card_agreement(card_conditions(**agreed), *kinds), method=method)


async def agree(sandbox: Sandbox, *agreements: Agreement) -> None:
    """The shop's contract from now on."""
    await set_contract(sandbox.gateway.loop, MID, Contract(agreements=agreements), actor_name="test")


async def agree_to_wait(sandbox: Sandbox, awaits: Release, **agreed: Any) -> None:
    """Cards wait for this from now on."""
    await agree(sandbox, card_agreement(card_conditions(release=awaits, **agreed)))
