"""The client stands alone: whoever uses it loads nothing of the gateway, and has its types."""

import json
import subprocess
import sys
from pathlib import Path

import jeongsan

LOADED = """
import json, sys
from jeongsan.client import gateway_client, reader, writer
print(json.dumps(sorted(sys.modules)))
"""


def test_nothing_of_the_gateway_is_loaded_with_it() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    ours = {name.split(".")[1] for name in loaded if name.startswith("jeongsan.")}
    assert ours == {"client"}
    assert "jeongsan.client.writer" in loaded
    assert {"sqlalchemy", "starlette", "uvicorn", "duckdb", "typer"}.isdisjoint(loaded)


def test_its_types_are_for_whoever_installs_it() -> None:
    """PEP 561: without the marker a checker takes every value for Any."""
    assert (Path(jeongsan.__file__).parent / "py.typed").exists()
