"""What a test may choose about its gateway, by marker or by call."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

CLOCK_DEFAULT = "2025-03-13T13:00:00+09:00"
# For each option: what it may be, and how that is said.
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "clock": ((str, datetime), "a text or a datetime"),
    "rate": ((str, int, float, Decimal, type(None)), "a text or a number"),
    "business_days": ((int, type(None)), "a whole number"),
    "anchor": ((str, type(None)), "a text"),
    "cycle": ((str, type(None)), "a text"),
    "contract": ((str, dict, type(None)), "a text or a dictionary"),
    "settle_test_payments": ((bool,), "True or False"),
    "seed": ((int, type(None)), "a whole number"),
}


@dataclass(frozen=True, slots=True)
class GatewayOptions:
    """`clock`: where the frozen clock starts, without an offset in KST. `rate`: percent, VAT excluded.
    `contract`: a document, or the name of a published price list; it is put in force after the others. What
    is None is as in a new sandbox. `seed`: the same keys for the same history. Raises TypeError for a
    value of a wrong type; what a value of the right type may be, the gateway knows."""

    clock: str | datetime = CLOCK_DEFAULT
    rate: str | int | float | Decimal | None = None
    business_days: int | None = None
    anchor: str | None = None
    cycle: str | None = None
    contract: str | dict[str, Any] | None = None
    settle_test_payments: bool = False
    seed: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            types, kind = _TYPES[field.name]
            value = getattr(self, field.name)
            # A bool is an int to Python; a test that gives one has mixed up two options.
            if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                raise TypeError(f"{field.name}: is {kind}, not {value!r}")

    def plain(self) -> dict[str, Any]:
        """As JSON values, without the contract, which the open gateway is given. A rate goes as text: what
        a float holds is not what was written."""
        clock = self.clock.isoformat() if isinstance(self.clock, datetime) else self.clock
        rate = None if self.rate is None else str(self.rate)
        plain = asdict(self) | {"clock": clock, "rate": rate}
        del plain["contract"]
        return plain
