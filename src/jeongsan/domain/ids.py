"""Identifiers in their recorded formats, from a moment and entropy given by the caller."""

import hashlib

from jeongsan.domain.instants import stamp_kst

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SUFFIX_SPACE = 62**5
ULID_ENTROPY_BITS = 80
_ULID_BITS = 128
SECRET_ENTROPY_BITS = 224

# counter * factor + shift modulo 62**5 = 2**5 * 31**5 is a bijection, because the factor has neither 2
# nor 31 as a divisor. Different counters thus never share a suffix before all 916,132,832 are used.
_PERMUTE_FACTOR = 124 * 3_001 + 1
_PERMUTE_SHIFT = 387_420_489


def ulid(at: int, entropy: int) -> str:
    """26 lower-case Crockford characters: 48 bits of milliseconds, 80 bits of entropy."""
    value = (at << ULID_ENTROPY_BITS) | (entropy & ((1 << ULID_ENTROPY_BITS) - 1))
    return "".join([_CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5)])


def ulid_instant(text: str) -> int:
    """The millisecond instant inside a ULID. Raises ValueError when it is not one."""
    if len(text) != 26:
        raise ValueError("a ULID has 26 characters")
    value = 0
    for character in text.lower():
        value = (value << 5) | _CROCKFORD.index(character)
    if value >> _ULID_BITS:
        raise ValueError("a ULID begins with 0 to 7")
    return value >> ULID_ENTROPY_BITS


def transaction_key(at: int, entropy: int) -> str:
    """`txrd_a` + ULID whose time is the approval or cancel, as decoded from recordings."""
    return "txrd_a" + ulid(at, entropy)


def transmission_id(at: int, *, event_id: int, endpoint_id: int) -> str:
    """`whtrans_a` + ULID: the receiver's key for telling repeats, the same for every attempt.

    Its entropy is a hash of what it transmits, so that a relay draws no randomness."""
    digest = hashlib.sha256(f"{event_id}/{endpoint_id}".encode()).digest()
    return "whtrans_a" + ulid(at, int.from_bytes(digest[:10]))


def permuted_suffix(counter: int) -> int:
    """Scatter a counter over the suffix space without collisions."""
    return (counter * _PERMUTE_FACTOR + _PERMUTE_SHIFT) % SUFFIX_SPACE


def payment_key(mid: str, requested_at: int, suffix: int) -> str:
    """First five characters of the MID, KST seconds of the request, five of [A-Za-z0-9]: 24 in all."""
    return mid[:5] + stamp_kst(requested_at) + _base62(suffix, 5)


def payment_secret(entropy: int) -> str:
    """`ps_` and 28 characters, one for each byte of entropy."""
    return "ps_" + "".join([_ALPHANUMERIC[byte % 62] for byte in entropy.to_bytes(28)])


def approval_number(entropy: int) -> str:
    """The card network's eight-digit approval number."""
    return f"{entropy % 100_000_000:08d}"


def _base62(value: int, length: int) -> str:
    characters = []
    for _ in range(length):
        value, digit = divmod(value, 62)
        characters.append(_ALPHANUMERIC[digit])
    return "".join(characters)
