"""The error table: complete for every code, in two languages, with the recorded statuses."""

import json
import re

import pytest

from jeongsan.domain.errors import Code, Refusal
from jeongsan.wire.errors import error_body, message_of, status_of

# The published statuses, code by code.
STATUSES = {
    400: "ALREADY_CANCELED_PAYMENT ALREADY_PROCESSED_PAYMENT BELOW_MINIMUM_AMOUNT EXCEED_MAX_AMOUNT"
    " EXCEED_MAX_QUERY_LIMIT EXPIRED_PAYMENT INVALID_API_KEY INVALID_CURRENCY INVALID_DATE"
    " INVALID_IDEMPOTENCY_KEY INVALID_ISO_DATE_FORMAT INVALID_ORDER_ID INVALID_ORDER_NAME"
    " INVALID_REJECT_CARD INVALID_REQUEST INVALID_STOPPED_CARD INVALID_TEST_CODE INVALID_TRANSACTION_KEY"
    " NOT_MATCHES_REFUNDABLE_AMOUNT NOT_SUPPORTED_METHOD PROVIDER_ERROR REFUND_REJECTED"
    " UNAPPROVED_ORDER_ID",
    401: "UNAUTHORIZED_KEY",
    403: "FORBIDDEN_CONSECUTIVE_REQUEST FORBIDDEN_REQUEST INCORRECT_BASIC_AUTH_FORMAT"
    " NOT_ALLOWED_PARTIAL_REFUND NOT_CANCELABLE_AMOUNT NOT_CANCELABLE_PAYMENT REJECT_CARD_COMPANY"
    " REJECT_CARD_PAYMENT",
    404: "NOT_FOUND NOT_FOUND_HTTP_METHOD NOT_FOUND_MERCHANT NOT_FOUND_PAYMENT NOT_FOUND_PAYMENT_SESSION",
    409: "IDEMPOTENT_REQUEST_PROCESSING",
    429: "TOO_MANY_REQUESTS",
    500: "FAILED_INTERNAL_SYSTEM_PROCESSING UNKNOWN_PAYMENT_ERROR",
}
HANGUL = re.compile("[가-힣]")


def test_every_code_answers_with_its_published_status() -> None:
    published = {code: status for status, codes in STATUSES.items() for code in codes.split()}
    assert {code.value: status_of(code) for code in Code} == published


@pytest.mark.parametrize("code", list(Code))
def test_every_code_is_worded_in_korean_and_in_english(code: Code) -> None:
    korean, english = message_of(code, "ko"), message_of(code, "en")
    assert HANGUL.search(korean)
    assert english
    assert not HANGUL.search(english)


def test_no_two_codes_are_worded_alike() -> None:
    for language in ("ko", "en"):
        assert len({message_of(code, language) for code in Code}) == len(Code)


def test_an_expired_payment_says_so_in_the_recorded_words() -> None:
    assert message_of(Code.EXPIRED_PAYMENT, "ko") == "결제가 만료되었습니다. 다시 시도해주세요."


def test_an_error_is_a_code_and_a_message_in_this_order() -> None:
    body = error_body(Refusal(Code.NOT_FOUND_PAYMENT), "en")
    assert list(json.loads(body).items()) == [("code", "NOT_FOUND_PAYMENT"), ("message", "No such payment.")]


def test_bad_input_names_its_field_and_a_hint_comes_last() -> None:
    refusal = Refusal(Code.INVALID_REQUEST, field="amount", detail="is required")
    message = json.loads(error_body(refusal, "en", hint="Try again."))["message"]
    assert message == "The request is not valid. (amount: is required) Try again."


def test_a_message_has_at_most_510_characters() -> None:
    refusal = Refusal(Code.INVALID_REQUEST, field="가" * 600, detail="is required")
    assert len(json.loads(error_body(refusal, "ko"))["message"]) == 510
