"""One HTTP request and its JSON answer, by the standard library alone.

Tests of payment code like to replace HTTP clients; this one is nobody's to replace. A connection per request
makes it safe to use from any thread.
"""

import http.client
import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from jeongsan.testing.refused import refusal

# Longer than the longest answer, a move of the clock.
_TIMEOUT_S = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON body that is no refusal; header names in lower case."""

    json: Any
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a gateway listens."""

    host: str
    port: int

    def get(self, key: str, path: str, query: dict[str, str] | None = None) -> Answer:
        """GET. Raises GatewayRefused."""
        return self._request(key, "GET", f"{path}?{urlencode(query)}" if query else path, None)

    def send(self, key: str, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Send an object; what is None is left out. Raises GatewayRefused."""
        return self._request(key, method, path, {name: v for name, v in body.items() if v is not None})

    def _request(self, key: str, method: str, path: str, body: Any) -> Answer:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=_TIMEOUT_S)
        headers = {"Authorization": f"Basic {b64encode(f'{key}:'.encode()).decode()}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        parsed = _parsed(text)
        if response.status >= http.client.BAD_REQUEST:
            raise refusal(parsed, response.status)
        return Answer(parsed, {name.lower(): value for name, value in response.getheaders()})


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text.decode(errors="replace")
