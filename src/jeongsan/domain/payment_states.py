"""The state table of a payment: the only place that knows which status follows which.

Keyed by status, action, whether the whole original amount is moved at once, and whether the balance
becomes zero. Source: documented transitions, and the measurement that cancelling the rest after a
partial cancel leaves PARTIAL_CANCELED with balance 0.
"""

from enum import StrEnum

from jeongsan.domain.errors import Code, Refusal


class Status(StrEnum):
    """Every status a payment can show."""

    READY = "READY"
    IN_PROGRESS = "IN_PROGRESS"
    WAITING_FOR_DEPOSIT = "WAITING_FOR_DEPOSIT"
    DONE = "DONE"
    CANCELED = "CANCELED"
    PARTIAL_CANCELED = "PARTIAL_CANCELED"
    ABORTED = "ABORTED"
    EXPIRED = "EXPIRED"


class Action(StrEnum):
    """What can happen to a payment."""

    AUTHENTICATE = "authenticate"
    APPROVE = "approve"
    ABORT = "abort"
    EXPIRE = "expire"
    CANCEL = "cancel"


Key = tuple[Status, Action, bool, bool]

TRANSITIONS: dict[Key, Status] = {
    (Status.READY, Action.AUTHENTICATE, False, False): Status.IN_PROGRESS,
    (Status.READY, Action.EXPIRE, False, False): Status.EXPIRED,
    (Status.IN_PROGRESS, Action.EXPIRE, False, False): Status.EXPIRED,
    (Status.IN_PROGRESS, Action.ABORT, False, False): Status.ABORTED,
    (Status.IN_PROGRESS, Action.APPROVE, False, False): Status.DONE,
    (Status.DONE, Action.CANCEL, True, True): Status.CANCELED,
    (Status.DONE, Action.CANCEL, False, False): Status.PARTIAL_CANCELED,
    (Status.PARTIAL_CANCELED, Action.CANCEL, False, False): Status.PARTIAL_CANCELED,
    (Status.PARTIAL_CANCELED, Action.CANCEL, False, True): Status.PARTIAL_CANCELED,
}

# The code for an action that the table does not allow from a status. Confirming a payment whose
# window was never finished is not recorded; UNAPPROVED_ORDER_ID is assumed.
REFUSALS: dict[tuple[Status, Action], Code] = {
    (Status.READY, Action.APPROVE): Code.UNAPPROVED_ORDER_ID,
    (Status.EXPIRED, Action.APPROVE): Code.NOT_FOUND_PAYMENT_SESSION,
    (Status.WAITING_FOR_DEPOSIT, Action.APPROVE): Code.ALREADY_PROCESSED_PAYMENT,
    (Status.DONE, Action.APPROVE): Code.ALREADY_PROCESSED_PAYMENT,
    (Status.CANCELED, Action.APPROVE): Code.ALREADY_PROCESSED_PAYMENT,
    (Status.PARTIAL_CANCELED, Action.APPROVE): Code.ALREADY_PROCESSED_PAYMENT,
    (Status.ABORTED, Action.APPROVE): Code.ALREADY_PROCESSED_PAYMENT,
    (Status.READY, Action.CANCEL): Code.NOT_CANCELABLE_PAYMENT,
    (Status.IN_PROGRESS, Action.CANCEL): Code.NOT_CANCELABLE_PAYMENT,
    (Status.WAITING_FOR_DEPOSIT, Action.CANCEL): Code.NOT_CANCELABLE_PAYMENT,
    (Status.ABORTED, Action.CANCEL): Code.NOT_CANCELABLE_PAYMENT,
    (Status.EXPIRED, Action.CANCEL): Code.NOT_CANCELABLE_PAYMENT,
    (Status.CANCELED, Action.CANCEL): Code.ALREADY_CANCELED_PAYMENT,
}


class ImpossibleTransition(AssertionError):
    """The program asked for a transition no input can cause."""


def next_status(
    status: Status, action: Action, *, whole_original: bool = False, balance_zero: bool = False
) -> Status:
    """The status after the action. Raises Refusal with the table's code, or ImpossibleTransition."""
    following = TRANSITIONS.get((status, action, whole_original, balance_zero))
    if following is not None:
        return following
    code = REFUSALS.get((status, action))
    if code is None:
        raise ImpossibleTransition(f"{status} {action} {whole_original} {balance_zero}")
    raise Refusal(code)


def may(status: Status, action: Action) -> bool:
    """Whether the table has any way for this action from this status."""
    return any(key[0] is status and key[1] is action for key in TRANSITIONS)


def check(status: Status, action: Action) -> None:
    """Raise the table's refusal when the action is impossible from this status, whatever the amounts."""
    if not may(status, action):
        raise Refusal(REFUSALS.get((status, action), Code.FORBIDDEN_REQUEST))
