"""The gateway as a test holds it: where it listens, and helpers that do what buyer, people and time do."""

import itertools
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from jeongsan.testing.host_process import HostProcess
from jeongsan.testing.http import Address
from jeongsan.testing.keys import LIVE_KEY, MID, TEST_KEY
from jeongsan.testing.receiver import Receiver
from jeongsan.testing.refused import GatewayRefused

Json = dict[str, Any]
_ROWS_PER_PAGE = 5_000
_WAIT_S = 5.0
_PERSON = "담당자"
_PERSON_CHANNELS = ("merchant-admin", "developer-centre")


class SettlementRows(list[Json]):
    """Rows of a settlement query; when there are none, `empty_reason` says why."""

    def __init__(self, rows: Iterable[Json], empty_reason: str | None) -> None:
        super().__init__(rows)
        self.empty_reason = empty_reason

    def __repr__(self) -> str:
        return super().__repr__() if self else f"[] ({self.empty_reason})"


class Gateway:
    """Amounts are whole numbers of the payment's currency. Helpers block until the gateway has answered and
    raise GatewayRefused when it says no; they may be called from any thread."""

    live_key = LIVE_KEY
    test_key = TEST_KEY
    mid = MID

    def __init__(self, host: HostProcess, number: int, url: str, receiver: Receiver) -> None:
        self.url = url
        self.receiver = receiver
        self._host = host
        self._number = number
        name, _, port = url.removeprefix("http://").partition(":")
        self._http = Address(name, int(port))
        self._orders = itertools.count(1)

    def __repr__(self) -> str:
        return f"<Gateway {self.url}>"

    @property
    def now(self) -> datetime:
        """The time the business clock shows, in KST."""
        return datetime.fromisoformat(self._http.get(LIVE_KEY, "/jeongsan/v1/clock").json["now"])

    def pay(
        self,
        amount: int = 15_000,
        *,
        order_id: str | None = None,
        order_name: str = "티셔츠",
        confirm: bool = True,
        mode: str = "live",
        card: str | None = None,
    ) -> Json:
        """Play the buyer and confirm: the payment. With `confirm=False` only what successUrl would get,
        {paymentKey, orderId, amount}, for the program under test to confirm. `card`: a card number, which
        may ask for an outcome."""
        key = _key(mode)
        order = {
            "orderId": order_id or f"order-{next(self._orders):06d}",
            "orderName": order_name,
            "amount": amount,
            "cardNumber": card,
        }
        paid = self._send(key, "POST", "/jeongsan/v1/sandbox/payments", order)
        return self._send(key, "POST", "/v1/payments/confirm", paid) if confirm else paid

    def payment(self, payment_key: str) -> Json:
        """A payment of either mode as it is now."""
        return self._found(payment_key)[1]

    def _found(self, payment_key: str) -> tuple[str, Json]:
        path = f"/v1/payments/{quote(payment_key, safe='')}"
        try:
            return LIVE_KEY, self._http.get(LIVE_KEY, path).json
        except GatewayRefused as refused:
            if refused.status != 404:
                raise
        return TEST_KEY, self._http.get(TEST_KEY, path).json

    def cancel(
        self,
        payment_key: str,
        *,
        channel: str = "api",
        amount: int | None = None,
        reason: str = "고객 변심",
        actor: str | None = None,
        address: str | None = None,
    ) -> Json:
        """Cancel all of the balance or `amount` of it; the payment. By `api`, or as a person (`actor`, from
        `address`) in `merchant-admin` or `developer-centre`."""
        if channel in _PERSON_CHANNELS:
            who = {"channel": channel, "actor": actor or _PERSON, "address": address}
            what = {"payment_key": payment_key, "amount": amount, "reason": reason}
            payment: Json = self._host.ask("cancel", gateway=self._number, **who, **what)
            return payment
        if channel != "api":
            raise ValueError(f"channel: is one of api, {', '.join(_PERSON_CHANNELS)}, not {channel!r}")
        if actor is not None or address is not None:
            raise ValueError("actor, address: are for people's channels; by api the key is who cancels")
        key, _ = self._found(payment_key)
        path = f"/v1/payments/{quote(payment_key, safe='')}/cancel"
        return self._send(key, "POST", path, {"cancelReason": reason, "cancelAmount": amount})

    def advance(self, duration: str) -> Json:
        """Move the clock by a duration such as "P1D" or "PT90M" and run what becomes due; what was run."""
        return self._move({"advance": duration})

    def advance_business_days(self, days: int) -> Json:
        """Move the clock to the same time of day so many business days later."""
        return self._move({"businessDays": days})

    def move_to(self, moment: str | datetime) -> Json:
        """Move the clock to a moment, without an offset in KST; before the first payment also backwards."""
        return self._move({"now": moment if isinstance(moment, str) else moment.isoformat()})

    def _move(self, body: Json) -> Json:
        moved = self._send(LIVE_KEY, "POST", "/jeongsan/v1/clock", body)
        if not moved["done"]:
            raise TimeoutError(f"the clock is still on its way, move it in shorter steps: {moved}")
        return moved

    def settlements(
        self,
        start: str | date,
        end: str | date | None = None,
        *,
        date_type: str = "soldDate",
        mode: str = "live",
    ) -> SettlementRows:
        """The rows of `GET /v1/settlements` from `start` to `end`, both included, of all pages."""
        days = {"startDate": _day(start), "endDate": _day(start if end is None else end)}
        rows: list[Json] = []
        for page in itertools.count(1):
            query = days | {"dateType": date_type, "page": str(page), "size": str(_ROWS_PER_PAGE)}
            answer = self._http.get(_key(mode), "/v1/settlements", query)
            rows += answer.json
            if len(answer.json) < _ROWS_PER_PAGE:
                break
        return SettlementRows(rows, None if rows else answer.headers.get("jeongsan-empty-reason"))

    def set_shop(
        self,
        *,
        rate: str | int | float | Decimal | None = None,
        business_days: int | None = None,
        anchor: str | None = None,
        cycle: str | None = None,
        rounding: str | None = None,
        settle_test_payments: bool | None = None,
    ) -> Json:
        """Change the shop in both modes, for payments approved from now on; what it is in live mode."""
        changes = {
            "rate": None if rate is None else str(rate),
            "businessDays": business_days,
            "anchor": anchor,
            "cycle": cycle,
            "rounding": rounding,
            "settleTestPayments": settle_test_payments,
        }
        return self._send(LIVE_KEY, "PUT", f"/jeongsan/v1/shops/{MID}", changes)

    def set_contract(self, contract: str | Json) -> Json:
        """Put a contract in force in both modes, for payments approved from now on: a document, whose days
        and rates may be dates and decimals, or the name of a published list. What it is in live mode."""
        body = {"priceList": contract} if isinstance(contract, str) else contract
        plain: Json = json.loads(json.dumps(body, default=str))
        return self._send(LIVE_KEY, "PUT", f"/jeongsan/v1/shops/{MID}/contract", plain)

    def add_webhook(self, url: str) -> None:
        """Tell the program under test too, of payments in both modes from now on."""
        for key in (LIVE_KEY, TEST_KEY):
            self._send(key, "POST", "/jeongsan/v1/webhooks", {"url": url})

    def _send(self, key: str, method: str, path: str, body: Json) -> Json:
        answer: Json = self._http.send(key, method, path, body).json
        return answer

    def wait_webhook(
        self, status: str | None = None, order_id: str | None = None, timeout: float = _WAIT_S
    ) -> Json:
        """The JSON of the first webhook that tells of this status and order and that no earlier call
        returned. Raises WebhookMissing after `timeout` seconds of real time."""
        __tracebackhide__ = True
        return self.receiver.wait(status, order_id, timeout).json


def _key(mode: str) -> str:
    keys = {"live": LIVE_KEY, "test": TEST_KEY}
    if mode not in keys:
        raise ValueError(f"mode: is live or test, not {mode!r}")
    return keys[mode]


def _day(day: str | date) -> str:
    """yyyy-MM-dd; of a datetime its date."""
    return day if isinstance(day, str) else day.strftime("%Y-%m-%d")
