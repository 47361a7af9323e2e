"""The machine's clock: the only module that reads real time. Everything else gets it as a value."""

import time


class MachineClock:
    """Epoch milliseconds of this machine: leases, HTTP time-outs, logs, and the system-mode clock."""

    def now_ms(self) -> int:
        """Now, by the machine."""
        return time.time_ns() // 1_000_000
