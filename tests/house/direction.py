"""Who may import whom, cycles, and imports hidden in functions."""

import ast
import sys
from collections.abc import Iterable, Iterator

from house.source import Finding, Module

# cli → app → {api, console, worker} → operations → loop → store → domain; wire → domain; network → domain.
# An arrow may skip layers. `inquiry` reads and shows, for api, console and cli alike. `client`, `fetch` and
# `reconcile` are the merchant's own tools and share no rule with the gateway, only the holidays as data.
# Leaves: `clock`, `metrics` and `calendar_kr` know nobody; `bank_calendar` makes a value of the domain of
# that data. `settings` is wiring, like `app`. `bench`, `demo` and `testing` wire a gateway of their own and
# stand beside `cli`.
MAY_IMPORT: dict[str, set[str]] = {
    "domain": set(),
    "clock": set(),
    "metrics": set(),
    "calendar_kr": {"root"},
    "bank_calendar": {"calendar_kr", "domain"},
    "wire": {"domain"},
    "network": {"domain"},
    "store": {"domain"},
    "loop": {"store", "domain", "clock"},
    # `store.bulk` and `store.session` only: an operation names statements, it does not write them.
    "operations": {"loop", "store", "network", "domain"},
    "worker": {"operations", "loop", "store", "network", "domain", "clock"},
    "inquiry": {"loop", "store", "wire", "domain", "clock", "bank_calendar"},
    "api": {"inquiry", "operations", "loop", "store", "wire", "domain", "clock", "bank_calendar", "metrics"},
    "console": {"api", "inquiry", "operations", "loop", "store", "wire", "domain", "clock", "bank_calendar"},
    "client": {"root"},
    "reconcile": {"client", "calendar_kr", "root"},
    "fetch": {"reconcile", "client", "root"},
    "root": set(),
    "__main__": {"cli"},
}
_BELOW_APP = {*MAY_IMPORT} - {"__main__"}
MAY_IMPORT["settings"] = {"domain", "loop", "network", "operations"}
MAY_IMPORT["app"] = {*_BELOW_APP, "settings"}
MAY_IMPORT["bench"] = MAY_IMPORT["demo"] = MAY_IMPORT["testing"] = {*_BELOW_APP, "settings", "app"}
MAY_IMPORT["cli"] = {*_BELOW_APP, "settings", "app", "bench", "demo", "testing"}
_IMPORT_CALLS = {"__import__", "import_module", "importlib.import_module"}
_OPERATIONS_STORE = ("jeongsan.store.bulk", "jeongsan.store.session")


def imported(module: Module, tree: ast.AST | None = None) -> Iterator[tuple[str, int]]:
    """(dotted name, line) of everything a module imports."""
    for node in module.nodes if tree is None else ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.name.split(".")[: -node.level]
                base = ".".join([*parts, *filter(None, [base])])
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno


def _package(name: str) -> str | None:
    """The package of ours that an imported name lies in; None when it is somebody else's."""
    parts = name.split(".")
    if parts[0] != "jeongsan":
        return None
    return parts[1] if len(parts) > 1 and not parts[1].startswith("__version") else "root"


def direction(modules: Iterable[Module]) -> Iterator[Finding]:
    """Imports against the arrows."""
    for module in modules:
        allowed = MAY_IMPORT.get(module.package)
        if allowed is None:
            message = f"the package {module.package} has no place in the import direction"
            yield Finding(module.package, module.path, 1, message)
            continue
        for name, line in imported(module):
            package = _package(name)
            if package is None:
                if module.package == "domain" and name.split(".")[0] not in sys.stdlib_module_names:
                    yield _against(module, name, line, "domain imports the standard library and itself")
            elif package != module.package and package not in allowed:
                yield _against(module, name, line, f"{module.package} may not import {package}")
            elif (
                module.package == "operations"
                and package == "store"
                and not name.startswith(_OPERATIONS_STORE)
            ):
                yield _against(
                    module, name, line, "operations reach the store by store.bulk and store.session"
                )


def _against(module: Module, name: str, line: int, message: str) -> Finding:
    return Finding(f"{module.name} -> {name}", module.path, line, message)


def cycles(modules: Iterable[Module]) -> Iterator[Finding]:
    """Modules that reach themselves by their imports."""
    known = {module.name: module for module in modules}
    graph = {name: sorted(_targets(module, known)) for name, module in known.items()}
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> Iterator[Finding]:
        if name in path:
            circle = [*path[path.index(name) :], name]
            key = " -> ".join(circle)
            yield Finding(key, known[name].path, 1, f"import cycle {key}")
            return
        if name in done:
            return
        for target in graph[name]:
            yield from visit(target, [*path, name])
        done.add(name)

    for name in graph:
        yield from visit(name, [])


def _targets(module: Module, known: dict[str, Module]) -> set[str]:
    found = set()
    for name, _ in imported(module):
        # `from package import thing` reaches the module `package.thing`, or else the package.
        target = name if name in known else name.rpartition(".")[0]
        if target in known and target != module.name:
            found.add(target)
    return found


def hidden(modules: Iterable[Module]) -> Iterator[Finding]:
    """Import statements inside functions."""
    for module in modules:
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for name, line in imported(module, node):
                    key = f"{module.name}.{node.name} imports {name}"
                    yield Finding(key, module.path, line, "imports stand at the top of the module")


def on_demand(modules: Iterable[Module]) -> Iterator[Finding]:
    """Imports by a call, which no reader of the top of a module sees."""
    for module in modules:
        for node in module.nodes:
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _IMPORT_CALLS:
                key = f"{module.name} imports {', '.join(map(ast.unparse, node.args))}"
                yield Finding(key, module.path, node.lineno, "nothing is imported on demand")
