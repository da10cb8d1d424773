from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from traceback import TracebackException
from typing import Any

import pytest

from rtm_sdk.calling import CallbackArgument, Operation, operation
from rtm_sdk.errors import FPNN_ERROR, OK, Code, ErrorCode
from rtm_sdk.http.client import HTTPClient
from rtm_sdk.http.request import Request
from rtm_sdk.http.tokens import StaticToken
from rtm_sdk.workers import WorkerPool
from tests.scripts import run_script

from .conftest import read_error
from .peer import SILENCE, HTTPPeer, Received, Reply

PATIENCE = 10.0


class Service(HTTPClient):
    """A client of one method, and one of two steps."""

    def __init__(self, url: str, **options: Any) -> None:
        options = {"credentials": StaticToken("tok"), "read_error": read_error, **options}
        super().__init__(base_url=url, **options)

    @operation
    def send(self, text: Any, callback: CallbackArgument = None, timeout: float = 0) -> Operation[Any]:
        response = yield Request("POST", "send", body={"text": text})
        return response.data

    @operation
    def send_twice(self, text: Any, callback: CallbackArgument = None, timeout: float = 0) -> Operation[Any]:
        first = yield Request("POST", "send", body={"text": text})
        second = yield Request("POST", "send", body={"text": text, "after": first.data})
        return first.data, second.data


def echo(sock: object, received: Received) -> Reply:
    return Reply(body=json.dumps(received.json["text"]).encode())


@pytest.fixture
def peer() -> Iterator[HTTPPeer]:
    with HTTPPeer(always=echo) as found:
        yield found


class Outcomes:
    """Collects what callbacks get."""

    def __init__(self) -> None:
        self.list: list[tuple[Any, ErrorCode, str]] = []

    def __call__(self, result: Any, error_code: ErrorCode) -> None:
        self.list.append((result, error_code, threading.current_thread().name))


def occupy(pool: WorkerPool) -> threading.Event:
    """Give a worker something to do until the event is set."""
    free = threading.Event()

    def wait() -> None:
        free.wait(PATIENCE)

    pool.submit(wait)
    return free


class TestStyles:
    def test_result_and_error_code(self, peer: HTTPPeer) -> None:
        with Service(peer.url) as client:
            threads = threading.active_count()
            assert client.send("hello") == ("hello", OK)
            assert client.send_twice("hello") == (("hello", "hello"), OK)
            assert threading.active_count() <= threads + 1, "the peer has one, a synchronous call needs none"

    def test_callbacks(self, peer: HTTPPeer) -> None:
        pool = WorkerPool(2, name="mine")
        outcomes = Outcomes()
        with Service(peer.url, workers=pool) as client:
            for number in range(20):
                assert client.send_twice(number, callback=outcomes) is None
            assert client.flush(PATIENCE) == 0
        pool.close()
        assert sorted(result for result, _, _ in outcomes.list) == [(number, number) for number in range(20)]
        assert {error for _, error, _ in outcomes.list} == {0}
        assert {name.rpartition("-")[0] for _, _, name in outcomes.list} == {"mine"}

    def test_failure_of_a_callback_call(self) -> None:
        outcomes = Outcomes()
        with HTTPPeer(Reply(404, "none")) as peer, Service(peer.url) as client:
            client.send("x", callback=outcomes)
            client.flush(PATIENCE)
        ((result, error, _),) = outcomes.list
        assert (result, int(error), error.message) == (None, Code.NOT_FOUND, "none")

    @pytest.mark.parametrize("callback", [None, Outcomes()])
    def test_what_is_no_json_is_told_to_the_caller(self, peer: HTTPPeer, callback: Outcomes | None) -> None:
        with Service(peer.url) as client:
            with pytest.raises(TypeError):
                client.send({1, 2}, callback=callback)
            assert client.flush(PATIENCE) == 0
            assert client.outstanding.count == 0
        assert not peer.requests
        assert callback is None or not callback.list

    def test_body_is_as_it_was_at_the_call(self, peer: HTTPPeer) -> None:
        pool = WorkerPool(1)
        free = occupy(pool)
        outcomes = Outcomes()
        with Service(peer.url, workers=pool) as client:
            text = ["before"]
            client.send(text, callback=outcomes)
            text.append("after")
            free.set()
            client.flush(PATIENCE)
        pool.close()
        assert outcomes.list[0][0] == ["before"]

    def test_time_in_the_queue_counts(self, peer: HTTPPeer) -> None:
        pool = WorkerPool(1)
        free = occupy(pool)
        outcomes = Outcomes()
        with Service(peer.url, workers=pool) as client:
            client.send("x", callback=outcomes, timeout=0.001)
            threading.Timer(0.05, free.set).start()
            client.flush(PATIENCE)
        pool.close()
        ((_, error, _),) = outcomes.list
        assert (int(error), error.maybe_delivered) == (FPNN_ERROR.FPNN_EC_CORE_TIMEOUT, False)
        assert not peer.requests

    def test_full(self) -> None:
        outcomes = Outcomes()
        with HTTPPeer(always=SILENCE) as peer:
            client = Service(peer.url, max_outstanding=1)
            client.send("x", callback=outcomes, timeout=60)
            peer.next()
            client.send("y", callback=outcomes, timeout=0.01)
            client.close(PATIENCE)
            client.flush(PATIENCE)
        codes = {int(error) for _, error, _ in outcomes.list}
        assert codes == {FPNN_ERROR.FPNN_EC_CORE_WORK_QUEUE_FULL, FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED}

    def test_error_inside_the_sdk(self, peer: HTTPPeer, caplog: pytest.LogCaptureFixture) -> None:
        def wrong(status: int, headers: Any) -> None:
            raise RuntimeError("a bug")

        outcomes = Outcomes()
        with Service(peer.url, on_headers=wrong) as client:
            with pytest.raises(RuntimeError, match="a bug"):
                client.send("x")
            client.send("x", callback=outcomes)
            assert client.flush(PATIENCE) == 0
        assert outcomes.list[0][1] == FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_ERROR
        assert "<Request POST send> failed inside the SDK" in caplog.text


class TestOptions:
    @pytest.mark.parametrize(
        ("option", "kind"),
        [
            ({"timeout": 0}, ValueError),
            ({"timeout": "5"}, TypeError),
            ({"connect_timeout": -1}, ValueError),
            ({"max_outstanding": 0}, ValueError),
            ({"workers": 5}, TypeError),
            ({"on_callback_error": 5}, TypeError),
        ],
    )
    def test_wrong(self, option: dict[str, Any], kind: type[Exception]) -> None:
        with pytest.raises(kind, match=next(iter(option))):
            Service("http://h/", **option)

    def test_shown(self) -> None:
        assert repr(Service("http://h/v1")) == "<Service of http://h/v1>"
        assert Service("http://h/v1").base_url == "http://h/v1"

    def test_what_could_not_be_made_is_shown_by_tracebacks_that_print_variables(self) -> None:
        with pytest.raises(ValueError) as caught:
            Service("http://h/v1", timeout=-1)
        shown = TracebackException.from_exception(caught.value, capture_locals=True)
        assert "self = <Service>" in "".join(shown.format())


def test_requests_comes_with_the_first_call() -> None:
    done = run_script(
        """
        import sys
        from rtm_sdk.http.client import HTTPClient
        from rtm_sdk.http.service_account import ServiceAccount
        from rtm_sdk.http.tokens import StaticToken
        HTTPClient(base_url="http://h/", credentials=StaticToken("x"), read_error=lambda *_: None)
        print(*{"requests", "urllib3", "cryptography", "aiohttp"} & sys.modules.keys())
        """
    )
    assert done.stdout == "\n", done.stderr


def test_forked_worker(peer: HTTPPeer) -> None:
    done = run_script(
        """
        import os, sys
        from rtm_sdk.http.client import HTTPClient
        from tests.http.test_client import Service

        client = Service(sys.argv[1])
        client.send("before", callback=lambda result, error: None)
        client.flush(5)
        child = os.fork()
        if not child:
            got = []
            client.send("child", callback=lambda result, error: got.append((result, int(error))))
            left = client.flush(5)
            os._exit(0 if got == [("child", 0)] and not left else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), client.send("parent")[0])
        client.close()
        """,
        peer.url,
    )
    assert done.stdout == "0 parent\n", done.stderr


def test_exit_flushes_callbacks(peer: HTTPPeer) -> None:
    done = run_script(
        """
        import sys
        from tests.http.test_client import Service

        client = Service(sys.argv[1])
        for number in range(20):
            client.send(number, callback=lambda result, error: sys.stdout.write(f"{result}\\n"))
        """,
        peer.url,
    )
    assert sorted(map(int, done.stdout.split())) == list(range(20)), (done.stdout, done.stderr)
    assert done.stderr == ""
