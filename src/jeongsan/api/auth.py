"""Basic authentication with a secret key, and what a malformed or unknown one is answered with."""

import base64
from dataclasses import dataclass

from jeongsan.api.gateway import Gateway
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import ApiKey, Shop
from jeongsan.operations.shops import hash_key

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The key that was used and the shop it belongs to."""

    key: ApiKey
    shop: Shop


class Unauthorized(Refusal):
    """401, with a hint for a sandbox's user."""

    def __init__(self, hint: str | None) -> None:
        super().__init__(Code.UNAUTHORIZED_KEY)
        self.hint = hint


async def authenticate(gateway: Gateway, header: str | None) -> Credentials:
    """Whose key this is. Raises Unauthorized (no header, unknown key) or Refusal
    INCORRECT_BASIC_AUTH_FORMAT (anything that is not Basic base64 of "key:")."""
    if header is None:
        raise _unauthorized(gateway)
    secret_key = _secret_key(header)
    key_hash = hash_key(secret_key)
    key = gateway.loop.config.keys.get(key_hash)
    if key is None:
        await gateway.loop.refresh()
        key = gateway.loop.config.keys.get(key_hash)
        if key is None:
            raise _unauthorized(gateway)
    return Credentials(key, gateway.loop.config.shops[key.shop_id])


def _secret_key(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        raise Refusal(Code.INCORRECT_BASIC_AUTH_FORMAT)
    try:
        decoded = base64.b64decode(value.strip(), validate=True)
        text = decoded.decode()
    except ValueError as error:  # not ASCII, not base64, or not UTF-8 behind it
        raise Refusal(Code.INCORRECT_BASIC_AUTH_FORMAT) from error
    if decoded.startswith(_BOM):
        detail = "starts with a byte-order mark; save the key without one"
        raise Refusal(Code.INCORRECT_BASIC_AUTH_FORMAT, field="Authorization", detail=detail)
    secret_key, colon, _ = text.partition(":")
    if not colon:
        raise Refusal(Code.INCORRECT_BASIC_AUTH_FORMAT)
    return secret_key


def _unauthorized(gateway: Gateway) -> Unauthorized:
    if not gateway.sandbox:
        return Unauthorized(None)
    return Unauthorized(
        "(jeongsan sandbox: keys are printed when the database is made; set JEONGSAN_TEST_SECRET_KEY and "
        "JEONGSAN_LIVE_SECRET_KEY before that to choose them)"
    )
