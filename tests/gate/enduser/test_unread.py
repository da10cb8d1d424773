"""What was missed, how much is unread, and with whom there are conversations."""

from __future__ import annotations

import time
from itertools import count
from typing import Any

import pytest

from rtm_sdk.gate import Gate
from rtm_sdk.gate.enduser.client import UserClient

from ..raw_client import RawClient
from ..users import LogIn, call, code

_mids = count(1)


def send(client: RawClient, method: str = "sendmsg", **params: Any) -> int:
    """A message from user 2 to user 1 or to group 5; its mtime."""
    target = {"to": 1} if method == "sendmsg" else {"gid": 5}
    message = {"from": 2, **target, "mid": next(_mids), "mtype": 30, "msg": "x", "attrs": "", **params}
    mtime: int = client.call(method, **message)["mtime"]
    return mtime


def missed(user: UserClient, **params: Any) -> tuple[list[int], list[int]]:
    answer = call(user, "getunread", **params)
    assert set(answer) == {"p2p", "group"}
    return answer["p2p"], answer["group"]


@pytest.fixture(autouse=True)
def groups(client: RawClient) -> None:
    for gid in (5, 6):
        client.call("addgroupmembers", gid=gid, uids=[1, 2, 3])


class TestMissed:
    def test_before_the_first_login(self, client: RawClient, log_in: LogIn) -> None:
        for sender in (7, 2, 2):
            send(client, from_=sender)
        send(client, "sendgroupmsg")
        user = log_in(1)
        for _ in range(2):
            assert missed(user, clear=False) == ([2, 7], [5])
        assert missed(user, clear=True) == ([2, 7], [5])
        assert missed(user, clear=False) == ([], [])

    def test_only_what_came_while_off_line(self, client: RawClient, log_in: LogIn) -> None:
        user = log_in(1)
        send(client, from_=2)
        call(user, "bye")
        for _ in range(3):
            send(client, from_=7)
        send(client, "sendgroupmsg", gid=6)
        user = log_in(1)
        send(client, from_=8)
        send(client, "sendgroupmsg")
        assert missed(user, clear=False) == ([7], [6])

    def test_it_stays_over_logins(self, client: RawClient, log_in: LogIn) -> None:
        send(client, from_=7)
        log_in(1).bye()
        send(client, from_=2)
        log_in(1).bye()
        assert missed(log_in(1)) == ([2, 7], [])

    def test_cleaning(self, client: RawClient, log_in: LogIn) -> None:
        send(client)
        user = log_in(1)
        assert call(user, "cleanunread") == {}
        assert missed(user) == ([], [])
        call(user, "bye")
        send(client)
        user = log_in(1)
        assert missed(user, clean=True) == ([2], [])
        assert missed(user) == ([], [])

    def test_what_does_not_count(self, client: RawClient, log_in: LogIn) -> None:
        send(client, mtype=66)
        send(client, "sendgroupmsg", from_=1)
        send(client, from_=1, to=2)
        mid = next(_mids)
        send(client, mid=mid)
        client.call("delmsg", from_=2, xid=1, type=1, mid=mid)
        send(client, "sendgroupmsg", gid=99)
        assert missed(log_in(1)) == ([], [])

    @pytest.mark.parametrize("mtype", [30, 32])
    def test_what_counts(self, client: RawClient, log_in: LogIn, mtype: int) -> None:
        send(client, mtype=mtype)
        send(client, "sendgroupmsg", mtype=mtype)
        assert missed(log_in(1)) == ([2], [5])

    def test_a_connection_that_breaks(self, client: RawClient, log_in: LogIn) -> None:
        client.call("setlisten", ev=True)
        log_in(1).close()
        while client.pushed().params["event"] != "logout":
            pass
        send(client)
        assert missed(log_in(1)) == ([2], [])

    def test_the_time_of_the_last_logout(self, gate: Gate, client: RawClient, log_in: LogIn) -> None:
        user = log_in(1)
        answer = call(user, "getunread", clear=False, gettime=True)
        assert answer == {"p2p": [], "group": [], "logouttime": 0}
        call(user, "bye")
        gate.clock.offset = 100
        late = client.signed("gettoken", {"uid": 1}, ts=int(time.time()) + 100)
        user.login(client.raw("gettoken", late)["token"])
        assert abs(call(user, "getunread", gettime=True)["logouttime"] / 1000 - time.time()) < 10

    @pytest.mark.parametrize("name", ["clear", "clean", "gettime"])
    def test_parameters(self, log_in: LogIn, name: str) -> None:
        assert code(log_in(1), "getunread", **{name: 1}) == 10010


class TestCounts:
    def test_of_users(self, client: RawClient, log_in: LogIn) -> None:
        user = log_in(1)
        send(client)
        call(user, "bye")
        last = [send(client) for _ in range(3)][-1]
        other = send(client, from_=7)
        user = log_in(1)
        assert call(user, "getp2punread", uids=[2, 7, 8]) == {
            "p2p": {"2": 3, "7": 1, "8": 0},
            "ltime": {"2": last, "7": other, "8": 0},
        }

    def test_of_groups(self, client: RawClient, log_in: LogIn) -> None:
        last = [send(client, "sendgroupmsg") for _ in range(2)][-1]
        own = send(client, "sendgroupmsg", gid=6, from_=1)
        client.call("addgroupmembers", gid=9, uids=[2])
        send(client, "sendgroupmsg", gid=9)
        assert call(log_in(1), "getgroupunread", gids=[5, 6, 9]) == {
            "group": {"5": 2, "6": 0, "9": 0},
            "ltime": {"5": last, "6": own, "9": 0},
        }

    @pytest.mark.parametrize(
        ("read", "method", "asked", "kind", "key"),
        [
            ("getp2punread", "sendmsg", {"uids": [2]}, "p2p", "2"),
            ("getgroupunread", "sendgroupmsg", {"gids": [5]}, "group", "5"),
        ],
    )
    def test_since_when_and_of_which_kinds(
        self,
        gate: Gate,
        client: RawClient,
        log_in: LogIn,
        read: str,
        method: str,
        asked: dict[str, list[int]],
        kind: str,
        key: str,
    ) -> None:
        user = log_in(1)

        def unread(**params: Any) -> int:
            answer = call(user, read, **asked, **params)
            assert set(answer) == {kind, "ltime"}
            number: int = answer[kind][key]
            return number

        first = send(client, method)
        gate.clock.offset = 10
        second = send(client, method, mtype=32)
        assert second > first
        assert unread() == unread(mtime=0) == unread(mtime=first - 1) == unread(mtypes=[]) == 2
        assert unread(mtime=first) == 1
        assert unread(mtime=second) == unread(mtime=2**63 - 1) == 0
        assert unread(mtypes=[32]) == 1
        assert unread(mtypes=[32], mtime=second) == 0
        assert call(user, read, **asked, mtypes=[30])["ltime"][key] == first

    def test_parameters(self, log_in: LogIn) -> None:
        user = log_in(1)
        for method, name in (("getp2punread", "uids"), ("getgroupunread", "gids")):
            assert code(user, method) == 10009
            assert code(user, method, **{name: []}) == 200033
            assert code(user, method, **{name: [1]}, mtime="1") == 10010


class TestSessions:
    def test_all_conversations(self, client: RawClient, log_in: LogIn) -> None:
        user = log_in(1)
        assert call(user, "getsession") == {"p2p": [], "group": []}
        send(client, from_=7)
        send(client, from_=7)
        send(client, from_=1, to=3)
        send(client, from_=8, to=9)
        send(client, "sendgroupmsg", gid=6)
        assert call(user, "getsession") == {"p2p": [3, 7], "group": [6]}

    def test_deleted_messages_make_none(self, client: RawClient, log_in: LogIn) -> None:
        send(client, from_=7)
        send(client, from_=1, to=3)
        client.call("clearusermsg", uid=7)
        client.call("clearusermsg", uid=1)
        assert call(log_in(1), "getsession") == {"p2p": [], "group": []}

    def test_added_and_removed_by_servers(self, gate: Gate, client: RawClient, log_in: LogIn) -> None:
        user = log_in(1)
        send(client, from_=7)
        client.call("addsessions", uid=1, uids=[8])
        assert call(user, "getsession")["p2p"] == [7, 8]
        gate.clock.offset = 1
        client.call("removesessions", uid=1, uids=[7, 8])
        assert call(user, "getsession")["p2p"] == []
        gate.clock.offset = 2
        send(client, from_=7)
        assert call(user, "getsession")["p2p"] == [7]

    def test_after_sending(self, log_in: LogIn) -> None:
        user = log_in(1)
        user.send_message(4, "hello")
        assert call(user, "getsession") == {"p2p": [4], "group": []}
