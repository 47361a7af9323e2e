"""Rows on their way to the disk: each a line, none held, however many there are."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from jeongsan.client.fields import Fields
from jeongsan.client.rows import settlement_row
from jeongsan.fetch.columns import Unstorable
from jeongsan.fetch.parquet import DIGEST, SEQUENCE
from jeongsan.fetch.slices import Slice, What
from jeongsan.fetch.spool import REMARKS_MAX, Spool
from jeongsan.fetch.workers import STOP_S
from support.fetching import key_of, settlements_of
from support.recorded_gateway import KEY, Row, encoded

ONE = Slice(What.SETTLEMENTS, date(2025, 4, 25))
PEAK = """
import resource, sys
from jeongsan.cli.main import app
try:
    app(sys.argv[1:])
finally:
    sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
"""


def spooled(rows: list[Row]) -> tuple[Spool, list[Row]]:
    spool = Spool(ONE, lambda _: None)
    lines = spool.written(settlement_row(Fields(row, "row")) for row in rows)
    return spool, [json.loads(line) for line in lines]


def test_lines_are_numbered_and_equal_rows_have_equal_digests() -> None:
    first, second = settlements_of("2025-04-25", 2)
    _, lines = spooled([first, second, dict(reversed(first.items())), first | {"fee": -1}])
    assert [line[SEQUENCE] for line in lines] == [0, 1, 2, 3]
    digests = [line[DIGEST] for line in lines]
    assert digests[0] == digests[2]
    assert len(set(digests)) == 3


def test_rows_of_another_day_are_named_and_not_written_and_not_all_of_them_listed() -> None:
    rows = settlements_of("2025-04-24", REMARKS_MAX + 5) + settlements_of("2025-04-25", 1, first=999)
    spool, lines = spooled(rows + settlements_of("2025-04-25", 1, first=1_000, soldDate=None))
    assert [line["transactionKey"] for line in lines] == [key_of(999), key_of(1_000)]
    assert (spool.lines, len(spool.problems)) == (2, REMARKS_MAX)
    assert spool.problems[0].values == {"transactionKey": key_of(0), "ownDay": "2025-04-24"}


def test_a_row_that_cannot_be_kept_is_named_by_its_key() -> None:
    with pytest.raises(Unstorable, match=f"{key_of(0)}: fee"):
        spooled(settlements_of("2025-04-25", 1, fee=10**17))


@contextmanager
def gateway_of_many(count: int, order_id_keys: int = 1) -> Iterator[str]:
    """Settlement rows of one day, each page made when it is asked for, so that nobody holds them all. An
    order id is the key of its row so many times."""
    (row,) = settlements_of("2025-04-25", 1)
    template = encoded(row | {"transactionKey": "KEY", "orderId": "KEY" * order_id_keys})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            body, status = b"[]", 200 if self.path.startswith("/v1/") else 404
            if query.get("startDate") == "2025-04-25":
                start, size = (int(query["page"]) - 1) * int(query["size"]), int(query["size"])
                # In an order of its own: the rows have to be sorted.
                keys = (
                    f"key-{number * 7_919 % count:09d}" for number in range(start, min(start + size, count))
                )
                body = b"[" + b",".join(template.replace(b"KEY", key.encode()) for key in keys) + b"]"
            head = f"HTTP/1.1 {status} -\r\ncontent-length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def started(url: str, into: Path) -> "subprocess.Popen[str]":
    """`jeongsan fetch` of that day; the peak of its memory in KiB is the last it says."""
    options = ["--from", "2025-04-25", "--to", "2025-04-25", "--what", "settlements", "--json"]
    return subprocess.Popen(
        [sys.executable, "-c", PEAK, "fetch", *options, "--into", str(into), "--address", url],
        env=os.environ | {"JEONGSAN_SECRET_KEY": KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_day_of_very_many_rows_does_not_have_to_fit_into_the_memory(tmp_path: Path) -> None:
    """540 MB of answers; what does not fit into the limit of DuckDB is on the disk. The peak is 730 MiB
    without that limit, 450 MiB with it, and 120 MiB more were seen on a busy machine."""
    with gateway_of_many(300_000, order_id_keys=40) as url:
        process = started(url, tmp_path)
        out, err = process.communicate(timeout=280)
    assert process.returncode == 0, err
    # The result and nothing else, however long it takes.
    assert json.loads(out)["shops"][0]["settlements"]["rows"] == 300_000
    assert int(err) < 640 * 1024


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_ctrl_c_while_a_day_is_sorted_ends_it_at_once_and_in_order(tmp_path: Path) -> None:
    with gateway_of_many(60_000) as url:
        process = started(url, tmp_path)
        scratch = tmp_path / "default" / ".scratch"
        while not list(scratch.glob("*.rows")):
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        out, err = process.communicate(timeout=60)
        assert time.monotonic() - sent < STOP_S
        # Not by a signal: that would be an abort in the middle of DuckDB.
        assert (process.returncode > 0, out) == (True, ""), err
        assert [path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".lock"] == []
        process = started(url, tmp_path)
        out, err = process.communicate(timeout=200)
    assert json.loads(out)["shops"][0]["settlements"]["rows"] == 60_000
