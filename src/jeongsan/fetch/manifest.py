"""The manifest of a shop's folder: where its rows come from, and of each slice what was read and when.

It is written anew after every slice; what is in it is on the disk.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from jeongsan.fetch.remarks import Remark, remark_of, view
from jeongsan.fetch.slices import Slice, What
from jeongsan.reconcile.durable import write_durably

NAME = "manifest.json"
_VERSION = 1

Sums = dict[str, dict[str, Decimal]]


class BrokenManifest(ValueError):
    """A file that is no manifest of this program's."""


class State(StrEnum):
    """`open`: is read again by the next run."""

    FINAL = "final"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Record:
    """A slice. `sha256` None: there is no file of it, because it never could be read. `sums`: currency →
    column → sum; rows without a currency stand under "". `fetched_at` is the machine's time in ISO 8601."""

    state: State
    fetched_at: str
    rows: int = 0
    sums: Sums = field(default_factory=dict, hash=False)
    sha256: str | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def problems(self) -> tuple[Remark, ...]:
        """Those of its remarks that are problems."""
        return tuple(one for one in self.remarks if one.is_problem)


@dataclass(slots=True)
class Manifest:
    """`key` is a hint of the key that was used last; `mids` are the shop ids seen in rows."""

    address: str
    key: str
    mids: list[str] = field(default_factory=list)
    slices: dict[Slice, Record] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Raises OSError."""
        write_durably(folder / NAME, self.content())

    def content(self) -> bytes:
        """The file, the same for the same manifest."""
        slices: dict[str, dict[str, Any]] = {what.value: {} for what in What}
        for one in sorted(self.slices):
            slices[one.what.value][one.day.isoformat()] = _record_view(self.slices[one])
        value = {
            "version": _VERSION,
            "address": self.address,
            "key": self.key,
            "mIds": sorted(self.mids),
            "slices": slices,
        }
        return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def read_manifest(folder: Path) -> Manifest | None:
    """None where there is none. Raises BrokenManifest, OSError."""
    try:
        content = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return None
    try:
        value = json.loads(content)
        if value["version"] != _VERSION:
            raise BrokenManifest(f"version {value['version']} is not {_VERSION}")
        slices = {
            Slice(What(what), date.fromisoformat(day)): _record(record)
            for what, days in value["slices"].items()
            for day, record in days.items()
        }
        return Manifest(str(value["address"]), str(value["key"]), list(value["mIds"]), slices)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise BrokenManifest(f"{NAME}: {error}") from error


def _record_view(record: Record) -> dict[str, Any]:
    return {
        "state": record.state.value,
        "rows": record.rows,
        "sums": sums_view(record.sums),
        "fetchedAt": record.fetched_at,
        "sha256": record.sha256,
        "remarks": [view(one) for one in record.remarks],
    }


def sums_view(sums: Sums) -> dict[str, dict[str, str]]:
    """Amounts as text: JSON numbers are floats to many readers."""
    return {
        currency: {name: f"{amount:f}" for name, amount in columns.items()}
        for currency, columns in sorted(sums.items())
    }


def _record(value: dict[str, Any]) -> Record:
    sums = {
        currency: {name: Decimal(amount) for name, amount in columns.items()}
        for currency, columns in value["sums"].items()
    }
    return Record(
        State(value["state"]),
        str(value["fetchedAt"]),
        int(value["rows"]),
        sums,
        None if value["sha256"] is None else str(value["sha256"]),
        tuple(remark_of(one) for one in value["remarks"]),
    )
