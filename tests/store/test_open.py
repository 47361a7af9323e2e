"""Database addresses: which store a URL means."""

import pytest

from jeongsan.store.open import InvalidDatabaseUrl, parse_url


@pytest.mark.parametrize(
    ("url", "kind", "target"),
    [
        ("sqlite:///jeongsan.db", "sqlite", "jeongsan.db"),
        ("sqlite:////var/lib/jeongsan.db", "sqlite", "/var/lib/jeongsan.db"),
        ("postgresql://user@host/name", "postgres", "postgresql://user@host/name"),
        ("postgres://user@host/name", "postgres", "postgres://user@host/name"),
    ],
)
def test_an_address_names_its_store(url: str, kind: str, target: str) -> None:
    parsed = parse_url(url)
    assert (parsed.kind, parsed.target) == (kind, target)


@pytest.mark.parametrize(
    "url", ["", "sqlite:///", "sqlite://", "jeongsan.db", "mysql://host/name", "postgresql"]
)
def test_what_is_no_address_is_refused_and_says_what_is_expected(url: str) -> None:
    with pytest.raises(InvalidDatabaseUrl, match=r"sqlite:///path or postgresql://"):
        parse_url(url)
