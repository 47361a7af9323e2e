"""What a gateway process is told when it starts. Environment variables are read here and nowhere else."""

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from jeongsan.domain.business_clock import ClockMode
from jeongsan.loop.commit_loop import BATCH_SIZE_MAX
from jeongsan.network.simulator import Faults
from jeongsan.operations.network_requests import NetworkLimits

DATABASE_DEFAULT = "sqlite:///jeongsan.db"
NETWORK_INLINE, NETWORK_REMOTE = "inline", "remote"
SANDBOX_MID = "tjeongsan"


class RunMode(StrEnum):
    """A sandbox may move time and play the buyer; production may not."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Settings:
    """`clock_at` (epoch ms) counts only until the first fact exists. `crash_at`: a step of the loop at
    which the process kills itself, for the crash tests. `network_journal`: where the remote simulator
    remembers what it did. `janitor`: finish attempts that others left open."""

    database: str = DATABASE_DEFAULT
    mode: RunMode = RunMode.SANDBOX
    clock_mode: ClockMode | None = None
    clock_at: int | None = None
    settle_test_payments: bool = False
    seed: int | None = None
    network: str = NETWORK_INLINE
    network_faults: Faults = field(default_factory=Faults)
    network_journal: Path | None = None
    network_limits: NetworkLimits = field(default_factory=NetworkLimits)
    worker: bool = True
    janitor: bool = True
    batch_size_max: int = BATCH_SIZE_MAX
    first_shop: bool = False
    crash_at: str | None = None
    test_secret_key: str | None = None
    live_secret_key: str | None = None

    @property
    def first_clock_mode(self) -> ClockMode:
        """How the clock of a new database runs: ticking from any time in a sandbox, real in production."""
        if self.clock_mode is not None:
            return self.clock_mode
        return ClockMode.OFFSET if self.mode is RunMode.SANDBOX else ClockMode.SYSTEM


def from_environment() -> Settings:
    """Settings as the environment gives them; the command line changes them from there."""
    journal = os.environ.get("JEONGSAN_NETWORK_JOURNAL")
    return Settings(
        database=os.environ.get("JEONGSAN_DATABASE", DATABASE_DEFAULT),
        network=os.environ.get("JEONGSAN_NETWORK", NETWORK_INLINE),
        network_journal=Path(journal) if journal else None,
        crash_at=os.environ.get("JEONGSAN_CRASH_AT"),
        test_secret_key=os.environ.get("JEONGSAN_TEST_SECRET_KEY"),
        live_secret_key=os.environ.get("JEONGSAN_LIVE_SECRET_KEY"),
    )


def merchant_key() -> str | None:
    """The secret key a merchant's own check reads a gateway with."""
    return _key("JEONGSAN_SECRET_KEY")


def fetch_key_variable(shop: str) -> str:
    """The variable with the key of one of several shops: its name in capitals, _ for -."""
    return f"JEONGSAN_FETCH_KEY_{shop.upper().replace('-', '_')}"


def fetch_key(shop: str, *, is_default: bool) -> str | None:
    """The secret key with which the rows of a shop are fetched; the default shop may have the check's."""
    return _key(fetch_key_variable(shop)) or (merchant_key() if is_default else None)


def _key(variable: str) -> str | None:
    """A byte-order mark, which some editors put in front of a key, is no part of it."""
    return os.environ.get(variable, "").strip().strip("\ufeff").strip() or None
