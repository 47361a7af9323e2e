"""Packages that come with an extra of the installation: found when they are wanted, and said what to install
when they are not."""

import importlib
from typing import Any

EXTRA = "reconcile"


class NotInstalled(Exception):
    """The extra is not installed. Says how it is."""


def needed(module: str) -> Any:
    """The module. Raises NotInstalled."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise NotInstalled(f"pip install 'jeongsan[{EXTRA}]'") from error
