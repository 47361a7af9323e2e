"""A merchant whose own program sells, cancels and keeps the file of his orders, by HTTP alone.

He hears of his payments in two ways: for the shop on the web he books what `confirm` answers; the payments of
the app, which confirms by itself, he books when their webhook comes. Of cancels he books only his own.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from support.receiver import Received

OPEN, PAID, CANCELLED = "결제대기", "결제완료", "취소"
HEADERS = ("주문번호", "상태", "금액", "일시", "결제키")
# An order that waits for its payment moves no money.
LAYOUT = f"""side = "orders"
needed = ["kind"]

[columns]
order_id = "주문번호"
kind = "상태"
amount = "금액"
occurred_at = "일시"
payment_key = "결제키"

[skip.open]
column = "상태"
words = ["{OPEN}"]
"""


class LostAnswer(httpx.HTTPTransport):
    """The gateway does what it is asked; its answer comes too late for whoever asked."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        super().handle_request(request).read()
        raise httpx.ReadTimeout("no answer within the time-out", request=request)


@dataclass
class Merchant:
    """`live` is his client. `lines` is his file, order by order, with his cancels between them; `refusals`
    counts the webhooks that his handler failed at."""

    live: httpx.Client
    lines: dict[str, list[str]] = field(default_factory=dict)
    refusals: int = 0
    _in_app: set[str] = field(default_factory=set)
    _missed: set[str] = field(default_factory=set)

    def pay(self, order_id: str, amount: int, **options: Any) -> str:
        """Sell on the web and book the answer; the payment key."""
        paid = self._ordered(order_id, amount, options)
        self._booked(self.live.post("/v1/payments/confirm", json=paid))
        return str(paid["paymentKey"])

    def pay_without_answer(self, order_id: str, amount: int, **options: Any) -> str:
        """Sell on the web and give up waiting for the answer; the order stays open."""
        paid = self._ordered(order_id, amount, options)
        with httpx.Client(base_url=self.live.base_url, auth=self.live.auth, transport=LostAnswer()) as hasty:
            try:
                self._booked(hasty.post("/v1/payments/confirm", json=paid))
            except httpx.ReadTimeout:
                return str(paid["paymentKey"])
        raise AssertionError("the answer was not lost")

    def pay_in_app(self, order_id: str, amount: int, *, missed: bool = False, **options: Any) -> str:
        """Sell in the app, whose payments are booked by webhook; one that is `missed` is never taken."""
        self._in_app.add(order_id)
        if missed:
            self._missed.add(order_id)
        paid = self._ordered(order_id, amount, options)
        assert self.live.post("/v1/payments/confirm", json=paid).status_code == 200
        return str(paid["paymentKey"])

    def cancel(self, payment_key: str, amount: int) -> None:
        """Cancel by his own program and book it."""
        body = {"cancelReason": "고객 변심", "cancelAmount": amount}
        payment = self.live.post(f"/v1/payments/{payment_key}/cancel", json=body).raise_for_status().json()
        done = payment["cancels"][-1]
        line = [payment["orderId"], CANCELLED, str(-amount), done["canceledAt"], payment_key]
        self.lines[done["transactionKey"]] = line

    def hear(self, received: Received) -> int:
        """His webhook handler: the status it answers with."""
        payment = received.json["data"]
        if payment["orderId"] in self._missed:
            self.refusals += 1
            return 500
        if payment["orderId"] in self._in_app and payment["status"] == "DONE":
            self._book(payment)
        return 200

    def write(self, folder: Path) -> None:
        """`orders.csv` and the layout that says what its columns are."""
        (folder / "mall.toml").write_text(LAYOUT, encoding="utf-8")
        with (folder / "orders.csv").open("w", encoding="cp949", newline="") as file:
            csv.writer(file).writerows([HEADERS, *self.lines.values()])

    def _ordered(self, order_id: str, amount: int, options: dict[str, Any]) -> dict[str, Any]:
        self.lines[order_id] = [order_id, OPEN, str(amount), "", ""]
        body = {"orderId": order_id, "orderName": "티셔츠", "amount": amount} | options
        made = self.live.post("/jeongsan/v1/sandbox/payments", json=body)
        paid: dict[str, Any] = made.raise_for_status().json()
        return paid

    def _booked(self, answer: httpx.Response) -> None:
        self._book(answer.raise_for_status().json())

    def _book(self, payment: dict[str, Any]) -> None:
        told = (
            payment["orderId"],
            PAID,
            payment["totalAmount"],
            payment["approvedAt"],
            payment["paymentKey"],
        )
        self.lines[payment["orderId"]] = [str(value) for value in told]
