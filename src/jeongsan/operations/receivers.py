"""Which addresses a webhook may be sent to. In production a receiver must be https and public; a
sandbox may tell the machine it runs on."""

import asyncio
import ipaddress
from urllib.parse import urlsplit

_URL_LENGTH_MAX = 2_000


class ReceiverRefused(ValueError):
    """The address may not be told."""


async def check_receiver(url: str, *, allow_private: bool) -> None:
    """Resolve the host and refuse addresses inside the network. Raises ReceiverRefused or OSError."""
    if len(url) > _URL_LENGTH_MAX:
        raise ReceiverRefused(f"the URL is longer than {_URL_LENGTH_MAX} characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ReceiverRefused("is no URL") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ReceiverRefused("is no http or https URL without credentials")
    if allow_private:
        return
    if parts.scheme != "https":
        raise ReceiverRefused("must be https")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port or 443)
    except UnicodeError as error:
        raise ReceiverRefused("has no host name that can be resolved") from error
    for *_, address in found:
        if not ipaddress.ip_address(address[0]).is_global:
            raise ReceiverRefused(f"{parts.hostname} is not a public address")
