"""Read a day at a gateway: python read.py ADDRESS DAY. The key is in JEONGSAN_SECRET_KEY."""

import os
import sys
from datetime import date

from jeongsan.client.errors import ClientError
from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.reader import Reader


def main(address: str, day: date) -> None:
    """Print each transaction, and what each settlement row pays out."""
    with Reader(address, os.environ["JEONGSAN_SECRET_KEY"]) as reader:
        client = GatewayClient(reader)
        for one in client.transactions(day):
            print(one.transaction_at.time(), one.status, one.order_id, one.amount, one.currency)
        for page in client.settlement_pages(day, day):
            for row in page.rows:
                print(row.order_id, row.amount, "-", row.fee, "=", row.pay_out_amount, row.paid_out_date)
        print(reader.tally)


try:
    main(sys.argv[1], date.fromisoformat(sys.argv[2]))
except ClientError as error:
    print(f"{error.code}: {error}")
