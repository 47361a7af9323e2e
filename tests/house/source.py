"""The source as the rules see it, and how a rule's findings meet its list of exceptions."""

import ast
import gc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "jeongsan"
_TEXT_SUFFIXES = {
    ".py",
    ".md",
    ".toml",
    ".mako",
    ".ini",
    ".yml",
    ".yaml",
    ".json",
    ".txt",
    ".sh",
    ".css",
    ".js",
}
_TEXT_NAMES = {"Makefile", "run", ".gitignore"}
_NOT_OURS = {"__pycache__", "build", "dist"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def syntax_tree(text: str) -> ast.Module:
    """While garbage is collected other threads run, and if one of them parses as well, CPython 3.11 says
    SystemError (python/cpython#106905): so none is collected."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(text)
    finally:
        if collects:
            gc.enable()


@dataclass(frozen=True)
class Module:
    """One Python file. `name` is dotted; a package is named like its folder."""

    name: str
    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return syntax_tree(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """The tree's nodes, walked once for all rules."""
        return tuple(ast.walk(self.tree))

    @property
    def package(self) -> str:
        """`jeongsan.store.reads.due` → `store`; `jeongsan.app` → `app`; the root package → "root"."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else "root"


@dataclass(frozen=True)
class Finding:
    """`key` is what an exception list names; it contains the figure, so that nothing excused can grow."""

    key: str
    path: str
    line: int
    message: str


def snippet(text: str, name: str = "jeongsan.domain.example") -> Module:
    """A module that exists only in a test of a rule."""
    return Module(name, name.replace(".", "/") + ".py", text)


def modules(folder: Path = PACKAGE, name: str = "jeongsan") -> list[Module]:
    """Every module below a folder, in order of name."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        text = path.read_text(encoding="utf-8")
        found.append(Module(".".join((name, *parts)), str(path.relative_to(ROOT)), text))
    return found


def text_files() -> Iterator[tuple[str, str]]:
    """(path, text) of every file a reader of the repository sees, hidden tool folders left out."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
        if hidden or _NOT_OURS & set(parts) or not path.is_file():
            continue
        if path.suffix in _TEXT_SUFFIXES or path.name in _TEXT_NAMES:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def functions(module: Module) -> Iterator[tuple[str, Function, ast.ClassDef | None]]:
    """(dotted name, function, the class it is a method of), nested functions included."""

    def walk(
        node: ast.AST, prefix: str, owner: ast.ClassDef | None
    ) -> Iterator[tuple[str, Function, ast.ClassDef | None]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{prefix}.{child.name}"
                yield name, child, owner
                yield from walk(child, name, None)
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, f"{prefix}.{child.name}", child)
            else:
                yield from walk(child, prefix, owner)

    yield from walk(module.tree, module.name, None)


def docstrings(tree: ast.Module) -> set[ast.Constant]:
    """The constants that are docstrings, to be told from strings the program uses."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(first.value)
    return found


def hold(findings: Iterable[Finding], exceptions: Mapping[str, str]) -> None:
    """Fail on a finding nobody excused, and on an excuse nobody needs any more."""
    found = {finding.key: finding for finding in findings}
    fresh = [f"{f.path}:{f.line}: {f.message}  [{key}]" for key, f in found.items() if key not in exceptions]
    assert not fresh, "house rule broken:\n" + "\n".join(fresh)
    stale = [key for key in exceptions if key not in found]
    assert not stale, "no longer needed, remove from tests/house/exceptions.py:\n" + "\n".join(stale)
    unexplained = [key for key, reason in exceptions.items() if len(reason.split()) < 3]
    assert not unexplained, "an exception needs a reason:\n" + "\n".join(unexplained)
