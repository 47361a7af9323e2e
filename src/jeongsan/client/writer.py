"""POSTs, for a program that was written to act: the only module of the client that can send one.

A reader cannot. Whoever wants to change something at a gateway makes a Writer and an ActingClient by name.
"""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec

from jeongsan.client.errors import UnreadableAnswer
from jeongsan.client.fields import Fields
from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.reader import Answer, Reader
from jeongsan.client.rows import Payment, payment

# Amounts as JSON numbers, exact.
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Writer(Reader):
    """A reader that may also send POSTs."""

    def post(self, path: str, body: Mapping[str, Any], *, idempotency_key: str) -> Answer:
        """One answer. It is sent again as a GET is, under the same key, so that what it asks for is done
        once. Raises the same errors."""
        headers = {"content-type": "application/json", "idempotency-key": idempotency_key}
        content = _encode(body)
        return self._answered(path, lambda: self._http.stream("POST", path, content=content, headers=headers))


class ActingClient(GatewayClient):
    """A client that may also cancel."""

    def __init__(self, writer: Writer, *, until_empty: bool = False) -> None:
        super().__init__(writer, until_empty=until_empty)
        self._writer = writer

    def cancel(
        self,
        payment_key: str,
        reason: str,
        *,
        amount: int | Decimal | None = None,
        idempotency_key: str | None = None,
    ) -> Payment:
        """Cancel a payment, or `amount` of it, and return it as it is then. Without a key of the caller's one
        is made: then a second call cancels again."""
        path = f"/v1/payments/{quote(payment_key, safe='')}/cancel"
        body: dict[str, Any] = {"cancelReason": reason}
        if amount is not None:
            body["cancelAmount"] = amount
        answer = self._writer.post(path, body, idempotency_key=idempotency_key or str(uuid.uuid4()))
        if not isinstance(answer.value, dict):
            raise UnreadableAnswer(f"{path}: the answer is no object")
        return payment(Fields(answer.value, path))
