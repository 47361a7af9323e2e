"""`python -m jeongsan.testing.host FOLDER`: opens, serves and closes gateways as the test run commands.

Reads one JSON object a line, `{"do", "what"}`, and answers each with one: `{"done"}`, or `{"refused",
"status"}`. Ends when its standard input does.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import structlog
import uvloop

from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.operations.caller import Caller
from jeongsan.operations.cancel import CancelCommand
from jeongsan.store.reads.payments import shop_of
from jeongsan.testing.stage import Stage, Templates, open_stage
from jeongsan.wire.encode import encode
from jeongsan.wire.errors import KO, error_body, status_of
from jeongsan.wire.requests import cancel_body

_LINE_BYTES_MAX = 1_000_000
Answer = dict[str, Any]


class Host:
    """The gateways that are open, by number."""

    def __init__(self, folder: Path) -> None:
        self._templates = Templates(folder)
        self._open: dict[int, tuple[Stage, AsyncExitStack]] = {}
        self._opened = 0
        self._commands: dict[str, Callable[[Any], Awaitable[Answer]]] = {
            "open": self._open_one,
            "cancel": self._cancel,
            "close": self._close,
        }

    async def run(self, lines: asyncio.StreamReader) -> None:
        """Until there are no more commands."""
        while line := await lines.readline():
            answer = await self._answer(json.loads(line))
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
        for number in list(self._open):
            await self._close({"gateway": number})

    async def _answer(self, command: Answer) -> Answer:
        try:
            return await self._commands[command["do"]](command["what"])
        except Refusal as refusal:
            body = json.loads(error_body(refusal, KO))
            return {"refused": body, "status": status_of(refusal.code)}
        except ValueError as error:
            return {"refused": {"code": "INVALID_OPTION", "message": str(error)}, "status": None}

    async def _open_one(self, what: Answer) -> Answer:
        receiver_url = what.pop("receiver_url")
        template = await self._templates.of(what)
        async with AsyncExitStack() as stack:
            stage = await stack.enter_async_context(open_stage(template, receiver_url, what["seed"]))
            self._opened += 1
            self._open[self._opened] = stage, stack.pop_all()
        return {"done": {"gateway": self._opened, "url": stage.url}}

    async def _cancel(self, what: Answer) -> Answer:
        """As a person: the same operation as the API's and the command line's."""
        stage, _ = self._open[what["gateway"]]
        gateway = stage.gateway
        body = cancel_body(encode({"cancelReason": what["reason"], "cancelAmount": what["amount"]}))
        shop_id = await shop_of(gateway.store, what["payment_key"])
        if shop_id is None:
            raise Refusal(Code.NOT_FOUND_PAYMENT)
        actor = Actor(Channel(what["channel"]), what["actor"], None, what["address"])
        caller = Caller.by_hand(shop_id, actor, KO)
        command = CancelCommand(what["payment_key"], body.reason, body.amount)
        reply = await gateway.flow.cancel(command, caller)
        answer = json.loads(reply.body)
        return {"done": answer} if reply.status == 200 else {"refused": answer, "status": reply.status}

    async def _close(self, what: Answer) -> Answer:
        _, stack = self._open.pop(what["gateway"])
        await stack.aclose()
        return {"done": None}


async def _main(folder: Path) -> None:
    lines = asyncio.StreamReader(limit=_LINE_BYTES_MAX)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    await Host(folder).run(lines)


if __name__ == "__main__":
    # Standard output belongs to the answers.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    uvloop.run(_main(Path(sys.argv[1])))
