"""What a key says by itself: its kind, the time inside it, and what the rest is.

The formats are those of published answers of the real service. Nobody is asked, so nothing here proves
that a key exists.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from jeongsan.client.moments import KST, moment_of_milliseconds, plausible

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ULID_LENGTH = 26
_ULID_ENTROPY_BITS = 80
_ULID_BITS = 128
_SECRET_PREFIX = re.compile(r"(?:test|live)_g?sk_", re.ASCII)
_HINT_LENGTH = 4
_HINTED_LENGTH_MIN = 20


class KeyKind(StrEnum):
    """What a key is, by its form."""

    PAYMENT_KEY = "paymentKey"
    OLD_PAYMENT_KEY = "old paymentKey"
    TRANSACTION_KEY = "transactionKey"
    OLD_TRANSACTION_KEY = "old transactionKey"
    TRANSMISSION_ID = "webhook transmission id"
    ULID = "ULID"
    SECRET_KEY = "secret key"  # noqa: S105 - the name of a kind
    CLIENT_KEY = "client key"
    PAYMENT_SECRET = "payment secret"  # noqa: S105 - the name of a kind
    SECURITY_KEY = "security key"
    ORDER_ID = "order id"
    UNKNOWN = "unknown"


class Precision(StrEnum):
    """How fine the time inside a key is."""

    SECOND = "second"
    MILLISECOND = "millisecond"


@dataclass(frozen=True, slots=True)
class DecodedKey:
    """`shown` is the key as it may be printed: a secret is never given back whole. `moment` is in KST.
    `parts` are its other pieces by name, `note` says what they are, `problem` what is wrong with it."""

    shown: str
    kind: KeyKind
    moment: datetime | None = None
    precision: Precision | None = None
    parts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    problem: str | None = None

    @property
    def time(self) -> str | None:
        """The moment as ISO 8601 with its offset, as fine as the key has it."""
        if self.moment is None:
            return None
        fine = self.precision is Precision.MILLISECOND
        return self.moment.isoformat(timespec="milliseconds" if fine else "seconds")


def decode(key: str) -> DecodedKey:
    """What the key says. Never fails: a key of no known form is of kind UNKNOWN."""
    key = key.strip().strip("\ufeff").strip()
    for pattern, reader in _FORMS:
        found = pattern.fullmatch(key)
        if found is not None:
            return reader(found)
    return DecodedKey(printable(key), KeyKind.UNKNOWN, note="no known form")


def printable(text: str) -> str:
    """Text from outside on one line, without characters that could steer a terminal."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def transaction_moment(key: str) -> datetime | None:
    """The time inside a transaction key, to the millisecond; None when it has none."""
    decoded = decode(key)
    return decoded.moment if decoded.kind is KeyKind.TRANSACTION_KEY else None


def is_test_key(secret_key: str) -> bool:
    """Whether a secret key is one of the test mode, in which the real gateway settles nothing."""
    return ("mode", "test") in decode(secret_key).parts


def is_secret(text: str) -> bool:
    """Whether a secret stands in a text, so that the text must not be shown."""
    return decode(text).kind in (KeyKind.SECRET_KEY, KeyKind.PAYMENT_SECRET, KeyKind.SECURITY_KEY)


def key_hint(secret_key: str) -> str:
    """What tells a person which secret key it was: its kind and its last characters, few against the rest."""
    kind = _SECRET_PREFIX.match(secret_key)
    shown = secret_key[-_HINT_LENGTH:] if len(secret_key) >= _HINTED_LENGTH_MIN else ""
    return printable(f"{kind[0] if kind else ''}…{shown}")


def ulid_moment(text: str) -> datetime:
    """The time in a ULID of either case: its first 48 bits are milliseconds. Raises ValueError."""
    if len(text) != _ULID_LENGTH:
        raise ValueError(f"a ULID has {_ULID_LENGTH} characters")
    value = 0
    for character in text.lower():
        if character not in _CROCKFORD:
            raise ValueError("a ULID has no i, l, o, u and nothing but letters and digits")
        value = (value << 5) | _CROCKFORD.index(character)
    if value >> _ULID_BITS:
        raise ValueError("a ULID begins with 0 to 7")
    return moment_of_milliseconds(value >> _ULID_ENTROPY_BITS)


def _secret(found: re.Match[str]) -> DecodedKey:
    mode, product = found["mode"], "payment widget" if found["kind"].startswith("g") else "API"
    return DecodedKey(
        f"{mode}_{found['kind']}_…",
        KeyKind.SECRET_KEY,
        parts=(("mode", mode), ("product", product)),
        note="never shown whole; keep it out of command lines",
    )


def _hidden(kind: KeyKind, shown: str, note: str) -> Callable[[re.Match[str]], DecodedKey]:
    return lambda found: DecodedKey(shown, kind, note=note)


def _client_key(found: re.Match[str]) -> DecodedKey:
    product = "payment widget" if found["kind"].startswith("g") else "API"
    return DecodedKey(found[0], KeyKind.CLIENT_KEY, parts=(("mode", found["mode"]), ("product", product)))


def _with_ulid(kind: KeyKind) -> Callable[[re.Match[str]], DecodedKey]:
    def read(found: re.Match[str]) -> DecodedKey:
        key = DecodedKey(printable(found[0]), kind, note="the rest is 80 random bits")
        try:
            return replace(key, moment=ulid_moment(found["ulid"]), precision=Precision.MILLISECOND)
        except ValueError as error:
            return replace(key, note="", problem=f"what follows the prefix is no ULID: {error}")

    return read


def _ulid(found: re.Match[str]) -> DecodedKey:
    try:
        moment = ulid_moment(found[0])
    except ValueError:
        return _order_id(found)  # 26 characters that are no time: somebody's own id
    note = "the rest is 80 random bits"
    return DecodedKey(found[0], KeyKind.ULID, moment, Precision.MILLISECOND, note=note)


def _payment_key(found: re.Match[str]) -> DecodedKey:
    parts = (("midBegin", found["mid"]), ("suffix", found["suffix"]))
    key = DecodedKey(found[0], KeyKind.PAYMENT_KEY, parts=parts, note="the time is that of the request")
    try:
        moment = plausible(datetime.strptime(found["stamp"], "%Y%m%d%H%M%S").replace(tzinfo=KST))
    except ValueError:
        problem = f"{found['stamp']} stands where the time should be, but is no date and time"
        return replace(key, note="", problem=problem)
    return replace(key, moment=moment, precision=Precision.SECOND)


def _old_transaction_key(found: re.Match[str]) -> DecodedKey:
    note = "32 hex digits: no time inside"
    if found[0] != found[0].upper():
        note += "; in lower case it may be a trace id"
    return DecodedKey(found[0], KeyKind.OLD_TRANSACTION_KEY, note=note)


def _old_payment_key(found: re.Match[str]) -> DecodedKey:
    return DecodedKey(found[0], KeyKind.OLD_PAYMENT_KEY, note="48 opaque characters: no time inside")


def _order_id(found: re.Match[str]) -> DecodedKey:
    """The shop makes these by its own rules: at most a year can be guessed."""
    year = re.search(r"(?:^|[-_=])(20\d\d)", found[0])
    parts = () if year is None else (("maybeYear", year[1]),)
    note = "has the form of an order id, which a shop makes by its own rules: no time that can be relied on"
    return DecodedKey(found[0], KeyKind.ORDER_ID, parts=parts, note=note)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.DOTALL)


_AUTHORIZATION = "an Authorization value that holds a secret key; never shown"
# The first form that fits, secrets before everything else: wherever one stands, nothing of it is printed.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], DecodedKey]], ...] = (
    (_form(r".*(?P<mode>test|live)_(?P<kind>g?sk|ak)_.*"), _secret),
    # Base64 of test_ and of live_, as in a copied header.
    (_form(r".*(dGVzdF|bGl2ZV).*"), _hidden(KeyKind.SECRET_KEY, "…", _AUTHORIZATION)),
    (_form(r"ps_.+"), _hidden(KeyKind.PAYMENT_SECRET, "ps_…", "proves a webhook to the shop; never shown")),
    (_form(r"[0-9A-Fa-f]{64}"), _hidden(KeyKind.SECURITY_KEY, "…", "64 hex digits; never shown")),
    (_form(r"(?P<mode>test|live)_(?P<kind>g?ck)_\w+"), _client_key),
    (_form(r"txrd_a(?P<ulid>.*)"), _with_ulid(KeyKind.TRANSACTION_KEY)),
    (_form(r"whtrans_a(?P<ulid>.*)"), _with_ulid(KeyKind.TRANSMISSION_ID)),
    # The beginning of a shop id has a letter; 24 digits are somebody's order number.
    (
        _form(r"(?=.{0,4}[A-Za-z])(?P<mid>\w{5})(?P<stamp>\d{14})(?P<suffix>[A-Za-z0-9]{5})"),
        _payment_key,
    ),
    (_form(r"[0-9A-Fa-f]{32}"), _old_transaction_key),
    (_form(r"[A-Za-z0-9]{48}"), _old_payment_key),
    (_form(r"[A-Za-z0-9]{26}"), _ulid),
    (_form(r"[A-Za-z0-9_=-]{6,64}"), _order_id),
)
