"""One page and its answer: guards before it, headers after it, refusals as a page, and the templates."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from jeongsan.api.exchange import gateway_of
from jeongsan.console.guards import Forbidden, check_origin, check_visitor
from jeongsan.console.words import LANGUAGES, Words
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.records import Records, open_records
from jeongsan.wire.errors import EN, KO, message_of, status_of

ROOT = "/console"
# Nothing is loaded from anywhere else, and no script runs at all. `same-origin`: with `no-referrer` a browser
# would hide the origin of our own forms too, which `check_origin` wants to see.
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
TEMPLATES = Environment(
    loader=PackageLoader("jeongsan.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """`refused.html`: why there is no page. `reason`: what is wrong in particular, if that is known."""

    code: str
    message: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page that is shown. `mode` colours it; `path` and `parameters` are its own
    address, for the language switch."""

    words: Words
    now: int
    clock_frozen: bool
    mode: Mode
    path: str
    parameters: dict[str, str]

    def url(self, path: str, /, **parameters: Any) -> str:
        """An address of the console, in the language of this page; parameters that are None are left out."""
        return address(self.words, path, **parameters)

    @property
    def other_language_url(self) -> str:
        """This page in the other language."""
        return address(Words(self.words.other), self.path, **self.parameters)


class Page:
    """An ASGI endpoint around a handler that returns HTML."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await self._answer(request)
        response.headers.update(HEADERS)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            check_visitor(request)
            if request.method == "POST":
                check_origin(request)
            return await self._handler(request)
        except Forbidden as forbidden:
            words = words_of(request)
            return _refused(words, Code.FORBIDDEN_REQUEST, words.text(forbidden.reason))
        except Refusal as refusal:
            reason = None if refusal.field is None else f"{refusal.field}: {refusal.detail}"
            return _refused(words_of(request), refusal.code, reason)


def _refused(words: Words, code: Code, reason: str | None) -> Response:
    content = RefusedPage(code.value, message_of(code, words.language), reason)
    return html("refused.html", content, words, status=status_of(code))


def html(template: str, content: object, words: Words, *, status: int = 200) -> HTMLResponse:
    """A rendered page. `content`: the page's own dataclass; everything in it is escaped."""
    return HTMLResponse(TEMPLATES.get_template(template).render(page=content, words=words), status)


def words_of(request: Request) -> Words:
    """The page's language: Korean unless `?lang=` asks for another one we have."""
    asked = request.query_params.get("lang", KO)
    return Words(asked if asked in LANGUAGES else KO)


def address(words: Words, path: str, /, **parameters: Any) -> str:
    """A path of the console with its query: the language where it is not Korean, and what is not None."""
    language = {"lang": EN} if words.language == EN else {}
    given = {name: value for name, value in parameters.items() if value is not None}
    query = urlencode({**given, **language})
    return quote(path) + (f"?{query}" if query else "")


async def records_of(request: Request, words: Words) -> Records:
    """One look at the books of every shop of the sandbox."""
    gateway = gateway_of(request)
    return await open_records(
        gateway.store, gateway.loop.config, gateway.machine.now_ms(), language=words.language
    )


def frame_of(words: Words, records: Records, mode: Mode, path: str, parameters: dict[str, str]) -> Frame:
    """The frame of a page about this mode."""
    frozen = records.clock.mode is ClockMode.FROZEN
    return Frame(words, records.now, frozen, mode, path, parameters)
