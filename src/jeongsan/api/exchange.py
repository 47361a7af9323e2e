"""One request and its answer: trace id, language, body limit, log line, and errors as recorded.

A pure ASGI wrapper around every route, because it runs for each request of the hot path.
"""

import random
from time import perf_counter
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jeongsan.api.auth import Credentials, Unauthorized, authenticate
from jeongsan.api.gateway import Gateway
from jeongsan.api.request_log import RequestLog
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.idempotency import identity
from jeongsan.loop.commit_loop import Overloaded
from jeongsan.operations.caller import Caller, Reply
from jeongsan.wire.errors import error_body, status_of
from jeongsan.wire.numbers import BODY_BYTES_MAX
from jeongsan.wire.words import language_of

TRACE_HEADER = b"x-tosspayments-trace-id"
JSON = "application/json"
# Trace ids are names, not secrets: unique is enough.
_entropy = random.Random()  # noqa: S311
log = structlog.get_logger()


class Exchange:
    """ASGI middleware. It is the `app` of every request's scope, which is how a route finds its gateway."""

    def __init__(self, routes: ASGIApp, gateway: Gateway, request_log: RequestLog) -> None:
        self._routes = routes
        self.gateway = gateway
        self.request_log = request_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._routes(scope, receive, send)
            return
        scope["app"] = self
        started = perf_counter()
        trace_id = scope["trace_id"] = self._new_trace_id()
        scope["header"] = dict(scope["headers"])
        scope["credentials"] = None
        status = 0

        async def send_traced(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                if not any(name == TRACE_HEADER for name, _ in headers):
                    headers.append((TRACE_HEADER, trace_id.encode()))
            await send(message)

        try:
            await self._routes(scope, receive, send_traced)
        except ClientDisconnect:
            status = 499
        except Exception as error:
            # The last line: every fault becomes a logged 500.
            if status:
                # The answer is on its way already; a second one would only confuse the caller.
                log.exception("answer broke off", path=scope["path"], trace_id=trace_id)
            else:
                await self._failed(error, scope, receive, send_traced)
        self.gateway.metrics.request(scope["method"], status)
        self.request_log.add(self._line(scope, trace_id, status, started))

    def _new_trace_id(self) -> str:
        """32 hexadecimal digits; the time comes first, so that the log's index grows at its end."""
        return f"{self.gateway.machine.now_ms():012x}{_entropy.getrandbits(80):020x}"

    async def _failed(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        if not isinstance(error, (Refusal, Overloaded, HTTPException)):
            log.error("request failed", path=scope["path"], error=repr(error), trace_id=scope["trace_id"])
        answer = _answer_to(error, language(Request(scope)))
        await answer(scope, receive, send)

    def _line(self, scope: Scope, trace_id: str, status: int, started: float) -> tuple[Any, ...]:
        credentials: Credentials | None = scope["credentials"]
        key = scope["header"].get(b"idempotency-key")
        return (
            trace_id,
            None if credentials is None else credentials.shop.shop_id,
            scope["method"],
            scope["path"].replace("\x00", ""),
            status,
            int((perf_counter() - started) * 1_000_000),
            _address(scope),
            None if key is None else key.decode("latin-1").replace("\x00", ""),
            self.gateway.machine.now_ms(),
        )


def _answer_to(error: Exception, language: str) -> Response:
    if isinstance(error, HTTPException):
        # The router knows no such path, or not with this method.
        error = Refusal(Code.NOT_FOUND_HTTP_METHOD)
    if isinstance(error, Refusal):
        hint = error.hint if isinstance(error, Unauthorized) else None
        body = error_body(error, language, hint=hint)
        return Response(body, status_of(error.code), media_type=JSON)
    refusal = Refusal(Code.FAILED_INTERNAL_SYSTEM_PROCESSING)
    status = 503 if isinstance(error, Overloaded) else 500
    return Response(error_body(refusal, language), status, media_type=JSON)


def _address(scope: Scope) -> str | None:
    client = scope.get("client")
    return client[0] if client else None


async def credentials_of(request: Request) -> Credentials:
    """Authenticate the request and remember whose it is."""
    found = await authenticate(gateway_of(request), header(request, b"authorization"))
    request.scope["credentials"] = found
    return found


def header(request: Request, name: bytes) -> str | None:
    """A request header by its lower-case name: one look into a dictionary made once per request."""
    value: bytes | None = request.scope["header"].get(name)
    return None if value is None else value.decode("latin-1")


def gateway_of(request: Request) -> Gateway:
    """The gateway this route belongs to."""
    gateway: Gateway = request.app.gateway
    return gateway


def request_log_of(request: Request) -> RequestLog:
    """Where this gateway remembers what it was asked and what it answered."""
    found: RequestLog = request.app.request_log
    return found


def language(request: Request) -> str:
    """ "ko" or "en", as the caller asks."""
    return language_of(header(request, b"accept-language") or "")


async def body_of(request: Request) -> bytes:
    """The whole body, up to one byte more than the format allows; what is longer is refused later."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            break
    return body


def caller_of(request: Request, credentials: Credentials) -> Caller:
    """Who calls, under which idempotency identity. Raises Refusal INVALID_IDEMPOTENCY_KEY."""
    key = header(request, b"idempotency-key")
    bound = None
    if key is not None:
        path = request.scope["path"]
        bound = identity(key=key, key_hash=credentials.key.key_hash, method=request.method, path=path)
    actor = Actor(Channel.API, credentials.key.name, credentials.key.hint, _address(request.scope))
    return Caller(credentials.shop.shop_id, actor, bound, request.scope["trace_id"], language(request))


def reply_response(request: Request, reply: Reply) -> Response:
    """A reply with the recorded headers: a replay carries two trace ids, the new and the first one."""
    trace_id: str = request.scope["trace_id"]
    if reply.replay_of is not None:
        trace_id = f"{trace_id},{reply.replay_of}"
    headers = {TRACE_HEADER.decode(): trace_id}
    key = header(request, b"idempotency-key")
    if key is not None:
        headers["idempotency-key"] = key
    return Response(reply.body, reply.status, headers, JSON)
