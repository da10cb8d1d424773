"""Connecting, connecting again, encryption, forking and closing."""

from __future__ import annotations

import errno
import os
import queue
import socket
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Literal

import pytest

from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, CallFailed, ErrorCode
from rtm_sdk.fpnn.connection import Connection
from rtm_sdk.fpnn.encryption import Encryption, ServerKey
from rtm_sdk.fpnn.frames import pack
from rtm_sdk.fpnn.link import Awaited, CannotConnect, Link
from rtm_sdk.fpnn.strategy import RegressiveStrategy

from ..peer import PATIENCE, Conversation, Peer, answer_all, begin_call

MIB = 1 << 20
ONE_TRY = RegressiveStrategy(start_connect_failed_count=0, first_interval_seconds=600, max_interval_seconds=600)
FAST = RegressiveStrategy(
    connect_failed_max_interval_milliseconds=50,
    start_connect_failed_count=1,
    first_interval_seconds=0.02,
    max_interval_seconds=0.05,
    linear_regressive_count=2,
)


def call(connection: Connection, method: str, params: Mapping[str, Any], timeout: float = PATIENCE) -> dict[str, Any]:
    return connection.call(method, pack(params), Deadline(timeout))


def failure(connection: Connection, timeout: float = PATIENCE) -> ErrorCode:
    with pytest.raises(CallFailed) as raised:
        call(connection, "any", {}, timeout)
    return raised.value.error_code


def closes(conversation: Conversation) -> None:
    """A peer that closes at once."""


def has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6) as sock:
        return sock.connect_ex(("::1", 9)) in (0, errno.ECONNREFUSED)


class TestConnecting:
    def test_the_first_call_connects(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            states = [connection.connected]
            assert peer.accepted == 0
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            states.append(connection.connected)
            connection.close()
            states.append(connection.connected)
            assert states == [False, True, False]

    def test_calls_that_come_meanwhile_share_one_connection(self) -> None:
        with Peer() as peer, ThreadPoolExecutor(16) as pool:
            connection = Connection(peer.endpoint)
            answers = list(pool.map(lambda number: call(connection, "echo", {"n": number}), range(16)))
            assert answers == [{"n": number} for number in range(16)]
            assert peer.accepted == 1
            connection.close()

    @pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here")
    def test_ipv6(self) -> None:
        with Peer(host="::1") as peer:
            assert peer.endpoint.startswith("[::1]:")
            connection = Connection(peer.endpoint)
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            connection.close()

    def test_every_address_is_tried_and_the_name_resolved_each_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        resolved = []

        def getaddrinfo(host: bytes, port: int, **options: Any) -> list[Any]:
            resolved.append(host)
            deaf = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", deaf_port))
            good = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
            return [deaf, good]

        with Peer() as peer:
            with Peer() as gone:
                deaf_port = gone.port
            monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
            connection = Connection(f"gate.example:{peer.port}")
            for number in (1, 2):
                assert call(connection, "echo", {"n": number}) == {"n": number}
                connection.close()
        assert resolved == [b"gate.example", b"gate.example"]

    def test_options_of_the_socket(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            link = connection.open(Deadline(PATIENCE))
            sock = link._sock
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            connection.close()

    def test_nobody_there(self) -> None:
        with Peer() as peer:
            endpoint = peer.endpoint
        connection = Connection(endpoint, strategy=ONE_TRY)
        error = failure(connection)
        assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
        assert error.maybe_delivered is False
        assert endpoint in error.message
        assert "refused" in error.message
        connection.close()

    def test_a_name_that_does_not_exist(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def getaddrinfo(*args: Any, **options: Any) -> list[Any]:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        error = failure(Connection("nowhere.invalid:13321", strategy=ONE_TRY))
        assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
        assert "Name or service not known" in error.message

    def test_a_name_that_cannot_be_encoded(self) -> None:
        error = failure(Connection(f"{'x' * 70}.example:13321", strategy=ONE_TRY))
        assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION

    def test_the_connect_timeout(self) -> None:
        """A listener whose queue is full takes no connection."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            address = listener.getsockname()
            fillers = []
            try:
                while True:
                    filler = socket.socket()
                    fillers.append(filler)
                    filler.settimeout(0.1)
                    try:
                        filler.connect(address)
                    except TimeoutError:
                        break
                connection = Connection(f"127.0.0.1:{address[1]}", connect_timeout=0.1, strategy=ONE_TRY)
                start = time.monotonic()
                error = failure(connection)
                assert 0.09 < time.monotonic() - start < 0.5
                assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
                assert "no answer in time" in error.message

                patient = Connection(f"127.0.0.1:{address[1]}", strategy=ONE_TRY)
                with ThreadPoolExecutor(1) as pool:
                    waiting = pool.submit(failure, patient)
                    while not patient._opening.locked():
                        pass
                    start = time.monotonic()
                    patient.close()
                    assert waiting.result() == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
                    assert time.monotonic() - start < 1.0
            finally:
                for filler in fillers:
                    filler.close()

    def test_the_deadline_holds_while_connecting(self) -> None:
        with Peer() as peer:
            endpoint = peer.endpoint
        connection = Connection(endpoint)
        start = time.monotonic()
        assert failure(connection, 0.2) == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
        assert time.monotonic() - start < 0.4

    def test_a_frame_over_the_limit_is_not_sent(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint, max_frame=1000)
            with pytest.raises(CallFailed, match="Nothing was sent"):
                call(connection, "any", {"data": b"x" * 1000})
            assert peer.accepted == 0

    def test_a_wrong_endpoint(self) -> None:
        with pytest.raises(ValueError, match="port"):
            Connection("localhost")


class TestConnectingAgain:
    def test_a_held_connection_comes_back(self) -> None:
        with Peer(first=(closes, closes, closes)) as peer:
            connection = Connection(peer.endpoint, strategy=FAST)
            connection.hold_open(True)
            for _ in range(4):
                conversation = peer.conversation()
            conversation.ask("any", {})
            assert conversation.answers.get(timeout=PATIENCE).params["code"] == 20004
            connection.close()

    def test_pauses_grow_against_a_peer_that_accepts_and_closes(self) -> None:
        """It is the loss soon after connecting that counts, not that connecting worked."""
        times: queue.SimpleQueue[float] = queue.SimpleQueue()

        def notes_and_closes(conversation: Conversation) -> None:
            times.put(time.monotonic())

        strategy = RegressiveStrategy(
            start_connect_failed_count=2,
            first_interval_seconds=0.4,
            max_interval_seconds=0.4,
            linear_regressive_count=1,
        )
        with Peer(notes_and_closes) as peer:
            connection = Connection(peer.endpoint, strategy=strategy)
            connection.hold_open(True)
            at = [times.get(timeout=PATIENCE) for _ in range(5)]
            connection.close()
            pauses = [later - earlier for earlier, later in pairwise(at)]
            assert max(pauses[:2]) < 0.29
            assert min(pauses[2:]) > 0.29

    def test_the_failures_are_forgotten_after_a_connection_that_lived(self) -> None:
        go_on = threading.Event()

        def lives(conversation: Conversation) -> None:
            go_on.wait(PATIENCE)

        with Peer(first=(closes, closes, lives)) as peer:
            connection = Connection(peer.endpoint, strategy=FAST)
            for _ in range(2):
                failure(connection)
            link = connection.open(Deadline(PATIENCE))
            assert connection._failures == 2
            link.born -= 1.0
            go_on.set()
            assert failure(connection) == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            assert connection._failures == 0
            connection.close()

    def test_close_cancels_a_waiting_attempt(self) -> None:
        with Peer() as peer:
            endpoint = peer.endpoint
        slow = RegressiveStrategy(start_connect_failed_count=0, first_interval_seconds=60, max_interval_seconds=60)
        connection = Connection(endpoint, strategy=slow)
        connection.hold_open(True)
        while not connection._failures:
            pass
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(failure, connection, 600.0)
            start = time.monotonic()
            while connection._attempts < 2:
                pass
            connection.close()
            assert waiting.result() == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert time.monotonic() - start < 2.0
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("rtm-")]

    def test_a_call_does_not_wait_for_the_end_of_a_long_pause(self) -> None:
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        strategy = RegressiveStrategy(
            start_connect_failed_count=0,
            first_interval_seconds=0.05,
            max_interval_seconds=600,
            linear_regressive_count=1,
        )
        with Peer(first=(closes, closes)) as peer:
            connection = Connection(peer.endpoint, strategy=strategy)
            connection.hold_open(True)
            for _ in range(2):
                peer.conversation()
            while connection._failures < 2:
                pass
            answers: list[Any] = []
            while {"n": 1} not in answers and len(answers) < 3:  # the first may still share the last failure
                begin_call(connection, "echo", pack({"n": 1}), Deadline(PATIENCE), outcomes.put, outcomes.put)
                answers.append(outcomes.get(timeout=PATIENCE))
            assert {"n": 1} in answers
            connection.close()

    def test_callback_calls_wait_for_the_connection(self) -> None:
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with Peer(first=(closes,)) as peer:
            connection = Connection(peer.endpoint, strategy=FAST)
            connection.hold_open(True)
            for _ in range(2):
                peer.conversation()
            begin_call(connection, "echo", pack({"n": 1}), Deadline(PATIENCE), outcomes.put, outcomes.put)
            assert outcomes.get(timeout=PATIENCE) == {"n": 1}
            connection.close()


class Watcher:
    """Notes what becomes of the links."""

    def __init__(self, refuse: int = 0) -> None:
        self.told: queue.SimpleQueue[tuple[str, Link | None]] = queue.SimpleQueue()
        self.refuse = refuse

    def prepare(self, link: Link, deadline: Deadline) -> None:
        self.told.put(("prepare", link))
        quest = Awaited("prepare", pack({}), deadline.at)
        link.exchange(quest, deadline)
        if self.refuse:
            self.refuse -= 1
            raise CallFailed(ErrorCode(5, "not now"))

    def opened(self, link: Link) -> None:
        self.told.put(("opened", link))

    def not_opened(self) -> None:
        self.told.put(("not opened", None))

    def lost(self, link: Link) -> None:
        self.told.put(("lost", link))

    def forked(self) -> None:
        self.told.put(("forked", None))

    def news(self, number: int) -> list[str]:
        return [self.told.get(timeout=PATIENCE)[0] for _ in range(number)]


class TestWatcher:
    def test_is_told_of_each_link(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint, strategy=FAST)
            connection.watcher = watcher = Watcher()
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            assert watcher.told.get()[0] == "prepare"
            assert watcher.told.get() == ("opened", connection.link)
            connection.hold_open(True)
            peer.conversation().close()
            assert watcher.news(3) == ["lost", "prepare", "opened"]
            connection.close()
            assert watcher.news(1) == ["lost"]
            assert watcher.told.empty()

    def test_nobody_uses_a_link_before_it_is_prepared(self) -> None:
        methods: queue.SimpleQueue[str] = queue.SimpleQueue()
        prepared = threading.Event()

        def script(conversation: Conversation) -> None:
            for quest in conversation.quests():
                methods.put(quest.method)
                if quest.method == "prepare":
                    prepared.wait(PATIENCE)
                conversation.answer(quest)

        with Peer(script) as peer, ThreadPoolExecutor(4) as pool:
            connection = Connection(peer.endpoint)
            connection.watcher = Watcher()
            calls = [pool.submit(call, connection, "echo", {"n": n}) for n in range(4)]
            assert methods.get(timeout=PATIENCE) == "prepare"
            assert not connection.connected
            prepared.set()
            assert [each.result()["n"] for each in calls] == [0, 1, 2, 3]
            connection.close()

    def test_may_give_a_link_up(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint, strategy=ONE_TRY)
            connection.watcher = watcher = Watcher(refuse=1)
            error = failure(connection, 1.0)
            assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert "it could not be made ready: 5" in error.message
            assert "not now" in error.message
            assert watcher.news(3) == ["prepare", "lost", "not opened"]
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            assert watcher.news(2) == ["prepare", "opened"]
            connection.close()

    def test_close_ends_a_preparation(self) -> None:
        arrived: queue.SimpleQueue[str] = queue.SimpleQueue()

        def silent(conversation: Conversation) -> None:
            for quest in conversation.quests():
                arrived.put(quest.method)

        with Peer(silent) as peer, ThreadPoolExecutor(1) as pool:
            connection = Connection(peer.endpoint)
            connection.watcher = watcher = Watcher()
            waiting = pool.submit(failure, connection, 600.0)
            assert arrived.get(timeout=PATIENCE) == "prepare"
            connection.close()
            assert waiting.result(PATIENCE) == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert watcher.news(2) == ["prepare", "lost"]
            assert watcher.told.empty()


class TestReconnect:
    def test_leaves_the_link_and_makes_a_new_one(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            link = connection.open(Deadline(PATIENCE))
            connection.reconnect(Deadline(PATIENCE))
            assert connection.connected
            assert connection.link is not link
            for _ in range(2):
                peer.conversation()
            connection.close()

    def test_does_not_wait_for_its_turn(self) -> None:
        with Peer(first=(closes,)) as peer:
            connection = Connection(peer.endpoint, strategy=ONE_TRY)
            failure(connection, 0.2)
            assert connection.not_before - time.monotonic() > 300
            connection.reconnect(Deadline(PATIENCE))
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            connection.close()

    def test_nothing_else_connects_when_that_is_said(self) -> None:
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            connection.connect_by_itself(False)
            start = time.monotonic()
            error = failure(connection)
            assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert (
                "it was not tried; it does not connect by itself, call reconnect(); nothing was sent" in error.message
            )
            with pytest.raises(CannotConnect):
                begin_call(connection, "echo", pack({}), Deadline(PATIENCE), outcomes.put, outcomes.put)
            connection.hold_open(True)
            assert time.monotonic() - start < 2.0
            assert peer.accepted == 0
            connection.reconnect(Deadline(PATIENCE))
            peer.conversation().close()
            while connection.connected:
                pass
            assert failure(connection) == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert peer.accepted == 1
            connection.connect_by_itself(True)
            peer.conversation()
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            connection.close()


@pytest.mark.parametrize("mode", ["stream", "package"])
class TestEncryption:
    def test_both_styles_and_large_frames(self, mode: Literal["stream", "package"]) -> None:
        key = ServerKey.generate()
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with Peer(key=key) as peer, ThreadPoolExecutor(4) as pool:
            connection = Connection(peer.endpoint, encryption=Encryption(key.public_pem, mode=mode))
            answers = list(pool.map(lambda number: call(connection, "echo", {"n": number}), range(200)))
            assert answers == [{"n": number} for number in range(200)]
            data = os.urandom(5 * MIB)
            begin_call(connection, "echo", pack({"data": data}), Deadline(PATIENCE), outcomes.put, outcomes.put)
            assert call(connection, "echo", {"data": data}) == {"data": data}
            assert outcomes.get(timeout=PATIENCE) == {"data": data}
            assert peer.accepted == 1
            connection.close()

    def test_order_of_bytes_with_quests_of_the_peer(self, mode: Literal["stream", "package"]) -> None:
        def asks_much(conversation: Conversation) -> None:
            for quest in conversation.quests():
                conversation.ask("ping", {"n": quest.seq})
                conversation.answer(quest)

        key = ServerKey.generate()
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with Peer(asks_much, key=key) as peer, ThreadPoolExecutor(4) as pool:
            encryption = Encryption(key.public_pem, mode=mode)
            connection = Connection(peer.endpoint, encryption=encryption, handlers={"ping": lambda params: params})
            for number in range(200):
                begin_call(connection, "echo", pack({"n": number}), Deadline(PATIENCE), outcomes.put, outcomes.put)
            list(pool.map(lambda number: call(connection, "echo", {"n": number}), range(200)))
            assert sorted(outcomes.get(timeout=PATIENCE)["n"] for _ in range(200)) == list(range(200))
            conversation = peer.conversation()
            for _ in range(400):
                assert conversation.answers.get(timeout=PATIENCE).status == 0
            connection.close()

    def test_content(self, mode: Literal["stream", "package"]) -> None:
        key = ServerKey.generate()
        header = pack({"file": b""})[:-2] + b"\xc6" + (3 * MIB).to_bytes(4, "big")
        with Peer(key=key) as peer:
            connection = Connection(peer.endpoint, encryption=Encryption(key.public_pem, mode=mode))
            chunks = iter([b"a" * MIB, b"b" * MIB, b"c" * MIB])
            answer = connection.call("file", header, Deadline(PATIENCE), content=chunks, extra=3 * MIB)
            assert answer == {"file": b"a" * MIB + b"b" * MIB + b"c" * MIB}
            connection.close()

    def test_each_connection_has_its_own_keys(self, mode: Literal["stream", "package"]) -> None:
        first_bytes: queue.SimpleQueue[bytes] = queue.SimpleQueue()

        def peeks(conversation: Conversation) -> None:
            first_bytes.put(conversation.sock.recv(4096, socket.MSG_PEEK))
            answer_all(conversation)

        key = ServerKey.generate()
        with Peer(peeks, key=key) as peer:
            connection = Connection(peer.endpoint, encryption=Encryption(key.public_pem, mode=mode))
            for number in (1, 2):
                assert call(connection, "echo", {"n": number}) == {"n": number}
                connection.close()
        one, two = first_bytes.get(timeout=PATIENCE), first_bytes.get(timeout=PATIENCE)
        assert b"*key" in one
        assert b"*key" in two
        assert one != two

    def test_a_peer_that_closes_on_the_key(self, mode: Literal["stream", "package"]) -> None:
        def closes_on_key(conversation: Conversation) -> None:
            conversation.sock.recv(4096)

        key = ServerKey.generate()
        with Peer(closes_on_key) as peer:
            encryption = Encryption(key.public_pem, mode=mode)
            connection = Connection(peer.endpoint, encryption=encryption, strategy=ONE_TRY)
            error = failure(connection)
            assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert error.maybe_delivered is False
            assert "key" in error.message
            connection.close()

    def test_a_peer_with_another_key(self, mode: Literal["stream", "package"]) -> None:
        with Peer(key=ServerKey.generate()) as peer:
            encryption = Encryption(ServerKey.generate().public_pem, mode=mode)
            connection = Connection(peer.endpoint, encryption=encryption, strategy=ONE_TRY)
            error = failure(connection, 1.0)
            assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            connection.close()

    def test_a_peer_that_drips_during_the_key_exchange(self, mode: Literal["stream", "package"]) -> None:
        stop = threading.Event()

        def drips(conversation: Conversation) -> None:
            conversation.sock.recv(4096)
            while not stop.wait(0.0005):
                conversation.send(b"F")

        key = ServerKey.generate()
        with Peer(drips) as peer:
            encryption = Encryption(key.public_pem, mode=mode)
            connection = Connection(peer.endpoint, encryption=encryption, connect_timeout=0.2, strategy=ONE_TRY)
            start = time.monotonic()
            error = failure(connection)
            stop.set()
            assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert time.monotonic() - start < 0.6
            connection.close()

    def test_a_quest_that_comes_with_the_key(self, mode: Literal["stream", "package"]) -> None:
        """In one segment with its proof the peer asks something: it is answered."""

        def asks_at_once(conversation: Conversation) -> None:
            session = conversation.session
            (reply,) = session.receive(conversation.sock.recv(4096))
            _, quest = session.quest("ping", pack({"n": 1}))
            conversation.send(getattr(reply, "data", b"") + quest)
            answer_all(conversation)

        key = ServerKey.generate()
        with Peer(asks_at_once, key=key) as peer:
            encryption = Encryption(key.public_pem, mode=mode)
            connection = Connection(peer.endpoint, encryption=encryption, handlers={"ping": lambda params: params})
            assert call(connection, "echo", {"n": 2}) == {"n": 2}
            assert peer.conversation().answers.get(timeout=PATIENCE).params == {"n": 1}
            connection.close()


class TestClosing:
    def test_it_may_be_called_at_any_time_and_again(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            connection.close()
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            connection.close()
            connection.close()
            assert call(connection, "echo", {"n": 2}) == {"n": 2}
            assert peer.accepted == 2
            connection.close()

    def test_a_waiting_call_gets_20002(self) -> None:
        arrived = threading.Event()

        def silent(conversation: Conversation) -> None:
            for _ in conversation.quests():
                arrived.set()

        with Peer(silent) as peer, ThreadPoolExecutor(1) as pool:
            connection = Connection(peer.endpoint)
            waiting = pool.submit(call, connection, "any", {})
            assert arrived.wait(PATIENCE)
            start = time.monotonic()
            connection.close()
            failed = waiting.exception(PATIENCE)
            assert time.monotonic() - start < 1.0
            assert isinstance(failed, CannotConnect)  # not to be tried again
            assert failed.error_code == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
            assert failed.error_code.maybe_delivered
            assert not connection.connected

    def test_during_the_key_exchange(self) -> None:
        met = threading.Event()

        def silent(conversation: Conversation) -> None:
            conversation.sock.recv(4096)
            met.set()
            conversation.sock.recv(4096)

        key = ServerKey.generate()
        with Peer(silent) as peer, ThreadPoolExecutor(1) as pool:
            connection = Connection(peer.endpoint, encryption=Encryption(key.public_pem))
            waiting = pool.submit(failure, connection)
            assert met.wait(PATIENCE)
            start = time.monotonic()
            connection.close()
            assert waiting.result() == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
            assert time.monotonic() - start < 1.0

    def test_the_descriptors_are_free_again(self) -> None:
        with Peer() as peer:
            before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
            for _ in range(20):
                connection = Connection(peer.endpoint)
                outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
                begin_call(connection, "echo", pack({}), Deadline(PATIENCE), outcomes.put, outcomes.put)
                outcomes.get(timeout=PATIENCE)
                connection.close()
            after = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
            assert after - before <= 20  # the peer's own ends

    def test_the_repr_shows_no_key(self) -> None:
        connection = Connection("127.0.0.1:1", encryption=Encryption(ServerKey.generate().public_pem))
        assert repr(connection) == "<Connection to 127.0.0.1:1, not connected, encrypted>"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
class TestFork:
    def test_a_child_has_its_own_connection(self) -> None:
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            assert call(connection, "echo", {"n": 1}) == {"n": 1}
            pid = os.fork()
            if not pid:
                try:
                    os._exit(0 if call(connection, "echo", {"n": 2}) == {"n": 2} else 1)
                except BaseException:
                    os._exit(2)
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
            assert call(connection, "echo", {"n": 3}) == {"n": 3}
            assert peer.accepted == 2
            connection.close()

    def test_while_the_reader_runs(self) -> None:
        outcomes: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with Peer() as peer:
            connection = Connection(peer.endpoint)
            begin_call(connection, "echo", pack({"n": 1}), Deadline(PATIENCE), outcomes.put, outcomes.put)
            assert outcomes.get(timeout=PATIENCE) == {"n": 1}
            pid = os.fork()
            if not pid:
                try:
                    begin_call(connection, "echo", pack({"n": 2}), Deadline(PATIENCE), outcomes.put, outcomes.put)
                    os._exit(0 if outcomes.get(timeout=PATIENCE) == {"n": 2} else 1)
                except BaseException:
                    os._exit(2)
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
            begin_call(connection, "echo", pack({"n": 3}), Deadline(PATIENCE), outcomes.put, outcomes.put)
            assert outcomes.get(timeout=PATIENCE) == {"n": 3}
            assert peer.accepted == 2
            connection.close()


class Alarm(Exception):
    """What a signal handler may raise, anywhere."""


class Interrupted:
    """A lock whose `acquire` is interrupted when it has the lock already, the worst moment there is."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self.armed = True

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        acquired = self._lock.acquire(blocking, timeout)
        if acquired and self.armed:
            self.armed = False
            raise Alarm
        return acquired

    def release(self) -> None:
        self._lock.release()

    def locked(self) -> bool:
        return self._lock.locked()


class TestInterruptions:
    @pytest.mark.parametrize("name", ["_write_lock", "read_lock"])
    def test_a_call_interrupted_with_a_lock_in_hand_stops_nobody(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Peer(answer_all) as peer:
            connection = Connection(peer.endpoint)
            call(connection, "first", {})
            link = connection.link
            assert link is not None
            setattr(link, name, Interrupted(getattr(link, name)))
            with pytest.raises(Alarm):
                call(connection, "second", {})
            assert link.failure is not None
            call(connection, "third", {}, 2.0)
            connection.close()
            link.abandon()  # nobody may close the sockets of a link whose lock is lost

    def test_connecting_interrupted_with_the_lock_in_hand_stops_nobody(self) -> None:
        with Peer(answer_all) as peer:
            connection = Connection(peer.endpoint)
            connection._opening = Interrupted(connection._opening)  # type: ignore[assignment]
            with pytest.raises(Alarm):
                call(connection, "first", {})
            call(connection, "second", {}, 2.0)
            connection.close()
