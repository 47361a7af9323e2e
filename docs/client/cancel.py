"""Cancel a part of an order's payment: python cancel.py ADDRESS ORDER_DAY ORDER_ID AMOUNT."""

import os
import sys
from datetime import date
from decimal import Decimal

from jeongsan.client.writer import ActingClient, Writer

address, day, order_id, amount = sys.argv[1:]
with Writer(address, os.environ["JEONGSAN_SECRET_KEY"]) as writer:
    client = ActingClient(writer)
    (found,) = [one for one in client.transactions(date.fromisoformat(day)) if one.order_id == order_id]
    # The same key for the same wish: sent twice, it is done once.
    payment = client.cancel(
        found.payment_key, "고객 변심", amount=Decimal(amount), idempotency_key=f"{order_id}-1"
    )
    print([(one.cancel_amount, one.status) for one in payment.cancels])
