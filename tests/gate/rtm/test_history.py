from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate import Gate
from rtm_sdk.gate.rtm.history import MAX_ROWS

from ..raw_client import RawClient

READS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "getp2pmsg": ("sendmsg", {"to": 2}, {"uid": 1, "ouid": 2}),
    "getgroupmsg": ("sendgroupmsg", {"gid": 5}, {"uid": 9, "gid": 5}),
    "getroommsg": ("sendroommsg", {"rid": 6}, {"uid": 9, "rid": 6}),
    "getbroadcastmsg": ("broadcastmsg", {}, {"uid": 9}),
}
"""The call that sends what each call reads, its target, and how the conversation is named."""


def fill(client: RawClient, read: str, number: int, *, first: int = 1, mtype: int = 30) -> None:
    send, target, _ = READS[read]
    seqs = []
    for mid in range(first, first + number):
        params = {"mtype": mtype, "from": 1, "mid": mid, "msg": f"message {mid}", "attrs": str(mid), **target}
        seqs.append(client.send(send, client.signed(send, params)))
    for seq in seqs:
        client.receive(seq)


def ask(client: RawClient, read: str, **params: Any) -> dict[str, Any]:
    return client.call(read, **READS[read][2], **{"desc": False, "num": 20, **params})


def mids(answer: dict[str, Any]) -> list[int]:
    return [row[3] for row in answer["msgs"]]


@pytest.mark.parametrize("read", READS)
class TestPages:
    def test_a_row(self, gate: Gate, client: RawClient, read: str) -> None:
        fill(client, read, 1)
        (message,) = gate.messages()
        assert ask(client, read) == {
            "num": 1,
            "lastid": message.id,
            "begin": 0,
            "end": 0,
            "msgs": [[message.id, 1, 30, 1, False, "message 1", "1", message.mtime]],
        }

    def test_nothing(self, client: RawClient, read: str) -> None:
        fill(client, next(other for other in READS if other != read), 3)
        assert ask(client, read) == {"num": 0, "lastid": 0, "begin": 0, "end": 0, "msgs": []}
        assert ask(client, read, lastid=7, begin=5, end=9) == {"num": 0, "lastid": 7, "begin": 5, "end": 9, "msgs": []}

    @pytest.mark.parametrize("desc", [False, True])
    @pytest.mark.parametrize("num", [7, 20])
    def test_all_of_it_page_by_page(self, client: RawClient, read: str, desc: bool, num: int) -> None:
        fill(client, read, 205)
        client.call("sendgroupmsg", mtype=30, **{"from": 1}, gid=50, mid=1, msg="elsewhere", attrs="")
        found: list[int] = []
        cursor = {"lastid": 0, "begin": 0, "end": 0}
        while True:
            page = ask(client, read, desc=desc, num=num, **cursor)
            assert page["num"] == len(page["msgs"]) <= num
            found += mids(page)
            cursor = {name: page[name] for name in cursor}
            if not page["num"]:
                break
        assert found == sorted(range(1, 206), reverse=desc)

    def test_messages_that_come_while_it_is_read(self, client: RawClient, read: str) -> None:
        fill(client, read, 30)
        forwards, backwards = ask(client, read), ask(client, read, desc=True)
        fill(client, read, 5, first=31)
        assert mids(ask(client, read, lastid=forwards["lastid"])) == list(range(21, 36))
        assert mids(ask(client, read, desc=True, lastid=backwards["lastid"])) == list(range(10, 0, -1))

    def test_more_than_the_most(self, client: RawClient, read: str) -> None:
        fill(client, read, 25)
        assert ask(client, read, num=100)["num"] == MAX_ROWS == 20

    @pytest.mark.parametrize(("num", "code"), [(0, 200034), (-1, 200034), (32768, 10010), ("10", 10010), (None, 10010)])
    def test_a_wrong_number(self, client: RawClient, read: str, num: Any, code: int) -> None:
        assert client.code(read, **READS[read][2], desc=False, num=num) == code

    def test_bounds_are_inclusive(self, gate: Gate, client: RawClient, read: str) -> None:
        times = []
        for number in range(1, 4):
            gate.clock.offset = number
            fill(client, read, 1, first=number)
            times.append(gate.messages(mid=number)[0].mtime)
        assert mids(ask(client, read, begin=times[1])) == [2, 3]
        assert mids(ask(client, read, begin=times[1] + 1)) == [3]
        assert mids(ask(client, read, end=times[1])) == [1, 2]
        assert mids(ask(client, read, end=times[1] - 1)) == [1]
        assert mids(ask(client, read, begin=times[1], end=times[1])) == [2]
        assert mids(ask(client, read, begin=times[2], end=times[0])) == []
        assert mids(ask(client, read, desc=True, begin=times[0] + 1)) == [3, 2]

    def test_types(self, read: str) -> None:
        with Gate(stored_mtypes=range(128)) as gate, RawClient(gate) as client:
            for number, mtype in enumerate((30, 32, 66, 30), 1):
                fill(client, read, 1, first=number, mtype=mtype)
            assert mids(ask(client, read)) == mids(ask(client, read, mtypes=[])) == [1, 2, 3, 4]
            assert mids(ask(client, read, mtypes=[30])) == [1, 4]
            assert mids(ask(client, read, mtypes=[66, 32])) == [2, 3]
            assert mids(ask(client, read, mtypes=[40])) == []

    def test_deleted_messages_are_left_out(self, gate: Gate, client: RawClient, read: str) -> None:
        fill(client, read, 30)
        kind = {"getp2pmsg": 1, "getgroupmsg": 2, "getroommsg": 3, "getbroadcastmsg": 4}[read]
        xid = next(iter(READS[read][1].values()), 0)
        for mid in range(2, 31, 2):
            client.call("delmsg", mid=mid, **{"from": 1}, xid=xid, type=kind)
        assert mids(ask(client, read)) == list(range(1, 30, 2))
        assert mids(ask(client, read, desc=True, num=10)) == list(range(29, 10, -2))

    def test_edited_messages_are_shown_as_they_are_now(self, client: RawClient, read: str) -> None:
        fill(client, read, 1)
        kind = {"getp2pmsg": 1, "getgroupmsg": 2, "getroommsg": 3, "getbroadcastmsg": 4}[read]
        xid = next(iter(READS[read][1].values()), 0)
        client.call("editmsg", mid=1, **{"from": 1}, xid=xid, type=kind, msg="new", attrs="{}", timeLimit=0)
        assert ask(client, read)["msgs"][0][5:7] == ["new", "{}"]

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"desc": 1}, 10010),
            ({"lastid": -1}, 200034),
            ({"lastid": "1"}, 10010),
            ({"begin": -1}, 200034),
            ({"end": 2**63}, 10010),
            ({"mtypes": [300]}, 10010),
            ({"mtypes": "30"}, 10010),
            ({"uid": 0}, 200001),
            ({"uid": "1"}, 10010),
        ],
    )
    def test_wrong_parameters(self, client: RawClient, read: str, wrong: Any, code: int) -> None:
        assert client.code(read, **{**READS[read][2], "desc": False, "num": 20, **wrong}) == code

    def test_missing_parameters(self, client: RawClient, read: str) -> None:
        good = {**READS[read][2], "desc": False, "num": 20}
        for name in good:
            assert client.code(read, **{key: value for key, value in good.items() if key != name}) == 10009


class TestDirection:
    def test_it_depends_on_who_asks(self, client: RawClient) -> None:
        for mid, (sender, receiver) in enumerate([(1, 2), (2, 1), (1, 2), (1, 3)], 1):
            client.call("sendmsg", mtype=30, **{"from": sender}, to=receiver, mid=mid, msg="x", attrs="")
        asked = {"desc": False, "num": 20}
        assert [row[1] for row in client.call("getp2pmsg", uid=1, ouid=2, **asked)["msgs"]] == [1, 2, 1]
        assert [row[1] for row in client.call("getp2pmsg", uid=2, ouid=1, **asked)["msgs"]] == [2, 1, 2]
        assert client.call("getp2pmsg", uid=2, ouid=3, **asked)["num"] == 0

    def test_with_nobody(self, client: RawClient) -> None:
        assert client.code("getp2pmsg", uid=1, ouid=0, desc=False, num=20) == 200001


class TestNumber:
    @pytest.mark.parametrize(
        ("kind", "send", "target"), [(2, "sendgroupmsg", {"gid": 5}), (3, "sendroommsg", {"rid": 5})]
    )
    def test_messages_and_senders(self, gate: Gate, client: RawClient, kind: int, send: str, target: Any) -> None:
        times = []
        for mid, (sender, mtype) in enumerate([(1, 30), (1, 32), (2, 30), (3, 32), (3, 66)], 1):
            gate.clock.offset = mid
            params = {"mtype": mtype, "from": sender, "mid": mid, "msg": "x", "attrs": "", **target}
            times.append(client.call(send, **params)["mtime"])
        client.call("delmsg", mid=4, **{"from": 3}, xid=5, type=kind)
        assert client.call("getmsgnum", type=kind, xid=5) == {"sender": 2, "num": 3}
        assert client.call("getmsgnum", type=kind, xid=5, mtypes=[], begin=0, end=0) == {"sender": 2, "num": 3}
        assert client.call("getmsgnum", type=kind, xid=5, mtypes=[30]) == {"sender": 2, "num": 2}
        assert client.call("getmsgnum", type=kind, xid=5, begin=times[1], end=times[1]) == {"sender": 1, "num": 1}
        assert client.call("getmsgnum", type=kind, xid=6) == {"sender": 0, "num": 0}
        assert client.call("getmsgnum", type=5 - kind, xid=5) == {"sender": 0, "num": 0}

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"type": 1}, 200034),
            ({"type": 4, "xid": 0}, 200034),
            ({"xid": 0}, 200034),
            ({"type": "2"}, 10010),
            ({"end": -1}, 200034),
        ],
    )
    def test_wrong_parameters(self, client: RawClient, wrong: Any, code: int) -> None:
        assert client.code("getmsgnum", **{"type": 2, "xid": 5, **wrong}) == code
