"""The process the gateways live in: it ends with the test run, however that ends, and its own end is told."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from jeongsan.testing.host_process import HostDied, HostProcess
from jeongsan.testing.options import GatewayOptions
from support.process import wait_ended

_RUN = """
import os, sys, time
from pathlib import Path
from jeongsan.testing.host_process import HostProcess
from jeongsan.testing.options import GatewayOptions

host = HostProcess(Path(sys.argv[1]))
host.ask("open", receiver_url="http://127.0.0.1:9/", **GatewayOptions().plain())
print("open", flush=True)
time.sleep(60)
"""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[HostProcess]:
    process = HostProcess(tmp_path)
    yield process
    process.stop()


def _host_of(process: psutil.Process, folder: Path) -> psutil.Process:
    [child] = [child for child in process.children() if str(folder) in child.cmdline()]
    return child


@pytest.mark.crash
def test_a_killed_test_run_leaves_no_gateway_behind(tmp_path: Path) -> None:
    run = subprocess.Popen([sys.executable, "-c", _RUN, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    with run.stdout:
        assert run.stdout.readline() == "open\n"
        child = _host_of(psutil.Process(run.pid), tmp_path)
        run.kill()
        run.wait(timeout=10)
    wait_ended(child)
    assert list(tmp_path.glob("gateway-*")) == []


@pytest.mark.slow
def test_a_closed_gateway_leaves_no_file(host: HostProcess, tmp_path: Path) -> None:
    opened = host.ask("open", receiver_url="http://127.0.0.1:9/", **GatewayOptions().plain())
    assert list(tmp_path.glob("gateway-*"))
    host.ask("close", gateway=opened["gateway"])
    assert list(tmp_path.glob("gateway-*")) == []
    assert (tmp_path / "gateway.log").read_text() == ""


@pytest.mark.slow
def test_a_module_of_the_project_is_not_taken_for_one_of_the_gateway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "structlog.py").write_text("raise RuntimeError('a module of the project')")
    monkeypatch.chdir(tmp_path)
    host = HostProcess(tmp_path)
    try:
        assert host.ask("open", receiver_url="http://127.0.0.1:9/", **GatewayOptions().plain())["url"]
    finally:
        host.stop()


def test_a_gateway_that_died_is_told_with_what_it_said_last(host: HostProcess) -> None:
    with pytest.raises(HostDied, match="KeyError: 'dance'"):
        host.ask("dance")


@pytest.mark.slow
def test_a_gateway_that_does_not_answer_is_killed_and_told_with_its_log(
    host: HostProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.ask("open", receiver_url="http://127.0.0.1:9/", **GatewayOptions().plain())
    child = _host_of(psutil.Process(), tmp_path)
    child.suspend()
    (tmp_path / "gateway.log").write_text("what it said last")
    monkeypatch.setattr("jeongsan.testing.host_process._ANSWER_S", 0.1)
    with pytest.raises(HostDied, match=r"did not answer within 0\.1 s and was killed\nwhat it said last"):
        host.ask("close", gateway=1)
    wait_ended(child)


@pytest.mark.crash
def test_a_host_that_does_not_end_is_killed(
    host: HostProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jeongsan.testing.host_process._END_S", 0.1)
    host.ask("open", receiver_url="http://127.0.0.1:9/", **GatewayOptions().plain())
    child = _host_of(psutil.Process(), tmp_path)
    child.suspend()
    host.stop()
    assert not child.is_running()
