"""Play a pasted list of orders on a sandbox gateway, each approved at its own time.

    python docs/help-thread/replay.py http://127.0.0.1:8080 < docs/help-thread/orders.txt

A line is an order id and its time in Seoul; a line without a time is left out. The oldest comes first,
because a frozen clock only moves forward. Every order is a card payment of 10,000 won: a made-up amount.
The key is the live one of the sandbox, JEONGSAN_LIVE_SECRET_KEY.
"""

import os
import re
import sys

import httpx

_LINE = re.compile(r"(?P<order>\S+) (?P<day>\d{4}-\d\d-\d\d) (?P<time>\d\d:\d\d:\d\d)")
_AMOUNT = 10_000


def replay(address: str, secret_key: str, text: str) -> None:
    """Move the clock to each order's time, play the buyer, confirm."""
    orders = sorted((f"{one['day']}T{one['time']}+09:00", one["order"]) for one in _LINE.finditer(text))
    with httpx.Client(base_url=address, auth=(secret_key, "")) as gateway:
        for at, order_id in orders:
            order = {"orderId": order_id, "orderName": "장비 사용료", "amount": _AMOUNT}
            _post(gateway, "/jeongsan/v1/clock", {"now": at})
            paid = _post(gateway, "/jeongsan/v1/sandbox/payments", order)
            payment = _post(gateway, "/v1/payments/confirm", paid)
            told = [payment[name] for name in ("approvedAt", "status", "orderId", "paymentKey")]
            sys.stdout.write(f"{' '.join(map(str, told))}\n")


def _post(gateway: httpx.Client, path: str, body: dict[str, object]) -> dict[str, object]:
    answer = gateway.post(path, json=body)
    if answer.is_error:
        sys.exit(f"{path} answered {answer.status_code}: {answer.text}")
    return dict(answer.json())


if __name__ == "__main__":
    replay(sys.argv[1], os.environ["JEONGSAN_LIVE_SECRET_KEY"], sys.stdin.read())
