"""What a shop does at a gateway in a process, by HTTP alone."""

import httpx


def paid(client: httpx.Client, order_id: str, amount: int) -> str:
    """The payment key of a payment that was made and confirmed."""
    body = {"orderId": order_id, "orderName": "연구장비 사용료", "amount": amount}
    made = client.post("/jeongsan/v1/sandbox/payments", json=body)
    assert client.post("/v1/payments/confirm", json=made.json()).status_code == 200
    return str(made.json()["paymentKey"])


def cancelled(client: httpx.Client, payment_key: str, amount: int | None = None) -> str:
    """The transaction key of a cancel, of all of it or of `amount`."""
    body = {"cancelReason": "고객 변심"} | ({} if amount is None else {"cancelAmount": amount})
    answer = client.post(f"/v1/payments/{payment_key}/cancel", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["lastTransactionKey"])


def moved(client: httpx.Client, moment: str) -> None:
    """Set the clock."""
    assert client.post("/jeongsan/v1/clock", json={"now": moment}).json()["done"]
