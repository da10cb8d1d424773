from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import Any

from rtm_sdk.django import chat
from rtm_sdk.gate import Gate

from .conftest import of_gate

PROGRAM = """
import json, os, sys, threading
from django.conf import settings
settings.configure(RTM_SDK=json.loads(os.environ["T_SETTING"]), DATABASES={})
from rtm_sdk.django import chat

elsewhere = set()


def heard(event, arguments):
    if event == "import" and threading.current_thread() is not threading.main_thread():
        elsewhere.add(arguments[0])


sys.addaudithook(heard)
chat["rtm"].send_chat(1, 2, "hello", callback=lambda result, error_code: print(int(error_code), flush=True))
assert chat["rtm"].flush(10) == 0
chat["google"].create_message(
    os.environ["T_SPACE"], {"text": "hello"}, callback=lambda result, error_code: print(int(error_code), flush=True)
)
assert chat["google"].flush(10) == 0
chat["beary"].create_message(
    os.environ["T_CHANNEL"], "hello", callback=lambda result, error_code: print(int(error_code), flush=True)
)
assert chat["beary"].flush(10) == 0
print(sorted(elsewhere))
"""


def test_other_threads_import_nothing(gate: Gate) -> None:
    """A child that is forked while another thread imports a module could never import it."""
    http = {"base_url": gate.google.base_url, "service_account_info": gate.google.service_account_info()}
    door = gate.bearychat
    entries = {
        "rtm": of_gate(gate),
        "google": {"client": "googlechat", **http},
        "beary": {"client": "bearychat", "token": door.token, "base_url": door.base_url},
    }
    environment = {
        **os.environ,
        "T_SETTING": json.dumps(entries),
        "T_SPACE": gate.google.add_space(),
        "T_CHANNEL": door.add_channel("clients"),
    }
    command = [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", PROGRAM]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["0", "0", "0", "[]"]


def test_threads_that_make_a_client_at_once_share_one(gate: Gate, with_settings: Any) -> None:
    with_settings(default=of_gate(gate))
    together = threading.Barrier(8)
    found = []

    def use() -> None:
        together.wait()
        found.append(chat["default"])

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_clients_start_nothing(gate: Gate, with_settings: Any) -> None:
    with_settings(default=of_gate(gate), google={"client": "googlechat", "token": "t"})
    threads, connections = threading.active_count(), gate.connections
    assert chat["default"] is not chat["google"]
    assert threading.active_count() == threads
    assert gate.connections == connections
