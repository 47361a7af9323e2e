"""Act 7: the merchant's own book against the gateway, with the real command in a process of its own."""

import asyncio
import json
import os
import sys
from pathlib import Path

from jeongsan.demo import expected
from jeongsan.demo.selling import Sold
from jeongsan.demo.stage import Scene


async def check_cancels(scene: Scene, sold: Sold, folder: str) -> None:
    """The merchant's book knows B's cancel; the check must find exactly A's, and say so by its exit code."""
    checks, day = scene.checks, expected.CANCEL_SOLD_DATE
    book = Path(folder) / "cancels.csv"
    amount = expected.AMOUNT
    book.write_text(
        f"paymentKey,orderId,cancelAmount\n{sold.key_b},{expected.ORDER_B},{amount}\n", encoding="utf-8"
    )
    checks.tell()
    checks.tell(
        "7  대사 · jeongsan check cancels: 우리 장부에는 A의 취소가 없습니다 (our book has no cancel of A)"
    )
    options = ["--from", day, "--to", day, "--address", scene.url, "--ours", str(book), "--json"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "jeongsan", "check", "cancels", *options),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"JEONGSAN_SECRET_KEY": scene.live_key},
    )
    output, _ = await process.communicate()
    report = json.loads(output)
    outcomes = {one["orderId"]: one["outcome"] for one in report["cancels"]}
    mark = checks.expect("outcomes", outcomes, {expected.ORDER_A: "NOT_OURS", expected.ORDER_B: "OURS"})
    code = checks.expect("exit code", process.returncode, 1)
    exit_code = f"exit code {process.returncode} as expected {code}"
    checks.tell(f"   취소 {len(outcomes)}건: ours 1 (B, API), not ours 1 → A {mark}, {exit_code}")
