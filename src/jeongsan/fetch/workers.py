"""A few slices at a time, each in a thread; and how the threads end, whatever ends the run."""

import queue
import threading
import time
from collections.abc import Sequence

from jeongsan.fetch.collect import Tell
from jeongsan.fetch.parquet import Parquet
from jeongsan.fetch.shop_run import Machine, ShopRun
from jeongsan.fetch.slices import Slice

# A thread that waits for a gateway is left behind; one that sorts is told to stop, and does so soon.
STOP_S = 5.0
LEAVE_S = 0.5
_STEP_S = 0.05

Task = tuple[ShopRun, Slice]


def work(tasks: Sequence[Task], parallel: int, machine: Machine, tell: Tell) -> None:
    """Do them all. A KeyboardInterrupt, or a fault of ours, ends it at once."""
    workers = _Workers(tasks, machine, tell)
    workers.start(min(parallel, len(tasks)))
    try:
        for count in range(1, len(tasks) + 1):
            ended = workers.done.get()
            if isinstance(ended, BaseException):
                raise ended
            run, one = ended
            rows = run.read[one].rows if one in run.read else 0
            tell(f"{run.name} · {one} · {rows:,} · {count:,} / {len(tasks):,}")
    except BaseException:
        workers.stop()
        raise
    workers.join()


class _Workers:
    """Daemon threads: a process that is told to end does not wait for an answer. But it must not end while
    one of them is inside DuckDB, which would not survive that."""

    def __init__(self, tasks: Sequence[Task], machine: Machine, tell: Tell) -> None:
        self.done: queue.SimpleQueue[Task | BaseException] = queue.SimpleQueue()
        self._waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
        for task in tasks:
            self._waiting.put(task)
        self._machine = machine
        self._tell = tell
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self._parquets: list[Parquet] = []

    def start(self, count: int) -> None:
        """So many threads."""
        for number in range(count):
            thread = threading.Thread(target=self._run, name=f"fetch-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def join(self) -> None:
        """Until they have given back what they hold."""
        for thread in self._threads:
            thread.join()

    def stop(self) -> None:
        """Begin nothing more, and break off what is being sorted."""
        self._stopped.set()
        deadline = time.monotonic() + STOP_S
        while any(parquet.stop() for parquet in list(self._parquets)) and time.monotonic() < deadline:
            time.sleep(_STEP_S)
        leave = time.monotonic() + LEAVE_S
        for thread in self._threads:
            thread.join(max(0.0, leave - time.monotonic()))

    def _run(self) -> None:
        """A fault of ours goes to whoever waits for the work, and is raised there."""
        parquets: dict[str, Parquet] = {}
        try:
            while not self._stopped.is_set():
                try:
                    run, one = self._waiting.get_nowait()
                except queue.Empty:
                    return
                if run.name not in parquets:
                    parquets[run.name] = Parquet(run.folder.scratch)
                    self._parquets.append(parquets[run.name])
                run.do(one, run.collector(parquets[run.name], self._machine.stamp, self._tell))
                self.done.put((run, one))
        except BaseException as fault:  # noqa: BLE001 - handed over, not swallowed
            self.done.put(fault)
        finally:
            for parquet in parquets.values():
                parquet.close()
