from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from io import StringIO
from types import ModuleType
from typing import Any

import pytest
from django.core import checks  # type: ignore[import-untyped]
from django.core.management import call_command  # type: ignore[import-untyped]
from django.core.management.base import SystemCheckError  # type: ignore[import-untyped]

from rtm_sdk.django import chat, uwsgi
from rtm_sdk.gate import Gate

from .conftest import of_gate

SECRETS = {"client": "rtm", "pid": 1, "secret": {"env": "T_SECRET"}, "endpoint": "localhost:1"}


def found(deploy: bool = False) -> list[tuple[str, str]]:
    """The checks as Django runs them: ids and messages."""
    messages = checks.run_checks(tags=["rtm_sdk"], include_deployment_checks=deploy)
    return [(message.id, message.msg) for message in messages]


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{closed.getsockname()[1]}"


def test_all_is_well(gate: Gate, with_settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T_SECRET", gate.secret)
    monkeypatch.setenv("T_TOKEN", gate.google.token)
    with_settings(
        default=of_gate(gate, secret={"env": "T_SECRET"}),
        google={"client": "googlechat", "token": {"env": "T_TOKEN"}, "base_url": gate.google.base_url},
        beary={"client": "bearychat", "token": lambda: gate.bearychat.token, "base_url": gate.bearychat.base_url},
        tests={"client": "rtm", "backend": "locmem", "secret": {"env": "T_NONE"}},
        development={"client": "googlechat", "backend": "gate", "token": "any"},
    )
    assert found() == []
    assert found(deploy=True) == []


def test_a_service_that_says_no_is_there(gate: Gate, with_settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T_TOKEN", "wrong")
    with_settings(google={"client": "googlechat", "token": {"env": "T_TOKEN"}, "base_url": gate.google.base_url})
    assert found(deploy=True) == []


def test_missing_variables_and_wrong_options(with_settings: Any) -> None:
    with_settings(default=SECRETS, alerts={"client": "bearychat", "tokn": "x"}, other={"client": "googlechat"})
    errors = found(deploy=True)
    assert [id for id, _ in errors] == ["rtm_sdk.E002", "rtm_sdk.E001", "rtm_sdk.E001"]
    assert errors[0][1] == 'RTM_SDK["default"]["secret"]: set T_SECRET in the environment'
    assert "unknown key 'tokn'" in errors[1][1]
    assert "needs token or service_account_file" in errors[2][1]


def test_no_setting() -> None:
    ((id, message),) = found(deploy=True)
    assert id == "rtm_sdk.E001"
    assert message.startswith("RTM_SDK is not in the settings")


def test_a_secret_in_the_settings(with_settings: Any) -> None:
    with_settings(default={**SECRETS, "secret": "s3cret"}, beary={"client": "bearychat", "token": "s3cret"})
    assert found() == [
        ("rtm_sdk.W001", 'RTM_SDK["default"]["secret"] is a secret that stands in the settings.'),
        ("rtm_sdk.W001", 'RTM_SDK["beary"]["token"] is a secret that stands in the settings.'),
    ]


def test_unreachable_only_with_deploy(nowhere: str, with_settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T_SECRET", "s3cret")
    with_settings(
        default={**SECRETS, "endpoint": nowhere},
        google={"client": "googlechat", "token": {"env": "T_SECRET"}, "base_url": f"http://{nowhere}"},
        beary={"client": "bearychat", "token": {"env": "T_SECRET"}, "base_url": f"http://{nowhere}/v1"},
    )
    monkeypatch.setattr("rtm_sdk.django.checks.REACH_SECONDS", 0.3)
    assert found() == []
    warnings = found(deploy=True)
    assert [id for id, _ in warnings] == ["rtm_sdk.W002"] * 3
    for (_, message), alias in zip(warnings, ("default", "google", "beary"), strict=True):
        assert message.startswith(f'RTM_SDK["{alias}"]: the service cannot be reached: 20012 ')
        assert "s3cret" not in message


def test_the_command(with_settings: Any) -> None:
    with_settings(default=SECRETS)
    with pytest.raises(SystemCheckError, match=r"\(rtm_sdk.E002\)"):
        call_command("check", tags=["rtm_sdk"], stdout=StringIO(), stderr=StringIO())


@pytest.fixture
def in_uwsgi(monkeypatch: pytest.MonkeyPatch) -> Any:
    """As in a worker of uWSGI without threads: the module that it offers there."""
    module: Any = ModuleType("uwsgi")
    module.has_threads = 0
    monkeypatch.setitem(sys.modules, "uwsgi", module)
    monkeypatch.setattr(uwsgi, "_used", False)
    return module


def test_uwsgi_without_threads_where_callbacks_are_used(
    in_uwsgi: Any, gate: Gate, with_settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with_settings(default={"client": "rtm", "backend": "gate", "endpoint": gate.endpoint})
    client = chat["default"]
    client.send_chat(1, 2, "hello")
    assert found() == []
    for _ in range(2):
        client.send_chat(1, 2, "hello", callback=lambda result, error_code: None)
    assert client.flush(5) == 0
    assert [id for id, _ in found()] == ["rtm_sdk.W003"]
    assert caplog.text.count("uWSGI runs without threads") == 1
    in_uwsgi.has_threads = 1
    assert found() == []


def test_uwsgi_where_the_setting_speaks_of_callbacks(in_uwsgi: Any, with_settings: Any) -> None:
    with_settings(default={"client": "rtm", "backend": "locmem", "workers": 2})
    assert [id for id, _ in found()] == ["rtm_sdk.W003"]
    in_uwsgi.has_threads = 1
    assert found() == []


def test_no_uwsgi(with_settings: Any) -> None:
    with_settings(default={"client": "rtm", "backend": "locmem", "workers": 2})
    assert not uwsgi.threads_are_off()
    assert found() == []
