from __future__ import annotations

import queue
import threading

import pytest

from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import ErrorCode, RTMException
from rtm_sdk.gate import Gate
from rtm_sdk.gate.enduser.client import MAX_PUSHES, Push, UserClient

from ...peer import CUT, SILENCE, Conversation, Peer, Replies
from ..raw_client import RawClient
from ..users import LogIn, told


def test_two_users_talk(client: RawClient, log_in: LogIn) -> None:
    anna, ben = log_in(1), log_in(2)
    sent = anna.send_message(2, "hello", attrs="a")
    push = ben.pushed()
    assert push.method == "pushmsg"
    assert push.params["msg"]["sourceText"] == "hello"
    assert (push.params["mid"], push.params["mtime"], push.params["attrs"]) == (*sent, "a")
    client.call("addgroupmembers", gid=5, uids=[1, 2])
    for user in (anna, ben):
        user.call("enterroom", {"rid": 6})
    ben.send_group_message(5, b"\xff", mtype=99)
    ben.send_room_message(6, "hi", mid=77)
    assert anna.pushed().params["msg"] == b"\xff"
    assert anna.pushed().params["mid"] == 77


def test_pushes_go_to_a_callback(client: RawClient, log_in: LogIn) -> None:
    pushes: queue.SimpleQueue[Push] = queue.SimpleQueue()
    user = log_in(1, on_push=pushes.put)
    for mid in range(1, 101):
        client.call("sendmsg", from_=2, to=1, mtype=30, mid=mid, msg="x", attrs="")
    assert [pushes.get(timeout=5).params["mid"] for _ in range(100)] == list(range(1, 101))
    with pytest.raises(TimeoutError):
        user.pushed(0.01)


def test_only_the_newest_pushes_are_kept(client: RawClient, log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rtm_sdk.gate.enduser.client.MAX_PUSHES", 5)
    assert MAX_PUSHES > 5
    user = log_in(1)
    for mid in range(1, 11):
        client.call("sendmsg", from_=2, to=1, mtype=30, mid=mid, msg="x", attrs="")
    user.call("getusergroups")
    assert [user.pushed().params["mid"] for _ in range(5)] == [6, 7, 8, 9, 10]


def test_many_threads_use_it(client: RawClient, log_in: LogIn) -> None:
    user, other = log_in(1), log_in(2)

    def send() -> None:
        for _ in range(50):
            user.send_message(2, "x")

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({push.params["mid"] for push in told(other, client)}) == 200


def test_pings_are_answered_and_not_shown() -> None:
    with Gate(ping_interval=0.01) as gate, UserClient(gate.endpoint, gate.pid, 1) as user, RawClient(gate) as client:
        user.login(client.call("gettoken", uid=1)["token"])
        (connection,) = gate._inside().service.online.of(gate.pid, 1)
        receipts: set[float] = set()
        deadline = Deadline(10)
        while len(receipts) < 4:
            receipts.add(gate._do(lambda: connection._last_receipt))
            assert not deadline.expired
        assert told(user, client) == []


class TestEnds:
    def test_when_the_gate_stops(self, gate: Gate, log_in: LogIn) -> None:
        user = log_in(1)
        assert repr(user) == f"<UserClient 1 of {gate.pid}>"
        gate.stop()
        assert user.wait_closed()
        assert repr(user) == f"<UserClient 1 of {gate.pid} closed>"
        assert failure(user).error_code == 20012
        with pytest.raises(RTMException) as ended:
            user.pushed()
        assert ended.value.error_code == 20002

    def test_while_an_answer_is_waited_for(self) -> None:
        with Peer(Replies(CUT)) as peer, UserClient(peer.endpoint, 1, 1) as user:
            assert failure(user).error_code == 20002

    def test_without_an_answer(self) -> None:
        with Peer(Replies(SILENCE)) as peer, UserClient(peer.endpoint, 1, 1, timeout=0.05) as user:
            assert failure(user).error_code == 20003

    def test_with_an_error(self) -> None:
        with Peer(Replies(ErrorCode(200022, "no"))) as peer, UserClient(peer.endpoint, 1, 1) as user:
            error_code = failure(user).error_code
            assert (error_code, error_code.message) == (200022, "no")

    def test_with_bytes_that_are_none_of_the_protocol(self) -> None:
        def talk(conversation: Conversation) -> None:
            conversation.send(b"GET / HTTP/1.1\r\n\r\n")

        with Peer(talk) as peer, UserClient(peer.endpoint, 1, 1) as user:
            assert user.wait_closed()

    def test_twice(self, log_in: LogIn) -> None:
        user = log_in(1)
        user.bye()
        user.close()
        assert user.closed

    def test_nobody_listens(self) -> None:
        with Peer() as peer:
            endpoint = peer.endpoint
        with pytest.raises(OSError):
            UserClient(endpoint, 1, 1)


def failure(user: UserClient) -> RTMException:
    with pytest.raises(RTMException) as caught:
        user.call("getusergroups")
    return caught.value
