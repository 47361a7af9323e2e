"""Nothing but a Writer sends anything but GETs; what it sends is done once."""

import ast
import inspect
import json
from decimal import Decimal

import pytest

from house.source import ROOT, Module, modules
from jeongsan.client.errors import Answered
from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.reader import Limits, Reader
from jeongsan.client.writer import ActingClient, Writer
from support.recorded_gateway import KEY, RecordedGateway, cancel_object, encoded, error

CLIENT = [one for one in modules() if one.package in ("client", "reconcile", "fetch", "cli")]
_SENDERS = {"post", "put", "patch", "delete", "options", "request", "send", "build_request"}
PAYMENT = {"paymentKey": "payment-1", "cancels": [cancel_object()]}


def senders(module: Module) -> set[str]:
    """Calls that may send something, but for a GET."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _SENDERS and "_http" in ast.unparse(node.func):
                found.add(ast.unparse(node.func))
            if node.func.attr == "stream" and ast.literal_eval(node.args[0]) != "GET":
                found.add(ast.unparse(node.args[0]))
    return found


def uses_writer(module: Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom) and node.module == "jeongsan.client.writer"
        for node in ast.walk(module.tree)
    )


def writer(gateway: RecordedGateway, **limits: int) -> ActingClient:
    made = Writer(gateway.url, KEY, limits=Limits(**limits), sleep=gateway.waits.append)
    return ActingClient(gateway.stack.enter_context(made))


def test_no_module_but_the_writer_can_send_anything_but_a_get() -> None:
    assert {module.name for module in CLIENT if senders(module)} == {"jeongsan.client.writer"}
    assert senders(next(one for one in CLIENT if one.name == "jeongsan.client.writer")) == {"'POST'"}


def test_no_tool_of_ours_uses_the_writer() -> None:
    """The checks and the fetch only read."""
    assert [module.name for module in CLIENT if uses_writer(module)] == []
    assert any(path.name == "writer.py" for path in (ROOT / "src/jeongsan/client").iterdir())


def test_the_default_client_has_nothing_that_acts() -> None:
    reading = {name for name, _ in inspect.getmembers(GatewayClient) if not name.startswith("_")}
    assert reading == {
        "transactions", "settlements", "settlement_pages", "settlement_objects", "payment",
        "recorded_cancels", "business_time",
    }  # fmt: skip
    assert {name for name in vars(Reader) if not name.startswith("_")} == {"get"}


def test_a_cancel_is_a_post_with_a_key_of_its_own(gateway: RecordedGateway) -> None:
    gateway.replies = [(200, encoded(PAYMENT))] * 2
    client = writer(gateway)
    payment = client.cancel("payment/1", "고객 변심", amount=Decimal("10.50"), idempotency_key="mine")
    assert payment.cancels[0].cancel_amount == 150_000
    client.cancel("payment/1", "고객 변심")
    assert [(method, path) for method, path, _ in gateway.requests] == [
        ("POST", "/v1/payments/payment%2F1/cancel")
    ] * 2
    (first, key), (second, other_key) = gateway.sent
    assert json.loads(first, parse_float=Decimal) == {
        "cancelReason": "고객 변심",
        "cancelAmount": Decimal("10.50"),
    }
    assert json.loads(second) == {"cancelReason": "고객 변심"}
    assert key == "mine"
    assert len(other_key) == 36


def test_a_post_that_is_sent_again_has_the_same_key_so_that_it_is_done_once(gateway: RecordedGateway) -> None:
    gateway.replies = [
        error(503, "BUSY"), error(409, "IDEMPOTENT_REQUEST_PROCESSING"), (200, encoded(PAYMENT)),
    ]  # fmt: skip
    writer(gateway).cancel("payment-1", "고객 변심")
    assert len({key for _, key in gateway.sent}) == 1
    assert gateway.waits == [1.0, 2.0]


def test_a_refused_cancel_is_an_error(gateway: RecordedGateway) -> None:
    gateway.replies = [error(403, "NOT_CANCELABLE_PAYMENT")]
    with pytest.raises(Answered) as refused:
        writer(gateway).cancel("payment-1", "고객 변심")
    assert refused.value.answer_code == "NOT_CANCELABLE_PAYMENT"


def test_an_acting_client_reads_too(gateway: RecordedGateway) -> None:
    assert writer(gateway).payment("unknown") is None
