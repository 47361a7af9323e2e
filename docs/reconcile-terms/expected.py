"""What settlement rows should say and which do not: python expected.py CONTRACT ROWS."""

import sys
from pathlib import Path

from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.duck import open_workspace
from jeongsan.reconcile.expect.expectation import ANY_SHOP, expect_given
from jeongsan.reconcile.expect.given_contract import read_contract

ROWS = """
INSERT INTO settlements BY NAME
SELECT *, 1 AS file_id, row_number() OVER () + 1 AS row_number, 'tjeongsan' AS shop, 'KRW' AS currency,
       occurred_at::DATE AS day
FROM read_csv(?)
"""
OTHERWISE = """
SELECT transaction_key, amount, base_fee, expected_base_fee, e.sold_date, e.paid_out_date, reasons, situation, remark
FROM settlements AS s JOIN expected AS e USING (file_id, row_number)
WHERE len(reasons) > 0 OR situation IS NOT NULL OR remark IS NOT NULL
ORDER BY row_number
"""

given = read_contract(Path(sys.argv[1]).read_bytes())
for problem in given.problems:
    print(problem.path, problem.fault, problem.value)
if given.contract is None:
    sys.exit(1)
workspace = open_workspace(None)
workspace.execute(ROWS, [sys.argv[2]])
told = expect_given(workspace, {ANY_SHOP: given.contract}, OpenDays(korean_holidays()))
for row in workspace.execute(OTHERWISE).fetchall():
    print(*row)
for one in told.coverage:
    fees = (
        f"fees {one.approvals.agree}/{one.approvals.rows}, of cancels {one.cancels.agree}/{one.cancels.rows}"
    )
    print(
        one.method, fees, f"sold {one.sold.agree}/{one.sold.rows}, paid out {one.paid.agree}/{one.paid.rows}"
    )
