"""Who hears what, and what a push looks like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rtm_sdk.fpnn.frames import pack
from rtm_sdk.fpnn.session import QuestArrived
from rtm_sdk.gate import Gate
from rtm_sdk.gate.rtm.listening import MAX_LISTENED

from ..raw_client import RawClient, file_attrs
from .test_messages import quest

HEARD: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "sendmsg": ("pushmsg", {"to": 2}, {"uids": [2]}),
    "sendgroupmsg": ("pushgroupmsg", {"gid": 5, "to": 5}, {"gids": [5]}),
    "sendroommsg": ("pushroommsg", {"rid": 6, "to": 6}, {"rids": [6]}),
}
"""How a message is pushed, to whom it says it went, and what to listen to."""

SWITCHES = {"sendmsg": "p2p", "sendgroupmsg": "group", "sendroommsg": "room"}


@pytest.fixture
def listener(gate: Gate) -> Iterator[RawClient]:
    with RawClient(gate) as listener:
        yield listener


def heard(listener: RawClient, client: RawClient) -> list[QuestArrived]:
    """What the listener was pushed so far: the gate marks the end of it."""
    client.call("sendroommsg", **quest("sendroommsg", rid=999, mid=next(_marks)))
    pushes = []
    while (push := listener.pushed()).params.get("rid") != 999:
        pushes.append(push)
    return pushes


_marks = iter(range(10**9, 2 * 10**9))


def mids(listener: RawClient, client: RawClient) -> list[int]:
    return [push.params["mid"] for push in heard(listener, client)]


class TestPushes:
    @pytest.mark.parametrize("method", HEARD)
    @pytest.mark.parametrize("body", ["hello", "", "\U0001f600", b"\xff\xfe", b"utf-8"])
    @pytest.mark.parametrize("mtype", [30, 32, 66])
    def test_a_message_as_it_was_sent(
        self, client: RawClient, listener: RawClient, method: str, body: str | bytes, mtype: int
    ) -> None:
        name, target, lists = HEARD[method]
        assert listener.call("addlisten", **lists) == {}
        sent = quest(method, msg=body, attrs='{"a":1}', mtype=mtype, mid=2**62)
        mtime = client.call(method, **sent)["mtime"]
        push = listener.pushed()
        assert push.method == name
        assert push.params == {
            "from": 1,
            **target,
            "mtype": mtype,
            "mid": 2**62,
            "msg": body,
            "attrs": '{"a":1}',
            "mtime": mtime,
        }
        assert type(push.params["msg"]) is type(body)
        assert push.seq is not None

    @pytest.mark.parametrize(
        ("cmd", "lists", "target"),
        [
            ("sendfile", {"uids": [2]}, {"to": 2}),
            ("sendfiles", {"uids": [3]}, {"tos": [2, 3]}),
            ("sendgroupfile", {"gids": [5]}, {"gid": 5}),
            ("sendroomfile", {"rids": [6]}, {"rid": 6}),
        ],
    )
    def test_a_file(
        self, client: RawClient, listener: RawClient, cmd: str, lists: dict[str, Any], target: dict[str, Any]
    ) -> None:
        listener.call("addlisten", **lists)
        token = client.call("filetoken", cmd=cmd, from_=1, **target)["token"]
        attrs = file_attrs(b"content", token, custom={"a": 1}, ext="txt")
        file = {"mtype": 50, "from": 1, "mid": 7, "file": b"content", "attrs": attrs, "token": token, **target}
        mtime = client.raw(cmd, {"pid": client.pid, **file})["mtime"]
        pushed = listener.pushed().params
        assert (pushed["from"], pushed["mtype"], pushed["mid"], pushed["mtime"]) == (1, 50, 7, mtime)
        body = json.loads(pushed["msg"])
        assert set(body) == {"url", "size"}
        assert body["size"] == 7
        assert json.loads(pushed["attrs"]) == {"rtm": {"ext": "txt"}, "custom": {"a": 1}}

    def test_several_receivers_are_several_messages(self, client: RawClient, listener: RawClient) -> None:
        listener.call("setlisten", p2p=True)
        client.call("sendmsgs", **quest("sendmsgs"))
        assert [(listener.pushed().params["to"]) for _ in range(3)] == [2, 3, 4]

    def test_once_though_several_subscriptions_fit(self, client: RawClient, listener: RawClient) -> None:
        listener.call("setlisten", p2p=True, uids=[1, 2], rids=[999])
        listener.call("addlisten", uids=[1, 2])
        client.call("sendmsg", **quest("sendmsg", mid=1))
        client.call("sendmsg", **quest("sendmsg", mid=2))
        assert mids(listener, client) == [1, 2]

    def test_a_repeated_mid_is_not_pushed_again(self, client: RawClient, listener: RawClient) -> None:
        listener.call("setlisten", p2p=True, room=True)
        client.call("sendmsg", **quest("sendmsg", mid=1))
        assert client.code("sendmsg", **quest("sendmsg", mid=1)) == 200053
        client.call("sendmsgs", **quest("sendmsgs", mid=1))
        assert [(push.params["to"], push.params["mid"]) for push in heard(listener, client)] == [(2, 1), (3, 1), (4, 1)]

    def test_a_refused_message_is_not_pushed(self, client: RawClient, listener: RawClient) -> None:
        listener.call("setlisten", p2p=True, group=True, room=True)
        client.call("addprojectban", uid=1, btime=60)
        assert client.code("sendmsg", **quest("sendmsg")) == 200021
        client.call("removeprojectban", uid=1)
        assert mids(listener, client) == []

    def test_a_broadcast_is_not_pushed(self, client: RawClient, listener: RawClient) -> None:
        listener.call("setlisten", p2p=True, group=True, room=True, ev=True)
        listener.call("addlisten", uids=[1], gids=[1], rids=[1])
        client.call("broadcastmsg", **quest("broadcastmsg"))
        assert mids(listener, client) == []

    def test_the_own_connection_hears_as_well(self, client: RawClient) -> None:
        client.call("setlisten", p2p=True)
        mtime = client.call("sendmsg", **quest("sendmsg"))["mtime"]
        assert client.pushed().params["mtime"] == mtime

    def test_in_the_order_in_which_they_were_sent_and_behind_the_answers(
        self, client: RawClient, listener: RawClient
    ) -> None:
        listener.call("setlisten", p2p=True, group=True)
        sends = [(("sendmsg", "sendgroupmsg")[mid % 2], mid) for mid in range(1, 2001)]
        wires = [client.encode(name, client.signed(name, quest(name, mid=mid))) for name, mid in sends]
        client.socket.sendall(b"".join(wire for _, wire in wires))
        assert [listener.pushed().params["mid"] for _ in sends] == [mid for _, mid in sends]

        listen = listener.encode("setlisten", listener.signed("setlisten", {"p2p": True}))
        send = listener.encode("sendmsg", listener.signed("sendmsg", quest("sendmsg", mid=9999)))
        listener.socket.sendall(listen[1] + send[1])
        assert listener.pushed().params["mid"] == 9999
        assert set(listener.answers) == {listen[0], send[0]}

    def test_it_is_stored_before(self, gate: Gate, client: RawClient, listener: RawClient) -> None:
        listener.call("setlisten", p2p=True)
        seqs = [client.send("sendmsg", client.signed("sendmsg", quest("sendmsg", mid=mid))) for mid in range(1, 101)]
        for _ in seqs:
            push = listener.pushed().params
            assert listener.call("getmsg", from_=1, xid=2, type=1, mid=push["mid"])["mtime"] == push["mtime"]

    def test_what_cannot_be_stored_is_not_pushed(
        self, gate: Gate, client: RawClient, listener: RawClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        listener.call("setlisten", p2p=True, room=True)
        store = gate._inside().store
        (pages,) = gate._do(lambda: store.execute("PRAGMA page_count").fetchone())
        gate._do(lambda: store.execute(f"PRAGMA max_page_count = {pages}"))
        sent = list(range(1, 21))
        codes = [client.code("sendmsg", **quest("sendmsg", mid=mid, msg="x" * 1000)) for mid in sent]
        gate._do(lambda: store.execute("PRAGMA max_page_count = 100000"))
        assert 20001 in codes
        assert mids(listener, client) == [mid for mid, code in zip(sent, codes, strict=True) if not code]

    def test_a_push_over_the_limit_of_a_frame_is_left_out(self, caplog: pytest.LogCaptureFixture) -> None:
        with Gate(max_frame=2048) as gate, RawClient(gate) as client, RawClient(gate) as listener:
            listener.call("setlisten", p2p=True, room=True)
            (connection,) = (c for c in gate._inside().shared.connections if repr(c).endswith(f":{port(listener)}>"))
            gate._do(lambda: connection.push("pushmsg", pack({"msg": "x" * 2048})))
            assert mids(listener, client) == []
        assert "a pushmsg is not pushed: a frame of" in caplog.text


def port(client: RawClient) -> int:
    number: int = client.socket.getsockname()[1]
    return number


class TestSubscriptions:
    @pytest.mark.parametrize("method", HEARD)
    def test_lists(self, client: RawClient, listener: RawClient, method: str) -> None:
        _, _, lists = HEARD[method]
        listener.call("addlisten", rids=[999])
        listener.call("addlisten", **lists)
        client.call(method, **quest(method, mid=1))
        client.call(method, **quest(method, mid=2, to=3, gid=7, rid=8))
        listener.call("removelisten", **lists)
        client.call(method, **quest(method, mid=3))
        listener.call("setlisten", **{**lists, "rids": [999, *lists.get("rids", [])]})
        client.call(method, **quest(method, mid=4))
        listener.call("setlisten", rids=[999])
        client.call(method, **quest(method, mid=5))
        assert mids(listener, client) == [1, 4]

    @pytest.mark.parametrize("method", HEARD)
    def test_switches(self, client: RawClient, listener: RawClient, method: str) -> None:
        listener.call("addlisten", rids=[999])
        for mid, switches in enumerate(
            ({SWITCHES[method]: True}, {"ev": True}, dict.fromkeys(SWITCHES.values(), True), {SWITCHES[method]: False})
        ):
            assert listener.call("setlisten", **switches) == {}
            client.call(method, **quest(method, mid=mid + 1))
        assert mids(listener, client) == [1, 3]

    def test_lists_and_switches_are_kept_apart(self, client: RawClient, listener: RawClient) -> None:
        listener.call("setlisten", uids=[2], rids=[999])
        listener.call("setlisten", group=True)
        client.call("sendmsg", **quest("sendmsg", mid=1))
        client.call("sendgroupmsg", **quest("sendgroupmsg", mid=2))
        listener.call("setlisten", gids=[5], rids=[999])
        client.call("sendmsg", **quest("sendmsg", mid=3))
        client.call("sendgroupmsg", **quest("sendgroupmsg", mid=4, gid=77))
        listener.call("setlisten", p2p=True)
        client.call("sendgroupmsg", **quest("sendgroupmsg", mid=5))
        client.call("sendgroupmsg", **quest("sendgroupmsg", mid=6, gid=77))
        assert mids(listener, client) == [1, 2, 4, 5]

    def test_both_at_once_as_node_sends_them(self, client: RawClient, listener: RawClient) -> None:
        listener.call("setlisten", p2p=False, group=True, room=False, ev=False, uids=[2], gids=[], rids=[999])
        client.call("sendmsg", **quest("sendmsg", mid=1))
        client.call("sendmsg", **quest("sendmsg", mid=2, to=3))
        client.call("sendgroupmsg", **quest("sendgroupmsg", mid=3))
        assert mids(listener, client) == [1, 3]

    def test_nothing_at_all(self, client: RawClient, listener: RawClient) -> None:
        listener.call("setlisten", p2p=True, group=True)
        listener.call("addlisten", uids=[2], gids=[5])
        assert listener.call("setlisten") == {}
        client.call("sendmsg", **quest("sendmsg", mid=1))
        listener.call("addlisten", rids=[999])
        assert mids(listener, client) == []

    def test_maps_as_go_sends_them(self, client: RawClient, listener: RawClient) -> None:
        listener.call("setlisten", uids={2: {}}, gids={"5": {}}, rids={"999": {}}, events={"login": {}})
        client.call("sendmsg", **quest("sendmsg", mid=1))
        client.call("sendgroupmsg", **quest("sendgroupmsg", mid=2))
        assert mids(listener, client) == [1, 2]

    def test_empty_lists_as_cpp_sends_them(self, client: RawClient, listener: RawClient) -> None:
        for method in ("addlisten", "removelisten", "setlisten"):
            assert listener.call(method, uids=[], gids=[], rids=[], events=[]) == {}
        assert listener.call("addlisten", uids=[2], gids=[], rids=[999], events=[]) == {}
        assert listener.call("removelisten", uids=[], gids=[], rids=[], events=[]) == {}
        client.call("sendmsg", **quest("sendmsg", mid=1))
        assert mids(listener, client) == [1]

    def test_of_senders_and_receivers(self, client: RawClient, listener: RawClient) -> None:
        listener.call("addlisten", uids=[7], rids=[999])
        for mid, who in enumerate(({"from": 7, "to": 8}, {"from": 8, "to": 7}, {"from": 8, "to": 9})):
            client.call("sendmsg", **quest("sendmsg", mid=mid + 1, **who))
        assert mids(listener, client) == [1, 2]

    def test_of_senders_only(self) -> None:
        with Gate(listen_to_receivers=False) as gate, RawClient(gate) as client, RawClient(gate) as listener:
            listener.call("addlisten", uids=[7], rids=[999])
            for mid, who in enumerate(({"from": 7, "to": 8}, {"from": 8, "to": 7}, {"from": 8, "to": 9})):
                client.call("sendmsg", **quest("sendmsg", mid=mid + 1, **who))
            assert mids(listener, client) == [1]

    def test_they_belong_to_the_connection(self, gate: Gate, client: RawClient, listener: RawClient) -> None:
        listener.call("addlisten", rids=[999])
        with RawClient(gate) as other:
            other.call("setlisten", p2p=True)
            client.call("sendmsg", **quest("sendmsg", mid=1))
            assert other.pushed().params["mid"] == 1
            assert mids(listener, client) == []
        with RawClient(gate) as other:
            other.call("addlisten", rids=[999])
            client.call("sendmsg", **quest("sendmsg", mid=2))
            assert mids(other, client) == []

    def test_they_belong_to_the_project(self) -> None:
        with Gate(projects={1: "same", 2: "same"}) as gate, RawClient(gate) as one, RawClient(gate) as two:
            two.pid = 2
            for client in (one, two):
                client.call("setlisten", p2p=True)
            one.call("sendmsg", **quest("sendmsg", mid=1))
            two.call("sendmsg", **quest("sendmsg", mid=2))
            assert one.pushed().params["mid"] == 1
            assert two.pushed().params["mid"] == 2

    @pytest.mark.parametrize("method", ["addlisten", "removelisten", "setlisten"])
    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"uids": [0]}, 200001),
            ({"gids": [-1]}, 200034),
            ({"rids": ["x"]}, 10010),
            ({"uids": 5}, 10010),
            ({"uids": None}, 10010),
            ({"events": "login"}, 10010),
            ({"events": [5]}, 10010),
            ({"events": [b"\xff"]}, 200034),
        ],
    )
    def test_wrong_parameters(self, client: RawClient, method: str, wrong: dict[str, Any], code: int) -> None:
        assert client.code(method, **wrong) == code

    @pytest.mark.parametrize("switch", ["p2p", "group", "room", "ev"])
    def test_switches_are_booleans(self, client: RawClient, switch: str) -> None:
        assert client.code("setlisten", **{switch: 1}) == 10010

    def test_limits(self, client: RawClient) -> None:
        assert client.code("addlisten", uids=list(range(1, MAX_LISTENED + 2))) == 200032
        assert client.code("setlisten", uids=list(range(1, MAX_LISTENED + 1))) == 0
        assert client.code("addlisten", uids=[1, 2]) == 0
        assert client.code("addlisten", uids=[MAX_LISTENED + 1]) == 200032
        assert client.code("addlisten", gids=[1]) == 0
