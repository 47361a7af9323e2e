"""What /metrics shows: requests, batches, queue, steps."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """One registry per gateway, so that several can live in one process. Also the loop's observer."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "jeongsan_requests", "HTTP requests", ["method", "status"], registry=self._registry
        )
        self._answered: dict[tuple[str, int], Counter] = {}
        self._batch_size = Histogram(
            "jeongsan_batch_operations",
            "Operations per commit",
            buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
            registry=self._registry,
        )
        self._batch_seconds = Histogram(
            "jeongsan_batch_seconds",
            "From taking a batch to its commit",
            buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5),
            registry=self._registry,
        )
        self._waiting = Gauge("jeongsan_waiting_operations", "Queue of the loop", registry=self._registry)
        self._dropped = Counter(
            "jeongsan_request_log_dropped", "Log lines that found the buffer full", registry=self._registry
        )

    def step(self, name: str) -> None:
        """Steps are not counted; the crash tests listen to them."""

    def batch(self, *, size: int, seconds: float, waiting: int) -> None:
        """A batch was committed."""
        self._batch_size.observe(size)
        self._batch_seconds.observe(seconds)
        self._waiting.set(waiting)

    def request(self, method: str, status: int) -> None:
        """A request was answered."""
        counter = self._answered.get((method, status))
        if counter is None:
            counter = self._answered[method, status] = self._requests.labels(method, str(status))
        counter.inc()

    def log_dropped(self) -> None:
        """A request log line was dropped."""
        self._dropped.inc()

    def page(self) -> bytes:
        """The text exposition format."""
        return generate_latest(self._registry)
