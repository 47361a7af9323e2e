"""How fast rows are fetched into Parquet files, and with how much memory: `jeongsan fetch` against a server.

    python bench/fetch.py [--rows 100000] [--days 10] [--parallel 1,2,4]

The server is a process of its own that answers pages it made beforehand, so that the client is measured and
not a gateway; the fetch is a process too, and its peak of resident memory is the kernel's figure. Every run
starts with an empty folder; row counts and the bytes of the runs are compared.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jeongsan.bench.machine import machine

FIRST = date(2025, 3, 1)
PAGE_ROWS = 5_000
_KEY = "live_sk_of_the_measurement_0001"
_MEASURED = """
import json, resource, sys
from jeongsan.cli.main import app
try:
    app(sys.argv[1:])
finally:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stderr.write(json.dumps({"kib": peak}) + "\\n")
"""


def _transaction(day: date, number: int) -> dict[str, Any]:
    at = f"{day}T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}+09:00"
    return {
        "mId": "tbench0001", "transactionKey": f"txrd_a{day:%m%d}{number:022d}",
        "paymentKey": f"tbenc{day:%Y%m%d}{number:06d}xxxxx", "orderId": f"order-{day:%m%d}-{number:07d}",
        "method": "카드", "customerKey": None, "useEscrow": False,
        "receiptUrl": "https://dashboard.tosspayments.com/receipt", "status": "DONE",
        "transactionAt": at, "currency": "KRW", "amount": 1_000 + number * 7_919 % 300_000,
    }  # fmt: skip


def _settlement(day: date, number: int) -> dict[str, Any]:
    row = _transaction(day, number)
    amount = row["amount"]
    fee = amount * 35 // 1_000
    return {
        "mId": row["mId"], "paymentKey": row["paymentKey"], "transactionKey": row["transactionKey"],
        "orderId": row["orderId"], "currency": "KRW", "method": "카드",
        "fees": [{"type": "BASE", "fee": fee}],
        "approvedAt": row["transactionAt"], "soldDate": str(day), "paidOutDate": str(day + timedelta(days=6)),
        "card": {
            "issuerCode": "61", "acquirerCode": "31", "number": "12345678****789*",
            "installmentPlanMonths": 0,
            "isInterestFree": False, "interestPayer": None, "approveNo": "00000000", "useCardPoint": False,
            "cardType": "신용", "ownerType": "개인", "acquireStatus": "READY", "amount": amount,
        },
        "virtualAccount": None, "transfer": None, "mobilePhone": None, "giftCertificate": None,
        "easyPay": None,
        "cancel": None, "amount": amount, "interestFee": 0, "fee": fee, "supplyAmount": fee - fee // 11,
        "vat": fee // 11, "payOutAmount": amount - fee,
    }  # fmt: skip


def _pages(days: int, rows: int) -> dict[tuple[str, str, str], bytes]:
    """(path, day, page) → body; a page of transactions goes by the last key before it."""
    made = {}
    for offset in range(days):
        day = FIRST + timedelta(days=offset)
        for path, make in (("/v1/transactions", _transaction), ("/v1/settlements", _settlement)):
            for start in range(0, rows, PAGE_ROWS):
                page = [make(day, number) for number in range(start, min(start + PAGE_ROWS, rows))]
                last = _transaction(day, start - 1)["transactionKey"] if start else ""
                name = last if path == "/v1/transactions" else str(start // PAGE_ROWS + 1)
                made[path, str(day), name] = json.dumps(page, ensure_ascii=False).encode()
    return made


def serve(days: int, rows: int) -> None:
    """Answer until the process is ended; prints its address first."""
    pages = _pages(days, rows)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            place = query.get("startingAfter", query.get("page", ""))
            known = parts.path.startswith("/v1/")
            body = pages.get((parts.path, query.get("startDate", "")[:10], place), b"[]") if known else b"{}"
            head = f"HTTP/1.1 {200 if known else 404} -\r\ncontent-length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)  # noqa: T201
    server.serve_forever()


@contextmanager
def _server(days: int, rows: int) -> Iterator[str]:
    command = [sys.executable, __file__, "--serve", "--rows", str(rows * days * 2), "--days", str(days)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def _fetched(url: str, days: int, parallel: int, into: Path) -> tuple[float, int, int, str]:
    """(seconds, rows, peak KiB, digest of all files)."""
    last = FIRST + timedelta(days=days - 1)
    options = ["--from", str(FIRST), "--to", str(last), "--into", str(into), "--address", url]
    command = [sys.executable, "-c", _MEASURED, "fetch", *options, "--parallel", str(parallel), "--json"]
    started = perf_counter()
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=os.environ | {"JEONGSAN_SECRET_KEY": _KEY}
    )
    seconds = perf_counter() - started
    if done.returncode:
        raise SystemExit(f"the fetch ended with {done.returncode}: {done.stdout} {done.stderr}")
    shop = json.loads(done.stdout)["shops"][0]
    digest = hashlib.sha256()
    for path in sorted(into.rglob("*.parquet")):
        digest.update(path.read_bytes())
    rows = shop["transactions"]["rows"] + shop["settlements"]["rows"]
    return seconds, rows, json.loads(done.stderr.splitlines()[-1])["kib"], digest.hexdigest()


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000, help="of both lists together")
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--parallel", default="1,2,4")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    per_day = options.rows // options.days // 2
    if options.serve:
        serve(options.days, per_day)
        return
    results, digests = [], set()
    with _server(options.days, per_day) as url:
        for parallel in map(int, options.parallel.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                seconds, rows, kib, digest = _fetched(url, options.days, parallel, Path(folder))
            if rows != per_day * options.days * 2:
                raise SystemExit(f"{rows} rows were fetched of {per_day * options.days * 2}")
            digests.add(digest)
            results.append(
                {
                    "name": "fetch", "parallel": parallel, "rows": rows, "days": options.days,
                    "seconds": round(seconds, 2), "per_second": round(rows / seconds),
                    "peak_mib": round(kib / 1024, 1),
                }
            )  # fmt: skip
    if len(digests) != 1:
        raise SystemExit("the runs wrote different bytes")
    shown = {"bench": "fetch", "machine": machine(), "results": results}
    sys.stdout.write(json.dumps(shown) + "\n")


if __name__ == "__main__":
    main()
