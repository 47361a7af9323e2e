"""What a contract document cannot say of what was learned, or says only by leaving it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jeongsan.reconcile.learn import LearnedTerms

Value = int | str


class Said(StrEnum):
    """What there is to know about the document. The first three: there is none."""

    SHOPS = "shops"
    NO_CARD = "noCard"
    TOO_MANY = "tooMany"
    ANY_KIND = "anyKind"
    CURRENCY = "currency"
    METHOD = "method"
    KIND = "kind"
    ONE_ENTRY = "oneEntry"
    NO_PRICE = "noPrice"
    NO_PAYOUT = "noPayout"
    NO_CYCLE = "noCycle"
    NO_CANCEL = "noCancel"
    UNEXPLAINED = "unexplained"
    LIMITS = "limits"
    OTHER_FITS = "otherFits"
    ROUNDING_FITS = "roundingFits"
    ROUNDING_NEAR = "roundingNear"
    PROPORTIONAL = "proportional"
    REFUND_FEE = "refundFee"
    INSTALMENTS = "instalments"


@dataclass(frozen=True, slots=True)
class Note:
    """One of these, with the figures and names in it. `method` is None where it is about the whole."""

    said: Said
    method: str | None = None
    card_kinds: tuple[str, ...] = ()
    currency: str = "KRW"
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Notes:
    """The notes so far, in order, each once."""

    found: list[Note] = field(default_factory=list)

    def add(self, said: Said, terms: LearnedTerms | None = None, **values: Value) -> None:
        """Note something about a method, or about the whole."""
        if terms is None:
            note = Note(said, values=values)
        else:
            note = Note(said, terms.method, terms.card_kinds, terms.currency, values)
        if note not in self.found:
            self.found.append(note)
