"""The pytest plugin: the fixtures `gateway` and `make_gateway`, and the marker that chooses terms and time.

Every pytest run of an environment with jeongsan in it imports this module; so it imports nothing of the
gateway itself, which lives in a process of its own that starts with the first fixture.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from typing import Any

import pytest

from jeongsan.testing.gateway import Gateway
from jeongsan.testing.host_process import HostProcess
from jeongsan.testing.options import GatewayOptions
from jeongsan.testing.receiver import ReceiverHub, receiver_hub

_MARKER = (
    "gateway(clock=…, rate=…, business_days=…, anchor=…, cycle=…, contract=…, settle_test_payments=…, seed=…)"
)


def pytest_configure(config: pytest.Config) -> None:
    """Let the marker be known, also where markers are strict."""
    config.addinivalue_line("markers", f"{_MARKER}: what the jeongsan gateway of this test is like")


class _Run:
    """What the tests of one pytest process share. With xdist each worker has its own."""

    def __init__(self, host: HostProcess, hub: ReceiverHub) -> None:
        self._host = host
        self._hub = hub

    @contextmanager
    def gateway(self, options: GatewayOptions) -> Iterator[Gateway]:
        with self._hub.receiver() as receiver:
            opened = self._host.ask("open", receiver_url=receiver.url, **options.plain())
            try:
                gateway = Gateway(self._host, opened["gateway"], opened["url"], receiver)
                if options.contract is not None:
                    gateway.set_contract(options.contract)
                yield gateway
            finally:
                self._host.ask("close", gateway=opened["gateway"])


@pytest.fixture(scope="session")
def _jeongsan_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Run]:
    host = HostProcess(tmp_path_factory.mktemp("jeongsan"))
    try:
        with receiver_hub() as hub:
            yield _Run(host, hub)
    finally:
        host.stop()


@pytest.fixture
def make_gateway(_jeongsan_run: _Run) -> Iterator[Callable[..., Gateway]]:
    """Opens gateways, each with its own database, clock and receiver; takes the marker's options."""
    with ExitStack() as stack:

        def make(**options: Any) -> Gateway:
            return stack.enter_context(_jeongsan_run.gateway(_options(options)))

        yield make


@pytest.fixture
def gateway(request: pytest.FixtureRequest, make_gateway: Callable[..., Gateway]) -> Gateway:
    """A payment gateway of this test's own, on a real port, its clock frozen at 2025-03-13 13:00 KST."""
    options: dict[str, Any] = {}
    # From the closest marker to the farthest: a test's own choice wins over its class's and module's.
    for marker in request.node.iter_markers("gateway"):
        if marker.args:
            raise pytest.UsageError(f"@pytest.mark.gateway takes options by name only: {_MARKER}")
        options = marker.kwargs | options
    return make_gateway(**options)


def _options(options: dict[str, Any]) -> GatewayOptions:
    unknown = options.keys() - {field.name for field in fields(GatewayOptions)}
    if unknown:
        raise pytest.UsageError(
            f"a gateway has no such option: {', '.join(sorted(unknown))}; it has {_MARKER}"
        )
    return GatewayOptions(**options)
