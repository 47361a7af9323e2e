"""The simulated network's own memory, compared with the books."""

import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any


def verdicts(journal: Path) -> dict[str, str]:
    """What the network holds to be true of each request id. Read apart from the simulator: an
    approval may be followed by its reversal, nothing else follows on anything."""
    found: dict[str, str] = {}
    if not journal.exists():
        return found
    for line in journal.read_text().splitlines():
        entry = json.loads(line)
        before = found.get(entry["requestId"])
        if before is None or (before, entry["verdict"]) == ("approved", "reversed"):
            found[entry["requestId"]] = entry["verdict"]
    return found


async def check_journal(read: Callable[..., Awaitable[Sequence[Any]]], journal: Path) -> dict[str, str]:
    """Every approval of the network is in the books, everything else is not; returns its verdicts."""
    known = verdicts(journal)
    attempts = {row[0]: row[1] for row in await read("SELECT request_id, state FROM network_attempt")}
    assert "open" not in attempts.values(), attempts
    for request_id, verdict in known.items():
        assert attempts.get(request_id) == verdict, (request_id, verdict, attempts.get(request_id))
    unknown = {request_id: state for request_id, state in attempts.items() if request_id not in known}
    assert not unknown, unknown
    return known
