"""Tools for the tests of programs that talk to a payment gateway: the pytest plugin and its types."""

from jeongsan.testing.gateway import Gateway, SettlementRows
from jeongsan.testing.options import GatewayOptions
from jeongsan.testing.receiver import Received, Receiver, WebhookMissing
from jeongsan.testing.refused import GatewayRefused

__all__ = [
    "Gateway",
    "GatewayOptions",
    "GatewayRefused",
    "Received",
    "Receiver",
    "SettlementRows",
    "WebhookMissing",
]
