"""Imports point down: each room knows the floors below it, and no neighbour on its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "rtm_sdk"
ROOT = "rtm_sdk"

FLOORS = {
    "errors": 1,
    "deadline": 1,
    "secret": 1,
    "content": 1,
    "events": 1,
    "endpoint": 1,
    "sockets": 2,
    "workers": 2,
    "watching": 2,
    "calling": 2,
    "fpnn": 2,
    "client": 2,
    "http": 2,
    "rtm": 3,
    "googlechat": 3,
    "bearychat": 3,
    "gate": 4,
    "compat": 4,
    "django": 4,
    "cli": 5,
    "demo": 5,
    "terminal": 5,
    "testing": 5,
    "pytest_plugin": 5,
}
NEIGHBOURS = {
    ("calling", "watching"),
    ("calling", "workers"),
    ("client", "calling"),
    ("client", "watching"),
    ("client", "workers"),
    ("http", "client"),
    ("http", "sockets"),
    ("fpnn", "sockets"),
    ("django", "gate"),
    ("cli", "demo"),
    ("cli", "terminal"),
    ("demo", "terminal"),
    ("pytest_plugin", "testing"),
}
"""Who may import whom on the same floor."""
FROM_THE_DOOR = {"__version__"}
"""What may be imported from `rtm_sdk` itself, which offers names of all floors."""

FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def package_of(path: Path) -> list[str]:
    """The package that relative imports of a file start from."""
    return [ROOT, *path.relative_to(PACKAGE).parent.parts]


def imports(node: ast.AST, package: list[str]) -> Iterator[tuple[int, str]]:
    """The line and the full name of all that is imported, also inside functions, but not for type checkers only."""
    if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
        children = node.orelse
    else:
        children = list(ast.iter_child_nodes(node))  # type: ignore[arg-type]
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield node.lineno, alias.name
    elif isinstance(node, ast.ImportFrom):
        start = package[: len(package) + 1 - node.level] if node.level else []
        source = ".".join([*start, *([node.module] if node.module else [])])
        for alias in node.names:
            yield node.lineno, f"{source}.{alias.name}"
    for child in children:
        yield from imports(child, package)


def may_import(room: str, name: str) -> bool:
    """Whether a file of this room may import the full name."""
    top, _, rest = name.partition(".")
    if top != ROOT or rest in FROM_THE_DOOR:
        return True
    other = rest.partition(".")[0]
    if other not in FLOORS:
        return False
    return other == room or FLOORS[other] < FLOORS[room] or (room, other) in NEIGHBOURS


def test_each_room_has_a_floor() -> None:
    assert {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES} <= set(FLOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = imports(tree, package_of(path))
    assert not [f"line {line}: {name}" for line, name in found if not may_import(room, name)]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import rtm_sdk.gate.server", ["rtm_sdk.gate.server"]),
        ("from rtm_sdk import gate, Gate", ["rtm_sdk.gate", "rtm_sdk.Gate"]),
        ("from .. import errors", ["rtm_sdk.errors"]),
        ("from . import ids", ["rtm_sdk.rtm.ids"]),
        ("from ..gate.server import Gate", ["rtm_sdk.gate.server.Gate"]),
        ("def f():\n    from ..gate import Gate", ["rtm_sdk.gate.Gate"]),
        (
            "if TYPE_CHECKING:\n    from ..gate import Gate\nelse:\n    from .ids import next_id",
            ["rtm_sdk.rtm.ids.next_id"],
        ),
        ("try:\n    import json\nexcept ImportError:\n    pass", ["json"]),
    ],
)
def test_finds_imports(source: str, names: list[str]) -> None:
    assert [name for _, name in imports(ast.parse(source), [ROOT, "rtm"])] == names


@pytest.mark.parametrize(
    ("room", "name", "allowed"),
    [
        ("rtm", "rtm_sdk.fpnn.link.Link", True),
        ("rtm", "rtm_sdk.rtm.ids", True),
        ("rtm", "json", True),
        ("rtm", "rtm_sdk.gate.Gate", False),
        ("rtm", "rtm_sdk.RTMServerClient", False),
        ("gate", "rtm_sdk.compat", False),
        ("calling", "rtm_sdk.workers.WorkerPool", True),
        ("workers", "rtm_sdk.calling.Callback", False),
        ("terminal", "rtm_sdk.demo", False),
        ("cli", "rtm_sdk.__version__", True),
    ],
)
def test_what_is_allowed(room: str, name: str, allowed: bool) -> None:
    assert may_import(room, name) is allowed
