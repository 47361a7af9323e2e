"""What the story is held to, in one place.

From the public help thread, figures as posted there by the merchant and the gateway's staff:

    "paymentKey": "kbsi_20250313133339UOZE2"
    "transactionKey": "txrd_a01jsnb7kckzdbyzg7jjy0har1r"
    "orderId": "ARIA_20258ac1e6a8248146b6b877914e5a8760c4"
    "fees": [{"type": "BASE", "fee": -0000}]                    (the digits were hidden)
    "approvedAt": "2025-03-13T13:35:03+09:00", "soldDate": "2025-04-25", "paidOutDate": "2025-05-08"

    ARIA_202583e4b3c026f541039db1b33c0d20003f
    "approvedAt": "2025-09-17T20:02:51+09:00", "soldDate": "2025-09-17", "paidOutDate": "2025-09-25"

    a test payment cancelled in the developer centre on 2025-11-21, said to settle on 11-28,
    asked for with StartDate 27 and EndDate 28

INVENTED, because the thread hides or does not tell them: every amount and the rate, who cancelled and
from which address, the twin order and the sale of the same day. Fees follow from the invented rate by hand:
150,000 at 3.2 % is 4,800 and 480 VAT; 500,000 is 16,000 and 1,600 VAT.
"""

MID = "kbsi_demo"
BUSINESS_DAYS = 6

# From the thread.
ORDER_A = "ARIA_20258ac1e6a8248146b6b877914e5a8760c4"
REQUESTED_AT = "2025-03-13T13:33:39+09:00"
APPROVED_AT = "2025-03-13T13:35:03+09:00"
THREAD_TRANSACTION_KEY = "txrd_a01jsnb7kckzdbyzg7jjy0har1r"
# The instant inside that key: 2025-04-25 11:08:10.643.
CANCELED_AT = "2025-04-25T11:08:10.643+09:00"
KEY_TIME_LENGTH = len("txrd_a") + 10
CANCEL_SOLD_DATE = "2025-04-25"
CANCEL_PAID_OUT_DATE = "2025-05-08"
ORDER_E = "ARIA_202583e4b3c026f541039db1b33c0d20003f"
E_APPROVED_AT = "2025-09-17T20:02:51+09:00"
E_SOLD_DATE = "2025-09-17"
E_PAID_OUT_DATE = "2025-09-25"
TEST_DAY = "2025-11-21"
TOLD_DAY = "2025-11-28"
ASKED = ("2025-11-27", "2025-11-28")

# By the rules: D+6 from each sold date, over weekends and the holidays on the way.
APPROVAL_SOLD_DATE = "2025-03-13"
APPROVAL_PAID_OUT_DATE = "2025-03-21"
CLOSED_DAYS_COUNTED = ("2025-05-01", "2025-05-05", "2025-05-06")
WAITED = "42일 21:33"
TEST_PAID_OUT_DATE = "2025-12-01"
PAYMENT_KEYS = 37
CANCEL_KEYS = 13
SETTLED_CANCEL_KEYS = 11

# Invented.
RATE_PERCENT = "3.2"
AMOUNT = 150_000
FEE = 5_280
SAME_DAY_AMOUNT = 500_000
SAME_DAY_FEE = 17_600
PAID_OUT_TOGETHER = 192_960
ORDER_B = "ARIA_twin_by_api"
ORDER_C = "ARIA_same_day_sale"
ORDER_D = "ARIA_test_developer_centre"
B_APPROVED_AT = "2025-03-13T13:36:10+09:00"
B_CANCELED_AT = "2025-04-25T11:09:44+09:00"
C_APPROVED_AT = "2025-04-25T15:00:00+09:00"
PERSON = "담당자 1"
PERSON_ADDRESS = "10.0.0.7"
REASON = "고객 변심"
PROGRAM = "admin-server"
