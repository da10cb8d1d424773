"""The HTTP port: turns of the store, faults, limits, and what a request may look like."""

from __future__ import annotations

import http.client
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from rtm_sdk.gate import Gate, MessageKind
from rtm_sdk.gate.http import Answer, HTTPCall, Inside, Later, Refused
from rtm_sdk.gate.store import Store

from .googlechat.conftest import Chat, error_of

SPACE = "spaces/A"
MESSAGES = f"v1/{SPACE}/messages"


@pytest.fixture
def chat(gate: Gate) -> Iterator[Chat]:
    gate.google.add_space("A")
    chat = Chat(gate, gate.google.token)
    yield chat
    chat.session.close()


def raw(gate: Gate, data: bytes) -> bytes:
    """What comes back for some bytes, until the gate closes the connection."""
    host, port = gate.http_endpoint.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(data)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received


def stored(gate: Gate) -> list[object]:
    return [message.message for message in gate.messages()]


def create(chat: Chat, text: str = "hello") -> requests.Response:
    return chat.send("POST", MESSAGES, json={"text": text})


class TestStore:
    def test_one_table_for_all_systems(self, gate: Gate, chat: Chat) -> None:
        create(chat)
        (message,) = gate.messages(kind=MessageKind.GOOGLE_CHAT)
        assert (message.pid, message.from_uid, message.to_id) == (0, "users/1", SPACE)
        assert message.message == "hello"
        assert gate.messages(from_uid="users/1", to_id=SPACE) == [message]
        assert gate.messages(from_uid="users/2") == []

    def test_a_handler_that_raises_leaves_nothing(
        self, gate: Gate, chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        from rtm_sdk.gate.googlechat import events

        def fail(*args: Any) -> None:
            raise RuntimeError("broken on purpose")

        with monkeypatch.context() as patched:
            patched.setattr(events, "record", fail)
            assert error_of(create(chat, "lost")) == (500, "INTERNAL", "the gate failed on this call, see its log")
        create(chat, "kept")
        assert stored(gate) == ["kept"]
        assert "spaces.messages.create failed" in caplog.text

    def test_concurrent_calls_share_turns(self, gate: Gate, chat: Chat) -> None:
        commits: list[str] = []
        store = gate._inside().store
        body = b'{"text": "hello"}'
        head = (
            f"POST /{MESSAGES} HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer {gate.google.token}\r\n"
            f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        host, port = gate.http_endpoint.split(":")
        connections = [socket.create_connection((host, int(port)), timeout=10) for _ in range(20)]
        gate._do(lambda: store._db.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None))
        held = threading.Event()
        gate._inside().call_soon(lambda: held.wait(5))
        for connection in connections:
            connection.sendall(head.encode() + body)
        held.set()
        for connection in connections:
            with connection:
                assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        gate._do(lambda: store._db.set_trace_callback(None))
        assert len(stored(gate)) == 20
        assert 1 <= len(commits) < 10

    def test_a_turn_that_cannot_be_kept(self, gate: Gate, chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
        store = gate._inside().store
        (pages,) = gate._do(lambda: store.execute("PRAGMA page_count").fetchone())
        gate._do(lambda: store.execute(f"PRAGMA max_page_count = {pages}"))
        status, name, _ = error_of(create(chat, "x" * 31000))
        assert (status, name) == (500, "INTERNAL")
        gate._do(lambda: store.execute("PRAGMA max_page_count = 100000"))
        create(chat, "kept")
        assert stored(gate) == ["kept"]
        assert "the store failed" in caplog.text

    def test_a_store_file_keeps_everything(self, tmp_path: Path) -> None:
        path = tmp_path / "gate.db"
        info: dict[str, str] = {}
        for text in ("first", "second"):
            with Gate(store=path) as gate:
                gate.google.add_space("A")
                with closing(Chat(gate, gate.google.token).session) as session:
                    answer = session.post(f"{gate.google.base_url}/{MESSAGES}", json={"text": text}, timeout=10)
                    assert answer.status_code == 200
                info = info or gate.google.service_account_info()
                assert gate.google.service_account_info()["private_key"] == info["private_key"]
                assert len(stored(gate)) == (1 if text == "first" else 2)

    def test_the_key_is_kept_and_made_anew_by_reset(self, tmp_path: Path) -> None:
        from rtm_sdk.gate.clock import Clock

        with closing(Store(tmp_path / "gate.db", Clock())) as store:
            first = store.key
        with closing(Store(tmp_path / "gate.db", Clock())) as store:
            assert store.key == first and len(first) == 32
            store.reset()
            assert store.key != first


class TestSeeds:
    def test_before_and_after_start_and_over_reset(self) -> None:
        gate = Gate()
        gate.google.add_space("A")
        with gate:
            gate.google.add_space("B")
            chat = Chat(gate, gate.google.token)
            for _ in range(2):
                assert chat.create("spaces/A") and chat.create("spaces/B")
                gate.reset()
            chat.session.close()
            assert gate.messages() == []

    def test_what_cannot_be_there_is_forgotten(self, gate: Gate) -> None:
        def fail(inside: Inside) -> None:
            raise ValueError("not that")

        with pytest.raises(ValueError, match="not that"):
            gate.google.seed(fail)
        gate.reset()

    def test_from_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "seed.json"
        seed = {
            "google": {
                "users": [{"name": "users/7", "email": "Ann@x.org", "token": "anns", "scopes": ["chat.messages"]}],
                "apps": [{"name": "users/2000", "email": "bot@example.com"}],
                "spaces": [{"name": "spaces/T", "display_name": "Team", "members": ["users/7"]}],
                "webhooks": [{"space": "spaces/T", "token": "hook", "display_name": "Alarm"}],
            }
        }
        file.write_text(json.dumps(seed))
        with Gate(seed=file) as gate:
            chat = Chat(gate, "anns")
            assert chat.create("spaces/T")["sender"] == {"name": "users/7", "type": "HUMAN"}
            assert chat.fails("GET", "v1/spaces/T/members")[:2] == (403, "PERMISSION_DENIED")
            chat.session.close()
            assert gate.google.service_account_info("bot@example.com")["client_email"] == "bot@example.com"
            assert "token=hook" in gate.google.webhook_url("hook")

    @pytest.mark.parametrize(
        ("seed", "text"),
        [
            ({"rtm": {}}, "there is no 'rtm', only google, bearychat"),
            ({"google": []}, "google must be a JSON object"),
            ({"google": {"rooms": []}}, "google has no 'rooms'"),
            ({"google": {"users": {}}}, r"google\.users must be a list"),
            ({"google": {"users": [1]}}, r"google\.users\[0\] must be an object"),
            ({"google": {"users": [{"nam": "x"}]}}, r"google\.users\[0\] has no 'nam'"),
            ({"google": {"users": [{"name": "a b"}]}}, r"google\.users\[0\]: 'a b' is not a name"),
            ({"google": {"users": [{"token": "t", "scopes": ["x"]}]}}, r"google\.users\[0\]: there is no scope 'x'"),
            ({"google": {"spaces": [{"space_type": "ROOM"}]}}, r"google\.spaces\[0\]: space_type must be"),
            ({"google": {"webhooks": [{}]}}, r"google\.webhooks\[0\]: "),
            ({"google": {"open": 1}}, r"google\.open must be true or false"),
        ],
    )
    def test_a_fault_is_named(self, seed: dict[str, Any], text: str) -> None:
        with pytest.raises(ValueError, match=f"^seed: {text}"):
            Gate(seed=seed)

    @pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000])
    def test_a_file_that_is_no_object(self, tmp_path: Path, content: str) -> None:
        file = tmp_path / "seed.json"
        file.write_text(content)
        with pytest.raises(ValueError, match="^seed"):
            Gate(seed=file)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match=r"seed\.json"):
            Gate(seed=tmp_path / "seed.json")


class TestFaults:
    def test_an_error_with_status_and_retry_after(self, gate: Gate, chat: Chat) -> None:
        fault = gate.faults.add("spaces.messages.create", status=429, retry_after=1)
        answer = create(chat)
        assert error_of(answer) == (429, "RESOURCE_EXHAUSTED", "an injected fault")
        assert answer.headers["Retry-After"] == "1"
        assert (fault.hits, stored(gate)) == (1, [])
        assert create(chat).status_code == 200

    @pytest.mark.parametrize(
        ("fault", "status", "name"),
        [
            ({"code": 14}, 503, "UNAVAILABLE"),
            ({"code": 9}, 400, "FAILED_PRECONDITION"),
            ({"code": 9, "status": 412}, 412, "FAILED_PRECONDITION"),
            ({"status": 502}, 502, "UNAVAILABLE"),
            ({"code": 999, "status": 500}, 500, "INTERNAL"),
        ],
    )
    def test_code_and_status(self, gate: Gate, chat: Chat, fault: dict[str, int], status: int, name: str) -> None:
        gate.faults.add("spaces.messages.create", **fault)  # type: ignore[arg-type]
        assert error_of(create(chat))[:2] == (status, name)

    def test_a_fault_with_a_status_alone_is_for_http_only(self, gate: Gate, chat: Chat) -> None:
        from .raw_client import RawClient

        gate.faults.add(None, status=503)
        with RawClient(gate) as client:
            assert client.raw("*ping", {})["ts"]
        assert create(chat).status_code == 503

    def test_delay(self, gate: Gate, chat: Chat) -> None:
        gate.faults.add("spaces.messages.create", "delay", seconds=0.1)
        start = time.monotonic()
        assert create(chat).status_code == 200
        assert time.monotonic() - start >= 0.1

    @pytest.mark.parametrize(("action", "kept"), [("cut", []), ("cut_after", ["hello"]), ("garbage", ["hello"])])
    def test_no_answer(self, gate: Gate, chat: Chat, action: Any, kept: list[str]) -> None:
        gate.faults.add("spaces.messages.create", action)
        with pytest.raises(requests.ConnectionError):
            create(chat)
        assert stored(gate) == kept

    @pytest.mark.parametrize(("action", "kept"), [("drop_reply", ["hello"]), ("half_open", [])])
    def test_silence(self, gate: Gate, chat: Chat, action: Any, kept: list[str]) -> None:
        gate.faults.add("spaces.messages.create", action)
        with pytest.raises(requests.ReadTimeout):
            chat.session.post(f"{chat.url}/{MESSAGES}", json={"text": "hello"}, timeout=0.2)
        assert stored(gate) == kept

    def test_silence_ends_with_the_gate(self, gate: Gate, chat: Chat) -> None:
        fault = gate.faults.add("spaces.messages.create", "drop_reply")
        done = threading.Event()

        def send() -> None:
            with pytest.raises(requests.ConnectionError):
                create(chat)
            done.set()

        thread = threading.Thread(target=send)
        thread.start()
        assert fault.wait()
        gate.stop()
        assert done.wait(5)
        thread.join()

    def test_truncate(self, gate: Gate, chat: Chat) -> None:
        gate.faults.add("spaces.messages.create", "truncate")
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            create(chat)
        assert stored(gate) == ["hello"]

    def test_drip(self, gate: Gate, chat: Chat) -> None:
        gate.faults.add("spaces.messages.create", "drip", seconds=0.0001)
        assert create(chat).json()["text"] == "hello"

    @pytest.mark.parametrize(
        "arguments",
        [
            {"status": 200},
            {"status": 600},
            {"action": "cut", "status": 500},
            {"status": 429, "retry_after": -1},
            {"action": "delay", "seconds": 1, "retry_after": 1},
        ],
    )
    def test_arguments(self, gate: Gate, arguments: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="status|retry_after|code"):
            gate.faults.add(None, **arguments)


class TestRequests:
    def test_a_body_that_is_too_large(self, gate: Gate, chat: Chat) -> None:
        answer = chat.send("POST", MESSAGES, data=b" " * (4 * 1024 * 1024 + 1))
        assert error_of(answer)[:2] == (413, "INVALID_ARGUMENT")

    def test_a_body_that_is_too_large_and_does_not_say_so(self, gate: Gate, chat: Chat) -> None:
        answer = chat.send("POST", MESSAGES, data=iter([b" " * 1024 * 1024] * 5))
        assert error_of(answer)[:2] == (413, "INVALID_ARGUMENT")

    def test_doubled_slashes(self, chat: Chat) -> None:
        assert chat.send("GET", f"/v1//{SPACE}//messages").status_code == 200

    def test_an_absolute_target_as_proxies_get_it(self, gate: Gate, chat: Chat) -> None:
        target = f"http://{gate.http_endpoint}/{MESSAGES}?pageSize=1&access_token={gate.google.token}"
        answer = raw(gate, f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"\r\n\r\n{}")

    @pytest.mark.parametrize("path", ["", "v2/spaces", "bearychat", "files", "files/x", "favicon.ico"])
    def test_a_path_of_nobody(self, chat: Chat, path: str) -> None:
        answer = chat.send("GET", path)
        assert answer.status_code == 404
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_keep_alive(self, gate: Gate, chat: Chat) -> None:
        with closing(http.client.HTTPConnection(gate.http_endpoint, timeout=10)) as connection:
            ports = set()
            for _ in range(3):
                connection.request("GET", f"/{MESSAGES}", headers={"Authorization": f"Bearer {gate.google.token}"})
                ports.add(connection.sock.getsockname())
                assert connection.getresponse().read() == b"{}"
        assert len(ports) == 1

    def test_secrets_are_not_logged(self, gate: Gate, chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level("DEBUG", logger="rtm_sdk.gate"):
            secret = gate.google.add_webhook("A")
            requests.post(gate.google.webhook_url(secret), json={"text": "x"}, timeout=10)
            chat.send("GET", MESSAGES, params={"access_token": "s3cret-token"}, headers={"Authorization": ""})
        assert "spaces.messages.create: 200" in caplog.text
        assert secret not in caplog.text and "s3cret" not in caplog.text

    def test_a_body_that_cannot_be_decompressed(self, gate: Gate, chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
        answer = chat.send("POST", MESSAGES, data=b"no gzip", headers={"Content-Encoding": "gzip"})
        assert error_of(answer) == (
            400,
            "INVALID_ARGUMENT",
            "the body of the request is not encoded as its headers say",
        )
        assert chat.ok("GET", MESSAGES) == {}
        assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]

    @pytest.mark.parametrize(("head", "body"), [("Content-Length: 7", b"{"), ("Transfer-Encoding: chunked", b"5\r\n{")])
    def test_a_client_that_goes_in_the_middle_of_a_request(
        self, gate: Gate, chat: Chat, caplog: pytest.LogCaptureFixture, head: str, body: bytes
    ) -> None:
        line = f"POST /{MESSAGES} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {gate.google.token}\r\n"
        host, port = gate.http_endpoint.split(":")
        fault = gate.faults.add("spaces.messages.create", "delay", seconds=0.001)
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(f"{line}{head}\r\n\r\n".encode() + body)
            assert fault.wait()
        assert chat.ok("GET", MESSAGES) == {}
        gate.stop()
        assert gate.refused.take() == []
        assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]

    def test_what_is_no_request_is_not_quoted_in_the_log(self, gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level("DEBUG"):
            assert raw(gate, b"GET /bearychat/hook/t/incoming/s3cret" + b"x" * 10_000).startswith(b"HTTP/1.0 400")
        assert "cannot be read: LineTooLong" in caplog.text and "s3cret" not in caplog.text


class TestLater:
    """Work that does not hold up the gate."""

    def handler(self, gate: Gate, monkeypatch: pytest.MonkeyPatch, handler: Callable[[HTTPCall], Any]) -> None:
        from rtm_sdk.gate.http import Route

        monkeypatch.setattr(gate.google, "route", lambda call: Route("test", handler))

    def test_the_gate_goes_on(self, gate: Gate, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        release = threading.Event()
        undone: list[bool] = []

        def work() -> None:
            assert release.wait(5)

        later = Later(work, lambda: Answer(200, {"done": True}), lambda: undone.append(True))
        self.handler(gate, monkeypatch, lambda call: later)
        answers: list[Any] = []
        thread = threading.Thread(target=lambda: answers.append(chat.send("GET", "v1/x").json()))
        thread.start()
        assert gate.messages() == [] and answers == []
        release.set()
        thread.join()
        assert (answers, undone) == ([{"done": True}], [])

    @pytest.mark.parametrize("where", ["work", "finish"])
    @pytest.mark.parametrize("refused", [True, False])
    def test_what_raised_is_undone(
        self,
        gate: Gate,
        chat: Chat,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        where: str,
        refused: bool,
    ) -> None:
        undone: list[bool] = []

        def fail() -> Any:
            raise Refused(Answer(418, {"error": "tea"})) if refused else RuntimeError("broken on purpose")

        def fine() -> Any:
            return Answer()

        work, finish = (fail, fine) if where == "work" else (fine, fail)
        later = Later(work, finish, lambda: undone.append(True))
        self.handler(gate, monkeypatch, lambda call: later)
        answer = chat.send("GET", "v1/x")
        assert (answer.status_code, undone) == (418 if refused else 500, [True])
        assert ("broken on purpose" in caplog.text) is not refused


def test_a_door_is_closed_with_the_gate(gate: Gate) -> None:
    inside = gate.google.inside
    assert isinstance(inside, Inside)
    gate.stop()
    with pytest.raises(RuntimeError, match="does not run"):
        _ = gate.google.base_url
    with pytest.raises(sqlite3.ProgrammingError):
        inside.store.execute("SELECT 1")
