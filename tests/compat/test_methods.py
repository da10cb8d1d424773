"""Every method is there as the public SDK declares it, and hands its outcome over in that form, in both styles."""

from __future__ import annotations

import ast
import inspect
import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rtm_sdk.compat
from rtm_sdk.compat import FPNN_ERROR, RTM_ERROR, RTMServerClient
from rtm_sdk.errors import ErrorCode
from rtm_sdk.gate import Gate

from ..rtm.contract import CALLS, NOT_GIVEN
from ..rtm.test_contract_live import World
from .facts import GATE, METHODS, Method

PATIENCE = 10.0
CALL_OF = {call.name: call for call in CALLS}
TYPES: dict[str, type] = {
    **dict.fromkeys(("mid", "mtime", "grant_type", "invite_type", "invite_manage_type"), int),
    **dict.fromkeys(("token", "endpoint", "oinfo", "pinfo", "value", "text"), str),
    **dict.fromkeys(("uids", "gids", "fuids", "buids", "classification"), list),
    **dict.fromkeys(("info", "infos", "dict"), dict),
    "ok": bool,
    "count": int,
}
"""The types of what comes before the error code; a name that is not here is that of a structure."""

each_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate(**GATE) as gate:
        yield gate


@pytest.fixture(scope="module")
def client(gate: Gate) -> Iterator[RTMServerClient]:
    client = RTMServerClient(gate.pid, gate.secret, gate.endpoint)
    yield client
    client.destory()


@pytest.fixture(scope="module")
def stranger(gate: Gate) -> Iterator[RTMServerClient]:
    """A client that does not know the secret."""
    client = RTMServerClient(gate.pid, "wrong", gate.endpoint)
    yield client
    client.destory()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("compat") / "cat.txt"
    path.write_bytes(b"content")
    return str(path)


def arguments_of(client: RTMServerClient, method: Method, path: str) -> tuple[list[Any], dict[str, Any]]:
    """Arguments with which a call succeeds: by position as far as there is no gap, the others by name."""
    call = CALL_OF[method.name]
    given = World(client.modern).arguments(call)
    if "file" in given:
        given["file"] = path
    positional = []
    for name in call.arguments:
        if name not in given:
            break
        positional.append(given.pop(name))
    return positional, given


def receiver(method: Method) -> tuple[Any, queue.Queue[tuple[Any, ...]]]:
    """An object of the callback class of a method, and what it gets."""
    outcomes: queue.Queue[tuple[Any, ...]] = queue.Queue()
    base = getattr(rtm_sdk.compat, method.callback) if method.callback else object
    return type("On", (base,), {"callback": lambda self, *outcome: outcomes.put(outcome)})(), outcomes


@each_method
def test_declaration(method: Method) -> None:
    (function,) = ast.parse(f"def {method.signature}: pass").body
    assert isinstance(function, ast.FunctionDef)
    names = [argument.arg for argument in function.args.args]
    defaults = [ast.literal_eval(default) for default in function.args.defaults]
    expected = dict(zip(names, [NOT_GIVEN] * (len(names) - len(defaults)) + defaults, strict=True))
    if expected.get("attrs") is NOT_GIVEN and method.wire != "editmsg":
        expected["attrs"] = ""

    parameters = inspect.signature(getattr(RTMServerClient(1, "s", "localhost:1"), method.name)).parameters.values()
    found = {
        each.name: NOT_GIVEN if each.default is each.empty else each.default
        for each in parameters
        if each.kind is each.POSITIONAL_OR_KEYWORD
    }
    assert found == expected
    assert list(found) == list(expected)


@each_method
def test_outcome(client: RTMServerClient, method: Method, path: str) -> None:
    positional, named = arguments_of(client, method, path)
    outcome = getattr(client, method.name)(*positional, **named)
    if not method.values:
        assert outcome is FPNN_ERROR.FPNN_EC_OK
        return
    assert type(outcome) is tuple
    *values, error = outcome
    assert error is FPNN_ERROR.FPNN_EC_OK
    assert len(values) == len(method.values)
    for name, value in zip(method.values, values, strict=True):
        assert type(value) is (TYPES[name] if name in TYPES else getattr(rtm_sdk.compat, name))


@each_method
def test_outcome_in_a_callback(client: RTMServerClient, method: Method, path: str) -> None:
    for by_name in (False, True):
        positional, named = arguments_of(client, method, path)
        on, outcomes = receiver(method)
        arguments = CALL_OF[method.name].arguments
        if by_name:
            named["callback"] = on
        else:  # what follows the first gap is given by its default, so that the callback has its place
            rest = list(arguments)[len(positional) :]
            positional += [named.pop(name, arguments[name]) for name in rest]
            positional += [on, PATIENCE]
        assert getattr(client, method.name)(*positional, **named) is None
        *values, error = outcomes.get(timeout=PATIENCE)
        assert error is FPNN_ERROR.FPNN_EC_OK
        assert len(values) == len(method.callback_values)
        names = method.values if len(method.values) == len(values) else method.callback_values
        for name, value in zip(names, values, strict=True):
            assert type(value) is (TYPES[name] if name in TYPES else getattr(rtm_sdk.compat, name))
    assert client.modern.flush(PATIENCE) == 0
    assert outcomes.empty()


@each_method
def test_failure(client: RTMServerClient, stranger: RTMServerClient, method: Method, path: str) -> None:
    positional, named = arguments_of(client, method, path)
    on, outcomes = receiver(method)
    getattr(stranger, method.name)(*positional, **named, callback=on)
    outcome = getattr(stranger, method.name)(*positional, **named)
    for *values, error in (outcome if method.values else (outcome,), outcomes.get(timeout=PATIENCE)):
        assert values == [None] * len(method.values)
        assert error == RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN
        assert error == 200002
        assert type(error) is ErrorCode


def test_nothing_else_is_a_method_of_the_service() -> None:
    settings = {
        "close",
        "destory",
        "enable_encryptor_by_pem_file",
        "modern",
        "reconnect",
        *(
            f"set_{name}"
            for name in (
                "auto_connect",
                "connect_timeout",
                "connection_callback",
                "error_recorder",
                "quest_processor",
                "quest_timeout",
                "regressive_strategy",
            )
        ),
    }
    found = {name for name in dir(RTMServerClient(1, "s", "localhost:1")) if name[0] != "_"}
    assert found == settings | {method.name for method in METHODS}


def test_everything_is_exported() -> None:
    callbacks = {method.callback for method in METHODS if method.public}
    structures = {name for method in METHODS if method.public for name in method.values} - TYPES.keys()
    assert callbacks | structures <= set(rtm_sdk.compat.__all__)
    assert all(hasattr(rtm_sdk.compat, name) for name in rtm_sdk.compat.__all__)
    assert len(set(rtm_sdk.compat.__all__)) == len(rtm_sdk.compat.__all__)
