"""The stubs say what the sources say."""

from __future__ import annotations

import ast
import inspect

import pytest

from rtm_sdk import BearyChatClient, BearyChatWebhook, GoogleChatClient, GoogleChatWebhook, RTMServerClient

from .stubs import PACKAGE, SERVICES, meaning, operations, signatures, stub

CLIENTS = dict(zip(SERVICES, (RTMServerClient, GoogleChatClient, BearyChatClient), strict=True))


def overloads(service: str) -> dict[str, int]:
    """How many signatures each operation has in the stub."""
    tree = ast.parse((PACKAGE / service / "operations.pyi").read_text(encoding="utf-8"))
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found[node.name] = found.get(node.name, 0) + 1
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_are_up_to_date(service: str) -> None:
    written = (PACKAGE / service / "operations.pyi").read_text(encoding="utf-8")
    assert meaning(written) == meaning(stub(service)), "run: python -m tests.typing.stubs"


@pytest.mark.parametrize("service", SERVICES)
def test_no_operation_is_missing(service: str) -> None:
    """As the running program has them, however they came to be there; those of the client's own class stand there."""
    client = CLIENTS[service]
    there = {name for name, _ in inspect.getmembers(client, lambda member: hasattr(member, "generator"))}
    found = overloads(service)
    assert set(found) == there - vars(client).keys()
    assert set(found.values()) <= {2, 3}


@pytest.mark.parametrize("each", [*CLIENTS.values(), GoogleChatWebhook, BearyChatWebhook])
def test_operations_that_are_written_in_the_class_itself(each: type) -> None:
    """Both of their signatures are the ones that would be made."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(each)))  # type: ignore[arg-type]
    (found,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == each.__name__)
    written: dict[str, list[str]] = {}
    for node in found.body:
        if isinstance(node, ast.FunctionDef) and [ast.unparse(each) for each in node.decorator_list] == ["overload"]:
            written.setdefault(node.name, []).append(ast.unparse(node))
    made = {
        method.name: [ast.unparse(ast.parse(inspect.cleandoc(text))) for text in signatures(method)]
        for method in operations(tree, each.__name__)
    }
    assert written == made


SAMPLE = """
class Things:
    @operation
    def plain(self, one: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[Thing]: ...
    @operation(default_timeout=120)
    def optional(self, one: int, two: str = "", callback: CallbackArgument = None, timeout: float = 0, *,
                 three: bool = False) -> Operation[None]: ...
    @operation
    def named(self, one: int = _ONE, *, two: str | None = None, callback: CallbackArgument = None,
              timeout: float = 0) -> Operation[str | None]: ...
    def no_operation(self) -> None: ...
"""

EXPECTED = """
def plain(self, one: int, callback: None=None, timeout: float=0) -> tuple[Thing | None, ErrorCode]
def plain(self, one: int, callback: CallbackFor[Thing], timeout: float=0) -> None
def optional(self, one: int, two: str='', callback: None=None, timeout: float=0, *, three: bool=False)
 -> tuple[None, ErrorCode]
def optional(self, one: int, two: str='', *, three: bool=False, callback: CallbackFor[None], timeout: float=0) -> None
def optional(self, one: int, two: str, callback: CallbackFor[None], timeout: float=0, *, three: bool=False) -> None
def named(self, one: int=..., *, two: str | None=None, callback: None=None, timeout: float=0)
 -> tuple[str | None, ErrorCode]
def named(self, one: int=..., *, two: str | None=None, callback: CallbackFor[str | None], timeout: float=0) -> None
"""


def test_how_signatures_are_made() -> None:
    made = []
    for method in operations(ast.parse(SAMPLE), "Things"):
        for text in signatures(method):
            (function,) = ast.parse(inspect.cleandoc(text)).body
            assert isinstance(function, ast.FunctionDef)
            assert [ast.unparse(each) for each in function.decorator_list] == ["overload"]
            made.append(ast.unparse(function).split("\n")[1].removesuffix(":"))
    assert made == EXPECTED.strip().replace("\n ", " ").splitlines()
