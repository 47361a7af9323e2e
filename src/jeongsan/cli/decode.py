"""`jeongsan decode`: what keys say by themselves, the times inside them first of all."""

from typing import Annotated, Any

import typer

from jeongsan.cli.output import JsonOption, show
from jeongsan.client.keys import DecodedKey
from jeongsan.client.keys import decode as decoded


def decode(
    keys: Annotated[list[str], typer.Argument(metavar="KEY")],
    as_json: JsonOption = False,
) -> None:
    """What keys say by themselves: kind, time in KST, the rest. Asks nobody; unknown keys are no error."""
    found = [decoded(key) for key in keys]
    if as_json:
        show({"keys": [_view(key) for key in found]}, as_json=True)
        return
    for key in found:
        typer.echo(key.shown)
        lines = _lines(key)
        width = max(len(name) for name, _ in lines)
        for name, text in lines:
            typer.echo(f"  {name:<{width}}  {text}")


def _view(key: DecodedKey) -> dict[str, Any]:
    return {
        "key": key.shown,
        "kind": key.kind.value,
        "time": key.time,
        "precision": None if key.precision is None else key.precision.value,
        "parts": dict(key.parts),
        "note": key.note,
        "problem": key.problem,
    }


def _lines(key: DecodedKey) -> list[tuple[str, str]]:
    lines = [("kind", key.kind.value)]
    if key.time is not None and key.precision is not None:
        lines.append(("time", f"{key.time} (KST, to the {key.precision.value})"))
    lines += key.parts
    if key.note:
        lines.append(("note", key.note))
    if key.problem is not None:
        lines.append(("problem", key.problem))
    return lines
