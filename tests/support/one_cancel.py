"""Two lists that differ by one cancel, t3, which the orders do not know."""

ORDERS = """주문번호,결제키,구분,금액,일시
o-1,pay-1,승인,15000,2025-03-13 13:00:00
o-2,pay-2,승인,40000,2025-03-13 14:00:00
"""
TRANSACTIONS = """mId,transactionKey,paymentKey,orderId,method,status,transactionAt,currency,amount
m,t1,pay-1,o-1,카드,DONE,2025-03-13T13:00:01+09:00,KRW,15000
m,t2,pay-2,o-2,카드,DONE,2025-03-13T14:00:01+09:00,KRW,40000
m,t3,pay-1,o-1,카드,PARTIAL_CANCELED,2025-03-13T15:00:00+09:00,KRW,5000
"""
