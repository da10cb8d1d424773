from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from rtm_sdk.cli import doctor, main
from rtm_sdk.fpnn.encryption import ServerKey
from rtm_sdk.gate import Gate

from ..peer import Conversation, Peer
from .shell import nobody, rtm

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def silence(conversation: Conversation) -> None:
    for _ in conversation.quests():
        pass


def advice(shown: str) -> str:
    """What stands under "What to do"."""
    return shown.partition("What to do:")[2]


def test_all_is_well(gate: Gate) -> None:
    done = rtm(gate, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "FAIL" not in done.stdout
    assert done.stdout.splitlines()[-1] == "All is well."
    for word in (gate.endpoint, str(gate.pid), "Python", "requests", "opened in", "answered in", "accepted"):
        assert word in done.stdout
    assert gate.secret not in done.stdout
    assert gate.refused.take() == []


def test_without_settings_it_says_all_that_is_missing(capsys: Output) -> None:
    assert main(["doctor"]) == 2
    shown = capsys.readouterr().out
    assert "set RTM_ENDPOINT" in advice(shown) and "set RTM_PID" in advice(shown) and "`rtm gate`" in advice(shown)


@pytest.mark.usefixtures("settings")
class TestRTM:
    @pytest.mark.parametrize(
        ("name", "value", "code", "word"),
        [
            ("RTM_ENDPOINT", "rtm.example.com", 2, "like rtm.example.com:13321"),
            ("RTM_ENDPOINT", "no-such-host.invalid:13321", 3, "'no-such-host.invalid' is spelt right"),
            ("RTM_PID", "one", 2, "RTM_PID: a pid is a positive number"),
            ("RTM_SECRET", "", 2, "set RTM_SECRET"),
            ("RTM_SECRET", "'s3cr3t'", 2, "take blanks, quotes and line ends away"),
            ("RTM_SECRET", "s3cr3t\n", 2, "take blanks, quotes and line ends away"),
            ("RTM_SECRET", "s3cr3t", 1, "the pid and the secret"),
            ("RTM_PID", "5", 1, "the pid and the secret"),
        ],
    )
    def test_settings(
        self, name: str, value: str, code: int, word: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(name, value)
        assert main(["doctor", "--timeout", "2"]) == code
        shown = capsys.readouterr().out
        assert word in advice(shown)
        assert "FAIL" in shown and "s3cr3t" not in shown

    @pytest.mark.parametrize(("offset", "side"), [(4000, "behind"), (-4000, "ahead")])
    def test_clock(self, gate: Gate, offset: int, side: str, capsys: Output) -> None:
        gate.clock.offset = offset
        assert main(["doctor"]) == 1
        shown = capsys.readouterr().out
        assert "RTM clock: set the clock of this machine" in advice(shown)
        assert f"s {side}" in shown

    def test_nobody_listens(self, capsys: Output) -> None:
        with nobody() as endpoint:
            assert main(["doctor", "--endpoint", endpoint]) == 3
        assert "nobody listens there" in advice(capsys.readouterr().out)

    def test_something_else_listens(self, gate: Gate, capsys: Output) -> None:
        with Peer(silence) as peer:
            for endpoint in (peer.endpoint, gate.http_endpoint):
                assert main(["doctor", "--endpoint", endpoint, "--timeout", "0.1"]) == 3
                shown = capsys.readouterr().out
                assert "does not speak RTM" in advice(shown) and "maybe delivered" not in shown

    def test_public_key(self, gate: Gate, tmp_path: Path, capsys: Output) -> None:
        key = tmp_path / "key.pem"
        key.write_text(gate.public_key)
        with Gate(key=ServerKey.generate()) as encrypted:
            (tmp_path / "other.pem").write_text(encrypted.public_key)
            right = ["doctor", "--endpoint", encrypted.endpoint, "--public-key", str(tmp_path / "other.pem")]
            assert main(right) == 0
            assert main([*right[:-1], str(key), "--timeout", "0.3"]) == 3
        assert "the public key is that of another service" in advice(capsys.readouterr().out)
        key.write_text("no key")
        assert main(["doctor", "--public-key", str(key)]) == 2
        assert "give the public key of the service" in advice(capsys.readouterr().out)

    def test_a_method_that_is_refused_shows_that_the_signature_was_accepted(self, gate: Gate, capsys: Output) -> None:
        gate.faults.add("isprojectblack", code=200020)
        assert main(["doctor"]) == 0
        assert "accepted, and so is the clock (200020" in capsys.readouterr().out

    def test_a_connection_that_breaks(self, gate: Gate, capsys: Output) -> None:
        gate.faults.add("isprojectblack", "cut", count=None)
        assert main(["doctor", "--timeout", "0.3"]) == 3
        assert "try again" in advice(capsys.readouterr().out)

    def test_packages(self, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
        def found(name: str) -> str:
            if name in ("msgpack", "aiohttp"):
                raise PackageNotFoundError(name)
            return "2.5" if name == "requests" else version(name)

        monkeypatch.setattr(doctor, "version", found)
        monkeypatch.setattr(doctor, "requires", lambda name: ["requests>=2.31", 'rich>=13; extra == "cli"'])
        assert main(["doctor"]) == 2
        shown = capsys.readouterr().out
        assert "2.5 is too old, 2.31 is needed" in shown and "msgpack" in advice(shown)
        assert 'not installed; if you want it: pip install "rtm-sdk[gate]"' in shown
        assert "gate" not in advice(shown)


class TestGoogleChat:
    @pytest.fixture
    def key(self, gate: Gate, tmp_path: Path) -> Path:
        key = tmp_path / "key.json"
        key.write_text(json.dumps(gate.google.service_account_info()))
        return key

    def test_well(self, gate: Gate, key: Path, capsys: Output) -> None:
        assert main(["doctor", "--google-key", str(key), "--google-url", gate.google.base_url]) == 0
        shown = capsys.readouterr().out
        assert "Google Chat key      accepted" in shown and "Google Chat clock" in shown and "RTM endpoint" not in shown

    def test_a_key_that_is_not_the_accounts(self, gate: Gate, key: Path, capsys: Output) -> None:
        info = json.loads(key.read_text())
        with Gate() as other:
            key.write_text(json.dumps(other.google.service_account_info() | {"token_uri": info["token_uri"]}))
        assert main(["doctor", "--google-key", str(key), "--google-url", gate.google.base_url]) == 1
        shown = capsys.readouterr().out
        assert "make a new key" in advice(shown) and "PRIVATE" not in shown

    def test_the_key_is_good_but_the_service_refuses(self, gate: Gate, key: Path, capsys: Output) -> None:
        gate.faults.add("spaces.list", status=403)
        assert main(["doctor", "--google-key", str(key), "--google-url", gate.google.base_url]) == 1
        assert "the key is good" in advice(capsys.readouterr().out)

    def test_no_key_file(self, gate: Gate, tmp_path: Path, capsys: Output) -> None:
        (tmp_path / "key.json").write_text("{}")
        for name in ("key.json", "missing.json"):
            arguments = ["--google-key", str(tmp_path / name), "--google-url", gate.google.base_url]
            assert main(["doctor", *arguments]) == 2
            assert "download the JSON key" in advice(capsys.readouterr().out)

    def test_url(self, key: Path, capsys: Output) -> None:
        with nobody() as endpoint:
            assert main(["doctor", "--google-key", str(key), "--google-url", f"http://{endpoint}"]) == 3
            assert f"may reach http://{endpoint}" in advice(capsys.readouterr().out)
        assert main(["doctor", "--google-key", str(key), "--google-url", "chat.example.com"]) == 2
        assert advice(capsys.readouterr().out).strip() == "Google Chat service: correct the URL"

    def test_proxy(self, key: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("NO_PROXY")
        with nobody() as endpoint:
            monkeypatch.setenv("HTTP_PROXY", f"http://me:s3cr3t@{endpoint}")
            assert main(["doctor", "--google-key", str(key), "--google-url", "http://chat.example.com"]) == 3
        shown = capsys.readouterr().out
        assert "the proxy of HTTPS_PROXY or HTTP_PROXY does not answer" in advice(shown) and "s3cr3t" not in shown


class Yesterday(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response_only(404)
        self.send_header("Date", "Sat, 21 Nov 2020 00:00:00 GMT")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, form: str, *values: object) -> None:
        pass


class TestBearyChat:
    @pytest.fixture
    def token(self, gate: Gate, tmp_path: Path) -> Path:
        token = tmp_path / "token"
        token.write_text(f"{gate.bearychat.token}\n")
        return token

    def test_well(self, gate: Gate, token: Path, capsys: Output) -> None:
        arguments = ["doctor", "--bearychat-token-file", str(token), "--bearychat-url", gate.bearychat.base_url]
        assert main(arguments) == 0
        shown = capsys.readouterr().out
        assert "BearyChat token    accepted" in shown and gate.bearychat.token not in shown

    def test_wrong_token(self, gate: Gate, token: Path, capsys: Output) -> None:
        arguments = ["doctor", "--bearychat-token-file", str(token), "--bearychat-url", gate.bearychat.base_url]
        token.write_text("s3cr3t")
        assert main(arguments) == 1
        shown = capsys.readouterr().out
        assert "take the token of the robot" in advice(shown) and "s3cr3t" not in shown
        token.write_text("")
        assert main(arguments) == 2
        assert "write the token" in advice(capsys.readouterr().out)

    @pytest.fixture
    def yesterday(self) -> Iterator[str]:
        with HTTPServer(("127.0.0.1", 0), Yesterday) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()
            thread.join()

    def test_clock(self, yesterday: str, token: Path, capsys: Output) -> None:
        assert main(["doctor", "--bearychat-token-file", str(token), "--bearychat-url", yesterday]) == 1
        assert "BearyChat clock: set the clock of this machine" in advice(capsys.readouterr().out)
