"""Who may see the console: a browser on the gateway's own machine that came by a loopback name, and who may
post: a page of ours that was shown to that browser. There is no login; this is what stands in its place."""

import re
import secrets
from ipaddress import IPv6Address, ip_address

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "jeongsan-console"
TOKEN_FIELD = "token"  # noqa: S105 - the name of a form field
_LOOPBACK_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE | re.ASCII)
_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
# Whoever adds these is a proxy: then the peer is the proxy, and the person may be anywhere.
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Forbidden(Exception):
    """The console is not for this request. `reason`: the name of its text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_visitor(request: Request) -> None:
    """The peer and the address it came by. Raises Forbidden.

    The Host header must be a loopback name, because a foreign page can point a name of its own at this
    machine (DNS rebinding) and would then be of the same origin as the console."""
    if not _is_loopback(request.client.host if request.client else None):
        raise Forbidden("guard_peer")
    if any(name in request.headers for name in _PROXY_HEADERS):
        raise Forbidden("guard_peer")
    if not _LOOPBACK_HOST.fullmatch(request.headers.get("host", "")):
        raise Forbidden("guard_host")


def _is_loopback(address: str | None) -> bool:
    try:
        found = ip_address(address or "")
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_loopback


def check_origin(request: Request) -> None:
    """A browser says which site a POST comes from; it must be this one. Raises Forbidden."""
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() != f"{request.url.scheme}://{request.headers['host']}".lower():
        raise Forbidden("guard_origin")


def token_of(request: Request) -> str:
    """The browser's token, or a new one for a browser that has none."""
    found = request.cookies.get(COOKIE, "")
    return found if _TOKEN.fullmatch(found) else secrets.token_urlsafe(_TOKEN_BYTES)


def keep_token(response: Response, token: str) -> None:
    """Give the browser its token: no script reads it, no other site's request carries it."""
    response.set_cookie(COOKIE, token, path="/console", httponly=True, samesite="strict")


def check_token(request: Request, sent: str) -> None:
    """Whether the form was shown to the browser that sends it. Raises Forbidden."""
    kept = request.cookies.get(COOKIE, "")
    if not _TOKEN.fullmatch(kept) or not secrets.compare_digest(kept.encode(), sent.encode()):
        raise Forbidden("guard_token")
