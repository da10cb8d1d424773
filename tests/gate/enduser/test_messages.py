"""What end users send, what they are told, and what they may read and delete."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from rtm_sdk.gate import Gate, MessageKind
from rtm_sdk.gate.enduser.client import UserClient

from ..raw_client import RawClient, Refused, file_attrs
from ..users import LogIn, call, code, told


def chat(text: str) -> dict[str, str]:
    return {"source": "", "target": "", "sourceText": text, "targetText": ""}


@pytest.fixture
def anna(log_in: LogIn, client: RawClient) -> UserClient:
    """User 1, with user 2 in group 5."""
    client.call("addgroupmembers", gid=5, uids=[1, 2])
    user = log_in(1)
    call(user, "enterroom", rid=6)
    return user


@pytest.fixture
def ben(log_in: LogIn, anna: UserClient) -> UserClient:
    """User 2, with user 1 in group 5 and room 6."""
    user = log_in(2)
    call(user, "enterroom", rid=6)
    return user


SENDS: dict[str, tuple[dict[str, int], str]] = {
    "sendmsg": ({"to": 2}, "pushmsg"),
    "sendgroupmsg": ({"gid": 5}, "pushgroupmsg"),
    "sendroommsg": ({"rid": 6}, "pushroommsg"),
}
"""The target of each send call, and how its message is pushed."""


def message(**changes: Any) -> dict[str, Any]:
    return {"mid": 77, "mtype": 30, "msg": "hello", "attrs": "", **changes}


@pytest.mark.parametrize("method", SENDS)
class TestSending:
    @pytest.mark.parametrize(
        ("mtype", "body", "pushed"),
        [
            (30, "hello", chat("hello")),
            (30, "", chat("")),
            (30, b"caf\xc3\xa9", chat("café")),
            (32, '{"a":1}', '{"a":1}'),
            (66, "text", "text"),
            (66, b"\xff\x00", b"\xff\x00"),
            (127, b"utf-8", b"utf-8"),
        ],
    )
    def test_to_users_and_servers(
        self,
        gate: Gate,
        client: RawClient,
        anna: UserClient,
        ben: UserClient,
        method: str,
        mtype: int,
        body: str | bytes,
        pushed: Any,
    ) -> None:
        target, name = SENDS[method]
        client.call("setlisten", p2p=True, group=True, room=True)
        answer = call(anna, method, **target, **message(mtype=mtype, msg=body, attrs="a"), from_=999)
        assert set(answer) == {"mtime"}
        assert abs(answer["mtime"] / 1000 - time.time()) < 5
        common = {"from": 1, **target, "mtype": mtype, "mid": 77, "attrs": "a", "mtime": answer["mtime"]}
        push = ben.pushed()
        assert push == (name, {**common, "msg": pushed})
        assert type(push.params["msg"]) is type(pushed)
        heard = client.pushed()
        assert heard.method == name
        assert heard.params == {"to": next(iter(target.values())), **common, "msg": body}
        assert type(heard.params["msg"]) is type(body)

    def test_it_is_stored(self, gate: Gate, anna: UserClient, method: str) -> None:
        target, _ = SENDS[method]
        call(anna, method, **target, **message())
        (stored,) = gate.messages()
        assert (stored.from_uid, stored.to_id, stored.mid) == (1, next(iter(target.values())), 77)
        assert (stored.mtype, stored.message) == (30, "hello")

    def test_not_to_the_connection_that_sent_it(self, client: RawClient, anna: UserClient, method: str) -> None:
        call(anna, method, **SENDS[method][0], **message())
        assert told(anna, client) == []

    def test_the_same_mid_again(self, client: RawClient, anna: UserClient, ben: UserClient, method: str) -> None:
        target, name = SENDS[method]
        call(anna, method, **target, **message())
        assert code(anna, method, **target, **message()) == 200053
        assert [push.method for push in told(ben, client)] == [name]

    @pytest.mark.parametrize("mtype", [0, 31, 40, 50, -1])
    def test_reserved_types(
        self, client: RawClient, anna: UserClient, ben: UserClient, method: str, mtype: int
    ) -> None:
        assert code(anna, method, **SENDS[method][0], **message(mtype=mtype)) == 200005
        assert told(ben, client) == []

    @pytest.mark.parametrize("name", ["mid", "mtype", "msg", "attrs", "target"])
    def test_a_missing_parameter(self, anna: UserClient, method: str, name: str) -> None:
        params = {**SENDS[method][0], **message()}
        del params[next(iter(params)) if name == "target" else name]
        assert code(anna, method, **params) == 10009


class TestWhoMaySend:
    def test_members_only(self, client: RawClient, anna: UserClient, log_in: LogIn) -> None:
        outsider = log_in(3)
        assert code(outsider, "sendgroupmsg", gid=5, **message()) == 200041
        assert code(outsider, "sendroommsg", rid=6, **message()) == 200040
        call(anna, "leaveroom", rid=6)
        assert code(anna, "sendroommsg", rid=6, **message()) == 200040
        client.call("delgroupmembers", gid=5, uids=[1])
        assert code(anna, "sendgroupmsg", gid=5, **message()) == 200041

    def test_servers_need_not_be(self, client: RawClient, anna: UserClient) -> None:
        client.call("sendgroupmsg", from_=3, gid=5, **message())
        client.call("sendroommsg", from_=3, rid=6, **message())
        assert [push.method for push in told(anna, client)] == ["pushgroupmsg", "pushroommsg"]

    def test_bans(self, client: RawClient, anna: UserClient) -> None:
        client.call("addgroupban", gid=5, uid=1, btime=60)
        client.call("addroomban", uid=1, btime=60)
        assert code(anna, "sendgroupmsg", gid=5, **message()) == 200044
        assert code(anna, "sendroommsg", rid=6, **message()) == 200045
        assert code(anna, "sendmsg", to=2, **message()) == 0

    @pytest.mark.parametrize("enforced", [True, False])
    def test_who_is_blocked(self, enforced: bool) -> None:
        with Gate(enforce_blacklist=enforced) as gate, RawClient(gate) as client, RawClient(gate) as user:
            user.raw("auth", {"pid": gate.pid, "uid": 1, "token": client.call("gettoken", uid=1)["token"]})
            client.call("addblacks", uid=2, blacks=[1])
            seq = user.send("sendmsg", {"to": 2, **message()})
            with pytest.raises(Refused) as refused:
                user.receive(seq)
            assert refused.value.code == 200049
            assert gate.messages() == []

    def test_not_to_oneself(self, anna: UserClient) -> None:
        assert code(anna, "sendmsg", to=1, **message()) == 200052


class TestReceivers:
    def test_of_a_message_to_a_user(self, client: RawClient, anna: UserClient, ben: UserClient) -> None:
        client.call("sendmsg", from_=1, to=2, **message())
        client.call("sendmsgs", from_=9, tos=[1, 2, 3], **message())
        assert [push.params["from"] for push in told(anna, client)] == [9]
        assert [(push.params["from"], push.params["to"]) for push in told(ben, client)] == [(1, 2), (9, 2)]

    def test_of_a_group_are_its_members(
        self, client: RawClient, anna: UserClient, ben: UserClient, log_in: LogIn
    ) -> None:
        outsider = log_in(3)
        client.call("sendgroupmsg", from_=1, gid=5, **message(mid=1))
        client.call("addgroupmembers", gid=5, uids=[3])
        client.call("delgroupmembers", gid=5, uids=[1])
        client.call("sendgroupmsg", from_=1, gid=5, **message(mid=2))
        for user, expected in ((anna, [1]), (ben, [1, 2]), (outsider, [2])):
            assert [push.params["mid"] for push in told(user, client)] == expected

    def test_of_a_room_are_those_inside(
        self, client: RawClient, anna: UserClient, ben: UserClient, log_in: LogIn
    ) -> None:
        outsider = log_in(3)
        client.call("sendroommsg", from_=1, rid=6, **message(mid=1))
        client.call("addroommember", rid=6, uid=3)
        call(anna, "leaveroom", rid=6)
        client.call("sendroommsg", from_=1, rid=6, **message(mid=2))
        for user, expected in ((anna, [1]), (ben, [1, 2]), (outsider, [2])):
            assert [push.params["mid"] for push in told(user, client)] == expected

    def test_of_a_broadcast_are_all(self, client: RawClient, anna: UserClient, ben: UserClient) -> None:
        mtime = client.call("broadcastmsg", from_=9, **message())["mtime"]
        expected = {"from": 9, **message(msg=chat("hello")), "mtime": mtime}
        assert [anna.pushed(), ben.pushed()] == [("pushbroadcastmsg", expected)] * 2

    def test_nothing_is_kept_for_who_is_off_line(self, client: RawClient, log_in: LogIn) -> None:
        client.call("sendmsg", from_=1, to=2, **message())
        assert told(log_in(2), client) == []

    def test_order(self, client: RawClient, anna: UserClient, ben: UserClient) -> None:
        for mid in range(1, 201):
            if mid % 2:
                anna.send_message(2, "x", mid=mid)
            else:
                client.call("sendgroupmsg", from_=1, gid=5, **message(mid=mid))
        assert [ben.pushed().params["mid"] for _ in range(200)] == list(range(1, 201))

    @pytest.mark.parametrize(
        ("cmd", "target", "method"),
        [
            ("sendfile", {"to": 2}, "pushmsg"),
            ("sendgroupfile", {"gid": 5}, "pushgroupmsg"),
            ("sendroomfile", {"rid": 6}, "pushroommsg"),
            ("broadcastfile", {}, "pushbroadcastmsg"),
        ],
    )
    def test_files(self, client: RawClient, ben: UserClient, cmd: str, target: dict[str, int], method: str) -> None:
        token = client.call("filetoken", cmd=cmd, from_=9, **target)["token"]
        attrs = file_attrs(b"content", token, ext="txt")
        file = {"mtype": 40, "from": 9, "mid": 7, "file": b"content", "attrs": attrs, "token": token, **target}
        client.raw(cmd, {"pid": client.pid, **file})
        push = ben.pushed()
        assert (push.method, push.params["mtype"]) == (method, 40)
        assert json.loads(push.params["msg"])["size"] == 7
        assert json.loads(push.params["attrs"]) == {"rtm": {"ext": "txt"}, "custom": ""}


def named(kind: MessageKind, xid: int, sender: int = 1, mid: int = 77) -> dict[str, int]:
    return {"mid": mid, "from": sender, "xid": xid, "type": kind}


class TestSingleMessages:
    KINDS = (
        (MessageKind.P2P, 2, "sendmsg"),
        (MessageKind.GROUP, 5, "sendgroupmsg"),
        (MessageKind.ROOM, 6, "sendroommsg"),
    )

    def test_who_takes_part_reads(self, anna: UserClient, ben: UserClient, log_in: LogIn) -> None:
        outsider = log_in(3)
        for (kind, xid, method), refusal in zip(self.KINDS, (200021, 200041, 200040), strict=True):
            mtime = call(anna, method, **SENDS[method][0], **message())["mtime"]
            for user in (anna, ben):
                got = user.call("getmsg", named(kind, xid))
                assert set(got) == {"id", "mtype", "msg", "attrs", "mtime"}
                assert (got["mtype"], got["msg"], got["attrs"], got["mtime"]) == (30, "hello", "", mtime)
            assert code(outsider, "getmsg", **named(kind, xid)) == refusal

    def test_everybody_reads_broadcasts(self, client: RawClient, log_in: LogIn) -> None:
        client.call("broadcastmsg", from_=9, **message())
        assert log_in(3).call("getmsg", named(MessageKind.BROADCAST, 0, sender=9))["msg"] == "hello"

    def test_what_is_not_there(self, anna: UserClient) -> None:
        for kind, xid, _ in self.KINDS:
            assert code(anna, "getmsg", **named(kind, xid)) == 200070
            assert code(anna, "delmsg", **named(kind, xid)) == 200070

    def test_only_the_sender_deletes(self, gate: Gate, anna: UserClient, ben: UserClient) -> None:
        for kind, xid, method in self.KINDS:
            call(anna, method, **SENDS[method][0], **message())
            assert code(ben, "delmsg", **named(kind, xid)) == 200021
            assert len(gate.messages()) == 1
            assert call(anna, "delmsg", **named(kind, xid)) == {}
            assert code(anna, "getmsg", **named(kind, xid)) == 200070
            assert gate.messages() == []

    @pytest.mark.parametrize("method", ["getmsg", "delmsg"])
    def test_missing_parameters(self, anna: UserClient, method: str) -> None:
        params = named(MessageKind.P2P, 2)
        for name in params:
            assert code(anna, method, **{key: value for key, value in params.items() if key != name}) == 10009
