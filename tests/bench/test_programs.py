"""The programs in `bench/` still run on what they measure, however little of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.mark.slow
@pytest.mark.parametrize(
    "program",
    [
        ("learn_contract.py", "--rows", "3000", "--kinds", "2"),
        ("day_close.py", "--rows", "300", "--shops", "2", "--runs", "1"),
    ],
    ids=lambda program: program[0],
)
def test_a_program_prints_its_figures_as_json(program: tuple[str, ...]) -> None:
    command = [sys.executable, str(BENCH / program[0]), *program[1:]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["machine"]["cores"] > 0
