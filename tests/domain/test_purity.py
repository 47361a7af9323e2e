"""Rules are pure: the domain imports the standard library and itself, and reads no clock."""

import ast
import sys
from pathlib import Path

import pytest

import jeongsan.domain
from house.source import syntax_tree

MODULES = sorted(Path(jeongsan.domain.__file__).parent.glob("*.py"))
# Entropy and the moment are arguments; files, networks and databases belong to others.
IMPURE = {
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "time",
    "uuid",
}


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(syntax_tree(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_rule_imports_the_standard_library_and_other_rules_only(path: Path) -> None:
    foreign = {
        name
        for name in _imported(path)
        if name != "jeongsan.domain"
        and not name.startswith("jeongsan.domain.")
        and name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert foreign == set()
    assert not {name.partition(".")[0] for name in _imported(path)} & IMPURE


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_rule_does_not_ask_what_time_it_is(path: Path) -> None:
    called = {
        node.attr for node in ast.walk(syntax_tree(path.read_text())) if isinstance(node, ast.Attribute)
    }
    assert not called & {"today", "utcnow", "monotonic", "time_ns"}
    assert "datetime.now(" not in path.read_text()
