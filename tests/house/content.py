"""What may not stand in code: float money, hidden clocks, stray SQL, stray commits, swallowed errors."""

import ast
import re
from collections.abc import Iterable, Iterator

from house.source import Finding, Module, docstrings, functions

_CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "date.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
_SQL = re.compile(
    r"\b(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TABLE|INDEX|DATABASE)\s"
    r"|DROP\s+(TABLE|INDEX|DATABASE)\s|ALTER\s+TABLE\s|PRAGMA\s|BEGIN\s+IMMEDIATE|COMMIT\b|ROLLBACK\b)"
)
_TRANSACTION_VERBS = {"begin", "commit", "rollback"}
_COMMITTERS = {"loop", "store"}


def floats(modules: Iterable[Module]) -> Iterator[Finding]:
    """Floats and divisions in the domain, where money and days are integers."""
    for module in modules:
        if module.package != "domain":
            continue
        for node in module.nodes:
            line = getattr(node, "lineno", 1)
            if isinstance(node, ast.Name) and node.id == "float":
                yield Finding(f"{module.name}: float", module.path, line, "no float in the domain")
            elif isinstance(node, ast.Constant) and isinstance(node.value, float):
                yield Finding(f"{module.name}: {node.value}", module.path, line, "no float in the domain")
            elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
                shown = ast.unparse(node)
                message = "divide by a named, rounded function"
                yield Finding(f"{module.name}: {shown}", module.path, line, message)


def clock_reads(modules: Iterable[Module]) -> Iterator[Finding]:
    """Readings of real time outside of `clock.py`. Durations (perf_counter, monotonic) are no time of day."""
    for module in modules:
        if module.package == "clock":
            continue
        taken = {
            f"{node.module}.{alias.name}": alias.asname or alias.name
            for node in module.nodes
            if isinstance(node, ast.ImportFrom) and node.module == "time"
            for alias in node.names
        }
        bare = {local for full, local in taken.items() if full in _CLOCKS}
        for node in module.nodes:
            if isinstance(node, ast.Call) and (
                ast.unparse(node.func) in _CLOCKS or ast.unparse(node.func) in bare
            ):
                shown = ast.unparse(node.func)
                message = "only clock.py reads real time; elsewhere it arrives as a value"
                yield Finding(f"{module.name}: {shown}", module.path, node.lineno, message)


def stray_sql(modules: Iterable[Module]) -> Iterator[Finding]:
    """Statements outside of the store."""
    for module in modules:
        if module.package == "store":
            continue
        explained = docstrings(module.tree)
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = _SQL.search(node.value)
                if found and node not in explained:
                    key = f"{module.name}: {' '.join(node.value.split())[:60]}"
                    yield Finding(key, module.path, node.lineno, "SQL lives in store/")


def stray_commits(modules: Iterable[Module]) -> Iterator[Finding]:
    """Transactions begun or ended outside of the loop and the store."""
    for module in modules:
        if module.package in _COMMITTERS:
            continue
        for node in module.nodes:
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in _TRANSACTION_VERBS:
                key = f"{module.name}: {ast.unparse(called)}"
                yield Finding(key, module.path, called.lineno, "only loop/ and store/ begin and commit")


def swallowed(modules: Iterable[Module]) -> Iterator[Finding]:
    """Handlers that do nothing."""
    for module in modules:
        for node in module.nodes:
            if isinstance(node, ast.ExceptHandler) and all(_is_nothing(child) for child in node.body):
                caught = ast.unparse(node.type) if node.type else "everything"
                key = f"{module.name}: except {caught}"
                yield Finding(key, module.path, node.lineno, "an error is handled, recorded or raised")


def _is_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def statements_without_session(modules: Iterable[Module]) -> Iterator[Finding]:
    """Public functions of store/reads and store/bulk that are not given the store or session to use."""
    for module in modules:
        if not module.name.startswith(("jeongsan.store.reads", "jeongsan.store.bulk")):
            continue
        for name, function, owner in functions(module):
            if (
                owner is not None
                or function.name.startswith("_")
                or name.count(".") != module.name.count(".") + 1
            ):
                continue
            first = function.args.args[0] if function.args.args else None
            annotation = (
                ast.unparse(first.annotation) if first is not None and first.annotation else "nothing"
            )
            if annotation not in ("Store", "Session"):
                message = f"takes {annotation} first; a statement is given its Store or Session"
                yield Finding(name, module.path, function.lineno, message)
