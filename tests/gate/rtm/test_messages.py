from __future__ import annotations

import time
from typing import Any

import pytest

from rtm_sdk.gate import Gate, MessageKind
from rtm_sdk.gate.rtm.methods import METHODS

from ..raw_client import RTM_KINDS, RawClient

SENDS: dict[str, dict[str, Any]] = {
    "sendmsg": {"to": 2},
    "sendmsgs": {"tos": [2, 3, 4]},
    "sendgroupmsg": {"gid": 5},
    "sendroommsg": {"rid": 6},
    "broadcastmsg": {},
}
"""The target of each send call."""

MESSAGES: dict[str, dict[str, Any]] = {
    "sendmsg": {"type": 1, "xid": 2},
    "sendmsgs": {"type": 1, "xid": 3},
    "sendgroupmsg": {"type": 2, "xid": 5},
    "sendroommsg": {"type": 3, "xid": 6},
    "broadcastmsg": {"type": 4, "xid": 0},
}
"""How the message of each send call is named afterwards."""


def quest(method: str, **changes: Any) -> dict[str, Any]:
    return {"mtype": 30, "from": 1, "mid": 77, "msg": "hello", "attrs": "", **SENDS[method], **changes}


def named(method: str, mid: int = 77) -> dict[str, Any]:
    return {"mid": mid, "from": 1, **MESSAGES[method]}


@pytest.mark.parametrize("method", SENDS)
class TestSending:
    def test_it_is_stored(self, gate: Gate, client: RawClient, method: str) -> None:
        answer = client.call(method, **quest(method, attrs='{"a":1}'))
        assert set(answer) == {"mtime"}
        assert abs(answer["mtime"] / 1000 - time.time()) < 5
        for message in gate.messages():
            assert (message.from_uid, message.mtype, message.mid) == (1, 30, 77)
            assert (message.message, message.attrs, message.mtime) == ("hello", '{"a":1}', answer["mtime"])
        assert [m.to_id for m in gate.messages()] == {"sendmsgs": [2, 3, 4], "broadcastmsg": [0]}.get(
            method, list(SENDS[method].values())
        )
        got = client.call("getmsg", **named(method))
        assert got.pop("id") in {message.id for message in gate.messages()}
        assert got == {"mtype": 30, "msg": "hello", "attrs": '{"a":1}', "mtime": answer["mtime"]}

    def test_the_same_mid_again(self, gate: Gate, client: RawClient, method: str) -> None:
        client.call(method, **quest(method))
        before = gate.messages()
        assert client.code(method, **quest(method, msg="other")) == 200053
        assert gate.messages() == before

    def test_the_same_mid_again_as_a_success(self, method: str) -> None:
        with Gate(duplicate_mid="success", stored_mtypes=(30,)) as gate, RawClient(gate) as client:
            for mtype in (30, 99):
                first = client.call(method, **quest(method, mid=mtype, mtype=mtype))
                gate.clock.offset = 100
                assert client.call(method, **quest(method, mid=mtype, mtype=mtype, msg="other")) == first
                gate.clock.offset = 0
            assert {message.message for message in gate.messages()} == {"hello"}
            assert len(gate.messages()) == (3 if method == "sendmsgs" else 1)

    @pytest.mark.parametrize("body", ["", "a\0b", "\U0001f600", b"", b"\xff\xfe", b"utf-8"])
    def test_bodies_stay_what_they_are(self, client: RawClient, method: str, body: str | bytes) -> None:
        client.call(method, **quest(method, msg=body))
        got = client.call("getmsg", **named(method))["msg"]
        assert (got, type(got)) == (body, type(body))

    @pytest.mark.parametrize("mtype", [0, 1, 29, 31, 33, 40, 50, -1, -128])
    def test_reserved_types(self, gate: Gate, client: RawClient, method: str, mtype: int) -> None:
        assert client.code(method, **quest(method, mtype=mtype)) == 200005
        assert gate.messages() == []

    @pytest.mark.parametrize("mtype", [30, 32, 51, 127])
    def test_types_that_may_be_sent(self, client: RawClient, method: str, mtype: int) -> None:
        assert client.code(method, **quest(method, mtype=mtype)) == 0

    def test_types_that_are_not_kept(self, gate: Gate, client: RawClient, method: str) -> None:
        client.call(method, **quest(method, mtype=66))
        assert gate.messages() == []
        assert client.code("getmsg", **named(method)) == 200070
        assert client.code(method, **quest(method, mtype=66)) == 200053

    def test_types_that_are_kept_by_option(self, method: str) -> None:
        with Gate(stored_mtypes=range(128)) as gate, RawClient(gate) as client:
            client.call(method, **quest(method, mtype=66))
            assert client.call("getmsg", **named(method))["mtype"] == 66

    @pytest.mark.parametrize("name", ["mtype", "from", "mid", "msg", "attrs"])
    def test_a_missing_parameter(self, client: RawClient, method: str, name: str) -> None:
        params = quest(method)
        del params[name]
        assert client.code(method, **params) == 10009

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"mtype": "30"}, 10010),
            ({"mtype": 128}, 10010),
            ({"msg": 5}, 10010),
            ({"msg": None}, 10010),
            ({"attrs": {}}, 10010),
            ({"from": 1.0}, 10010),
            ({"from": 0}, 200001),
            ({"from": -1}, 200001),
            ({"mid": 0}, 200034),
            ({"mid": -1}, 200034),
            ({"mid": 2**63}, 10010),
        ],
    )
    def test_a_wrong_parameter(self, gate: Gate, client: RawClient, method: str, wrong: Any, code: int) -> None:
        assert client.code(method, **quest(method, **wrong)) == code
        assert gate.messages() == []

    def test_sizes(self, method: str) -> None:
        with Gate(max_message=10, max_attrs=8) as gate, RawClient(gate) as client:
            assert client.code(method, **quest(method, msg="äöüßé", attrs="12345678")) == 0
            assert client.code(method, **quest(method, msg=b"x" * 10, mid=2)) == 0
            for large in ({"msg": "äöüßéx"}, {"msg": b"x" * 11}, {"attrs": "123456789"}):
                assert client.code(method, **quest(method, mid=3, **large)) == 200030
            assert {message.mid for message in gate.messages()} == {77, 2}


@pytest.mark.parametrize(
    ("method", "wrong", "code"),
    [
        ("sendmsg", {"to": 0}, 200001),
        ("sendmsg", {"to": "2"}, 10010),
        ("sendmsg", {"to": 1}, 200052),
        ("sendmsgs", {"tos": []}, 200033),
        ("sendmsgs", {"tos": [2, 0]}, 200001),
        ("sendmsgs", {"tos": [2, 1]}, 200052),
        ("sendmsgs", {"tos": list(range(2, 1003))}, 200032),
        ("sendmsgs", {"tos": 2}, 10010),
        ("sendgroupmsg", {"gid": 0}, 200034),
        ("sendgroupmsg", {"gid": None}, 10010),
        ("sendroommsg", {"rid": -1}, 200034),
    ],
)
def test_wrong_targets(gate: Gate, client: RawClient, method: str, wrong: Any, code: int) -> None:
    assert client.code(method, **quest(method, **wrong)) == code
    assert gate.messages() == []


@pytest.mark.parametrize(
    ("method", "name"), [("sendmsg", "to"), ("sendmsgs", "tos"), ("sendgroupmsg", "gid"), ("sendroommsg", "rid")]
)
def test_missing_targets(client: RawClient, method: str, name: str) -> None:
    params = quest(method)
    del params[name]
    assert client.code(method, **params) == 10009


class TestSeveralReceivers:
    def test_each_once(self, gate: Gate, client: RawClient) -> None:
        client.call("sendmsgs", **quest("sendmsgs", tos=[2, 3, 2]))
        assert [(m.to_id, m.mid) for m in gate.messages()] == [(2, 77), (3, 77)]

    def test_a_map_in_place_of_a_list(self, gate: Gate, client: RawClient) -> None:
        client.call("sendmsgs", **quest("sendmsgs", tos={2: {}, 3: {}}))
        assert [m.to_id for m in gate.messages()] == [2, 3]

    def test_those_who_do_not_have_it_get_it(self, gate: Gate, client: RawClient) -> None:
        client.call("sendmsg", **quest("sendmsg"))
        client.call("sendmsgs", **quest("sendmsgs", msg="other"))
        assert [(m.to_id, m.message) for m in gate.messages()] == [(2, "hello"), (3, "other"), (4, "other")]


class TestMids:
    def test_one_mid_in_different_conversations(self, gate: Gate, client: RawClient) -> None:
        for method in ("sendmsg", "sendgroupmsg", "sendroommsg", "broadcastmsg"):
            client.call(method, **quest(method))
        client.call("sendmsg", **quest("sendmsg", **{"from": 3}))
        client.call("sendmsg", **quest("sendmsg", **{"from": 2, "to": 1}))
        assert len(gate.messages(mid=77)) == 6

    def test_a_deleted_message_keeps_its_mid(self, client: RawClient) -> None:
        client.call("sendmsg", **quest("sendmsg"))
        client.call("delmsg", **named("sendmsg"))
        assert client.code("sendmsg", **quest("sendmsg")) == 200053


class TestMembership:
    @pytest.mark.parametrize(
        ("method", "join", "code"),
        [
            ("sendgroupmsg", ("addgroupmembers", {"gid": 5, "uids": [1]}), 200041),
            ("sendroommsg", ("addroommember", {"rid": 6, "uid": 1}), 200040),
        ],
    )
    def test_by_option(self, method: str, join: tuple[str, Any], code: int) -> None:
        with Gate(enforce_membership=True) as gate, RawClient(gate) as client:
            assert client.code(method, **quest(method)) == code
            assert gate.messages() == []
            client.call(join[0], **join[1])
            assert client.code(method, **quest(method)) == 0

    @pytest.mark.parametrize(
        ("method", "ban", "code"),
        [
            ("sendgroupmsg", ("addgroupban", {"gid": 5}), 200044),
            ("sendgroupmsg", ("addgroupban", {}), 200044),
            ("sendroommsg", ("addroomban", {"rid": 6}), 200045),
            ("sendroommsg", ("addroomban", {}), 200045),
        ],
    )
    def test_bans(self, gate: Gate, client: RawClient, method: str, ban: tuple[str, Any], code: int) -> None:
        client.call(ban[0], uid=1, btime=60, **ban[1])
        assert client.code(method, **quest(method)) == code
        assert client.code(method, **quest(method, **{"from": 2})) == 0
        assert client.code("sendmsg", **quest("sendmsg")) == 0
        gate.clock.offset = 61
        assert client.raw(method, client.signed(method, quest(method), ts=int(time.time()) + 61))["mtime"]


@pytest.mark.parametrize("method", SENDS)
class TestOneMessage:
    def test_unknown_ones(self, client: RawClient, method: str) -> None:
        client.call(method, **quest(method))
        edit = {"msg": "new", "attrs": "", "timeLimit": 0}
        for changed in ({"mid": 78}, {"from": 9}, *([] if method == "broadcastmsg" else [{"xid": 99}])):
            for call, more in (("getmsg", {}), ("delmsg", {}), ("editmsg", edit)):
                assert client.code(call, **{**named(method), **more, **changed}) == 200070

    def test_delete(self, gate: Gate, client: RawClient, method: str) -> None:
        client.call(method, **quest(method))
        number = len(gate.messages())
        assert client.call("delmsg", **named(method)) == {}
        assert len(gate.messages()) == number - 1
        assert client.code("getmsg", **named(method)) == 200070
        assert client.code("editmsg", **named(method), msg="x", attrs="", timeLimit=0) == 200070
        assert client.call("delmsg", **named(method)) == {}

    def test_edit(self, gate: Gate, client: RawClient, method: str) -> None:
        client.call(method, **quest(method))
        before = client.call("getmsg", **named(method))
        assert client.call("editmsg", **named(method), msg="new", attrs="{}", timeLimit=0) == {}
        assert client.call("getmsg", **named(method)) == {**before, "msg": "new", "attrs": "{}"}
        assert client.call("editmsg", **named(method), msg=b"\xff", attrs="", timeLimit=60_000) == {}
        assert client.call("getmsg", **named(method)) == {**before, "msg": b"\xff", "attrs": ""}

    def test_edit_too_late(self, gate: Gate, client: RawClient, method: str) -> None:
        client.call(method, **quest(method))
        gate.clock.offset = 100
        assert client.code("editmsg", **named(method), msg="new", attrs="", timeLimit=99_000) == 200021
        assert client.code("editmsg", **named(method), msg="new", attrs="", timeLimit=110_000) == 0
        assert client.code("editmsg", **named(method), msg="new", attrs="", timeLimit=0) == 0


@pytest.mark.parametrize("call", ["getmsg", "delmsg", "editmsg"])
def test_naming_a_message_wrongly(client: RawClient, call: str) -> None:
    good = {**named("sendgroupmsg"), "msg": "new", "attrs": "", "timeLimit": 0}
    assert client.code(call, **{**good, "type": 5}) == 200034
    assert client.code(call, **{**good, "mid": 0}) == 200034
    assert client.code(call, **{**good, "from": 0}) == 200001
    assert client.code(call, **{**good, "xid": "5"}) == 10010
    for name in ("mid", "from", "xid", "type"):
        params = dict(good)
        del params[name]
        assert client.code(call, **params) == 10009


def test_edits_are_checked_like_sends(client: RawClient) -> None:
    good = {**named("sendgroupmsg"), "msg": "new", "attrs": "", "timeLimit": 0}
    client.call("sendgroupmsg", **quest("sendgroupmsg"))
    assert client.code("editmsg", **{**good, "timeLimit": -1}) == 200034
    assert client.code("editmsg", **{**good, "msg": "x" * 262145}) == 200030
    assert client.code("editmsg", **{**good, "attrs": "x" * 65536}) == 200030
    for name in ("msg", "attrs", "timeLimit"):
        params = dict(good)
        del params[name]
        assert client.code("editmsg", **params) == 10009


class TestCleaning:
    def fill(self, gate: Gate, client: RawClient) -> list[int]:
        """Three messages each way in every kind of conversation; the three times."""
        times = []
        for number in range(3):
            gate.clock.offset = 10 * number
            ts = int(gate.clock.seconds())
            mtimes = []
            for sender, other in ((1, 2), (2, 1)):
                for method in ("sendmsg", "sendgroupmsg", "sendroommsg", "broadcastmsg"):
                    params = quest(method, mid=number + 1, **{"from": sender})
                    if method == "sendmsg":
                        params["to"] = other
                    mtimes.append(client.raw(method, client.signed(method, params, ts=ts))["mtime"])
            times.append(max(mtimes))
        gate.clock.offset = 0
        return times

    def left(self, gate: Gate, kind: MessageKind) -> list[tuple[int | str, int]]:
        return [(m.from_uid, m.mid) for m in gate.messages(kind=kind)]

    everything = ((1, 1), (2, 1), (1, 2), (2, 2), (1, 3), (2, 3))

    @pytest.mark.parametrize(
        ("kind", "sender", "target", "left"),
        [
            (MessageKind.P2P, 1, 2, [(1, 1), (2, 1), (1, 3), (2, 3)]),
            (MessageKind.P2P, 2, 1, [(1, 1), (2, 1), (1, 3), (2, 3)]),
            (MessageKind.GROUP, 0, 5, [(1, 1), (2, 1), (1, 3), (2, 3)]),
            (MessageKind.ROOM, 0, 6, [(1, 1), (2, 1), (1, 3), (2, 3)]),
            (MessageKind.BROADCAST, 0, 0, [(1, 1), (2, 1), (1, 3), (2, 3)]),
            (MessageKind.BROADCAST, 1, 0, [(1, 1), (2, 1), (2, 2), (1, 3), (2, 3)]),
        ],
    )
    def test_a_range(
        self, gate: Gate, client: RawClient, kind: MessageKind, sender: int, target: int, left: list[tuple[int, int]]
    ) -> None:
        times = self.fill(gate, client)
        begin, end = times[0] + 1, times[1]
        assert client.call("cleanmsg", type=kind, **{"from": sender}, xid=target, begin=begin, end=end) == {}
        for other in map(MessageKind, RTM_KINDS):
            assert self.left(gate, other) == (left if other == kind else list(self.everything))

    def test_without_bounds(self, gate: Gate, client: RawClient) -> None:
        self.fill(gate, client)
        client.call("cleanmsg", type=2, **{"from": 0}, xid=5, begin=0, end=0)
        assert self.left(gate, MessageKind.GROUP) == []
        assert len(gate.messages()) == 18

    def test_what_is_wrong(self, client: RawClient) -> None:
        good = {"type": 2, "from": 0, "xid": 5, "begin": 0, "end": 0}
        assert client.code("cleanmsg", **{**good, "begin": -1}) == 200034
        assert client.code("cleanmsg", **{**good, "from": -1}) == 200001
        assert client.code("cleanmsg", **{**good, "type": 1}) == 200001
        for kind in (0, 5, MessageKind.GOOGLE_CHAT, MessageKind.BEARYCHAT):
            assert client.code("cleanmsg", **{**good, "type": kind}) == 200034
        for name in good:
            assert client.code("cleanmsg", **{key: value for key, value in good.items() if key != name}) == 10009

    @pytest.mark.parametrize(("kind", "target"), [(MessageKind.GROUP, 5), (MessageKind.ROOM, 6)])
    def test_everything_of_one_sender(self, gate: Gate, client: RawClient, kind: MessageKind, target: int) -> None:
        self.fill(gate, client)
        assert client.call("delconversationmsgs", type=kind, **{"from": 1}, xid=target) == {}
        for other in map(MessageKind, RTM_KINDS):
            assert self.left(gate, other) == ([(2, 1), (2, 2), (2, 3)] if other == kind else list(self.everything))

    @pytest.mark.parametrize(("kind", "target", "code"), [(1, 2, 200034), (4, 0, 200034), (2, 0, 200034)])
    def test_everything_of_one_sender_elsewhere(self, client: RawClient, kind: int, target: int, code: int) -> None:
        assert client.code("delconversationmsgs", type=kind, **{"from": 1}, xid=target) == code


def test_a_send_is_undone_when_a_later_part_of_it_fails(
    gate: Gate, client: RawClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store, original, calls = gate._inside().store, gate._inside().store.add, 0

    def fail_at_the_third(*args: Any) -> bool:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError("third")
        return original(*args)

    monkeypatch.setattr(store, "add", fail_at_the_third)
    assert "sendmsgs" in METHODS
    assert client.code("sendmsgs", **quest("sendmsgs")) == 20001
    assert gate.messages() == []
    assert "RuntimeError: third" in caplog.text
