"""The programs in `examples/` do what they show, run as their page says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


def _run(*command: str, folder: Path = ROOT) -> str:
    """What it printed; the virtual environment is active, as the page wants it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_python_example_passes_with_the_plugin_alone() -> None:
    shown = _run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "examples/python")
    assert re.search(r"\b4 passed in", shown)


@pytest.mark.node
def test_the_node_example_passes_with_node_alone() -> None:
    node = shutil.which("node")
    assert node is not None, "node is missing: install Node.js 20 or newer (make test runs without it)"
    shown = _run(node, "--test", "--test-reporter=tap", "examples/node/shop.test.mjs")
    assert "# pass 1\n" in shown
    assert "# fail 0\n" in shown


def test_every_example_is_on_the_page_and_no_other() -> None:
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^\| \[(\w+)\]\(\1\)", page, re.MULTILINE))
    assert shown == {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
