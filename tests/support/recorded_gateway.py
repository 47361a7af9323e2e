"""A gateway that answers in recorded shapes and knows nothing of ours: real HTTP, in a thread.

It stands for the real one: no extensions, rows of old and new keys, and the ways in which an answer can go
wrong. Every request is remembered.
"""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.reader import Limits, Reader

KEY = "live_sk_of_the_recorded_gateway_1"
# The cancel of a public help thread's live row. Its amounts were hidden there and are invented here.
THREAD_CANCEL = "txrd_a01jsnb7kckzdbyzg7jjy0har1r"
THREAD_PAYMENT = "kbsi_20250313133339UOZE2"
THREAD_ORDER = "ARIA_20258ac1e6a8248146b6b877914e5a8760c4"
APPROVED_AT = "2025-03-13T13:35:03+09:00"
CANCELED_AT = "2025-04-25T11:08:10+09:00"

Row = dict[str, Any]
Reply = tuple[int, bytes]


def transaction_row(**changes: Any) -> Row:
    """The thread's cancel in `GET /v1/transactions`, with the 12 recorded keys."""
    return {
        "mId": "kbsi_uplus",
        "transactionKey": THREAD_CANCEL,
        "paymentKey": THREAD_PAYMENT,
        "orderId": THREAD_ORDER,
        "method": "카드",
        "customerKey": None,
        "useEscrow": False,
        "receiptUrl": "https://dashboard.tosspayments.com/receipt",
        "status": "CANCELED",
        "transactionAt": CANCELED_AT,
        "currency": "KRW",
        "amount": 150_000,
    } | changes


def cancel_object(**changes: Any) -> Row:
    """The cancel inside a settlement row, with the 11 recorded keys."""
    return {
        "transactionKey": THREAD_CANCEL,
        "cancelReason": "고객 변심",
        "taxExemptionAmount": 0,
        "canceledAt": CANCELED_AT,
        "easyPayDiscountAmount": 0,
        "receiptKey": None,
        "cancelAmount": 150_000,
        "taxFreeAmount": 0,
        "refundableAmount": 0,
        "cancelStatus": "DONE",
        "cancelRequestId": None,
    } | changes


def settlement_row(**changes: Any) -> Row:
    """The thread's cancel in `GET /v1/settlements`, with the 23 recorded keys."""
    return {
        "mId": "kbsi_uplus",
        "paymentKey": THREAD_PAYMENT,
        "transactionKey": THREAD_CANCEL,
        "orderId": THREAD_ORDER,
        "currency": "KRW",
        "method": "카드",
        "fees": [{"type": "BASE", "fee": -5_280}],
        "approvedAt": APPROVED_AT,
        "soldDate": "2025-04-25",
        "paidOutDate": "2025-05-08",
        "card": {"amount": 150_000},
        "virtualAccount": None,
        "transfer": None,
        "mobilePhone": None,
        "giftCertificate": None,
        "easyPay": None,
        "cancel": cancel_object(),
        "amount": -150_000,
        "interestFee": 0,
        "fee": -5_280,
        "supplyAmount": -4_800,
        "vat": -480,
        "payOutAmount": -144_720,
    } | changes


@dataclass
class RecordedGateway:
    """`replies` are given first, one per request, whatever is asked; `delay_s` before each answer;
    `page_rows` caps every page, however many rows are asked for; `known_keys`: others are refused; `between`
    is called after each list that was asked for, with its path, and may change the rows; a `broken` one hangs
    up without an answer."""

    url: str = ""
    transactions: list[Row] = field(default_factory=list)
    settlements: list[Row] = field(default_factory=list)
    payments: dict[str, Row] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    delay_s: float = 0.0
    page_rows: int | None = None
    known_keys: tuple[str, ...] = ()
    between: Callable[[str], None] | None = None
    broken: bool = False
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    sent: list[tuple[bytes, str]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)

    def asked(self, path: str) -> list[dict[str, str]]:
        """The queries a path was asked with."""
        return [query for _, asked, query in self.requests if asked == path]

    def client(self, **limits: Any) -> GatewayClient:
        """A client of this gateway that notes its waits instead of waiting."""
        return GatewayClient(self.reader(**limits))

    def reader(self, **limits: Any) -> Reader:
        """What the client reads with."""
        reader = Reader(self.url, KEY, limits=Limits(**limits), sleep=self.waits.append)
        return self.stack.enter_context(reader)

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """The answer to a GET."""
        if self.replies:
            return self.replies.pop(0)
        lists = {"/v1/transactions": self._transactions, "/v1/settlements": self._settlements}
        if path in lists:
            reply = lists[path](query)
            if self.between is not None:
                self.between(path)
            return reply
        if path.startswith("/v1/payments/"):
            payment = self.payments.get(path.rpartition("/")[2])
            return (200, encoded(payment)) if payment else error(404, "NOT_FOUND_PAYMENT")
        return error(404, "NOT_FOUND_HTTP_METHOD")

    def _transactions(self, query: dict[str, str]) -> Reply:
        """By time, both ends included to the second; a date without a time is its midnight."""
        start, end = (query[name][:19].ljust(19, "\0") for name in ("startDate", "endDate"))
        rows = [row for row in self.transactions if start <= row["transactionAt"][:19] <= end]
        after = query.get("startingAfter")
        if after is not None:
            keys = [row["transactionKey"] for row in rows]
            rows = rows[keys.index(after) + 1 :]
        return 200, encoded(rows[: self._capped(query.get("limit"))])

    def _settlements(self, query: dict[str, str]) -> Reply:
        rows = [row for row in self.settlements if query["startDate"] <= row["soldDate"] <= query["endDate"]]
        size, page = self._capped(query.get("size")), int(query.get("page", "1"))
        return 200, encoded(rows[(page - 1) * size : page * size])

    def _capped(self, asked: str | None) -> int:
        return min(int(asked or 100), self.page_rows or 5_000)


def encoded(value: Any) -> bytes:
    """JSON as it travels."""
    return json.dumps(value, ensure_ascii=False).encode()


def error(status: int, code: str, message: str = "오류입니다.") -> Reply:
    """An error answer."""
    return status, encoded({"code": code, "message": message})


@contextmanager
def open_recorded_gateway() -> Iterator[RecordedGateway]:
    """Listen on a free loopback port until the block ends."""
    gateway = RecordedGateway()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(gateway))
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        with gateway.stack:
            yield gateway
    finally:
        server.shutdown()
        server.server_close()


def _handler(gateway: RecordedGateway) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            gateway.requests.append((self.command, parts.path, query))
            _, _, basic = self.headers.get("authorization", "").partition("Basic ")
            key = base64.b64decode(basic).decode()
            gateway.keys.append(key)
            gateway.sent.append(self._body())
            if gateway.broken:
                self.close_connection = True
                return
            if gateway.delay_s:
                time.sleep(gateway.delay_s)
            known = not gateway.known_keys or key in {f"{one}:" for one in gateway.known_keys}
            reply = gateway.reply(parts.path, query) if known else error(401, "UNAUTHORIZED_KEY")
            status, body = reply
            head = f"HTTP/1.1 {status} -\r\ncontent-length: {len(body)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + body)
            except ConnectionError:
                self.close_connection = True  # the other side did not wait for it

        def _body(self) -> tuple[bytes, str]:
            length = int(self.headers.get("content-length", "0"))
            return self.rfile.read(length), self.headers.get("idempotency-key", "")

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
