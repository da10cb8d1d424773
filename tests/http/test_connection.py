from __future__ import annotations

import gc
import gzip
import io
import json
import logging
import os
import socket
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import TracebackException
from typing import Any

import pytest

from rtm_sdk.content import Content
from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import BEARYCHAT_ERROR, FPNN_ERROR, CallFailed, Code, ErrorCode
from rtm_sdk.http import retries
from rtm_sdk.http.connection import HTTPConnection
from rtm_sdk.http.request import Request, Response
from rtm_sdk.http.tokens import StaticToken
from rtm_sdk.secret import Secret
from tests.scripts import run_script

from .conftest import read_error
from .peer import CUT, RESET, SILENCE, HTTPPeer, Received, Reply, raw

CLOSED = FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
UNREACHABLE = FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
TIMEOUT = FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
UNUSABLE = FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE
HTTP_ERROR = FPNN_ERROR.FPNN_EC_CORE_HTTP_ERROR

PATIENCE = 10.0
READ = Request("GET", "v1/spaces/AAA", repeatable=True)
SEND = Request("POST", "v1/spaces/AAA/messages", body={"text": "hello"}, pace="spaces/AAA")
SEND_ONCE = SEND._replace(query=(("requestId", "r-1"),), repeatable=True)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeats come at once."""
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)


Connect = Callable[..., HTTPConnection]


def failure(connection: HTTPConnection, request: Request, seconds: float = PATIENCE) -> ErrorCode:
    with pytest.raises(CallFailed) as caught:
        connection.perform(request, Deadline(seconds))
    return caught.value.error_code


class TestRequest:
    def test_is_written_as_it_should(self, connect: Connect) -> None:
        with HTTPPeer(Reply(body={"name": "spaces/AAA/messages/B"})) as peer:
            connection = connect(peer.url, credentials=StaticToken("tok-1"))
            response = connection.perform(
                SEND._replace(query=(("requestId", "a b&c"), ("users", "=x"), ("users", "ü"))), Deadline(PATIENCE)
            )
            assert response.data == {"name": "spaces/AAA/messages/B"}
            assert response.status == 200
            assert response.headers["CONTENT-type"] == "application/json; charset=UTF-8"
            received = peer.next()
        assert received.method == "POST"
        assert received.target == "/v1/spaces/AAA/messages?requestId=a%20b%26c&users=%3Dx&users=%C3%BC"
        assert received.json == {"text": "hello"}
        assert received.headers == {
            "host": f"127.0.0.1:{peer.port}",
            "authorization": "Bearer tok-1",
            "content-type": "application/json; charset=UTF-8",
            "content-length": "16",
            "accept": "application/json",
            "accept-encoding": "gzip",
            "user-agent": received.headers["user-agent"],
        }
        assert received.headers["user-agent"].startswith("rtm_sdk/")

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_without_a_body_has_its_length_all_the_same(self, connect: Connect, method: str) -> None:
        with HTTPPeer() as peer:
            connect(peer.url).perform(Request(method, "v1/x"), Deadline(PATIENCE))
            received = peer.next()
        assert received.headers["content-length"] == "0"
        assert "content-type" not in received.headers

    @pytest.mark.parametrize("base", ["", "v1", "v1/"])
    def test_path_is_below_the_base(self, connect: Connect, base: str) -> None:
        with HTTPPeer() as peer:
            connect(peer.url + base).perform(Request("GET", "x/y"), Deadline(PATIENCE))
            assert peer.next().target == "/" + (base.rstrip("/") + "/" if base else "") + "x/y"

    def test_token_in_the_query(self, connect: Connect) -> None:
        with HTTPPeer() as peer:
            connection = connect(peer.url, credentials=StaticToken("a+b"), token_parameter="token")
            connection.perform(Request("GET", "user.me", query=(("x", "1"),)), Deadline(PATIENCE))
            connection.perform(Request("GET", "meta", authorized=False), Deadline(PATIENCE))
            assert peer.next().target == "/user.me?x=1&token=a%2Bb"
            assert peer.next().target == "/meta"

    def test_whole_url(self, connect: Connect) -> None:
        with HTTPPeer() as peer:
            connection = connect("http://127.0.0.1:9/")
            connection.perform(Request("POST", f"{peer.url}v1/s/m?key=K&token=T", query=(("a", "b"),)), Deadline(9))
            connection.perform(Request("POST", f"{peer.url[:-1]}?key=K"), Deadline(PATIENCE))
            assert peer.next().target == "/v1/s/m?key=K&token=T&a=b"
            assert peer.next().target == "/?key=K"

    def test_head_and_body_leave_together(self, connect: Connect) -> None:
        first: list[bytes] = []

        def serve() -> None:
            sock, _ = server.accept()
            with sock:
                first.append(sock.recv(65536))
                sock.sendall(Reply().encoded())

        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=serve)
            thread.start()
            connect(f"http://127.0.0.1:{server.getsockname()[1]}/").perform(SEND, Deadline(PATIENCE))
            thread.join()
        assert first[0].endswith(b'\r\n\r\n{"text":"hello"}')

    @pytest.mark.parametrize("body", [{"x": {1, 2}}, {"x": float("nan")}, {"x": "\ud800"}])
    def test_what_json_cannot_hold_is_told_to_the_caller(self, connect: Connect, body: Any) -> None:
        with HTTPPeer() as peer:
            connection = connect(peer.url)
            with pytest.raises((TypeError, ValueError), match="'x' cannot be sent as JSON: "):
                connection.perform(SEND._replace(body=body), Deadline(PATIENCE))
            assert not peer.requests

    def test_url_with_a_user_is_refused(self, connect: Connect) -> None:
        with pytest.raises(ValueError, match="user or a password"):
            connect("http://127.0.0.1:9/").perform(Request("GET", "http://u:p@127.0.0.1:9/"), Deadline(PATIENCE))


class TestAnswer:
    @pytest.mark.parametrize("body", [b"{}", b""])
    def test_empty(self, connect: Connect, body: bytes) -> None:
        with HTTPPeer(Reply(body=body), Reply(status=204, body=b"")) as peer:
            connection = connect(peer.url)
            assert connection.perform(READ, Deadline(PATIENCE)).data == {}
            response = connection.perform(READ, Deadline(PATIENCE))
            assert (response.status, response.data) == (204, {})
            assert peer.accepted == 1

    @pytest.mark.parametrize("data", [[1, 2], "text", 5, None, {"ü": ["ü"]}])
    def test_any_json(self, connect: Connect, data: Any) -> None:
        with HTTPPeer(Reply(body=json.dumps(data, ensure_ascii=False).encode())) as peer:
            assert connect(peer.url).perform(READ, Deadline(PATIENCE)).data == data

    def test_in_chunks_and_compressed(self, connect: Connect) -> None:
        body = gzip.compress(b'{"text":"hello"}')
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + 5]), body[i : i + 5]) for i in range(0, len(body), 5))
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        with HTTPPeer(raw(head + chunks + b"0\r\n\r\n", drop=False)) as peer:
            connection = connect(peer.url)
            assert connection.perform(READ, Deadline(PATIENCE)).data == {"text": "hello"}
            connection.perform(READ, Deadline(PATIENCE))
            assert peer.accepted == 1

    def test_to_the_end_of_the_connection(self, connect: Connect) -> None:
        with HTTPPeer(raw(b'HTTP/1.0 200 OK\r\n\r\n{"a":1}')) as peer:
            assert connect(peer.url).perform(READ, Deadline(PATIENCE)).data == {"a": 1}

    @pytest.mark.parametrize("body", ["<html>", b"{", b"\xff\xfe", b"[" * 100_000])
    def test_not_json(self, connect: Connect, body: Any) -> None:
        with HTTPPeer(Reply(body=body)) as peer:
            error = failure(connect(peer.url), SEND)
        assert (int(error), error.maybe_delivered, error.http_status) == (UNUSABLE, True, 200)
        assert "is not JSON" in error.message

    def test_redirect_is_an_error(self, connect: Connect) -> None:
        with HTTPPeer(Reply(status=302, headers={"Location": "http://127.0.0.1:9/"})) as peer:
            error = failure(connect(peer.url), READ)
            assert len(peer.requests) == 1
        assert (int(error), error.http_status) == (HTTP_ERROR, 302)
        assert not error.retryable

    def test_redirect_is_an_answer_where_it_is_asked_for(self, connect: Connect) -> None:
        with HTTPPeer(Reply(status=302, body="<a>", headers={"Location": "http://127.0.0.1:9/f"})) as peer:
            response = connect(peer.url).perform(READ._replace(redirect_is_answer=True), Deadline(PATIENCE))
        assert (response.status, response.headers["location"], response.data) == (302, "http://127.0.0.1:9/f", {})

    @pytest.mark.parametrize("told", [True, False])
    def test_too_large(self, connect: Connect, told: bool) -> None:
        body = json.dumps("x" * 5000).encode()
        head = b"Content-Length: %d\r\n" % len(body) if told else b""
        with HTTPPeer(raw(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body)) as peer:
            connection = connect(peer.url, max_response=1024)
            error = failure(connection, READ)
            assert (int(error), error.maybe_delivered) == (UNUSABLE, True)
            assert "more than 1024 bytes; raise max_response" in error.message
            assert connection.perform(READ, Deadline(PATIENCE)).data == {}

    def test_bomb_is_too_large(self, connect: Connect) -> None:
        body = gzip.compress(bytes(50_000_000))
        with HTTPPeer(Reply(body=body, headers={"Content-Encoding": "gzip"})) as peer:
            assert failure(connect(peer.url), READ) == UNUSABLE

    @pytest.mark.parametrize(
        ("reply", "message"),
        [
            (Reply(403, {"error": {"message": "no"}}), '{"error": {"message": "no"}}'),
            (Reply(403, "<html>blocked</html>"), "<html>blocked</html>"),
            (Reply(403, b""), ""),
            (raw(b"HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\nonly the beginn"), "only the beginn"),
            (raw(b"HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\nxyz"), "begin"),
        ],
    )
    def test_error_bodies_of_any_shape(self, connect: Connect, reply: Any, message: str) -> None:
        with HTTPPeer(reply) as peer:
            connection = connect(peer.url)
            error = failure(connection, SEND)
            assert connection.perform(READ, Deadline(PATIENCE)).data == {}
        assert (int(error), error.message, error.http_status) == (Code.PERMISSION_DENIED, message, 403)
        assert not error.maybe_delivered

    def test_of_a_large_error_the_beginning(self, connect: Connect) -> None:
        with HTTPPeer(Reply(403, "x" * 3_000_000)) as peer:
            error = failure(connect(peer.url, max_response=1024), READ)
        assert error == Code.PERMISSION_DENIED
        assert 1024 < len(error.message) < 200_000

    def test_headers_of_all_answers_are_told(self, connect: Connect) -> None:
        told: list[tuple[int, str]] = []

        def take(status: int, headers: Mapping[str, str]) -> None:
            told.append((status, headers["X-RateLimit-Remaining"]))

        with HTTPPeer(
            Reply(headers={"x-ratelimit-remaining": "7"}), Reply(404, headers={"x-ratelimit-remaining": "6"})
        ) as peer:
            connection = connect(peer.url, on_headers=take)
            connection.perform(READ, Deadline(PATIENCE))
            failure(connection, READ)
        assert told == [(200, "7"), (404, "6")]


class TestKeepAlive:
    def test_one_connection_for_calls_one_after_the_other(self, connect: Connect) -> None:
        with HTTPPeer(Reply(), Reply(404), Reply(500, "<html>")) as peer:
            connection = connect(peer.url)
            for request in (READ, READ, SEND, READ):
                try:
                    connection.perform(request, Deadline(PATIENCE))
                except CallFailed:
                    continue
            threads = [threading.Thread(target=connection.perform, args=(READ, Deadline(PATIENCE))) for _ in range(3)]
            for thread in threads:
                thread.start()
                thread.join()
            assert peer.accepted == 1

    def test_each_of_the_threads_gets_its_own_answer(self, connect: Connect) -> None:
        def echo(sock: socket.socket, received: Received) -> Reply:
            return Reply(body={"path": received.path})

        wrong: list[str] = []

        def ask(number: int) -> None:
            for n in range(25):
                path = f"v1/{number}/{n}"
                answer = connection.perform(Request("GET", path), Deadline(PATIENCE)).data
                if answer != {"path": f"/{path}"}:
                    wrong.append(path)

        with HTTPPeer(always=echo) as peer:
            connection = connect(peer.url)
            threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert not wrong
            assert peer.accepted <= 8

    def test_connection_that_the_server_closed_meanwhile_costs_nothing(self, connect: Connect) -> None:
        with HTTPPeer() as peer:
            connection = connect(peer.url)
            for _ in range(3):
                connection.perform(SEND, Deadline(PATIENCE))
                peer.close_connections()
            assert [received.connection for received in peer.requests] == [1, 2, 3]

    def test_idle_for_long_is_not_used_again(self, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
        with HTTPPeer() as peer:
            connection = connect(peer.url)
            connection.perform(SEND, Deadline(PATIENCE))
            connection._idle[0].idle_since -= 1000
            connection.perform(SEND, Deadline(PATIENCE))
            connection.perform(SEND, Deadline(PATIENCE))
            assert [received.connection for received in peer.requests] == [1, 2, 2]

    def test_cookies_are_not_kept(self, connect: Connect) -> None:
        with HTTPPeer(Reply(headers={"Set-Cookie": "a=b; Path=/"})) as peer:
            connection = connect(peer.url)
            for _ in range(2):
                connection.perform(READ, Deadline(PATIENCE))
            assert "cookie" not in peer.requests[1].headers


class TestDeadline:
    @pytest.mark.parametrize(
        "beginning",
        [b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"],
    )
    def test_holds_against_a_server_that_drips(self, connect: Connect, beginning: bytes) -> None:
        def drip(sock: socket.socket, received: Received) -> object:
            sock.sendall(beginning)
            while True:
                sock.sendall(b"1")  # until the client is gone
                time.sleep(0.02)

        with HTTPPeer(drip) as peer:
            connection = connect(peer.url)
            before = time.monotonic()
            error = failure(connection, SEND, 0.2)
            assert 0.19 < time.monotonic() - before < 1.0
            assert (int(error), error.maybe_delivered) == (TIMEOUT, True)
            assert error.message == "no answer to POST v1/spaces/AAA/messages within 0.2 s"
            assert connection.perform(READ, Deadline(PATIENCE)).data == {}

    def test_holds_against_a_server_that_does_not_read(self, connect: Connect) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server, Content.of(bytes(30_000_000)) as content:
            connection = connect(f"http://127.0.0.1:{server.getsockname()[1]}/")
            error = failure(connection, SEND._replace(content=content), 0.2)
        assert (int(error), error.maybe_delivered) == (TIMEOUT, False)

    def test_silence(self, connect: Connect) -> None:
        with HTTPPeer(always=SILENCE) as peer:
            error = failure(connect(peer.url), READ, 0.1)
            assert (int(error), error.maybe_delivered) == (TIMEOUT, True)
            assert error.message == "no answer to GET v1/spaces/AAA within 0.1 s"
            assert peer.accepted == 2

    def test_after_half_of_the_time_a_repeatable_request_is_sent_once_more(self, connect: Connect) -> None:
        with HTTPPeer(SILENCE) as peer:
            assert connect(peer.url).perform(READ, Deadline(1.0)).data == {}
            assert peer.accepted == 2

    def test_another_one_waits_for_its_answer_as_long_as_it_may(self, connect: Connect) -> None:
        with HTTPPeer(SILENCE) as peer:
            error = failure(connect(peer.url), SEND, 0.1)
            assert (int(error), error.maybe_delivered) == (TIMEOUT, True)
            assert peer.accepted == 1

    def test_nothing_is_sent_when_it_is_over(self, connect: Connect) -> None:
        with HTTPPeer() as peer:
            error = failure(connect(peer.url), SEND, -1.0)
            assert (int(error), error.maybe_delivered, peer.accepted) == (TIMEOUT, False, 0)

    def test_connecting_takes_no_longer_than_it_may(self, connect: Connect) -> None:
        with socket.socket() as full:  # its queue is full, so that it answers no more
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            with socket.create_connection(full.getsockname()):
                connection = connect(f"http://127.0.0.1:{full.getsockname()[1]}/", connect_timeout=0.1)
                before = time.monotonic()
                error = failure(connection, SEND, 0.3)
                assert time.monotonic() - before < 1.0
        assert (int(error), error.maybe_delivered) == (UNREACHABLE, False)


class TestRepeating:
    def test_refused_connection_is_tried_again(self, connect: Connect) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
            error = failure(connect(f"http://127.0.0.1:{port}/"), SEND, 0.5)
        assert (int(error), error.maybe_delivered) == (UNREACHABLE, False)
        assert error.message == f"could not connect to 127.0.0.1:{port}: 127.0.0.1: Connection refused"

    @pytest.mark.parametrize("reply", [CUT, RESET])
    def test_lost_answer_of_a_send(self, connect: Connect, reply: str) -> None:
        with HTTPPeer(reply) as peer:
            connection = connect(peer.url)
            error = failure(connection, SEND)
            assert (int(error), error.maybe_delivered, len(peer.requests)) == (CLOSED, True, 1)
            assert "while POST v1/spaces/AAA/messages waited for the answer" in error.message

    @pytest.mark.parametrize("reply", [CUT, RESET, raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")])
    @pytest.mark.parametrize("request_", [READ, SEND_ONCE])
    def test_lost_answer_of_what_may_be_repeated(self, connect: Connect, reply: Any, request_: Request) -> None:
        with HTTPPeer(reply, Reply(body={"a": 1})) as peer:
            assert connect(peer.url).perform(request_, Deadline(PATIENCE)).data == {"a": 1}
            first, second = peer.requests
            assert (first.target, first.body) == (second.target, second.body)

    def test_garbage_is_a_lost_answer(self, connect: Connect) -> None:
        with HTTPPeer(
            raw(b"SSH-2.0-OpenSSH\r\n"), raw(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100_000 + b"\r\n\r\n")
        ) as peer:
            for _ in range(2):
                error = failure(connect(peer.url), SEND)
                assert (int(error), error.maybe_delivered) == (CLOSED, True)

    @pytest.mark.usefixtures("soon")
    def test_a_break_each_time_comes_to_an_end(self, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(retries, "_FIRST_PAUSE_TO_CONNECT", 0.0001)
        with HTTPPeer(always=CUT) as peer:
            error = failure(connect(peer.url), READ)
            assert (int(error), error.maybe_delivered, len(peer.requests)) == (CLOSED, True, 8)

    @pytest.mark.usefixtures("soon")
    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_server_errors(self, connect: Connect, status: int) -> None:
        with HTTPPeer(Reply(status), Reply(status), Reply(body={"a": 1}), Reply(status)) as peer:
            connection = connect(peer.url)
            assert connection.perform(SEND_ONCE, Deadline(PATIENCE)).data == {"a": 1}
            error = failure(connection, SEND)
            assert (error.http_status, error.maybe_delivered, len(peer.requests)) == (status, True, 4)

    @pytest.mark.parametrize("status", [400, 403, 404, 409, 501])
    def test_refusals_are_final(self, connect: Connect, status: int) -> None:
        with HTTPPeer(Reply(status)) as peer:
            error = failure(connect(peer.url), SEND_ONCE)
            assert (error.http_status, error.maybe_delivered, len(peer.requests)) == (status, False, 1)

    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize("header", ["0.05", "date"])
    def test_retry_after_holds_for_any_request(self, connect: Connect, status: int, header: str) -> None:
        headers = {"Retry-After": header}
        if header == "date":
            headers = {"Retry-After": "Sun, 22 Nov 2026 00:00:00 GMT", "Date": "Sun, 22 Nov 2026 00:00:00 GMT"}
        with HTTPPeer(Reply(status, headers=headers)) as peer:
            before = time.monotonic()
            connect(peer.url).perform(SEND, Deadline(PATIENCE))
            assert len(peer.requests) == 2
            if header != "date":
                assert time.monotonic() - before >= 0.05

    def test_retry_info(self, connect: Connect) -> None:
        detail = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.05s"}
        with HTTPPeer(Reply(429, {"details": [detail]})) as peer:
            connect(peer.url).perform(SEND, Deadline(PATIENCE))
            assert len(peer.requests) == 2

    def test_retry_after_beyond_the_deadline_is_told_at_once(self, connect: Connect) -> None:
        with HTTPPeer(Reply(429, headers={"Retry-After": "30"})) as peer:
            before = time.monotonic()
            error = failure(connect(peer.url), SEND, 5)
            assert time.monotonic() - before < 2
        assert (int(error), error.retry_after, error.maybe_delivered) == (Code.RESOURCE_EXHAUSTED, 30.0, False)

    @pytest.mark.usefixtures("soon")
    def test_a_clear_answer_after_an_unclear_one(self, connect: Connect) -> None:
        with HTTPPeer(CUT, Reply(400, "bad")) as peer:
            error = failure(connect(peer.url), SEND_ONCE)
        assert (int(error), error.maybe_delivered) == (Code.INVALID_ARGUMENT, True)
        assert error.message == "bad; an earlier attempt may have been delivered"
        assert error.http_status == 400

    def test_gone_after_a_lost_answer_is_done(self, connect: Connect) -> None:
        delete = Request("DELETE", "v1/spaces/AAA/messages/B", repeatable=True, gone_is_done=True)
        with HTTPPeer(CUT, Reply(404), Reply(404)) as peer:
            connection = connect(peer.url)
            assert connection.perform(delete, Deadline(PATIENCE)).data == {}
            assert failure(connection, delete) == Code.NOT_FOUND


class TestPacing:
    def test_is_for_the_space_only_and_ends(self, connect: Connect) -> None:
        with HTTPPeer(Reply(429, headers={"Retry-After": "0.3"})) as peer:
            connection = connect(peer.url)
            error = failure(connection, SEND, 0.1)
            assert (int(error), error.retry_after) == (Code.RESOURCE_EXHAUSTED, 0.3)
            before = time.monotonic()
            connection.perform(SEND._replace(pace="spaces/BBB"), Deadline(PATIENCE))
            connection.perform(READ, Deadline(PATIENCE))
            assert time.monotonic() - before < 0.25
            held = failure(connection, SEND, 0.01)
            assert held == Code.RESOURCE_EXHAUSTED
            assert 0 < (held.retry_after or 0) <= 0.3
            assert "was held back after that answer" in held.message
            assert len(peer.requests) == 3
            connection.perform(SEND, Deadline(PATIENCE))
            assert time.monotonic() - before > 0.2
            assert not connection._paces

    def test_storm(self, connect: Connect) -> None:
        """200 sends of 20 threads, 100 of which are told to come again: each arrives once."""
        stored: list[str] = []
        turned_away: set[str] = set()
        lock = threading.Lock()

        def serve(sock: socket.socket, received: Received) -> Reply:
            text = received.json["text"]
            with lock:
                if int(text) % 2 and text not in turned_away:
                    turned_away.add(text)
                    return Reply(429, headers={"Retry-After": "0.02"})
                stored.append(text)
            return Reply()

        def send(first: int) -> None:
            for number in range(first, first + 10):
                connection.perform(SEND._replace(body={"text": str(number)}), Deadline(PATIENCE))

        with HTTPPeer(always=serve) as peer:
            connection = connect(peer.url)
            threads = [threading.Thread(target=send, args=(number,)) for number in range(0, 200, 10)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sorted(stored, key=int) == [str(number) for number in range(200)]
        assert len(turned_away) == 100


class TestCredentials:
    class Rolling:
        """A new token after each refusal."""

        def __init__(self) -> None:
            self.number = 1
            self.refused: list[str] = []

        def token(self, deadline: Deadline, connection: HTTPConnection) -> str:
            return f"tok-{self.number}"

        def invalidate(self, token: str) -> None:
            self.refused.append(token)
            self.number += 1

    def test_refused_token_is_replaced_once(self, connect: Connect) -> None:
        with HTTPPeer(Reply(401), Reply(), Reply(401), Reply(401, "no")) as peer:
            credentials = self.Rolling()
            connection = connect(peer.url, credentials=credentials)
            connection.perform(SEND, Deadline(PATIENCE))
            error = failure(connection, SEND)
            tokens = [received.headers["authorization"] for received in peer.requests]
        assert tokens == ["Bearer tok-1", "Bearer tok-2", "Bearer tok-2", "Bearer tok-3"]
        assert credentials.refused == ["tok-1", "tok-2"]
        assert (int(error), error.message) == (Code.UNAUTHENTICATED, "no")

    def test_the_same_token_is_not_tried_again(self, connect: Connect) -> None:
        with HTTPPeer(always=Reply(401, "no")) as peer:
            error = failure(connect(peer.url, credentials=StaticToken("t")), SEND)
            assert (int(error), error.message, len(peer.requests)) == (Code.UNAUTHENTICATED, "no", 1)

    def test_clocks_that_differ_are_mentioned(self, connect: Connect) -> None:
        with HTTPPeer(Reply(401, "no", headers={"Date": "Sun, 22 Nov 2020 00:00:00 GMT"})) as peer:
            error = failure(connect(peer.url, credentials=StaticToken("t")), SEND)
        assert error.message.startswith("no; this machine's clock is ")
        assert error.message.endswith(" s ahead of the server's")

    @pytest.mark.usefixtures("soon")
    def test_token_that_is_not_there_yet_is_asked_for_again(self, connect: Connect) -> None:
        class Late:
            asked = 0

            def token(self, deadline: Deadline, connection: HTTPConnection) -> str:
                self.asked += 1
                if self.asked < 3:
                    raise CallFailed(ErrorCode(Code.UNAVAILABLE, family=Code, http_status=503))
                return "tok"

            def invalidate(self, token: str) -> None: ...

        with HTTPPeer() as peer:
            connect(peer.url, credentials=Late()).perform(SEND, Deadline(PATIENCE))
            assert len(peer.requests) == 1


class TestUpload:
    def test_two_parts(self, connect: Connect, tmp_path: Path) -> None:
        path = tmp_path / "cat.png"
        path.write_bytes(bytes(range(256)) * 3000)
        told: list[tuple[int, int]] = []
        with HTTPPeer() as peer, Content.of(path) as content:
            connection = connect(peer.url)
            connection.perform(
                Request(
                    "POST",
                    "upload/v1/x",
                    body={"filename": "cat.png"},
                    content=content,
                    content_type="image/png",
                    on_progress=lambda done, size: told.append((done, size)),
                ),
                Deadline(PATIENCE),
            )
            received = peer.next()
        kind, _, boundary = received.headers["content-type"].partition("; boundary=")
        assert kind == "multipart/related"
        before, first, second, after = received.body.split(b"--" + boundary.encode())
        assert (before, after) == (b"", b"--\r\n")
        assert first == b'\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{"filename":"cat.png"}\r\n'
        head, _, data = second.partition(b"\r\n\r\n")
        assert head == b"\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary"
        assert data == path.read_bytes() + b"\r\n"
        assert told == [(262144, 768000), (524288, 768000), (768000, 768000)]

    def test_progress_never_goes_back(self, connect: Connect) -> None:
        told: list[int] = []
        request = SEND._replace(repeatable=True, on_progress=lambda done, size: told.append(done))
        with HTTPPeer(CUT) as peer, Content.of(bytes(600_000)) as content:
            connect(peer.url).perform(request._replace(content=content), Deadline(PATIENCE))
            first, second = peer.requests
            assert len(first.body) == len(second.body)
        assert told == [262144, 524288, 600000]

    def test_progress_that_raises_is_logged_once(self, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
        def fail(done: int, size: int) -> None:
            raise RuntimeError("mine")

        with HTTPPeer() as peer, Content.of(bytes(600_000)) as content:
            connect(peer.url).perform(SEND._replace(content=content, on_progress=fail), Deadline(PATIENCE))
        assert [record.message for record in caplog.records] == [
            "on_progress raised; it is not called again for this file"
        ]

    def test_server_that_refuses_before_it_has_all(self, connect: Connect) -> None:
        def serve() -> None:
            sock, _ = server.accept()
            with sock:
                sock.recv(1000)
                sock.sendall(Reply(413, "too much").encoded())

        with socket.create_server(("127.0.0.1", 0)) as server, Content.of(bytes(30_000_000)) as content:
            thread = threading.Thread(target=serve)
            thread.start()
            url = f"http://127.0.0.1:{server.getsockname()[1]}/"
            error = failure(connect(url), SEND._replace(content=content))
            thread.join()
        assert (int(error), error.http_status, error.message) == (Code.INVALID_ARGUMENT, 413, "too much")

    def test_file_that_changed(self, connect: Connect, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"hello")
        with HTTPPeer() as peer, Content.of(path) as content:
            path.write_bytes(b"hello world")
            error = failure(connect(peer.url), SEND._replace(content=content, repeatable=True))
            assert error == FPNN_ERROR.FPNN_EC_CORE_SEND_ERROR
            assert "had 5 bytes" in error.message
            assert not peer.requests


class TestDownload:
    DATA = bytes(range(256)) * 2000
    GET = Request("GET", "v1/media/x", query=(("alt", "media"),), repeatable=True)

    def test_streams_into_the_target(self, connect: Connect) -> None:
        told: list[tuple[int, int]] = []
        target = io.BytesIO(b"before")
        target.seek(6)
        with HTTPPeer(Reply(body=self.DATA, headers={"Content-Type": "image/png"})) as peer:
            request = self.GET._replace(target=target, on_progress=lambda done, size: told.append((done, size)))
            response = connect(peer.url, max_response=1024).perform(request, Deadline(PATIENCE))
            assert peer.next().headers["accept"] == "*/*"
        assert response.data == {"bytes": len(self.DATA)}
        assert response.headers["content-type"] == "image/png"
        assert target.getvalue() == b"before" + self.DATA
        assert told[-1] == (len(self.DATA), len(self.DATA))
        assert told == sorted(told)

    def test_that_breaks_off_begins_again_at_the_same_place(self, connect: Connect) -> None:
        target = io.BytesIO(b"before")
        target.seek(6)
        part = b"HTTP/1.1 200 OK\r\nContent-Length: 512000\r\n\r\n" + self.DATA[:100_000]
        with HTTPPeer(raw(part), Reply(body=self.DATA)) as peer:
            response = connect(peer.url).perform(self.GET._replace(target=target), Deadline(PATIENCE))
        assert response.data == {"bytes": len(self.DATA)}
        assert target.getvalue() == b"before" + self.DATA

    def test_what_cannot_be_taken_back_is_not_repeated(self, connect: Connect) -> None:
        class Pipe(io.RawIOBase):
            def writable(self) -> bool:
                return True

            def write(self, data: Any) -> int:
                return len(data)

        part = b"HTTP/1.1 200 OK\r\nContent-Length: 512000\r\n\r\n" + self.DATA[:100_000]
        with HTTPPeer(RESET, raw(part), Reply(body=self.DATA)) as peer:
            error = failure(connect(peer.url), self.GET._replace(target=Pipe()))  # type: ignore[arg-type]
            assert (int(error), len(peer.requests)) == (CLOSED, 2)

    def test_errors_are_not_written(self, connect: Connect) -> None:
        target = io.BytesIO()
        with HTTPPeer(Reply(404, "none")) as peer:
            error = failure(connect(peer.url), self.GET._replace(target=target))
        assert (int(error), error.message, target.getvalue()) == (Code.NOT_FOUND, "none", b"")

    def test_target_that_cannot_be_written(self, connect: Connect, tmp_path: Path) -> None:
        with HTTPPeer(always=Reply(body=self.DATA)) as peer, (tmp_path / "x").open("wb") as target:
            connection = connect(peer.url)
            reader = (tmp_path / "x").open("rb")
            with reader:
                error = failure(connection, self.GET._replace(target=reader))
            assert error == FPNN_ERROR.FPNN_EC_CORE_RECV_ERROR
            assert "could not be written" in error.message
            assert len(peer.requests) == 1
            connection.perform(self.GET._replace(target=target), Deadline(PATIENCE))


class TestClosing:
    def test_ends_calls_that_wait(self, connect: Connect) -> None:
        with HTTPPeer(SILENCE, Reply(429, headers={"Retry-After": "20"})) as peer:
            connection = connect(peer.url)
            errors: list[ErrorCode] = []
            threads = [
                threading.Thread(target=lambda: errors.append(failure(connection, READ, 60))),
                threading.Thread(target=lambda: errors.append(failure(connection, READ, 60))),
            ]
            for thread in threads:
                thread.start()
                peer.next()
            deadline = Deadline(PATIENCE)
            while not connection._idle and not deadline.expired:
                threads[1].join(0.005)  # it is back from the first attempt, and waits to begin the next one
            connection.close(PATIENCE)
            for thread in threads:
                thread.join(PATIENCE)
                assert not thread.is_alive()
            assert {int(error) for error in errors} == {int(CLOSED), int(Code.RESOURCE_EXHAUSTED)}
            assert any("closed by this side" in error.message for error in errors)
            assert connection.perform(READ, Deadline(PATIENCE)).data == {}  # a later call opens it again

    def test_ends_the_wait_for_a_connection(self, connect: Connect) -> None:
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            with socket.create_connection(full.getsockname()):
                connection = connect(f"http://127.0.0.1:{full.getsockname()[1]}/", connect_timeout=60)
                errors: list[ErrorCode] = []
                thread = threading.Thread(target=lambda: errors.append(failure(connection, READ, 60)))
                thread.start()
                deadline = Deadline(PATIENCE)
                while not connection._sessions and not deadline.expired:
                    thread.join(0.005)
                connection.close(PATIENCE)
                thread.join(PATIENCE)
        assert errors == [UNREACHABLE]
        assert "closed by this side" in errors[0].message

    def test_what_comes_too_late_for_it_is_not_sent(self, connect: Connect) -> None:
        class Slow:
            def token(self, deadline: Deadline, connection: HTTPConnection) -> str:
                connection.close(PATIENCE)
                return "tok"

            def invalidate(self, token: str) -> None: ...

        with HTTPPeer() as peer:
            error = failure(connect(peer.url, credentials=Slow()), SEND)
            assert (int(error), error.maybe_delivered, peer.requests) == (UNREACHABLE, False, [])

    def test_leaves_nothing_open(self, connect: Connect) -> None:
        with HTTPPeer() as peer:
            connection = connect(peer.url)
            connection.perform(READ, Deadline(PATIENCE))
            connection.close(PATIENCE)
            connection.close(PATIENCE)
            assert not connection._sessions
            assert not connection._idle

    def test_nothing_keeps_a_connection_that_is_closed(self) -> None:
        with HTTPPeer() as peer:
            connection = HTTPConnection(peer.url, credentials=None, read_error=read_error)
            connection.perform(READ, Deadline(PATIENCE))
            connection.close(PATIENCE)
            kept = weakref.ref(connection)
            del connection
            gc.collect()
            assert kept() is None


class TestSecrets:
    TOKEN = "s3cret-tok/en"
    HOOK = "v1/spaces/AAA/messages?key=k3y-value&token=t0ken-value"
    PATH_HOOK = "=bw52O/incoming/p4th-secret"
    ALL = (TOKEN, "s3cret-tok%2Fen", "k3y-value", "t0ken-value", "p4th-secret", "pr0xy-pass")

    def check(self, text: str) -> None:
        assert not [secret for secret in self.ALL if secret in text]

    @pytest.mark.parametrize("parameter", ["", "token"])
    def test_are_not_shown(self, connect: Connect, caplog: pytest.LogCaptureFixture, parameter: str) -> None:
        caplog.set_level(logging.DEBUG)

        def echo(sock: socket.socket, received: Received) -> Reply:
            return Reply(403, f"{received.target} {received.headers.get('authorization')} may not do this")

        with HTTPPeer(echo, echo, echo, echo, always=CUT) as peer:
            connection = connect(peer.url, credentials=StaticToken(self.TOKEN), token_parameter=parameter)
            requests = [
                READ,
                READ._replace(query=(("token", Secret("t0ken-value")),)),
                Request("POST", peer.url + self.HOOK, authorized=False),
                Request("POST", peer.url + self.PATH_HOOK, authorized=False),
            ]
            for request in requests + requests:
                error = failure(connection, request._replace(repeatable=False))
                self.check(f"{error} {error!r} {error.message} {request!r} {connection!r}")
            peer.stop_listening()
            peer.close_connections()
            for request in requests:
                error = failure(connection, request, 0.05)
                self.check(f"{error} {error.message}")
        assert any(record.name.startswith("urllib3") for record in caplog.records)
        for record in caplog.records:
            self.check(record.getMessage() + repr(record.args))

    @pytest.mark.parametrize("parameter", ["", "token"])
    def test_in_what_is_kept_of_an_error(self, connect: Connect, parameter: str) -> None:
        def read_error(status: int, headers: Mapping[str, str], body: bytes) -> ErrorCode:
            return ErrorCode(7, body[:90].decode(), family=Code, details=({"text": body.decode()},))

        text = f"{'x' * 80} {self.TOKEN} {self.TOKEN.replace('/', '%2F')} of p4th-secret"
        with HTTPPeer(always=Reply(403, text)) as peer:
            connection = connect(
                peer.url, credentials=StaticToken(self.TOKEN), token_parameter=parameter, read_error=read_error
            )
            for request in (READ, Request("POST", Secret(peer.url + self.PATH_HOOK))):
                error = failure(connection, request)
                assert error.message == f"{'x' * 80} <secret> "
                assert self.TOKEN not in str(error.details) and "%2F" not in str(error.details)
        assert "p4th-secret" not in str(error.details)

    @pytest.mark.parametrize("parameter", ["", "token"])
    def test_in_a_traceback_that_prints_variables(self, connect: Connect, parameter: str) -> None:
        def interrupt(status: int, headers: Mapping[str, str]) -> None:
            raise KeyboardInterrupt

        with HTTPPeer() as peer:
            connection = connect(
                peer.url, credentials=StaticToken(self.TOKEN), token_parameter=parameter, on_headers=interrupt
            )
            for request in (READ, Request("POST", Secret(peer.url + self.HOOK))):
                with pytest.raises(KeyboardInterrupt) as caught:
                    connection.perform(request, Deadline(PATIENCE))
                self.check("".join(TracebackException.from_exception(caught.value, capture_locals=True).format()))

    def test_garbage_is_not_quoted(self, connect: Connect) -> None:
        with HTTPPeer(always=raw(b"\x1b[2J" + self.TOKEN.encode() + b"\r\n\r\n")) as peer:
            error = failure(connect(peer.url), READ._replace(repeatable=False))
        assert error.message == "the connection closed (BadStatusLine) while GET v1/spaces/AAA waited for the answer"

    def test_what_is_shown(self) -> None:
        assert repr(Request("POST", "https://h.example/a/b?c=d")) == "<Request POST https://h.example/...>"
        assert repr(Request("POST", "https://h.example?c=d")) == "<Request POST https://h.example/...>"
        assert repr(Request("GET", "v1/x", query=(("token", "t"),))) == "<Request GET v1/x>"

    def test_of_a_proxy(self, connect: Connect) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            proxy = f"http://user:pr0xy-pass@127.0.0.1:{closed.getsockname()[1]}"
            error = failure(connect("http://service.example/", proxy=proxy), READ, 0.05)
        assert error == UNREACHABLE
        self.check(str(error))

    @pytest.mark.parametrize("proxy", ["http://user:pr0xy-pass@", "ftp://user:pr0xy-pass@h", "http://a b:pr0xy-pass@h"])
    def test_of_a_wrong_proxy(self, connect: Connect, proxy: str) -> None:
        with pytest.raises(ValueError, match="proxy") as caught:
            connect("http://service.example/", proxy=proxy)
        self.check(str(caught.value))


class TestFork:
    def test_child_leaves_the_sockets_of_the_parent_alone(self) -> None:
        done = run_script(
            """
            import os, socket, sys, threading
            from rtm_sdk.deadline import Deadline
            from rtm_sdk.errors import CallFailed, ErrorCode
            from rtm_sdk.http.connection import HTTPConnection
            from rtm_sdk.http.request import Request
            from tests.http.peer import SILENCE, HTTPPeer, Reply

            def look(sock, received):
                return Reply(body={"connection": received.connection})

            def fork(run):
                child = os.fork()
                if not child:
                    try:
                        run()
                    except BaseException as error:
                        print(repr(error), file=sys.stderr)
                        os._exit(1)
                    os._exit(0)
                return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

            with HTTPPeer(look, SILENCE, always=look) as peer:
                connection = HTTPConnection(peer.url, credentials=None, read_error=lambda *_: ErrorCode(1), proxy="")
                ask = lambda: connection.perform(Request("GET", "x"), Deadline(10)).data["connection"]
                assert ask() == 1
                def wait():
                    try:
                        connection.perform(Request("GET", "x"), Deadline(10))
                    except CallFailed:
                        pass
                waiting = threading.Thread(target=wait)
                waiting.start()
                peer.next(), peer.next()

                def child():
                    ours = {sock.fileno() for session in connection._sessions for sock in session.exchange.sockets}
                    assert not connection._sessions and not ours
                    assert ask() not in (1, 2)
                    connection.close(5)

                assert ask() == 2
                assert fork(child) == 0
                assert ask() == 2, "the parent goes on with its own connection"
                connection.close(5)
                waiting.join()
            print("fine")
            """
        )
        assert done.stdout == "fine\n", done.stderr

    def test_fork_in_the_middle_of_a_call(self) -> None:
        done = run_script(
            """
            import io, os
            from rtm_sdk.deadline import Deadline
            from rtm_sdk.errors import CallFailed, ErrorCode
            from rtm_sdk.http.connection import HTTPConnection
            from rtm_sdk.http.request import Request
            from tests.http.peer import HTTPPeer, Reply

            data = bytes(3_000_000)
            with HTTPPeer(always=Reply(body=data)) as peer:
                connection = HTTPConnection(peer.url, credentials=None, read_error=lambda *_: ErrorCode(1), proxy="")
                children = []
                def progress(done, size):
                    if not children:
                        children.append(os.fork())
                target = io.BytesIO()
                request = Request("GET", "x", target=target, on_progress=progress)
                try:
                    connection.perform(request, Deadline(10))
                except CallFailed as failure:
                    os._exit(0 if not children[0] and failure.error_code == 20002 else 1)
                assert children[0], "the child must not read what is the parent's"
                assert os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1]) == 0
                assert target.getvalue() == data
                connection.close(5)
            print("fine")
            """
        )
        assert done.stdout == "fine\n", done.stderr


class TestOptions:
    @pytest.mark.parametrize(
        ("url", "kind", "text"),
        [
            (5, TypeError, "base_url must be a str"),
            ("chat.googleapis.com", ValueError, "base_url"),
            ("ftp://h/", ValueError, "must begin with"),
            ("http://", ValueError, "base_url is not a URL with a host"),
            ("http://h:x/", ValueError, "base_url is not a URL with a host"),
            ("http://a b/", ValueError, "base_url is not a URL with a host"),
            ("http://u:p@h/", ValueError, "neither a user"),
            ("http://h/?a=b", ValueError, "nor a query"),
        ],
    )
    def test_base_url(self, connect: Connect, url: Any, kind: type[Exception], text: str) -> None:
        with pytest.raises(kind, match=text):
            connect(url)

    @pytest.mark.parametrize(
        ("option", "kind"),
        [
            ({"max_response": "1"}, TypeError),
            ({"max_response": True}, TypeError),
            ({"max_response": 10}, ValueError),
            ({"proxy": 5}, TypeError),
            ({"proxy": "socks5://h:1"}, ValueError),
            ({"ca_bundle": 5}, TypeError),
            ({"ca_bundle": "/no/such/file"}, ValueError),
        ],
    )
    def test_others(self, connect: Connect, option: dict[str, Any], kind: type[Exception]) -> None:
        with pytest.raises(kind, match=next(iter(option))):
            connect("http://h/", **option)

    def test_ipv6(self, connect: Connect) -> None:
        error = failure(connect("http://[::1]:9/"), READ, 0.05)
        assert error == UNREACHABLE
        assert error.message.startswith("could not connect to [::1]:9: ")


def test_bearychat_rate_limit_is_a_quota_whatever_the_status(connect: Connect) -> None:
    def beary(status: int, headers: Mapping[str, str], body: bytes) -> ErrorCode:
        return ErrorCode(BEARYCHAT_ERROR.RATE_LIMIT, family=BEARYCHAT_ERROR, retry_after=0.01)

    with HTTPPeer(Reply(403)) as peer:
        assert isinstance(connect(peer.url, read_error=beary).perform(SEND, Deadline(PATIENCE)), Response)


def test_names_that_do_not_resolve(connect: Connect) -> None:
    error = failure(connect("http://no-such-host.invalid/"), READ, 0.3)
    assert (int(error), error.maybe_delivered) == (UNREACHABLE, False)
    assert os.path.basename(error.message) == error.message
    assert "no-such-host.invalid" in error.message
