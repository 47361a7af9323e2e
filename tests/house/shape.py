"""Sizes: modules, functions, parameters, methods; names and docstrings of modules."""

import ast
from collections.abc import Iterable, Iterator

from house.source import Finding, Function, Module, functions

LINES_PER_MODULE_MAX = 500
LINES_PER_FUNCTION_MAX = 60
PARAMETERS_MAX = 6
PUBLIC_METHODS_MAX = 15
# Growth rule: a module is split by noun or verb, never into one of these.
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "service", "services", "common", "misc"}


def long_modules(modules: Iterable[Module]) -> Iterator[Finding]:
    """Modules one has to scroll through."""
    for module in modules:
        lines = len(module.text.splitlines())
        if lines > LINES_PER_MODULE_MAX:
            message = f"{lines} lines; at most {LINES_PER_MODULE_MAX}"
            yield Finding(f"{module.name}: {lines} lines", module.path, lines, message)


def long_functions(modules: Iterable[Module]) -> Iterator[Finding]:
    """Functions with more lines than fit on a screen, the docstring not counted."""
    for module in modules:
        for name, function, _ in functions(module):
            lines = _lines(function)
            if lines > LINES_PER_FUNCTION_MAX:
                message = f"{lines} lines; at most {LINES_PER_FUNCTION_MAX}"
                yield Finding(f"{name}: {lines} lines", module.path, function.lineno, message)


def _lines(function: Function) -> int:
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


def many_parameters(modules: Iterable[Module]) -> Iterator[Finding]:
    """Functions that want to be told too much. A command's parameters are its options: exempt."""
    for module in modules:
        for name, function, owner in functions(module):
            if module.package == "cli" and _is_command(function):
                continue
            count = len(_parameters(function, owner))
            if count > PARAMETERS_MAX:
                message = f"{count} parameters; at most {PARAMETERS_MAX}, then a dataclass"
                yield Finding(f"{name}: {count} parameters", module.path, function.lineno, message)


def _parameters(function: Function, owner: ast.ClassDef | None) -> list[ast.arg]:
    arguments = function.args
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    static = any(ast.unparse(decorator) == "staticmethod" for decorator in function.decorator_list)
    return found[1:] if owner is not None and not static else found


def _is_command(function: Function) -> bool:
    """Every parameter is an Annotated argument or option, or a shared `…Option` of the command line."""
    annotations = [argument.annotation for argument in _parameters(function, None)]
    return bool(annotations) and all(
        annotation is not None and (text.startswith("Annotated[") or text.endswith("Option"))
        for annotation in annotations
        for text in [ast.unparse(annotation) if annotation is not None else ""]
    )


def god_classes(modules: Iterable[Module]) -> Iterator[Finding]:
    """Classes that do everything."""
    for module in modules:
        for node in module.nodes:
            if isinstance(node, ast.ClassDef):
                methods = [
                    child
                    for child in node.body
                    if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                    and not child.name.startswith("_")
                ]
                if len(methods) > PUBLIC_METHODS_MAX:
                    message = f"{len(methods)} public methods; at most {PUBLIC_METHODS_MAX}"
                    key = f"{module.name}.{node.name}: {len(methods)} public methods"
                    yield Finding(key, module.path, node.lineno, message)


def empty_names(modules: Iterable[Module]) -> Iterator[Finding]:
    """File names that say nothing of what is inside."""
    for module in modules:
        if FORBIDDEN_NAMES & set(module.name.split(".")):
            yield Finding(module.name, module.path, 1, "name a module after a noun or a verb of the trade")


def silent_modules(modules: Iterable[Module]) -> Iterator[Finding]:
    """Modules that do not say what they own."""
    for module in modules:
        text = ast.get_docstring(module.tree) or ""
        if len(text.split()) < 3:
            yield Finding(module.name, module.path, 1, "a module opens by saying what it owns")
