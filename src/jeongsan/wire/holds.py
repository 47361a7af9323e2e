"""Bodies and parameters of requests about holds → values; the command line's words pass the same checks."""

from dataclasses import dataclass

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.holds import NOTE_LENGTH_MAX, HoldReason
from jeongsan.wire.numbers import Fields, parse_object

ACTOR_LENGTH_MAX = 40
_PAYMENT_KEY_LENGTH_MAX = 200
# An id is a positive number of 64 bits.
_ID_DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class HoldBody:
    """A hold to be placed; `payment_key` None: on the shop."""

    reason: HoldReason
    payment_key: str | None
    note: str | None


def hold_body(body: bytes) -> HoldBody:
    """`reason`, and optionally `paymentKey` and `note`. Raises Refusal with the field at fault."""
    fields = Fields(parse_object(body))
    return HoldBody(
        _reason(fields.text("reason", longest=40)),
        fields.optional_text("paymentKey", longest=_PAYMENT_KEY_LENGTH_MAX),
        fields.optional_text("note", longest=NOTE_LENGTH_MAX),
    )


def _reason(text: str) -> HoldReason:
    try:
        return HoldReason(text)
    except ValueError as error:
        detail = f"is one of {', '.join(HoldReason)}"
        raise Refusal(Code.INVALID_REQUEST, field="reason", detail=detail) from error


def hold_id(text: str) -> int:
    """The id of a hold as it was shown. Raises Refusal NOT_FOUND."""
    if not (text.isascii() and text.isdecimal()) or len(text) > _ID_DIGITS_MAX:
        raise Refusal(Code.NOT_FOUND, field="holdId", detail="there is no such hold")
    return int(text)


def actor_name(text: str) -> str:
    """The name of whoever acts by hand. Raises Refusal."""
    name = Fields({"actor": text}).text("actor", longest=ACTOR_LENGTH_MAX)
    if not name.isprintable() or name != name.strip():
        raise Refusal(Code.INVALID_REQUEST, field="actor", detail="must have visible characters only")
    return name
