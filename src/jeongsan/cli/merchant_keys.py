"""Where the keys of the merchant's own tools come from: the environment, else the system's keyring."""

import importlib

from jeongsan.settings import fetch_key

KEYRING_SERVICE = "jeongsan"
DEFAULT_SHOP = "default"


class NoKey(Exception):
    """No key for a shop; says where it may be put."""


def key_of_shop(name: str) -> str:
    """Raises NoKey."""
    key = fetch_key(name, is_default=name == DEFAULT_SHOP) or _kept(name)
    if key is None:
        raise NoKey(f"nor has the keyring one for {name} (service {KEYRING_SERVICE})")
    return key


def _kept(name: str) -> str | None:
    try:
        keyring = importlib.import_module("keyring")
    except ModuleNotFoundError as error:
        raise NoKey("and there is no keyring: pip install 'jeongsan[keyring]'") from error
    try:
        key: str | None = keyring.get_password(KEYRING_SERVICE, name)
    except keyring.errors.KeyringError as error:
        raise NoKey(f"and the keyring cannot be read ({type(error).__name__})") from error
    return (key or "").strip() or None
