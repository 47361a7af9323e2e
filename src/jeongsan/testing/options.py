"""What a test may choose about its gateway, by marker or by call."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

CLOCK_DEFAULT = "2025-03-13T13:00:00+09:00"


@dataclass(frozen=True, slots=True)
class GatewayOptions:
    """`clock`: where the frozen clock starts, without an offset in KST. `rate`: percent, VAT excluded.
    What is None is as in a new sandbox. `seed`: the same keys for the same history."""

    clock: str | datetime = CLOCK_DEFAULT
    rate: str | int | float | Decimal | None = None
    business_days: int | None = None
    anchor: str | None = None
    cycle: str | None = None
    settle_test_payments: bool = False
    seed: int | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON values. A rate goes as text: what a float holds is not what was written."""
        clock = self.clock.isoformat() if isinstance(self.clock, datetime) else self.clock
        rate = None if self.rate is None else str(self.rate)
        return asdict(self) | {"clock": clock, "rate": rate}
