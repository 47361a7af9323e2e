"""A merchant's server, as small as it can be: it confirms payments and believes no webhook unseen."""

import httpx


class Shop:
    """`orders`: what each order costs, until it is paid; `statuses`: what became of the others."""

    def __init__(self, gateway: httpx.Client) -> None:
        self._gateway = gateway
        self.orders: dict[str, int] = {}
        self.statuses: dict[str, str] = {}

    def success(self, payment_key: str, order_id: str, amount: int) -> bool:
        """The buyer comes back from the payment window: check what comes along, then confirm."""
        if self.orders.get(order_id) != amount:
            return False
        body = {"paymentKey": payment_key, "orderId": order_id, "amount": amount}
        answer = self._gateway.post("/v1/payments/confirm", json=body)
        self.statuses[order_id] = answer.json()["status"] if answer.is_success else "FAILED"
        return answer.is_success

    def webhook(self, body: dict) -> None:
        """Something happened to a payment, perhaps in the merchant admin: ask what."""
        payment = self._gateway.get(f"/v1/payments/{body['data']['paymentKey']}").json()
        self.statuses[payment["orderId"]] = payment["status"]
