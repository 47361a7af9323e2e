"""A gateway's refusal, as an exception of the test that asked for it."""

from typing import Any


class GatewayRefused(Exception):
    """The gateway said no. `status` is the HTTP status; None where no HTTP was spoken."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}" if status is None else f"{status} {code}: {message}")
        self.code = code
        self.message = message
        self.status = status

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is unpickled from its message alone, and that is not what this one is made of.
        return type(self), (self.code, self.message, self.status)


def refusal(body: Any, status: int | None) -> GatewayRefused:
    """The exception for an error body, `{"code", "message"}`; anything else is shown as it came."""
    if isinstance(body, dict) and "code" in body:
        return GatewayRefused(str(body["code"]), str(body.get("message", "")), status)
    return GatewayRefused("UNREADABLE", repr(body)[:500], status)
