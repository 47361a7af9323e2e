"""What is paid out on which day, from the fetched files: python payouts.py FOLDER."""

import sys

import duckdb

PAYOUTS = """
SELECT paidOutDate, currency, count(*) AS row_count, sum(amount) AS amount, sum(fee) AS fee,
       sum(payOutAmount) AS pays_out, sum(cancel.cancelAmount) AS cancelled
FROM read_parquet(? || '/*/settlements/*.parquet')
GROUP BY ALL ORDER BY ALL
"""
UNSETTLED = """
SELECT t.transactionAt, t.orderId, t.status
FROM read_parquet(? || '/*/transactions/*.parquet') t
ANTI JOIN read_parquet(? || '/*/settlements/*.parquet') s USING (transactionKey)
ORDER BY ALL
"""

for row in duckdb.execute(PAYOUTS, [sys.argv[1]]).fetchall():
    print(*row)
for row in duckdb.execute(UNSETTLED, [sys.argv[1], sys.argv[1]]).fetchall():
    print("not settled:", *row)
