"""Which addresses a secret key may be sent to."""

import ipaddress
from urllib.parse import urlsplit

from jeongsan.client.errors import InvalidAddress


def checked_address(address: str) -> str:
    """The address without a trailing slash. Raises InvalidAddress.

    Basic authentication sends the key with every request, so plain http is for this machine only.
    """
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidAddress(f"the address cannot be read: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise InvalidAddress("the address begins with https:// (or http:// on this machine)")
    if parts.username is not None or parts.query or parts.fragment:
        raise InvalidAddress("the address has no user, query or fragment; the key comes from the environment")
    if parts.scheme == "http" and not is_loopback(host):
        raise InvalidAddress(f"http://{host} would carry the secret key in the clear: use https://")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or number; names are not looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
