"""What the sandbox's buyer pays with: the card, and what else changes the fee or lets the money wait."""

from dataclasses import replace
from typing import TypeVar

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.methods import CARD_TYPES, InterestPayer, Situation
from jeongsan.domain.payment import SANDBOX_CARD, Card
from jeongsan.wire.numbers import Fields

W = TypeVar("W", bound=str)

_MONTHS_MAX = 36
# Both languages of the wire → the word of the wire.
_CARD_TYPES = {word: word for word in CARD_TYPES} | {kind.value: word for word, kind in CARD_TYPES.items()}
_OWNER_TYPES = {"개인": "개인", "PERSONAL": "개인", "법인": "법인", "CORPORATE": "법인"}
_SITUATIONS = {"useEscrow": Situation.ESCROW, "keyIn": Situation.KEY_IN, "overseas": Situation.OVERSEAS}


def buyers_situations(fields: Fields) -> tuple[Situation, ...]:
    """`useEscrow`, `keyIn`, `overseas`. Raises Refusal INVALID_REQUEST with the field at fault."""
    return tuple(situation for name, situation in _SITUATIONS.items() if fields.flag(name, default=False))


def buyers_card(fields: Fields) -> Card:
    """The sandbox's card, but for what was asked. Raises Refusal INVALID_REQUEST with the field at fault."""
    months = 0
    if fields.has("cardInstallmentPlan"):
        months = fields.whole("cardInstallmentPlan", least=0, most=_MONTHS_MAX)
    payer = _interest_payer(fields, months)
    return replace(
        SANDBOX_CARD,
        issuer_code=fields.optional_text("cardCompany", longest=2) or SANDBOX_CARD.issuer_code,
        number=fields.optional_text("cardNumber", longest=20, shortest=8) or SANDBOX_CARD.number,
        installment_plan_months=months,
        is_interest_free=payer not in (None, InterestPayer.BUYER),
        interest_payer=None if payer is None else payer.value,
        use_card_point=fields.flag("useCardPoint", default=SANDBOX_CARD.use_card_point),
        card_type=_word(fields, "cardType", _CARD_TYPES, SANDBOX_CARD.card_type),
        owner_type=_word(fields, "ownerType", _OWNER_TYPES, SANDBOX_CARD.owner_type),
    )


def _interest_payer(fields: Fields, months: int) -> InterestPayer | None:
    if not fields.has("interestPayer"):
        return None
    payer = _word(fields, "interestPayer", {one.value: one for one in InterestPayer}, InterestPayer.BUYER)
    if months < 2:
        detail = "needs a cardInstallmentPlan of 2 months or more"
        raise Refusal(Code.INVALID_REQUEST, field="interestPayer", detail=detail)
    return payer


def _word(fields: Fields, name: str, words: dict[str, W], default: W) -> W:
    text = fields.optional_text(name, longest=40)
    if text is None:
        return default
    if text not in words:
        raise Refusal(Code.INVALID_REQUEST, field=name, detail=f"is one of {', '.join(words)}")
    return words[text]
