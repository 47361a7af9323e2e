"""Where a secret key may be sent."""

import pytest

from jeongsan.client.address import checked_address
from jeongsan.client.errors import InvalidAddress


@pytest.mark.parametrize(
    ("address", "used"),
    [
        ("https://api.tosspayments.com", "https://api.tosspayments.com"),
        ("https://api.tosspayments.com/", "https://api.tosspayments.com"),
        ("https://gateway.example:8443/pay/", "https://gateway.example:8443/pay"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.9.9:8080", "http://127.9.9.9:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_key_goes_over_tls_or_stays_on_this_machine(address: str, used: str) -> None:
    assert checked_address(address) == used


@pytest.mark.parametrize(
    "address",
    [
        "http://api.tosspayments.com",
        "http://192.168.0.10:8080",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0:8080",
        "http://[::]:8080",
        "ftp://127.0.0.1",
        "api.tosspayments.com",
        "https://",
        "https://someone:secret@api.tosspayments.com",
        "https://api.tosspayments.com?key=1",
        "https://api.tosspayments.com#v1",
        "https://api.tosspayments.com:port",
        "http://[::1",
        "",
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidAddress):
        checked_address(address)


def test_a_refused_address_does_not_repeat_a_password() -> None:
    with pytest.raises(InvalidAddress) as refused:
        checked_address("https://someone:pa55word@api.tosspayments.com")
    assert "pa55word" not in str(refused.value)
