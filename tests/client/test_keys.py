"""What a key says by itself."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.client.keys import (
    KeyKind,
    Precision,
    decode,
    is_secret,
    is_test_key,
    key_hint,
    transaction_moment,
)
from jeongsan.client.moments import KST
from jeongsan.domain.ids import payment_key, transaction_key, transmission_id, ulid

# Text that holds a secret, and its secret part.
SECRETS = [
    ("test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R", "zXLkKEyp"),
    ("live_sk_zXLkKEypNArWmo50nX3lmeaxYG5R", "zXLkKEyp"),
    ("test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6", "OaPz8L5K"),
    ("test_ak_ZORzdMaqN3wQd5k6ygr5AkYXQGwy", "ZORzdMaq"),
    ("Authorization: Basic dGVzdF9za196WExrS0V5cE5BcldtbzUwblgzbG1lYXhZRzVSOg==", "za196WEx"),
    ("77u/bGl2ZV9za196WExrS0V5cE5BcldtbzUwblgzbG1lYXhZRzVSOg==", "za196WEx"),
    ("curl -u test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R: https://example.com", "zXLkKEyp"),
    ("ps_0123456789abcdefghijABCDEFGH", "01234567"),
    ("0123456789abcdef" * 4, "01234567"),
]


@pytest.mark.parametrize(
    ("key", "kind", "time"),
    [
        ("kbsi_20250313133339UOZE2", KeyKind.PAYMENT_KEY, "2025-03-13T13:33:39+09:00"),
        ("tjeon20250313130000enNLQ", KeyKind.PAYMENT_KEY, "2025-03-13T13:00:00+09:00"),
        ("TP01020250209065811VYdf1", KeyKind.PAYMENT_KEY, "2025-02-09T06:58:11+09:00"),
        ("txrd_a01jsnb7kckzdbyzg7jjy0har1r", KeyKind.TRANSACTION_KEY, "2025-04-25T11:08:10.643+09:00"),
        ("txrd_a01jkks4kdkvhqr2kge21gqawf8", KeyKind.TRANSACTION_KEY, "2025-02-09T06:58:32.627+09:00"),
        ("whtrans_a01jsnb7kckzdbyzg7jjy0har1r", KeyKind.TRANSMISSION_ID, "2025-04-25T11:08:10.643+09:00"),
        ("01jsnb7kckzdbyzg7jjy0har1r", KeyKind.ULID, "2025-04-25T11:08:10.643+09:00"),
        ("01JSNB7KCKZDBYZG7JJY0HAR1R", KeyKind.ULID, "2025-04-25T11:08:10.643+09:00"),
    ],
)
def test_a_key_with_a_time_inside_tells_it_in_korean_time(key: str, kind: KeyKind, time: str) -> None:
    decoded = decode(f"\ufeff {key}\n")
    assert (decoded.kind, decoded.time, decoded.shown, decoded.problem) == (kind, time, key, None)
    fine = kind is not KeyKind.PAYMENT_KEY
    assert decoded.precision is (Precision.MILLISECOND if fine else Precision.SECOND)


def test_the_rest_of_a_payment_key_is_the_beginning_of_the_shop_id_and_a_suffix() -> None:
    assert dict(decode("kbsi_20250313133339UOZE2").parts) == {"midBegin": "kbsi_", "suffix": "UOZE2"}


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("B7103F204998813B889C77C043D09502", KeyKind.OLD_TRANSACTION_KEY),
        ("b7103f204998813b889c77c043d09502", KeyKind.OLD_TRANSACTION_KEY),
        ("5zJ4xY7m0kODnyRpQWGrN2xqGlNvLrKwv1M9ENjbeoPaZdL6", KeyKind.OLD_PAYMENT_KEY),
        ("test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq", KeyKind.CLIENT_KEY),
        ("order-000001", KeyKind.ORDER_ID),
        ("202503131333391234567890", KeyKind.ORDER_ID),
        ("7zzzzzzzzzzzzzzzzzzzzzzzzz", KeyKind.ORDER_ID),
        ("short", KeyKind.UNKNOWN),
        ("", KeyKind.UNKNOWN),
        ("주문번호-000001", KeyKind.UNKNOWN),
        ("a" * 65, KeyKind.UNKNOWN),
    ],
)
def test_a_key_without_a_time_inside_claims_none(key: str, kind: KeyKind) -> None:
    decoded = decode(key)
    assert (decoded.kind, decoded.time, decoded.precision) == (kind, None, None)
    assert decoded.shown == key
    assert decoded.note or decoded.parts


@pytest.mark.parametrize(
    ("order_id", "year"),
    [
        ("ARIA_2025f1c2b05aebcf45538e07b9027dbdb077", "2025"),
        ("ARIA_20258ac1e6a8248146b6b877914e5a8760c4", "2025"),
        ("ARIA_1999f1c2b05aebcf45538e07b9027dbdb077", None),
        ("order-000001", None),
    ],
)
def test_an_order_id_is_the_shops_own_and_gives_at_most_a_year(order_id: str, year: str | None) -> None:
    decoded = decode(order_id)
    assert (decoded.kind, decoded.time) == (KeyKind.ORDER_ID, None)
    assert dict(decoded.parts) == ({} if year is None else {"maybeYear": year})


@pytest.mark.parametrize(
    ("key", "kind", "said"),
    [
        ("kbsi_20251313133339UOZE2", KeyKind.PAYMENT_KEY, "20251313133339"),
        ("kbsi_20250230133339UOZE2", KeyKind.PAYMENT_KEY, "20250230133339"),
        ("kbsi_20250313253339UOZE2", KeyKind.PAYMENT_KEY, "20250313253339"),
        ("kbsi_00010313133339UOZE2", KeyKind.PAYMENT_KEY, "00010313133339"),
        ("txrd_a01jsnb7kckzdbyzg7jjy0har1", KeyKind.TRANSACTION_KEY, "26 characters"),
        ("txrd_a01jsnb7kckzdbyzg7jjy0harlr", KeyKind.TRANSACTION_KEY, "no i, l, o, u"),
        ("txrd_a8zzzzzzzzzzzzzzzzzzzzzzzzz", KeyKind.TRANSACTION_KEY, "0 to 7"),
        ("txrd_a7zzzzzzzzzzzzzzzzzzzzzzzzz", KeyKind.TRANSACTION_KEY, "2000 and 2100"),
        ("txrd_a주문", KeyKind.TRANSACTION_KEY, "26 characters"),
    ],
)
def test_an_impossible_time_is_said_so(key: str, kind: KeyKind, said: str) -> None:
    decoded = decode(key)
    assert (decoded.kind, decoded.time) == (kind, None)
    assert decoded.problem is not None
    assert said in decoded.problem


@pytest.mark.parametrize(("text", "secret"), SECRETS, ids=range(len(SECRETS)))
def test_a_secret_is_named_but_never_given_back(text: str, secret: str) -> None:
    decoded = decode(text)
    assert decoded.kind in (KeyKind.SECRET_KEY, KeyKind.PAYMENT_SECRET, KeyKind.SECURITY_KEY)
    assert secret not in repr(decoded)


@pytest.mark.parametrize(
    ("secret", "parts"),
    [
        ("test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R", {"mode": "test", "product": "API"}),
        ("live_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6", {"mode": "live", "product": "payment widget"}),
    ],
)
def test_a_secret_key_tells_its_mode_and_product(secret: str, parts: dict[str, str]) -> None:
    assert dict(decode(secret).parts) == parts
    assert is_test_key(secret) is (parts["mode"] == "test")


def test_a_key_cannot_steer_a_terminal() -> None:
    assert "\x1b" not in decode("\x1b[2J\x1b]0;title\x07 order").shown
    assert "\n" not in decode("two\nlines of text").shown


@given(st.integers(946_652_400_000, 4_102_412_399_999), st.integers(0, 2**80 - 1))
def test_what_our_own_gateway_mints_is_read_back(at: int, entropy: int) -> None:
    """The two sides share no code: this is where they agree."""
    moment = datetime.fromtimestamp(at // 1_000, KST).replace(microsecond=at % 1_000 * 1_000)
    assert transaction_moment(transaction_key(at, entropy)) == moment
    assert decode(transmission_id(at, event_id=entropy, endpoint_id=1)).moment == moment
    assert decode(ulid(at, entropy)).moment == moment
    assert decode(payment_key("tjeongsan", at, entropy % 62**5)).moment == moment.replace(microsecond=0)


@given(st.text(max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    decoded = decode(text)
    assert decoded.shown.isprintable()
    assert decoded.note or decoded.parts or decoded.problem


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("live_sk_zXLkKEypNArWmo50nX3lmeaxYG5R", "live_sk_…YG5R"),
        ("test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6", "test_gsk_…BMw6"),
        ("nobody knows this form of a key", "… key"),
        ("live_sk_short", "live_sk_…"),
        ("short", "…"),
        ("", "…"),
    ],
)
def test_a_hint_tells_which_key_it_was_and_no_more(key: str, hint: str) -> None:
    assert key_hint(key) == hint


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_text_with_a_secret_is_known(text: str, secret: str) -> None:
    assert is_secret(text)
    assert secret in text


@pytest.mark.parametrize(
    "text", ["", "2025-04-25", "https://api.tosspayments.com", "/data/rows", "mall-1", "transactions"]
)
def test_a_text_without_a_secret_is_none(text: str) -> None:
    assert not is_secret(text)
