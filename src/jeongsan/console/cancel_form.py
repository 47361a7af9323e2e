"""What the cancel form holds, and what it becomes: the same command as every other path's, by the same
parser, under an identity of its own so that a form sent twice cancels once."""

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.idempotency import identity, is_bound
from jeongsan.operations.cancel import CancelCommand
from jeongsan.wire.encode import encode
from jeongsan.wire.numbers import BODY_BYTES_MAX, Fields
from jeongsan.wire.requests import cancel_body

# Where a person can press 취소. The gateway's staff and buyers cannot, here or anywhere.
CHANNELS = (Channel.MERCHANT_ADMIN, Channel.DEVELOPER_CENTRE)
_PERSON_LENGTH_MAX = 100
_FIELDS_MAX = 20
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+", re.ASCII)
# Stands in an identity where the API has the hash of a secret key, which is 64 hexadecimal digits.
_CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was filled in. `submission` names one showing of the form."""

    submission: str
    reason: str
    amount: str
    channel: str
    person: str

    def again(self, status: int) -> "Typed":
        """The form after an answer: under the same name as long as the outcome is open, so that another try
        learns what became of the first; under a new one when it was decided."""
        return replace(self, submission=_name()) if is_bound(status) else self

    @property
    def key(self) -> str:
        """The idempotency key: this form with these contents."""
        contents = "\x1f".join((self.submission, self.reason, self.amount, self.channel, self.person))
        return hashlib.sha256(contents.encode()).hexdigest()


def untouched() -> Typed:
    """A form nobody has typed into yet."""
    return Typed(submission=_name(), reason="", amount="", channel=CHANNELS[0].value, person="담당자")


def _name() -> str:
    return secrets.token_urlsafe(16)


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of a form sent as a browser sends it. Raises Refusal INVALID_REQUEST."""
    if len(body) > BODY_BYTES_MAX:
        raise Refusal(Code.INVALID_REQUEST, field="body", detail=f"is larger than {BODY_BYTES_MAX} bytes")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS_MAX
        )
    except ValueError as error:
        raise Refusal(Code.INVALID_REQUEST, field="body", detail="is no form") from error
    return dict(pairs)


def typed_in(fields: dict[str, str]) -> Typed:
    """What was typed, blanks around it taken off. A field that is missing is empty."""
    return Typed(
        submission=fields.get("submission", ""),
        reason=fields.get("reason", "").strip(),
        amount=fields.get("amount", "").strip(),
        channel=fields.get("channel", ""),
        person=fields.get("person", "").strip(),
    )


def command_of(typed: Typed, payment_key: str) -> CancelCommand:
    """The cancel that was asked for. Raises Refusal INVALID_REQUEST with the field at fault."""
    # People group the digits of an amount; the format knows no commas.
    amount = typed.amount.replace(",", "") if _THOUSANDS.fullmatch(typed.amount) else typed.amount
    # The same checks as the API's, so that no path can store what another refuses.
    body = cancel_body(encode({"cancelReason": typed.reason, "cancelAmount": amount or None}))
    return CancelCommand(payment_key, body.reason, body.amount)


def actor_of(typed: Typed, address: str | None) -> Actor:
    """Who pressed the button, and where. Raises Refusal INVALID_REQUEST with the field at fault."""
    if typed.channel not in CHANNELS:
        detail = f"is {' or '.join(CHANNELS)}"
        raise Refusal(Code.INVALID_REQUEST, field="channel", detail=detail)
    person = Fields({"person": typed.person}).text("person", longest=_PERSON_LENGTH_MAX)
    return Actor(Channel(typed.channel), person, None, address)


def identity_of(typed: Typed, path: str) -> str:
    """The idempotency identity of this form."""
    return identity(key=typed.key, key_hash=_CONSOLE, method="POST", path=path)
