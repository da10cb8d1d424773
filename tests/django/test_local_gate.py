from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from rtm_sdk import unwrap
from rtm_sdk.django import chat
from rtm_sdk.django.local_gate import local_gate
from rtm_sdk.gate import Gate


@pytest.fixture(autouse=True, scope="module")
def gate_is_stopped() -> Iterator[None]:
    yield
    local_gate().stop()


def test_one_gate_for_all_clients(with_settings: Any) -> None:
    with_settings(
        default={"client": "rtm", "backend": "gate", "pid": {"env": "T_NONE"}, "timeout": 7},
        google={"client": "googlechat", "backend": "gate", "service_account_file": {"env": "T_NONE"}},
        beary={"client": "bearychat", "backend": "gate"},
    )
    space = local_gate().google.add_space()
    channel = local_gate().bearychat.add_channel("local")
    unwrap(chat["default"].send_chat(1, 2, "rtm"))
    unwrap(chat["google"].create_message(space, {"text": "google"}))
    unwrap(chat["beary"].create_message(channel, "beary"))
    assert [message.message for message in local_gate().messages()] == ["rtm", "google", "beary"]
    assert chat["default"].timeout == 7


def test_it_is_started_again(with_settings: Any) -> None:
    with_settings(default={"client": "rtm", "backend": "gate"})
    endpoint = local_gate().endpoint
    local_gate().stop()
    unwrap(chat["default"].send_chat(1, 2, "rtm"))
    assert local_gate().endpoint == endpoint


def test_a_gate_that_runs_elsewhere(gate: Gate, with_settings: Any) -> None:
    gate.reset()
    space = gate.google.add_space()
    channel = gate.bearychat.add_channel("elsewhere")
    account = gate.google.service_account_info()
    http = {"client": "googlechat", "backend": "gate", "base_url": gate.google.base_url}
    with_settings(
        default={"client": "rtm", "backend": "gate", "endpoint": gate.endpoint},
        google=http,
        app={**http, "service_account_info": account},
        beary={"client": "bearychat", "backend": "gate", "base_url": gate.bearychat.base_url},
    )
    unwrap(chat["default"].send_chat(1, 2, "rtm"))
    unwrap(chat["google"].create_message(space, {"text": "google"}))
    unwrap(chat["app"].create_message(space, {"text": "app"}))
    unwrap(chat["beary"].create_message(channel, "beary"))
    assert [message.message for message in gate.messages()] == ["rtm", "google", "app", "beary"]


PROGRAM = """
import os
from django.conf import settings
settings.configure(RTM_SDK={"default": {"client": "rtm", "backend": "gate"}})
from rtm_sdk.django import chat
from rtm_sdk.django.local_gate import local_gate
gate = local_gate()
if os.fork() == 0:
    result, error_code = chat["default"].send_chat(1, 2, "child")
    os._exit(int(bool(error_code)))
assert os.wait()[1] == 0
print([message.message for message in gate.messages()], flush=True)
for number in range(100):
    chat["default"].send_chat(1, 2, str(number), callback=lambda result, error_code: os.write(1, b"%d" % error_code))
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="there is no fork here")
def test_a_child_uses_the_gate_of_its_parent_and_the_end_waits_for_callbacks() -> None:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout == "['child']\n" + 100 * "0"


def test_without_the_extra(with_settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.exceptions import ImproperlyConfigured  # type: ignore[import-untyped]

    with_settings(default={"client": "rtm", "backend": "gate"})
    monkeypatch.setitem(sys.modules, "rtm_sdk.django.local_gate", None)
    with pytest.raises(ImproperlyConfigured, match=r'needs the extra gate: pip install "rtm-sdk\[gate\]"'):
        chat["default"]
