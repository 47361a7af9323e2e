"""Whether two outputs say the same when keys minted at random are only compared by who is who.

Keys are numbered in the order in which a page shows them; the same key must be the same key again.
JSON is compared as values in key order, whatever its line breaks.
"""

import json
import re
from typing import Any

# A payment key keeps its readable part (shop and second); only the five scattered characters vary.
_KINDS = {
    "payment": re.compile(r"(?<=[A-Za-z0-9_]{5}20\d{12})[A-Za-z0-9]{5}(?![A-Za-z0-9])"),
    "transaction": re.compile(r"txrd_a[0-9a-z]{26}"),
    "transmission": re.compile(r"whtrans_a[0-9a-z]{26}"),
    "secret": re.compile(r"ps_[A-Za-z0-9]{28}"),
    "approval": re.compile(r'(?<="approveNo":")\d{8}'),
    "key": re.compile(r"(?:test|live)_sk_[A-Za-z0-9]{28}(?![A-Za-z0-9])"),
    "trace": re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])"),
    "endpoint": re.compile(r'(?:(?<="id":")|(?<=/webhooks/))\d+'),
    "hold": re.compile(r'(?:(?<="holdId":")|(?<=/holds/)|(?<=hold release ))\d+'),
}
# What a new example writes for the first, second, third payment key of its page, until it is recorded.
PLACEHOLDERS = ("xxxxx", "yyyyy", "zzzzz")


def canonical(text: str) -> str:
    """Every JSON value in the text on one line, other text without trailing blanks."""
    decoder = json.JSONDecoder(parse_float=lambda number: f"<number {number}>")
    values: list[Any] = []
    rest = text.strip()
    while rest:
        try:
            value, end = decoder.raw_decode(rest)
        except json.JSONDecodeError:
            return "\n".join(line.rstrip() for line in text.strip().splitlines())
        values.append(value)
        rest = rest[end:].lstrip()
    return "\n".join(json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values)


class Names:
    """The keys one side of the comparison has shown so far."""

    def __init__(self) -> None:
        self.known: dict[str, list[str]] = {kind: [] for kind in _KINDS}

    def numbered(self, text: str) -> str:
        """The canonical text with every minted key replaced by its number."""
        text = canonical(text)
        for kind, pattern in _KINDS.items():
            text = pattern.sub(lambda found, kind=kind: self._number(kind, found[0]), text)  # type: ignore[misc]
        return text

    def _number(self, kind: str, key: str) -> str:
        known = self.known[kind]
        if key not in known:
            known.append(key)
        return f"<{kind} {known.index(key) + 1}>"


def translated(command: str, shown: Names, real: Names) -> str:
    """A shown command with the keys that really were minted."""

    def real_key(kind: str, key: str) -> str:
        if key in PLACEHOLDERS and PLACEHOLDERS.index(key) < len(real.known[kind]):
            return real.known[kind][PLACEHOLDERS.index(key)]
        if key not in shown.known[kind]:
            return key
        number = shown.known[kind].index(key)
        # Where the page shows more keys than there were, its command fails, and the page shows how.
        return real.known[kind][number] if number < len(real.known[kind]) else key

    for kind, pattern in _KINDS.items():
        command = pattern.sub(lambda found, kind=kind: real_key(kind, found[0]), command)  # type: ignore[misc]
    return command
