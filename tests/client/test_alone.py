"""The client stands alone: whoever uses it loads nothing of the gateway, and has its types."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import jeongsan
from house.source import ROOT

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


@pytest.mark.slow
def test_programs_of_the_documentation_pass_a_strict_check_of_types(tmp_path: Path) -> None:
    examples = sorted(map(str, (ROOT / "docs/client").glob("*.py")))
    assert len(examples) == 2
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}", *examples],
        capture_output=True,
        text=True,
        env=os.environ | {"MYPYPATH": str(ROOT / "src")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
