-- The tables as a merchant has them: an export of the own system, what `jeongsan fetch` keeps, the same as CSV with
-- the gateway's field names, and a bank's list. In the order of the rows' places.

CREATE OR REPLACE TEMP MACRO method_shown(method) AS
    CASE method WHEN 'CARD' THEN '카드' WHEN 'EASY_PAY' THEN '간편결제' WHEN 'VIRTUAL_ACCOUNT' THEN '가상계좌'
        WHEN 'TRANSFER' THEN '계좌이체' WHEN 'MOBILE_PHONE' THEN '휴대폰' ELSE '문화상품권' END;
CREATE OR REPLACE TEMP MACRO moment_shown(moment) AS strftime(moment, '%Y-%m-%dT%H:%M:%S+09:00');
CREATE OR REPLACE TEMP MACRO card_kind_shown(card_kind) AS
    CASE card_kind WHEN 'CREDIT' THEN '신용' WHEN 'CHECK' THEN '체크' WHEN 'GIFT' THEN '기프트' END;

CREATE OR REPLACE TEMP VIEW orders_file AS
SELECT order_id, payment_key, transaction_key, kind, method, currency, amount, tax_free, vat,
    strftime(occurred_at, '%Y-%m-%d %H:%M:%S') AS occurred_at
FROM orders ORDER BY row_number;

CREATE OR REPLACE TEMP VIEW transactions_file AS
SELECT shop AS "mId", transaction_key AS "transactionKey", payment_key AS "paymentKey", order_id AS "orderId",
    method_shown(method) AS method, NULL::VARCHAR AS "customerKey", false AS "useEscrow",
    NULL::VARCHAR AS "receiptUrl", status, occurred_at AS "transactionAt",
    moment_shown(occurred_at) AS "transactionAtText", currency, abs(amount)::DECIMAL(18, 2) AS amount,
    []::VARCHAR[] AS absent, NULL::VARCHAR AS extra
FROM transactions ORDER BY row_number;

CREATE OR REPLACE TEMP VIEW transactions_flat AS
SELECT "mId", "transactionKey", "paymentKey", "orderId", method, "useEscrow", status,
    "transactionAtText" AS "transactionAt", currency, amount
FROM transactions_file;

CREATE OR REPLACE TEMP VIEW settlements_file AS
SELECT shop AS "mId", payment_key AS "paymentKey", transaction_key AS "transactionKey", order_id AS "orderId", currency,
    method_shown(method) AS method,
    CASE WHEN fee = base_fee THEN [{'type': 'BASE', 'fee': base_fee}]
         ELSE [{'type': 'BASE', 'fee': base_fee}, {'type': 'INSTALLMENT', 'fee': (fee - base_fee)::DECIMAL(18, 2)}]
    END AS fees,
    approved_at AS "approvedAt", moment_shown(approved_at) AS "approvedAtText",
    sold_date AS "soldDate", paid_out_date AS "paidOutDate",
    CASE WHEN card_kind IS NOT NULL THEN {
        'issuerCode': '61', 'acquirerCode': '31', 'number': '433012******123*',
        'installmentPlanMonths': CASE WHEN fee = base_fee THEN 0 ELSE 3 END::INTEGER, 'isInterestFree': fee <> base_fee,
        'interestPayer': CASE WHEN fee <> base_fee THEN 'MERCHANT' END, 'approveNo': '00000000', 'useCardPoint': false,
        'cardType': card_kind_shown(card_kind), 'ownerType': '개인', 'acquireStatus': 'READY',
        'amount': abs(amount)::DECIMAL(18, 2), 'company': NULL::VARCHAR, 'receiptUrl': NULL::VARCHAR
    } END AS card,
    CASE WHEN method = 'VIRTUAL_ACCOUNT' THEN {
        'accountNumber': 'X6505636518308', 'accountType': '일반', 'bankCode': '20', 'customerName': NULL::VARCHAR,
        'dueDate': NULL::TIMESTAMP, 'dueDateText': NULL::VARCHAR, 'expired': false, 'settlementStatus': 'COMPLETED',
        'refundStatus': 'NONE',
        'refundReceiveAccount': NULL::STRUCT("bankCode" VARCHAR, "accountNumber" VARCHAR, "holderName" VARCHAR),
        'depositorName': NULL::VARCHAR
    } END AS "virtualAccount",
    CASE WHEN method = 'TRANSFER' THEN {'bankCode': '88', 'settlementStatus': 'COMPLETED'} END AS transfer,
    CASE WHEN method = 'MOBILE_PHONE' THEN {
        'customerMobilePhone': '010****1234', 'settlementStatus': 'INCOMPLETED', 'receiptUrl': NULL::VARCHAR
    } END AS "mobilePhone",
    CASE WHEN method = 'GIFT_CERTIFICATE' THEN {'approveNo': '00000000', 'settlementStatus': 'COMPLETED'}
    END AS "giftCertificate",
    CASE WHEN method = 'EASY_PAY' THEN {
        'provider': '토스페이', 'amount': abs(amount)::DECIMAL(18, 2), 'discountAmount': 0::DECIMAL(18, 2)
    } END AS "easyPay",
    CASE WHEN kind = 'CANCEL' THEN {
        'transactionKey': transaction_key, 'cancelReason': '고객 변심', 'taxExemptionAmount': 0::DECIMAL(18, 2),
        'canceledAt': occurred_at, 'canceledAtText': moment_shown(occurred_at),
        'cardDiscountAmount': NULL::DECIMAL(18, 2), 'transferDiscountAmount': NULL::DECIMAL(18, 2),
        'easyPayDiscountAmount': NULL::DECIMAL(18, 2), 'receiptKey': NULL::VARCHAR,
        'cancelAmount': (-amount)::DECIMAL(18, 2), 'taxFreeAmount': (-tax_free)::DECIMAL(18, 2),
        'refundableAmount': NULL::DECIMAL(18, 2), 'cancelStatus': 'DONE', 'cancelRequestId': NULL::VARCHAR
    } END AS cancel,
    amount, interest_fee AS "interestFee", fee, supply_amount AS "supplyAmount", fee_vat AS vat,
    pay_out_amount AS "payOutAmount", []::VARCHAR[] AS absent, NULL::VARCHAR AS extra
FROM settlements ORDER BY row_number;

CREATE OR REPLACE TEMP VIEW settlements_flat AS
SELECT "mId", "paymentKey", "transactionKey", "orderId", currency, method,
    fees[1]."type" AS "fees.0.type", fees[1].fee AS "fees.0.fee",
    fees[2]."type" AS "fees.1.type", fees[2].fee AS "fees.1.fee",
    "approvedAtText" AS "approvedAt", "soldDate", "paidOutDate",
    card."cardType" AS "card.cardType", card."installmentPlanMonths" AS "card.installmentPlanMonths",
    cancel."transactionKey" AS "cancel.transactionKey", cancel."canceledAtText" AS "cancel.canceledAt",
    cancel."cancelAmount" AS "cancel.cancelAmount", cancel."taxFreeAmount" AS "cancel.taxFreeAmount",
    amount, "interestFee", fee, "supplyAmount", vat, "payOutAmount"
FROM settlements_file;

CREATE OR REPLACE TEMP VIEW bank_file AS
SELECT strftime(occurred_at, '%Y-%m-%d %H:%M:%S') AS "거래일시", '타행이체' AS "적요", memo AS "보낸분",
    CASE WHEN amount < 0 THEN format('{:,}', -amount::BIGINT) END AS "출금액",
    CASE WHEN amount >= 0 THEN format('{:,}', amount::BIGINT) END AS "입금액"
FROM bank WHERE file_id = 4 ORDER BY row_number;

CREATE OR REPLACE TEMP VIEW bank_usd_file AS
SELECT strftime(occurred_at, '%Y-%m-%d %H:%M:%S') AS "거래일시", '외화입금' AS "적요", memo AS "보낸분", currency AS "통화",
    CASE WHEN amount < 0 THEN -amount END AS "출금액", CASE WHEN amount >= 0 THEN amount END AS "입금액"
FROM bank WHERE file_id = 5 ORDER BY row_number;

CREATE OR REPLACE TEMP VIEW labels_file AS
SELECT label_number, kind, deterministic, comparison, state, array_to_string(reasons, ' ') AS reasons
FROM labelled.labels ORDER BY label_number;
CREATE OR REPLACE TEMP VIEW label_members_file AS
SELECT label_number, side, file_id, row_number FROM labelled.members ORDER BY ALL;
CREATE OR REPLACE TEMP VIEW label_payouts_file AS
SELECT label_number, shop, currency, paid_out_date FROM labelled.payouts ORDER BY ALL;
