"""What in two bodies bears out that a value may differ: sums, keys and counts that must fit on both sides.

Every check takes the two whole bodies and the difference in question. A body may be anything at all: what
is missing or of another type bears nothing out.
"""

from collections.abc import Callable
from decimal import Decimal

from jeongsan.inquiry.differences import Difference, Json
from jeongsan.wire.errors import EN
from jeongsan.wire.words import in_language

Holds = Callable[[Json, Json, Difference], bool]


def cancels_of(body: Json) -> list[Json]:
    """The entries of `cancels`; none where it is null or no list."""
    found = body.get("cancels") if isinstance(body, dict) else None
    return found if isinstance(found, list) else []


def _field(body: Json, name: str) -> Json:
    return body.get(name) if isinstance(body, dict) else None


def _number(body: Json, name: str) -> Decimal | None:
    value = _field(body, name)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(str(value))


def _sum(body: Json, *names: str) -> Decimal | None:
    numbers = [_number(body, name) for name in names]
    return None if None in numbers else sum((n for n in numbers if n is not None), Decimal(0))


def _left_after(body: Json, count: int) -> Decimal | None:
    """What the first `count` cancels leave of the total."""
    left = _number(body, "totalAmount")
    for entry in cancels_of(body)[:count]:
        taken = _number(entry, "cancelAmount")
        left = None if left is None or taken is None else left - taken
    return left


def always(left: Json, right: Json, difference: Difference) -> bool:
    """Nothing else has to fit."""
    return True


def balance_follows(left: Json, right: Json, difference: Difference) -> bool:
    """Each balance is the total less the cancels."""
    return all(
        _number(body, "balanceAmount") == _left_after(body, len(cancels_of(body))) is not None
        for body in (left, right)
    )


def parts_follow(left: Json, right: Json, difference: Difference) -> bool:
    """Supply value, VAT and untaxed parts add up to the balance (wire format: `domain.tax`)."""
    parts = ("suppliedAmount", "vat", "taxFreeAmount", "taxExemptionAmount")
    return all(_sum(body, *parts) == _number(body, "balanceAmount") is not None for body in (left, right))


def refundable_follows(left: Json, right: Json, difference: Difference) -> bool:
    """Each entry leaves what the total and the cancels up to it leave."""
    index = int(difference.path.partition("[")[2].partition("]")[0])
    return all(
        _number(cancels_of(body)[index], "refundableAmount") == _left_after(body, index + 1) is not None
        for body in (left, right)
    )


def card_pays_all(left: Json, right: Json, difference: Difference) -> bool:
    """Each card carries the total."""
    return all(
        _number(_field(body, "card"), "amount") == _number(body, "totalAmount") is not None
        for body in (left, right)
    )


def last_key_follows(left: Json, right: Json, difference: Difference) -> bool:
    """The last key is the last cancel's, as long as there is one."""
    return all(
        not cancels_of(body)
        or _field(body, "lastTransactionKey") == _field(cancels_of(body)[-1], "transactionKey")
        for body in (left, right)
    )


def address_holds_key(left: Json, right: Json, difference: Difference) -> bool:
    """With the other payment's key in its place an address is the other payment's address."""
    one, other = (_field(body, "paymentKey") for body in (left, right))
    address = difference.left
    if not (isinstance(one, str) and isinstance(other, str) and isinstance(address, str)):
        return False
    return one in address and bool(address.replace(one, other) == difference.right)


def other_card(left: Json, right: Json, difference: Difference) -> bool:
    """The two were paid with different cards."""
    numbers = [_field(_field(body, "card"), "number") for body in (left, right)]
    return bool(numbers[0] != numbers[1])


def other_currency(left: Json, right: Json, difference: Difference) -> bool:
    """The two are in different currencies."""
    return bool(_field(left, "currency") != _field(right, "currency"))


def status_follows(left: Json, right: Json, difference: Difference) -> bool:
    """CANCELED is one cancel of everything, PARTIAL_CANCELED any other, even of the whole rest
    (source: `domain.payment_states`)."""

    def fits(body: Json) -> bool:
        status, entries = _field(body, "status"), cancels_of(body)
        if not entries:
            return bool(status == "DONE")
        whole = _number(entries[0], "cancelAmount") == _number(body, "totalAmount")
        return bool(status == ("CANCELED" if whole else "PARTIAL_CANCELED"))

    return fits(left) and fits(right)


def other_count(left: Json, right: Json, difference: Difference) -> bool:
    """The two were cancelled a different number of times, and the rest of each body agrees with its count."""
    lists = all(_field(body, "cancels") is None or cancels_of(body) for body in (left, right))
    return (
        lists
        and len(cancels_of(left)) != len(cancels_of(right))
        and status_follows(left, right, difference)
        and balance_follows(left, right, difference)
    )


def later(holds: Holds) -> Holds:
    """Only when the look-up (the right side) shows more cancels than the webhook told of."""

    def both(left: Json, right: Json, difference: Difference) -> bool:
        return len(cancels_of(right)) > len(cancels_of(left)) and holds(left, right, difference)

    return both


def translated(left: Json, right: Json, difference: Difference) -> bool:
    """One value is the English word for the other."""
    one, other = difference.left, difference.right
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    return in_language(one, EN) == other or in_language(other, EN) == one
