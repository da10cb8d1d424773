"""Makes `operations.pyi` of each service, which says to type checkers and editors what both styles of a call return.

`python -m tests.typing.stubs` writes the files anew; it needs ruff. `test_stubs.py` compares them with the sources.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "rtm_sdk"
SERVICES = ("rtm", "googlechat", "bearychat")

HEAD = '''\
"""{doc}"""

# Made by `python -m tests.typing.stubs`. A decorator cannot give a method two signatures, so that they are written out.
# mypy: disable-error-code="override"
'''


class Names:
    """Where the names of one file come from: the module, as it is written in an import of a neighbour."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.origins: dict[str, tuple[str, str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module != "__future__":
                for alias in node.names:
                    origin = "." * node.level + (node.module or "")
                    self.origins[alias.asname or alias.name] = (origin, alias.name)
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef):
                self.origins[node.name] = (f".{path.stem}", node.name)
            for target in node.targets if isinstance(node, ast.Assign) else ():
                if isinstance(target, ast.Name):
                    self.origins[target.id] = (f".{path.stem}", target.id)

    def used_in(self, nodes: Iterable[ast.AST]) -> Iterator[tuple[str, tuple[str, str]]]:
        for node in nodes:
            for each in ast.walk(node):
                if isinstance(each, ast.Name) and each.id in self.origins:
                    yield each.id, self.origins[each.id]


def operations(tree: ast.Module, name: str) -> Iterator[ast.FunctionDef]:
    """The operations of a class, as they are written."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and any(
                    ast.unparse(decorator).startswith("operation") for decorator in method.decorator_list
                ):
                    yield method


def result_of(method: ast.FunctionDef) -> ast.expr:
    """The `R` of `-> Operation[R]`."""
    assert isinstance(method.returns, ast.Subscript), f"{method.name} must return Operation[...]"
    assert ast.unparse(method.returns.value) == "Operation", f"{method.name} must return Operation[...]"
    return method.returns.slice


def signatures(method: ast.FunctionDef) -> Iterator[str]:
    """Without a callback; with one; with one that is not named, when what stands before it may be left out."""
    arguments = method.args
    assert not (arguments.posonlyargs or arguments.vararg or arguments.kwarg), method.name
    result = ast.unparse(result_of(method))
    outcome = result if result.split(" | ")[-1] == "None" else f"{result} | None"
    given, receiver = "callback: None = None", f"callback: CallbackFor[{result}]"
    first_default = len(arguments.args) - len(arguments.defaults)
    before = ["self"]
    required = ["self"]
    optional = False
    by_position = any(each.arg == "callback" for each in arguments.args)
    for index, each in enumerate(arguments.args[1:], 1):
        if each.arg in ("callback", "timeout"):
            continue
        plain = _parameter(each, None)
        has_default = index >= first_default
        before.append(_parameter(each, arguments.defaults[index - first_default]) if has_default else plain)
        required.append(plain)
        optional = optional or has_default
    named = [
        _parameter(each, default)
        for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if each.arg not in ("callback", "timeout")
    ]
    timeout = "timeout: float = 0"
    outcome = f"tuple[{outcome}, ErrorCode]"
    if not by_position:
        yield _signature(method.name, [*before, "*", *named, given, timeout], outcome)
        yield _signature(method.name, [*before, "*", *named, receiver, timeout], "None")
        return
    star = ["*"] if named else []
    yield _signature(method.name, [*before, given, timeout, *star, *named], outcome)
    if optional:
        yield _signature(method.name, [*before, "*", *named, receiver, timeout], "None")
    yield _signature(method.name, [*required, receiver, timeout, *star, *named], "None")


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    assert argument.annotation is not None, argument.arg
    text = f"{argument.arg}: {ast.unparse(argument.annotation)}"
    if default is None:
        return text
    literal = isinstance(default, (ast.Constant, ast.Tuple)) or ast.unparse(default).lstrip("-").isdigit()
    return f"{text} = {ast.unparse(default) if literal else '...'}"


def _signature(name: str, parameters: list[str], returns: str) -> str:
    return f"    @overload\n    def {name}({', '.join(parameters)}) -> {returns}: ...\n"


def stub(service: str) -> str:
    """What `operations.pyi` has to say, not formatted."""
    folder = PACKAGE / service
    joined = Names(folder / "operations.py")
    (whole,) = (node for node in joined.tree.body if isinstance(node, ast.ClassDef))
    imports = {("overload", ("typing", "overload")), ("ErrorCode", ("..errors", "ErrorCode"))}
    imports.add(("CallbackFor", ("..calling", "CallbackFor")))
    lines: list[str] = []
    for base in whole.bases:
        assert isinstance(base, ast.Name)
        origin = joined.origins[base.id]
        imports.add((base.id, origin))
        names = Names(folder / f"{origin[0][1:]}.py")
        for method in operations(names.tree, base.id):
            kept = [each for each in (*method.args.args, *method.args.kwonlyargs) if each.arg != "callback"]
            annotations = [each.annotation for each in kept if each.annotation is not None]
            imports.update(names.used_in([*annotations, result_of(method)]))
            lines += signatures(method)
    clashes = len(imports) - len({name for name, _ in imports})
    assert not clashes, f"{service}: a name has two meanings"
    doc = ast.get_docstring(joined.tree)
    return "\n".join(
        [
            HEAD.format(doc=doc),
            *sorted(f"from {module} import {found}{_alias(found, name)}" for name, (module, found) in imports),
            f"class {whole.name}({', '.join(ast.unparse(base) for base in whole.bases)}):",
            "".join(lines),
        ]
    )


def _alias(found: str, name: str) -> str:
    return "" if found == name else f" as {name}"


def meaning(text: str) -> tuple[set[str], list[str]]:
    """What a stub says, however it is formatted: its imports, in any order, and the rest."""
    body = ast.parse(text).body
    imports = {
        f"{'.' * node.level}{node.module or ''} {ast.unparse(alias)}"
        for node in body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return imports, [ast.unparse(node) for node in body if not isinstance(node, ast.ImportFrom)]


def write() -> None:
    """Write all stubs anew."""
    paths = [PACKAGE / service / "operations.pyi" for service in SERVICES]
    for service, path in zip(SERVICES, paths, strict=True):
        path.write_text(stub(service), encoding="utf-8")
    for command in (["check", "--select", "I", "--fix"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, *map(str, paths)], check=True, cwd=PACKAGE.parent)


if __name__ == "__main__":
    write()
