"""The figures the story is held to.

Dates are those of a public help thread's live row: approved 2025-03-13, cancelled 2025-04-25, sold
2025-04-25, paid out 2025-05-08, six business days across Labour Day, Children's Day and its
substitute. Amount and rate are invented; the fee follows from them by hand: 150,000 at 3.2 % is
4,800, VAT 480.
"""

MID = "kbsi_demo"
RATE_PERCENT = "3.2"
BUSINESS_DAYS = 6
AMOUNT = 150_000
FEE = 5_280
APPROVED_AT = "2025-03-13T13:35:03+09:00"
CANCELED_AT = "2025-04-25T11:08:10+09:00"
APPROVAL_SOLD_DATE = "2025-03-13"
APPROVAL_PAID_OUT_DATE = "2025-03-21"
CANCEL_SOLD_DATE = "2025-04-25"
CANCEL_PAID_OUT_DATE = "2025-05-08"
PAYMENT_KEYS = 37
CLOSED_DAYS_COUNTED = ("2025-05-01", "2025-05-05", "2025-05-06")
