"""The contract that a command is given: a file in TOML or JSON, or a published list by its name."""

from typing import Annotated, BinaryIO

import typer

from jeongsan.domain.contract import Contract
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.price_lists import published_contract
from jeongsan.wire.contract_document import contract_from_text
from jeongsan.wire.contract_text import DOCUMENT_BYTES_MAX

FILE_HELP = "TOML or JSON; - is standard input."
PriceListOption = Annotated[
    str | None, typer.Option("--price-list", metavar="NAME", help="A published list instead of a file.")
]


def contract_asked(file: BinaryIO | None, price_list: str | None) -> Contract:
    """Raises Refusal unless exactly one is given, InvalidTerms for what is no contract."""
    if file is not None and price_list is None:
        return contract_of(file)
    if price_list is not None and file is None:
        return published_contract(price_list)
    raise Refusal(Code.INVALID_REQUEST, field="price-list", detail="give a file or --price-list")


def contract_of(file: BinaryIO) -> Contract:
    """The contract of a file. Raises InvalidTerms."""
    # One byte more than there may be: what is longer is refused by name.
    return contract_from_text(file.read(DOCUMENT_BYTES_MAX + 1))
