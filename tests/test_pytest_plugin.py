from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path

import pytest

from .scripts import PATIENCE, ROOT

pytestmark = pytest.mark.usefixtures("entry_point")


@pytest.fixture(scope="module")
def entry_point(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which Python finds the package and the entry points that setup.py names, as if it were installed."""
    if find_spec("setuptools") is None:
        pytest.skip("setuptools is not installed here, so that setup.py cannot be asked for its entry points")
    folder = tmp_path_factory.mktemp("entry_point")
    command = [sys.executable, "setup.py", "-q", "egg_info", "--egg-base", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    (folder / "rtm_sdk").symlink_to(ROOT / "rtm_sdk", target_is_directory=True)
    return folder


class Run:
    """Tests of a user, run to their end in a process of their own."""

    def __init__(self, folder: Path, entry_point: Path) -> None:
        self.folder = folder
        self.path = str(entry_point)

    def __call__(self, *arguments: str, **sources: str) -> subprocess.CompletedProcess[str]:
        for name, source in sources.items():
            (self.folder / f"{name}.py").write_text(textwrap.dedent(source))
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:hypothesispytest",
                "-W",
                "error",
                *arguments,
            ],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": self.path, "CI": ""},  # where it is set, pytest shows all texts twice
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )


@pytest.fixture
def run(tmp_path: Path, entry_point: Path) -> Run:
    return Run(tmp_path, entry_point)


def summary(done: subprocess.CompletedProcess[str]) -> str:
    """The last line, without frame and time."""
    return done.stdout.splitlines()[-1].strip("= ").partition(" in ")[0]


FIXTURES = """
    import os, sys, threading
    import pytest
    from rtm_sdk import RTMServerClient, unwrap

    def test_nothing_of_the_gate_is_imported_before_a_test_asks_for_it():
        assert "rtm_sdk.pytest_plugin" in sys.modules
        heavy = {"rtm_sdk.gate", "rtm_sdk.testing", "rtm_sdk.http", "aiohttp", "requests", "cryptography"}
        assert not heavy & set(sys.modules)

    def addresses(gate):
        return gate.endpoint, gate.http_endpoint

    @pytest.fixture(scope="session")
    def seen():
        return set()

    def test_all_three_clients(rtm_gate, rtm_client, google_chat, bearychat, seen):
        seen.add(addresses(rtm_gate))
        mid = unwrap(rtm_client.send_chat(1000, 2001, "by RTM")).mid
        space = rtm_gate.google.add_space("AAA")
        unwrap(google_chat.create_message(space, {"text": "by Google Chat"}))
        channel = rtm_gate.bearychat.add_channel("orders")
        unwrap(bearychat.create_message(channel, "by BearyChat"))
        assert [each.message for each in rtm_gate.messages()] == ["by RTM", "by Google Chat", "by BearyChat"]
        (found,) = rtm_gate.messages(to_id=2001)
        assert (found.from_uid, found.mid) == (1000, mid)
        rtm_gate.bearychat.rates.calls = 1
        rtm_gate.google.open = True

    def test_everything_is_new_again_but_the_address(rtm_gate, google_chat, bearychat, seen):
        seen.add(addresses(rtm_gate))
        assert len(seen) == 1
        assert rtm_gate.messages() == []
        assert not rtm_gate.google.open
        assert rtm_gate.bearychat.rates.calls == 1000
        assert unwrap(google_chat.list_spaces()).get("spaces", []) == []
        assert [each["name"] for each in unwrap(bearychat.list_channels())] == ["general"]

    def test_leaves_a_fault_and_a_wrong_clock(rtm_gate, rtm_client):
        rtm_gate.clock.offset = 3600
        fault = rtm_gate.faults.add("sendmsg", "error", code=200010, count=None)
        rtm_gate.clock.offset = 0
        _, error_code = rtm_client.send_chat(1, 2, "too often")
        assert error_code == 200010 and fault.hits == 1
        rtm_gate.clock.offset = 3600

    def test_fault_and_clock_are_gone(rtm_client):
        unwrap(rtm_client.send_chat(1, 2, "hello"))

    def test_program_that_takes_the_environment(rtm_gate):
        with RTMServerClient.from_env() as client:
            unwrap(client.send_chat(1, 2, "hello"))
        assert dict(os.environ, **rtm_gate.environment) == dict(os.environ)

    def test_wait_for(rtm_gate, rtm_client):
        threading.Thread(target=lambda: [rtm_client.send_chat(1, 2, text) for text in ("one", "two")]).start()
        (two,) = rtm_gate.wait_for(to_id=2, text="two")
        assert [each.message for each in rtm_gate.wait_for(2)] == ["one", "two"]

    def test_wait_for_says_what_came_instead(rtm_gate, rtm_client):
        unwrap(rtm_client.send_chat(1, 2, "other"))
        with pytest.raises(AssertionError) as failure:
            rtm_gate.wait_for(to_id=3, timeout=0.02)
        assert "0 of 1 messages (to_id=3) came within 0.02 s" in str(failure.value)
        assert "P2P from 1 to 2, mtype 30: 'other'" in str(failure.value)

    @pytest.fixture
    def told():
        told = []
        yield told
        assert told, "the client was closed, but the callback was not called"

    def test_callbacks_run_before_the_client_is_closed(told, rtm_gate, rtm_client):
        rtm_gate.faults.add("sendmsg", "delay", seconds=0.05)
        rtm_client.send_chat(1, 2, "later", callback=lambda *outcome: told.append(outcome))

    def test_after():
        assert "RTM_SECRET" not in os.environ
"""

REFUSED = """
    from rtm_sdk import RTMServerClient

    def swallow(outcome):
        assert outcome[1]

    def test_unknown_method(rtm_client):
        swallow(rtm_client.call("sendmsgg", {}))
        swallow(rtm_client.call("sendmsgg", {}))

    def test_wrong_secret(rtm_gate):
        with RTMServerClient(rtm_gate.pid, "wrong-secret", rtm_gate.endpoint) as client:
            swallow(client.send_chat(1, 2, "hello"))

    def test_wrong_project(rtm_gate):
        with RTMServerClient(5, rtm_gate.secret, rtm_gate.endpoint) as client:
            swallow(client.send_chat(1, 2, "hello"))

    def test_malformed(rtm_client):
        swallow(rtm_client.call("sendmsg", {"mtype": "chat"}))

    def test_wrong_token(rtm_gate):
        from rtm_sdk.googlechat.client import GoogleChatClient

        with GoogleChatClient("wrong-token", base_url=rtm_gate.google.base_url, proxy="") as client:
            swallow(client.list_spaces())

    def test_no_such_path(rtm_gate):
        import requests

        url = f"http://{rtm_gate.http_endpoint}"
        assert requests.get(f"{url}/v1/spices?key=sesame").status_code == 404
        assert requests.get(f"{url}/elsewhere").status_code == 404
        assert requests.post(f"{url}/bearychat/hooks/x/incoming/sesame").status_code == 404

    def test_that_fails_by_itself(rtm_client):
        rtm_client.call("sendmsgg", {})
        assert rtm_client is None, "of its own"

    def test_expected(rtm_gate, rtm_client):
        swallow(rtm_client.call("sendmsgg", {}))
        assert [(call.method, call.code) for call in rtm_gate.take_refused()] == [("sendmsgg", 20004)]

    def test_plain_errors_are_answers(rtm_gate, rtm_client, google_chat, bearychat):
        swallow(rtm_client.send_chat(0, 2, "from nobody"))
        swallow(google_chat.get_space("spaces/none"))
        swallow(bearychat.get_channel("=none"))
        rtm_gate.faults.add("sendmsg", code=200002)
        swallow(rtm_client.send_chat(1, 2, "struck"))
        rtm_gate.faults.add("spaces.get", status=401, count=None)
        swallow(google_chat.get_space("spaces/none"))
"""


def test_fixtures_and_what_no_working_program_calls(run: Run) -> None:
    """Both in one run, to save time."""
    done = run(test_fixtures=FIXTURES, test_refused=REFUSED)
    assert summary(done) == "1 failed, 18 passed, 6 errors", done.stdout
    shown = done.stdout
    assert shown.count("When the test means them") == 7
    assert "sendmsgg: 20004 FPNN_EC_CORE_UNKNOWN_METHOD, unknown method 'sendmsgg' (2 times)" in shown
    assert "sendmsg: 200002 RTM_EC_INVALID_PID_OR_SIGN, the sign is wrong: check the secret" in shown
    assert "sendmsg: 200001 RTM_EC_INVALID_PID_OR_UID, there is no project 5" in shown
    assert "sendmsg: 10010 FPNN_EC_PROTO_TYPE_CONVERT" in shown or "sendmsg: 10009" in shown
    assert "spaces.list: 401, " in shown
    assert "GET /v1/spices: 404, there is no method GET v1/spices" in shown
    assert "GET /elsewhere: 404" in shown
    assert "POST /bearychat/hooks/x: 404" in shown
    assert "wrong-secret" not in shown.replace('"wrong-secret"', "") and "rtm_gate.take_refused()" in shown
    own = shown[shown.index("test_that_fails_by_itself __") :]
    assert own.index("of its own") < own.index("by rtm_gate") < own.index("sendmsgg: 20004")


def test_workers_of_xdist_have_gates_of_their_own(run: Run) -> None:
    if find_spec("xdist") is None:
        pytest.skip("pytest-xdist is not installed")
    done = run(
        "-n2",
        test_alone="""
        import pytest
        from pathlib import Path
        from rtm_sdk import unwrap

        HERE = Path(__file__).parent

        @pytest.mark.parametrize("number", range(40))
        def test_alone(number, rtm_gate, rtm_client, worker_id):
            unwrap(rtm_client.send_chat(1, 2, f"{number}"))
            assert [each.message for each in rtm_gate.messages()] == [f"{number}"]
            HERE.joinpath(worker_id).write_text(rtm_gate.endpoint)
        """,
    )
    assert summary(done) == "40 passed", done.stdout
    endpoints = [path.read_text() for path in run.folder.glob("gw*")]
    assert len(endpoints) == len(set(endpoints)) == 2


def test_who_names_the_plugin_gets_it_once(run: Run) -> None:
    source = """
        import sys
        sys.modules["aiohttp"] = None

        def test_that_lacks_the_extra(rtm_gate):
            pass
    """
    done = run("-p", "rtm_sdk.pytest_plugin", test_extra=source)
    assert summary(done) == "1 error", done.stdout + done.stderr
    assert 'the gate needs aiohttp: pip install "rtm-sdk[gate]"' in done.stdout


def test_the_examples_of_the_docs_run(run: Run) -> None:
    text = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    blocks: list[tuple[str, str]] = re.findall(r"^```python\n# (\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == text.count("```python") == 10
    for name, source in blocks:
        (run.folder / name).write_text(source)
    done = run(*(name for name, _ in blocks if name not in ("shop.py", "conftest.py")))
    assert summary(done) == "11 passed", done.stdout
