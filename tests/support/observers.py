"""An observer of the commit loop that makes one step fail."""

from jeongsan.loop.commit_loop import Observer


class FailsOnce:
    """Passes everything on to another observer; the first time the named step comes, it fails."""

    def __init__(self, inner: Observer, name: str, error: Exception) -> None:
        self._inner = inner
        self._name: str | None = name
        self._error = error

    def step(self, name: str) -> None:
        if name == self._name:
            self._name = None
            raise self._error
        self._inner.step(name)

    def batch(self, *, size: int, seconds: float, waiting: int) -> None:
        self._inner.batch(size=size, seconds=seconds, waiting=waiting)
