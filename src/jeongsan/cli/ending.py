"""When a long-running process ends: on SIGTERM, on SIGINT, or when whoever started it is gone."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_STDIN = 0
_CHUNK_BYTES = 65_536


@asynccontextmanager
async def ending(*, until_stdin_closes: bool) -> AsyncIterator[asyncio.Event]:
    """An event that is set once the process is to end. A second signal ends it without any tidying up."""
    loop = asyncio.get_running_loop()
    end = asyncio.Event()

    def asked() -> None:
        end.set()
        for number in _SIGNALS:
            loop.remove_signal_handler(number)

    for number in _SIGNALS:
        loop.add_signal_handler(number, asked)
    if until_stdin_closes:
        _watch_stdin(loop, end)
    yield end


def _watch_stdin(loop: asyncio.AbstractEventLoop, end: asyncio.Event) -> None:
    """In a thread, because standard input may be a pipe, a terminal or a file."""

    def read_to_the_end() -> None:
        # What cannot be read any more has closed too.
        with suppress(OSError):
            while os.read(_STDIN, _CHUNK_BYTES):
                continue
        # The loop may have ended for another reason meanwhile.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(end.set)

    threading.Thread(target=read_to_the_end, name="stdin", daemon=True).start()
