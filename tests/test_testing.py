from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from rtm_sdk import RTMServerClient, unwrap
from rtm_sdk.testing import TestGate, for_one_test, google_chat_client, rtm_client

from .scripts import PATIENCE, ROOT

SOURCE = """
    import os, unittest
    from rtm_sdk import unwrap
    from rtm_sdk.testing import GateMixin

    class TestAll(GateMixin, unittest.TestCase):
        gate_options = {"enforce_membership": True}

        def test_clients(self):
            self.rtm_gate.google.add_space("AAA")
            unwrap(self.rtm_client.send_chat(1, 2, "RTM"))
            unwrap(self.google_chat.create_message("spaces/AAA", {"text": "Google Chat"}))
            unwrap(self.bearychat.create_message(unwrap(self.bearychat.list_channels())[0]["id"], "BearyChat"))
            self.assertEqual([each.message for each in self.rtm_gate.wait_for(3)], ["RTM", "Google Chat", "BearyChat"])
            self.assertEqual(os.environ["RTM_ENDPOINT"], self.rtm_gate.endpoint)

        def test_new_each_time(self):
            self.assertEqual(self.rtm_gate.messages(), [])
            self.assertEqual(self.rtm_client.send_group_chat(1, 500, "hello")[1], 200041)

        def test_unexpected(self):
            self.rtm_client.call("sendmsgg", {})

        def test_expected(self):
            self.rtm_client.call("sendmsgg", {})
            self.assertEqual(len(self.rtm_gate.take_refused()), 1)

    class TestAfter(unittest.TestCase):
        def test_environment(self):
            self.assertNotIn("RTM_SECRET", os.environ)

    unittest.main()
"""


def test_mixin() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(SOURCE)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.stderr.endswith("FAILED (failures=1)\n"), done.stderr
    assert "Ran 5 tests" in done.stderr
    assert "FAIL: test_unexpected" in done.stderr
    assert "sendmsgg: 20004 FPNN_EC_CORE_UNKNOWN_METHOD" in done.stderr


@pytest.fixture(scope="module")
def shared() -> Iterator[TestGate]:
    with TestGate(seed={"bearychat": {"channels": [{"name": "orders"}]}}) as gate:
        yield gate


@pytest.fixture
def gate(shared: TestGate) -> Iterator[TestGate]:
    with for_one_test(shared):
        yield shared


@pytest.fixture
def client(gate: TestGate) -> Iterator[RTMServerClient]:
    with rtm_client(gate) as client:
        yield client


def test_it_is_as_new_for_each_test_but_for_its_address(gate: TestGate, client: RTMServerClient) -> None:
    general, orders = (gate.bearychat.base_url, gate.endpoint), gate.messages()
    assert orders == []
    gate.google.add_space("AAA")
    token = gate.google.add_token("users/1")
    gate.google.open = True
    gate.bearychat.rates.calls = 1
    gate.bearychat.add_user("anna")
    gate.faults.add("sendmsg", "cut", count=None)
    unwrap(client.send_group_chat(1, 500, "hello"))
    client.call("sendmsgg", {})
    gate.clock.offset = 3600

    gate.reset()
    assert (gate.bearychat.base_url, gate.endpoint) == general
    assert (gate.messages(), gate.take_refused(), gate.clock.offset, gate.google.open) == ([], [], 0, False)
    assert gate.bearychat.rates.calls == 1000
    with google_chat_client(gate) as google_chat:
        assert unwrap(google_chat.list_spaces()).get("spaces", []) == []
    gate.bearychat.add_user("anna", full_name="Another Anna")  # or the name would be taken
    with type(google_chat)(token, base_url=gate.google.base_url, proxy="") as stale:
        _, error_code = stale.list_spaces()
        assert error_code.http_status == 401
    unwrap(client.send_chat(1, 2, "the connection is there still"))


def test_a_seed_stays(gate: TestGate) -> None:
    for text in ("one", "two"):
        gate.bearychat.add_message("orders", text)
        assert [each.message for each in gate.messages()] == [text]
        gate.reset()


def test_environment(gate: TestGate) -> None:
    assert {name: os.environ[name] for name in gate.environment} == gate.environment
    with RTMServerClient.from_env() as client:
        unwrap(client.send_chat(1, 2, "hello"))


def test_the_environment_is_put_back(shared: TestGate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RTM_PID", "5")
    monkeypatch.delenv("RTM_SECRET", raising=False)
    with for_one_test(shared):
        assert os.environ["RTM_PID"] == str(shared.pid)
    assert os.environ["RTM_PID"] == "5" and "RTM_SECRET" not in os.environ


def test_wait_for(gate: TestGate, client: RTMServerClient) -> None:
    sending = threading.Thread(target=lambda: [client.send_chat(1, 2, text) for text in ("one", "two", "one")])
    sending.start()
    assert [each.message for each in gate.wait_for(2, text="one", to_id=2)] == ["one", "one"]
    assert len(gate.wait_for(3)) == 3
    sending.join()


def test_wait_for_says_what_came_instead(gate: TestGate, client: RTMServerClient) -> None:
    with pytest.raises(AssertionError, match=r"^0 of 1 messages came within 0.01 s. The gate has no messages\.$"):
        gate.wait_for(timeout=0.01)
    for number in range(12):
        unwrap(client.send_chat(1, 2, f"number {number}"))
    with pytest.raises(AssertionError) as failure:
        gate.wait_for(2, to_id=2, text="number 3", timeout=0.01)
    lines = str(failure.value).splitlines()
    assert lines[0] == "1 of 2 messages (to_id=2, text='number 3') came within 0.01 s. The gate has 12 messages:"
    assert len(lines) == 12
    assert lines[-1] == "  P2P from 1 to 2, mtype 30: 'number 11'"


@pytest.mark.parametrize(
    ("arguments", "refused", "word"),
    [
        ({"count": "two"}, TypeError, "count must be an int, not str"),
        ({"count": True}, TypeError, "count must be an int, not bool"),
        ({"count": -1}, ValueError, "count must not be negative"),
        ({"timeout": "1"}, TypeError, "timeout must be a number of seconds, not str"),
        ({"timeout": float("nan")}, ValueError, "timeout must be 0 or more seconds"),
    ],
)
def test_wait_for_names_a_wrong_argument(
    gate: TestGate, arguments: dict[str, Any], refused: type[Exception], word: str
) -> None:
    with pytest.raises(refused, match=word):
        gate.wait_for(**arguments)


def test_a_gate_that_a_test_stopped_runs_again_for_the_next() -> None:
    with TestGate() as gate:
        with for_one_test(gate):
            endpoint = gate.endpoint
            gate.stop()
        with for_one_test(gate), rtm_client(gate) as client:
            assert gate.endpoint == endpoint
            unwrap(client.send_chat(1, 2, "hello"))


def test_unexpected_calls_are_counted_and_said_once(gate: TestGate, client: RTMServerClient) -> None:
    for number in range(12):
        client.call(f"method{number}", {})
        client.call(f"method{number}", {})
    lines = gate.unexpected().splitlines()
    assert lines[0] == "The gate refused calls (24) that no working program makes:"
    assert lines[1] == "  method0: 20004 FPNN_EC_CORE_UNKNOWN_METHOD, unknown method 'method0' (2 times)"
    assert len(lines) == 13 and lines[-2] == "  ..."
    assert gate.unexpected() == ""
