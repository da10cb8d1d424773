from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, CallFailed, Code, ErrorCode
from rtm_sdk.http import tokens
from rtm_sdk.http.connection import HTTPConnection
from rtm_sdk.http.request import Request
from rtm_sdk.http.tokens import GoogleAuthCredentials, StaticToken, TokenCache, TokenFunction, credentials_of
from tests.scripts import run_script

from .peer import HTTPPeer, Reply

PATIENCE = 10.0
READ = Request("GET", "v1/spaces/AAA", repeatable=True)

Connect = Callable[..., HTTPConnection]


class Clock:
    """A clock that the test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(tokens, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class Server:
    """Makes tokens that live for an hour, when it is told to."""

    def __init__(self, life: float = 3600.0) -> None:
        self.life = life
        self.asked: list[Deadline] = []
        self.failure: ErrorCode | None = None
        self.entered = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, deadline: Deadline) -> tuple[str, float]:
        self.asked.append(deadline)
        number = len(self.asked)
        self.entered.release()
        assert self.go_on.wait(PATIENCE)
        if self.failure is not None:
            raise CallFailed(self.failure)
        return f"tok-{number}", self.life


class TestTokenCache:
    def test_asks_once_for_its_life(self, clock: Clock) -> None:
        cache, server = TokenCache(), Server()
        assert [cache.get(Deadline(1), server) for _ in range(3)] == ["tok-1"] * 3
        clock.now += 3600 - 226
        assert cache.get(Deadline(1), server) == "tok-1"
        clock.now += 2
        assert cache.get(Deadline(1), server) == "tok-2"

    def test_short_life(self, clock: Clock) -> None:
        cache, server = TokenCache(), Server(life=60)
        cache.get(Deadline(1), server)
        clock.now += 44
        assert cache.get(Deadline(1), server) == "tok-1"
        clock.now += 2
        assert cache.get(Deadline(1), server) == "tok-2"

    def test_one_thread_renews_ahead_while_the_others_go_on(self, clock: Clock) -> None:
        cache, server = TokenCache(), Server()
        cache.get(Deadline(1), server)
        clock.now += 3500
        server.go_on.clear()
        got: list[str] = []
        thread = threading.Thread(target=lambda: got.append(cache.get(Deadline(PATIENCE), server)))
        server.entered.acquire()
        thread.start()
        assert server.entered.acquire(timeout=PATIENCE)
        assert [cache.get(Deadline(1), server) for _ in range(3)] == ["tok-1"] * 3
        server.go_on.set()
        thread.join()
        assert got == ["tok-2"]
        assert cache.get(Deadline(1), server) == "tok-2"
        assert len(server.asked) == 2
        assert server.asked[1].seconds <= PATIENCE / 2, "a slow server must not use up the call's time"

    def test_failure_ahead_of_the_end_harms_nobody(self, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
        cache, server = TokenCache(), Server()
        cache.get(Deadline(1), server)
        clock.now += 3500
        server.failure = ErrorCode(Code.UNAVAILABLE, "down", family=Code)
        assert [cache.get(Deadline(1), server) for _ in range(3)] == ["tok-1"] * 3
        assert len(server.asked) == 2, "it is not asked again at once"
        clock.now += 11
        assert cache.get(Deadline(1), server) == "tok-1"
        assert len(server.asked) == 3
        clock.now += 100
        with pytest.raises(CallFailed, match="down"):
            cache.get(Deadline(1), server)
        assert "tok-" not in caplog.text

    def test_others_wait_when_there_is_none(self) -> None:
        cache, server = TokenCache(), Server()
        server.go_on.clear()
        got: list[str] = []
        threads = [threading.Thread(target=lambda: got.append(cache.get(Deadline(PATIENCE), server))) for _ in range(5)]
        for thread in threads:
            thread.start()
        assert server.entered.acquire(timeout=PATIENCE)
        with pytest.raises(CallFailed, match="nothing was sent") as caught:
            cache.get(Deadline(0.01), server)
        assert caught.value.error_code == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
        server.go_on.set()
        for thread in threads:
            thread.join()
        assert got == ["tok-1"] * 5
        assert len(server.asked) == 1

    @pytest.mark.parametrize("late", [False, True])
    def test_who_waits_shares_the_failure_but_not_a_timeout(self, late: bool) -> None:
        cache, server = TokenCache(), Server()
        server.go_on.clear()
        server.failure = ErrorCode(FPNN_ERROR.FPNN_EC_CORE_TIMEOUT if late else Code.UNAUTHENTICATED, "down")
        errors: list[str] = []

        def ask() -> None:
            waiting.release()
            try:
                cache.get(Deadline(PATIENCE), server)
            except CallFailed as failure:
                errors.append(failure.error_code.message)

        waiting = threading.Semaphore(0)
        threads = [threading.Thread(target=ask) for _ in range(3)]
        threads[0].start()
        assert server.entered.acquire(timeout=PATIENCE)
        for thread in threads[1:]:
            thread.start()
        for _ in threads:
            waiting.acquire()
        threads[1].join(0.05)  # they are at the lock now
        server.go_on.set()
        for thread in threads:
            thread.join()
        assert errors == ["down"] * 3
        assert len(server.asked) == (3 if late else 1)

    def test_refused_token_is_forgotten(self) -> None:
        cache, server = TokenCache(), Server()
        assert cache.get(Deadline(1), server) == "tok-1"
        cache.invalidate("tok-1")
        assert cache.get(Deadline(1), server) == "tok-2"
        cache.invalidate("tok-1")  # by a slow thread
        assert cache.get(Deadline(1), server) == "tok-2"

    def test_fork_while_a_thread_renews(self) -> None:
        done = run_script(
            """
            import os, threading
            from rtm_sdk.deadline import Deadline
            from rtm_sdk.http.tokens import TokenCache

            cache = TokenCache()
            entered, go_on = threading.Event(), threading.Event()
            def slow(deadline):
                entered.set()
                go_on.wait(10)
                return "parent", 3600
            thread = threading.Thread(target=cache.get, args=(Deadline(10), slow))
            thread.start()
            entered.wait()
            child = os.fork()
            if not child:
                os._exit(0 if cache.get(Deadline(1), lambda deadline: ("child", 3600)) == "child" else 1)
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            go_on.set()
            thread.join()
            """
        )
        assert done.stdout == "0\n", done.stderr


class TestGiven:
    @pytest.mark.parametrize("token", ["", "a b", "a\nb", "ü", "a\x7f"])
    def test_impossible_tokens(self, token: str) -> None:
        with pytest.raises(ValueError, match="^token ") as caught:
            credentials_of(token)
        assert repr(token) not in str(caught.value)

    @pytest.mark.parametrize("token", [None, 5, b"x"])
    def test_other_types(self, token: Any) -> None:
        with pytest.raises(TypeError, match="^token must be"):
            credentials_of(token)

    def test_by_type(self) -> None:
        assert isinstance(credentials_of("x"), StaticToken)
        assert isinstance(credentials_of(lambda: "x"), TokenFunction)

    def test_function_is_asked_for_each_request(self, connect: Connect) -> None:
        given = iter(["a", "b", "c"])
        with HTTPPeer(Reply(), Reply(401), Reply()) as peer:
            connection = connect(peer.url, credentials=credentials_of(lambda: next(given)))
            for _ in range(2):
                connection.perform(READ, Deadline(PATIENCE))
            assert [request.headers["authorization"] for request in peer.requests] == [
                "Bearer a",
                "Bearer b",
                "Bearer c",
            ]

    @pytest.mark.parametrize("answer", [None, 5, "", "a b"])
    def test_function_that_gives_no_token(self, connect: Connect, answer: Any) -> None:
        with HTTPPeer() as peer, pytest.raises(CallFailed, match="the token function failed: ") as caught:
            connect(peer.url, credentials=credentials_of(lambda: answer)).perform(READ, Deadline(PATIENCE))
        assert (int(caught.value.error_code), peer.requests) == (Code.UNAUTHENTICATED, [])

    def test_function_that_raises(self, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
        def fail() -> str:
            raise KeyError("vault")

        with HTTPPeer() as peer, pytest.raises(CallFailed, match="KeyError: 'vault'"):
            connect(peer.url, credentials=credentials_of(fail)).perform(READ, Deadline(PATIENCE))
        assert caplog.records[0].exc_info is not None


class Library:
    """A credentials object as google-auth has them."""

    def __init__(self, url: str, token: str | None = None, expiry: datetime | None = None) -> None:
        self.url = url
        self.token = token
        self.expiry = expiry

    @property
    def valid(self) -> bool:
        return self.token is not None

    def refresh(self, request: Any) -> None:
        response = request(self.url + "token", method="POST", body=b"grant", headers={"X-A": "b"}, timeout=120)
        if response.status != 200:
            raise RuntimeError(response.data)
        self.token = response.data.decode()
        self.expiry = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(seconds=3600)


class TestGoogleAuth:
    def test_refreshes_over_the_connection_of_the_client(self, connect: Connect) -> None:
        with HTTPPeer(Reply(body=b"tok-1"), Reply(), Reply(), Reply(401), Reply(body=b"tok-2")) as peer:
            connection = connect(peer.url, credentials=GoogleAuthCredentials(Library(peer.url)))
            for _ in range(3):
                connection.perform(READ, Deadline(PATIENCE))
            asked = peer.requests[0]
            assert (asked.method, asked.path, asked.body, asked.headers["x-a"]) == ("POST", "/token", b"grant", "b")
            tokens = [request.headers.get("authorization", "") for request in peer.requests]
            assert tokens == ["", *["Bearer tok-1"] * 3, "", "Bearer tok-2"]
            assert peer.accepted == 1

    def test_token_that_is_there_is_used(self, connect: Connect) -> None:
        expiry = datetime.now(timezone.utc) + timedelta(seconds=1000)
        with HTTPPeer() as peer:
            credentials = GoogleAuthCredentials(Library(peer.url, "given", expiry))
            connect(peer.url, credentials=credentials).perform(READ, Deadline(PATIENCE))
            assert peer.next().headers["authorization"] == "Bearer given"

    def test_refusal(self, connect: Connect) -> None:
        with HTTPPeer(Reply(400, b"revoked")) as peer, pytest.raises(CallFailed, match="revoked") as caught:
            connect(peer.url, credentials=GoogleAuthCredentials(Library(peer.url))).perform(READ, Deadline(PATIENCE))
        assert caught.value.error_code == Code.UNAUTHENTICATED

    def test_token_server_that_is_gone(self, connect: Connect) -> None:
        with HTTPPeer() as peer, pytest.raises(CallFailed) as caught:
            credentials = GoogleAuthCredentials(Library("http://127.0.0.1:9/"))
            connect(peer.url, credentials=credentials).perform(READ, Deadline(0.1))
        assert caught.value.error_code == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION

    @pytest.mark.parametrize("wrong", [None, "tok", object()])
    def test_something_else(self, wrong: Any) -> None:
        with pytest.raises(TypeError, match="google.auth credentials"):
            GoogleAuthCredentials(wrong)
