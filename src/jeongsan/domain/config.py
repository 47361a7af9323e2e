"""The settings every decision needs, as one value with a version: shops, keys, calendar overrides.

The clock row carries the version; a batch that finds another version than its own reloads. So a
change in one process is seen by the next batch of every process, at no cost per batch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from jeongsan.domain.shop import ApiKey, Shop


@dataclass(frozen=True, slots=True)
class Config:
    """`keys` by SHA-256 of the secret key; `overrides` as `business_days.Calendar` wants them."""

    version: int = -1
    shops: Mapping[int, Shop] = field(default_factory=dict)
    keys: Mapping[str, ApiKey] = field(default_factory=dict)
    overrides: Mapping[date, str | None] = field(default_factory=dict)

    def shop_of(self, mid: str, mode: str) -> Shop | None:
        """The shop with this MID in this mode."""
        return next((s for s in self.shops.values() if s.mid == mid and s.mode == mode), None)

    def keys_of(self, shop_id: int) -> list[ApiKey]:
        """The keys that let in to this shop, oldest first."""
        found = [key for key in self.keys.values() if key.shop_id == shop_id]
        return sorted(found, key=lambda key: (key.created_at, key.name))
