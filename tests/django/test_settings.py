from __future__ import annotations

import pprint
import traceback
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured  # type: ignore[import-untyped]
from django.test import override_settings  # type: ignore[import-untyped]

from rtm_sdk import RTMServerClient, WorkerPool
from rtm_sdk.bearychat.client import BearyChatClient
from rtm_sdk.django import chat
from rtm_sdk.django.settings import entry_of
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.client import GoogleChatClient

from .conftest import of_gate

RTM = {
    "client": "rtm",
    "pid": {"env": "T_PID"},
    "secret": {"env": "T_SECRET"},
    "endpoint": {"env": "T_ENDPOINT"},
    "timeout": {"env": "T_TIMEOUT"},
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PID", "7"), ("SECRET", "s3cret"), ("ENDPOINT", "localhost:13321"), ("TIMEOUT", "2.5")):
        monkeypatch.setenv(f"T_{name}", value)


def refused(entries: Any, alias: str = "default") -> str:
    with override_settings(RTM_SDK=entries), pytest.raises(ImproperlyConfigured) as caught:
        chat[alias]
    return str(caught.value)


@pytest.mark.usefixtures("environment")
def test_options_come_from_the_environment_with_their_types(with_settings: Any) -> None:
    with_settings(default=RTM)
    client = chat["default"]
    assert isinstance(client, RTMServerClient)
    assert (client.pid, client.endpoint, client.timeout) == (7, "localhost:13321", 2.5)


@pytest.mark.usefixtures("environment")
def test_one_client_until_the_setting_changes(with_settings: Any) -> None:
    with_settings(default=RTM)
    client = chat["default"]
    assert chat["default"] is client
    with override_settings(RTM_SDK={"default": {**RTM, "timeout": 9}}):
        assert chat["default"].timeout == 9
    again = chat["default"]
    assert again is not client
    assert again.timeout == 2.5


def test_a_change_closes_the_clients(gate: Gate, with_settings: Any) -> None:
    with_settings(default=of_gate(gate))
    client = chat["default"]
    done: list[Any] = []
    client.send_chat(1, 2, "hello", callback=lambda result, error_code: done.append(error_code))
    with override_settings(RTM_SDK={}):
        assert done == [0]
        assert client.outstanding.count == 0


def test_google_chat(gate: Gate, with_settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    space = gate.google.add_space(display_name="Alerts")
    info = json.dumps(gate.google.service_account_info())
    (tmp_path / "key.json").write_text(info)
    monkeypatch.setenv("T_KEY", info)
    base = {"client": "googlechat", "base_url": gate.google.base_url}
    with_settings(
        token={**base, "token": gate.google.token},
        file={**base, "service_account_file": tmp_path / "key.json"},
        info={**base, "service_account_info": {"env": "T_KEY"}},
    )
    for alias in ("token", "file", "info"):
        client = chat[alias]
        assert isinstance(client, GoogleChatClient)
        message, error_code = client.create_message(space, {"text": alias})
        assert not error_code, error_code
        assert message is not None
        assert message["text"] == alias


def test_bearychat(gate: Gate, with_settings: Any) -> None:
    channel = gate.bearychat.add_channel("settings")
    with_settings(
        default={
            "client": "bearychat",
            "token": gate.bearychat.token,
            "base_url": gate.bearychat.base_url,
            "workers": 1,
        }
    )
    client = chat["default"]
    assert isinstance(client, BearyChatClient)
    message, error_code = client.create_message(channel, "hello")
    assert not error_code
    assert message is not None
    assert message["text"] == "hello"
    assert client.outstanding.workers.size == 1


def test_clients_share_the_workers(gate: Gate, with_settings: Any) -> None:
    with_settings(default=of_gate(gate), alerts=of_gate(gate), slow=of_gate(gate, workers=2))
    assert chat["default"].outstanding.workers is chat["alerts"].outstanding.workers
    assert chat["slow"].outstanding.workers is not chat["default"].outstanding.workers


def test_names(with_settings: Any) -> None:
    with_settings(default={"client": "rtm"}, alerts={"client": "bearychat"})
    assert "alerts" in chat
    assert "nobody" not in chat
    assert repr(chat) == "<Chats default, alerts>"
    with override_settings(RTM_SDK=None):
        assert repr(chat) == "<Chats of a setting that cannot be used>"


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (None, 'RTM_SDK is not in the settings; write RTM_SDK = {"default": {...}}'),
        ([], "RTM_SDK must be a dict, not list"),
        ({}, "RTM_SDK has no 'default', only nothing"),
        ({"alerts": {}, "b": {}}, "RTM_SDK has no 'default', only 'alerts', 'b'"),
        ({"default": "rtm"}, 'RTM_SDK["default"] must be a dict, not str'),
        ({"default": {}}, "RTM_SDK[\"default\"][\"client\"] must be 'rtm' or 'googlechat' or 'bearychat', not None"),
        (
            {"default": {"client": "rtm", "backend": "memory"}},
            "RTM_SDK[\"default\"][\"backend\"] must be 'service' or 'locmem' or 'console' or 'gate', not 'memory'",
        ),
        ({"default": {"client": "rtm"}}, 'RTM_SDK["default"] needs pid and secret and endpoint'),
        ({"default": {"client": "bearychat"}}, 'RTM_SDK["default"] needs token'),
        (
            {"default": {"client": "googlechat"}},
            'RTM_SDK["default"] needs token or service_account_file or service_account_info or credentials',
        ),
        (
            {"default": {"client": "googlechat", "token": "t", "service_account_file": "f"}},
            'RTM_SDK["default"]: token and service_account_file exclude each other',
        ),
        (
            {"default": {"client": "googlechat", "token": "t", "scopes": ["chat.bot"]}},
            'RTM_SDK["default"]: scopes must not be given with token',
        ),
        (
            {"default": {"client": "googlechat", "service_account_file": "/nowhere/key.json"}},
            "RTM_SDK[\"default\"]: [Errno 2] No such file or directory: '/nowhere/key.json'",
        ),
        (
            {"default": {"client": "bearychat", "token": {"env": "T_NONE"}}},
            'RTM_SDK["default"]["token"]: set T_NONE in the environment',
        ),
        (
            {"default": {"client": "bearychat", "token": {"env": 3}}},
            'RTM_SDK["default"]["token"]: env must be the name of a variable of the environment',
        ),
        (
            {"default": {**RTM, "pid": {"env": "T_SECRET"}}},
            'RTM_SDK["default"]["pid"]: T_SECRET in the environment must be a number',
        ),
        (
            {"default": {"client": "googlechat", "service_account_info": {"env": "T_SECRET"}}},
            'RTM_SDK["default"]["service_account_info"]: T_SECRET in the environment must be JSON',
        ),
        (
            {"default": {**RTM, "keep_alive": {"env": "T_PID"}}},
            'RTM_SDK["default"]["keep_alive"] cannot come from the environment',
        ),
        ({"default": {**RTM, "timeout": "2"}}, 'RTM_SDK["default"]: timeout must be a number of seconds, not str'),
        ({"default": {**RTM, "workers": True}}, 'RTM_SDK["default"]: workers must be a number of threads, not True'),
        (
            {"default": {**RTM, "workers": WorkerPool(2)}},
            'RTM_SDK["default"]: workers must be a number of threads, not <WorkerPool 0 of 2 threads, 0 jobs queued>',
        ),
    ],
)
@pytest.mark.usefixtures("environment")
def test_what_is_refused(entries: Any, message: str) -> None:
    assert refused(entries) == message


@pytest.mark.parametrize("service", ["rtm", "googlechat", "bearychat"])
def test_an_unknown_key_is_named_with_the_known_ones(service: str) -> None:
    message = refused({"default": {"client": service, "time_out": 3}})
    assert message.startswith("RTM_SDK[\"default\"] has the unknown key 'time_out'; it knows '")
    assert "'connect_timeout'" in message
    assert "'timeout'" in message
    assert ("'service_account_file'" in message) == (service == "googlechat")
    assert ("'secret'" in message) == (service == "rtm")
    assert "'self'" not in message


def test_secrets_do_not_show(with_settings: Any, environment: None) -> None:
    with_settings(default={**RTM, "timeout": -1})
    entry = entry_of("default")
    assert "s3cret" not in repr(entry)
    assert "s3cret" not in repr(entry.options())
    try:
        chat["default"]
    except ImproperlyConfigured as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "timeout must be a positive" in shown
    assert "s3cret" not in shown


def test_a_key_that_cannot_be_read_does_not_show(monkeypatch: pytest.MonkeyPatch, with_settings: Any) -> None:
    monkeypatch.setenv("T_KEY", '{"private_key": s3cret}')
    with_settings(default={"client": "googlechat", "service_account_info": {"env": "T_KEY"}})
    try:
        chat["default"]
    except ImproperlyConfigured as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "T_KEY" in shown
    assert "s3cret" not in shown


def test_secrets_that_stand_in_the_settings_are_in_no_frame_of_a_traceback() -> None:
    """Error pages of Django show the variables of each frame."""
    rtm = {"client": "rtm", "pid": 1, "secret": "s3cret", "endpoint": "localhost:1"}
    entries = {
        "unknown key": {**rtm, "speed": 9},
        "no such back end": {**rtm, "backend": "nowhere"},
        "endpoint": {**rtm, "endpoint": "::::"},
        "file": {"client": "googlechat", "service_account_info": {"private_key": "s3cret", "client_email": 1}},
        "text": {"client": "googlechat", "service_account_info": '{"private_key": "s3cret"}', "speed": 9},
        "token": {"client": "bearychat", "token": "s3cret", "base_url": "ftp://example.com"},
    }
    for alias in (*entries, "there is none"):
        with override_settings(RTM_SDK=entries), pytest.raises(ImproperlyConfigured) as caught:
            chat[alias]
        frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)][1:]  # without this one
        assert frames
        for frame in frames:  # without a setting, too: what is shown must not raise
            assert "s3cret" not in pprint.pformat(frame.f_locals), (alias, frame)
