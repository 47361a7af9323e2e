"""The one table from codes to HTTP statuses and messages, Korean and English.

The wording is our own; codes and statuses are the recorded ones. A refusal of bad input names the
field, so that the message says what to mend.
"""

import msgspec

from jeongsan.domain.errors import Code, Refusal

KO, EN = "ko", "en"

_TABLE: dict[Code, tuple[int, str, str]] = {
    Code.ALREADY_CANCELED_PAYMENT: (
        400,
        "전액 취소가 끝난 결제입니다.",
        "This payment is already cancelled in full.",
    ),
    Code.ALREADY_PROCESSED_PAYMENT: (
        400,
        "이미 처리가 끝났거나 처리 중인 결제입니다.",
        "This payment has been processed or is being processed.",
    ),
    Code.BELOW_MINIMUM_AMOUNT: (
        400,
        "결제할 수 있는 최소 금액보다 적습니다.",
        "The amount is below what can be paid.",
    ),
    Code.EXCEED_MAX_AMOUNT: (
        400,
        "결제할 수 있는 금액을 넘었습니다.",
        "The amount is above what can be paid.",
    ),
    Code.EXCEED_MAX_QUERY_LIMIT: (
        400,
        "한 번에 조회할 수 있는 건수를 넘었습니다.",
        "More rows than one query may return.",
    ),
    Code.EXPIRED_PAYMENT: (
        400,
        "결제가 만료되었습니다. 다시 시도해주세요.",
        "The payment has expired. Please try again.",
    ),
    Code.FAILED_INTERNAL_SYSTEM_PROCESSING: (
        500,
        "내부 처리 중 오류가 발생했습니다. 결제를 조회해 결과를 확인하세요.",
        "Internal failure. Look the payment up to learn its outcome.",
    ),
    Code.FORBIDDEN_CONSECUTIVE_REQUEST: (
        403,
        "앞선 요청을 처리하고 있습니다. 잠시 뒤에 다시 요청하세요.",
        "An earlier request is still being processed. Ask again shortly.",
    ),
    Code.FORBIDDEN_REQUEST: (403, "허용되지 않은 요청입니다.", "This request is not allowed."),
    Code.IDEMPOTENT_REQUEST_PROCESSING: (
        409,
        "같은 멱등키의 요청을 처리하고 있습니다. 잠시 뒤에 다시 요청하세요.",
        "A request with this idempotency key is being processed. Ask again shortly.",
    ),
    Code.INCORRECT_BASIC_AUTH_FORMAT: (
        403,
        "인증 헤더 형식이 틀렸습니다. 시크릿 키 뒤에 콜론(:)을 붙여 Base64로 인코딩하세요.",
        "Malformed Basic authentication. Encode the secret key followed by a colon (:) in Base64.",
    ),
    Code.INVALID_API_KEY: (
        400,
        "이 결제에 쓸 수 없는 API 키입니다.",
        "This API key does not belong to the payment.",
    ),
    Code.INVALID_CURRENCY: (400, "지원하지 않는 통화입니다.", "The currency is not supported."),
    Code.INVALID_DATE: (400, "날짜가 올바르지 않습니다.", "The date is not valid."),
    Code.INVALID_IDEMPOTENCY_KEY: (
        400,
        "멱등키는 1자 이상 300자 이하여야 합니다.",
        "An idempotency key has 1 to 300 characters.",
    ),
    Code.INVALID_ISO_DATE_FORMAT: (
        400,
        "날짜는 ISO 8601 형식(예: 2025-04-25T00:00:00)이어야 합니다.",
        "Dates are ISO 8601, for example 2025-04-25T00:00:00.",
    ),
    Code.INVALID_ORDER_ID: (
        400,
        "주문번호는 영문, 숫자, -, _, = 로 된 6자 이상 64자 이하여야 합니다.",
        "An order id has 6 to 64 letters, digits, -, _ or =.",
    ),
    Code.INVALID_ORDER_NAME: (
        400,
        "주문명은 1자 이상 100자 이하여야 합니다.",
        "An order name has 1 to 100 characters.",
    ),
    Code.INVALID_REJECT_CARD: (400, "카드사에서 사용을 거절한 카드입니다.", "The issuer refuses this card."),
    Code.INVALID_REQUEST: (400, "잘못된 요청입니다.", "The request is not valid."),
    Code.INVALID_STOPPED_CARD: (400, "정지된 카드입니다.", "This card has been stopped."),
    Code.INVALID_TEST_CODE: (400, "알 수 없는 테스트 코드입니다.", "Unknown test code."),
    Code.INVALID_TRANSACTION_KEY: (
        400,
        "페이징에 쓸 수 없는 거래 키입니다.",
        "This transaction key cannot be paged from.",
    ),
    Code.NOT_ALLOWED_PARTIAL_REFUND: (
        403,
        "부분 취소할 수 없는 결제입니다.",
        "This payment cannot be cancelled in part.",
    ),
    Code.NOT_CANCELABLE_AMOUNT: (
        403,
        "취소할 수 있는 금액을 넘었습니다.",
        "More than the amount that can be cancelled.",
    ),
    Code.NOT_CANCELABLE_PAYMENT: (
        403,
        "취소할 수 없는 상태의 결제입니다.",
        "A payment in this state cannot be cancelled.",
    ),
    Code.NOT_FOUND: (404, "찾을 수 없습니다.", "Not found."),
    Code.NOT_FOUND_HTTP_METHOD: (
        404,
        "없는 주소이거나 지원하지 않는 메서드입니다.",
        "No such path, or the method is not supported.",
    ),
    Code.NOT_FOUND_MERCHANT: (404, "없는 상점입니다.", "No such shop."),
    Code.NOT_FOUND_PAYMENT: (404, "없는 결제입니다.", "No such payment."),
    Code.NOT_FOUND_PAYMENT_SESSION: (
        404,
        "결제 시간이 지나 결제 정보가 사라졌습니다.",
        "The payment session has expired and its data are gone.",
    ),
    Code.NOT_MATCHES_REFUNDABLE_AMOUNT: (
        400,
        "요청한 환불 가능 금액이 현재 잔액과 다릅니다.",
        "The refundable amount differs from the current balance.",
    ),
    Code.NOT_SUPPORTED_METHOD: (
        400,
        "지원하지 않는 결제 수단입니다.",
        "The payment method is not supported.",
    ),
    Code.PROVIDER_ERROR: (
        400,
        "카드사 또는 은행의 일시적인 오류입니다. 잠시 뒤에 다시 시도하세요.",
        "A temporary fault at the card company or bank. Try again shortly.",
    ),
    Code.REFUND_REJECTED: (
        400,
        "카드사 또는 은행이 환불을 거절했습니다.",
        "The card company or bank refused the refund.",
    ),
    Code.REJECT_CARD_COMPANY: (403, "카드사에서 승인을 거절했습니다.", "The issuer declined."),
    Code.REJECT_CARD_PAYMENT: (
        403,
        "한도를 넘었거나 잔액이 부족합니다.",
        "Over the limit or not enough balance.",
    ),
    Code.TOO_MANY_REQUESTS: (
        429,
        "요청이 너무 많습니다. 잠시 뒤에 다시 시도하세요.",
        "Too many requests. Try again shortly.",
    ),
    Code.UNAPPROVED_ORDER_ID: (
        400,
        "구매자 인증이 끝나지 않은 주문입니다.",
        "The buyer has not finished paying for this order.",
    ),
    Code.UNAUTHORIZED_KEY: (401, "등록되지 않은 API 키입니다.", "This API key is not known."),
    Code.UNKNOWN_PAYMENT_ERROR: (
        500,
        "결제 결과를 아직 알 수 없습니다. 결제를 조회해 확인하세요.",
        "The outcome is not known yet. Look the payment up.",
    ),
}


MESSAGE_LENGTH_MAX = 510


class ErrorBody(msgspec.Struct):
    """`{"code", "message"}`, as every /v1 path answers."""

    code: str
    message: str


def status_of(code: Code) -> int:
    """The HTTP status a code is answered with."""
    return _TABLE[code][0]


def message_of(code: Code, language: str) -> str:
    """The wording of a code."""
    _, korean, english = _TABLE[code]
    return english if language == EN else korean


def refusal_message(refusal: Refusal, language: str) -> str:
    """The wording of a refusal: the code's, and the field at fault when there is one."""
    message = message_of(refusal.code, language)
    return message if refusal.field is None else f"{message} ({refusal.field}: {refusal.detail})"


def error_body(refusal: Refusal, language: str, *, hint: str | None = None) -> bytes:
    """The error as bytes; the message ends with the field at fault, and a hint when there is one."""
    message = refusal_message(refusal, language)
    if hint is not None:
        message = f"{message} {hint}"
    return msgspec.json.encode(ErrorBody(refusal.code.value, message[:MESSAGE_LENGTH_MAX]))
