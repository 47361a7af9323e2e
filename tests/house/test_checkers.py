"""The rules themselves: each finds what it forbids in a small piece of code, and leaves the allowed alone."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from house import content, direction, litter, map_of_packages, shape
from house.source import Finding, Module, hold, snippet

Check = Callable[[Iterable[Module]], Iterable[Finding]]

_LONG = "def f() -> None:\n" + "    g()\n" * 61
_DOCUMENTED = 'def f() -> None:\n    """' + "word\n" * 40 + '    """\n' + "    g()\n" * 40
_SEVEN = "def f(a, b, c, d, *, e, f, g): ..."
_COMMAND = (
    "def f(a: Annotated[str, X], b: AOption, c: AOption, d: AOption, e: AOption, f: AOption, g: AOption): ..."
)
_SIXTEEN = "class C:\n" + "".join(f"    def m{number}(self): ...\n" for number in range(16))
_PRIVATE = "class C:\n" + "".join(f"    def _m{number}(self): ...\n" for number in range(16))
_LOCAL_IMPORT = "def f():\n    import json\n"

FORBIDDEN: list[tuple[Check, str, str]] = [
    (direction.direction, "import httpx", "jeongsan.domain.money"),
    (direction.direction, "from jeongsan.wire import errors", "jeongsan.domain.money"),
    (direction.direction, "from jeongsan.store.session import Session", "jeongsan.wire.payment"),
    (direction.direction, "from jeongsan.loop.mint import Mint", "jeongsan.store.batch"),
    (direction.direction, "from jeongsan.worker.due import DueWork", "jeongsan.operations.expire"),
    (direction.direction, "from jeongsan.worker.due import DueWork", "jeongsan.api.lists"),
    (direction.direction, "from jeongsan.store.sqlite import connect", "jeongsan.operations.expire"),
    (direction.direction, "from jeongsan.operations.cancel import cancel", "jeongsan.network.port"),
    (direction.direction, "import jeongsan.app", "jeongsan.api.lists"),
    (direction.direction, "from ..wire import errors", "jeongsan.domain.money"),
    (direction.direction, "x = 1", "jeongsan.nowhere.thing"),
    (direction.hidden, _LOCAL_IMPORT, "jeongsan.app"),
    (direction.on_demand, "import importlib\nx = importlib.import_module('json')", "jeongsan.app"),
    (shape.long_modules, "x = 1\n" * 501, "jeongsan.app"),
    (shape.long_functions, _LONG, "jeongsan.app"),
    (shape.long_functions, f"class C:\n    {_LONG.replace('    g', '        g')}", "jeongsan.app"),
    (shape.many_parameters, _SEVEN, "jeongsan.loop.commit_loop"),
    (shape.many_parameters, _SEVEN, "jeongsan.cli.shop"),
    (shape.many_parameters, _COMMAND, "jeongsan.loop.commit_loop"),
    (shape.god_classes, _SIXTEEN, "jeongsan.app"),
    (shape.empty_names, '"""Anything that fits nowhere else."""', "jeongsan.domain.utils"),
    (shape.empty_names, '"""Anything that fits nowhere else."""', "jeongsan.service"),
    (shape.silent_modules, "x = 1", "jeongsan.app"),
    (shape.silent_modules, '"""Money."""', "jeongsan.domain.money"),
    (content.floats, "def fee(amount: float) -> int: ...", "jeongsan.domain.fees"),
    (content.floats, "RATE = 0.032", "jeongsan.domain.fees"),
    (content.floats, "vat = fee / 11", "jeongsan.domain.fees"),
    (content.floats, "fee /= 11", "jeongsan.domain.fees"),
    (content.clock_reads, "import time\nnow = time.time()", "jeongsan.worker.due"),
    (content.clock_reads, "from time import time_ns as t\nnow = t()", "jeongsan.worker.due"),
    (content.clock_reads, "from datetime import datetime\nnow = datetime.now(UTC)", "jeongsan.worker.due"),
    (content.clock_reads, "import datetime\nnow = datetime.datetime.utcnow()", "jeongsan.domain.instants"),
    (content.clock_reads, "from datetime import date\ntoday = date.today()", "jeongsan.domain.instants"),
    (content.stray_sql, "x = 'SELECT 1'", "jeongsan.api.lists"),
    (content.stray_sql, "x = f'DELETE FROM {table}'", "jeongsan.operations.expire"),
    (content.stray_sql, "x = 'UPDATE clock SET mode = 1'", "jeongsan.worker.due"),
    (content.stray_commits, "async def f(s):\n    await s.commit()", "jeongsan.operations.expire"),
    (content.stray_commits, "async def f(s):\n    await s.begin()", "jeongsan.worker.due"),
    (content.swallowed, "try:\n    f()\nexcept OSError:\n    pass", "jeongsan.worker.deliver"),
    (content.swallowed, "try:\n    f()\nexcept:\n    ...", "jeongsan.worker.deliver"),
    (
        content.statements_without_session,
        "async def page(shop_id: int): ...",
        "jeongsan.store.reads.payments",
    ),
    (content.statements_without_session, "async def mark(): ...", "jeongsan.store.bulk.day_close"),
]

ALLOWED: list[tuple[Check, str, str]] = [
    (
        direction.direction,
        "from datetime import date\nfrom jeongsan.domain import ids",
        "jeongsan.domain.money",
    ),
    (direction.direction, "from jeongsan.store.bulk import clock", "jeongsan.operations.set_clock"),
    (direction.direction, "import httpx", "jeongsan.worker.deliver"),
    (direction.direction, "from .money import Money", "jeongsan.domain.tax"),
    (direction.hidden, "import json", "jeongsan.app"),
    (shape.long_modules, "x = 1\n" * 500, "jeongsan.app"),
    (shape.long_functions, _DOCUMENTED, "jeongsan.app"),
    (shape.many_parameters, _COMMAND, "jeongsan.cli.shop"),
    (shape.many_parameters, f"class C:\n    {_SEVEN.replace('a, ', 'self, ')}", "jeongsan.loop.commit_loop"),
    (shape.god_classes, _PRIVATE, "jeongsan.app"),
    (shape.silent_modules, '"""The books of a shop."""', "jeongsan.app"),
    (content.floats, "vat = fee // 11", "jeongsan.domain.fees"),
    (content.floats, "seconds = 0.5", "jeongsan.worker.run"),
    (content.clock_reads, "import time\nnow = time.time_ns()", "jeongsan.clock"),
    (content.clock_reads, "from time import monotonic\nstarted = monotonic()", "jeongsan.worker.move"),
    (content.stray_sql, '"""Runs SELECT 1 once."""', "jeongsan.api.lists"),
    (content.stray_sql, "x = 'select a card'", "jeongsan.api.lists"),
    (content.stray_sql, "x = 'SELECT 1'", "jeongsan.store.batch"),
    (content.stray_commits, "async def f(s):\n    await s.commit()", "jeongsan.loop.commit_loop"),
    (content.swallowed, "try:\n    f()\nexcept OSError as error:\n    log(error)", "jeongsan.worker.deliver"),
    (
        content.statements_without_session,
        "async def page(store: Store): ...",
        "jeongsan.store.reads.payments",
    ),
    (content.statements_without_session, "def _view(row): ...", "jeongsan.store.reads.payments"),
]


@pytest.mark.parametrize(("check", "text", "name"), FORBIDDEN)
def test_a_rule_finds_what_it_forbids(check: Check, text: str, name: str) -> None:
    assert list(check([snippet(text, name)]))


@pytest.mark.parametrize(("check", "text", "name"), ALLOWED)
def test_a_rule_leaves_the_allowed_alone(check: Check, text: str, name: str) -> None:
    assert not list(check([snippet(text, name)]))


def test_a_cycle_over_three_modules_is_found() -> None:
    circle = [
        snippet("from jeongsan.b import x", "jeongsan.a"),
        snippet("import jeongsan.c", "jeongsan.b"),
        snippet("from jeongsan import a", "jeongsan.c"),
    ]
    assert [finding.key for finding in direction.cycles(circle)] == [
        "jeongsan.a -> jeongsan.b -> jeongsan.c -> jeongsan.a"
    ]
    assert not list(direction.cycles(circle[:2]))


def test_markers_and_machine_paths_are_found_in_any_file() -> None:
    assert list(litter.markers([("docs/a.md", "TO" + "DO: finish")]))
    assert not list(litter.markers([("docs/a.md", "methods")]))
    assert list(litter.machine_paths([("docs/a.md", "cd /wo" + "rk/here")]))
    assert list(litter.machine_paths([("docs/a.md", "/ho" + "me/kim/src")]))
    assert not list(litter.machine_paths([("docs/a.md", "api/worker and network/")]))


def test_the_map_is_compared_in_both_directions(tmp_path: Path) -> None:
    for package in (tmp_path, tmp_path / "store", tmp_path / "store" / "reads"):
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
    (tmp_path / "app.py").touch()
    page = "```text\nsrc/jeongsan/\n  app.py    wiring\n  store/    SQL\n    reads/  short path\n```\n"
    assert not list(map_of_packages.compared(page, tmp_path))
    (tmp_path / "console").mkdir()
    (tmp_path / "console" / "__init__.py").touch()
    missing = list(map_of_packages.compared(page, tmp_path))
    assert [finding.key for finding in missing] == ["console/"]
    invented = list(map_of_packages.compared(page.replace("app.py", "up.py"), tmp_path))
    assert {finding.key for finding in invented} == {"app.py", "console/", "up.py"}
    assert list(map_of_packages.compared("no map at all", tmp_path))


def test_an_exception_list_may_only_shrink() -> None:
    """A new finding, a stale entry and an entry without a reason each fail."""
    finding = Finding("a.b: 61 lines", "a.py", 1, "too long")
    hold([finding], {"a.b: 61 lines": "split when touched next"})
    with pytest.raises(AssertionError, match="house rule broken"):
        hold([finding], {})
    with pytest.raises(AssertionError, match="no longer needed"):
        hold([], {"a.b: 61 lines": "split when touched next"})
    with pytest.raises(AssertionError, match="needs a reason"):
        hold([finding], {"a.b: 61 lines": "legacy"})
