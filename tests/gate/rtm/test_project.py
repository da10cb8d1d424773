from __future__ import annotations

import time
from typing import Any

import pytest

from rtm_sdk.gate import Gate, MessageKind

from ..raw_client import RTM_KINDS, RawClient, file_attrs
from .test_messages import SENDS, quest


@pytest.mark.parametrize("how", ["black", "ban"])
class TestBans:
    """The same rules for the blacklist and for bans."""

    def test_they_come_and_go(self, client: RawClient, how: str) -> None:
        other = {"black": "ban", "ban": "black"}[how]
        assert client.call(f"isproject{how}", uid=1) == {"ok": False}
        assert client.call(f"addproject{how}", uid=1, btime=60) == {}
        assert client.call(f"isproject{how}", uid=1) == {"ok": True}
        assert client.call(f"isproject{how}", uid=2) == {"ok": False}
        assert client.call(f"isproject{other}", uid=1) == {"ok": False}
        assert client.call(f"removeproject{other}", uid=1) == {}
        assert client.call(f"isproject{how}", uid=1) == {"ok": True}
        assert client.call("isbanofgroup", gid=5, uid=1) == {"ok": False}
        assert client.call(f"removeproject{how}", uid=1) == {}
        assert client.call(f"isproject{how}", uid=1) == {"ok": False}

    @pytest.mark.parametrize("method", SENDS)
    def test_sends_are_refused(self, gate: Gate, client: RawClient, how: str, method: str) -> None:
        client.call(f"addproject{how}", uid=1, btime=60)
        assert client.code(method, **quest(method)) == 200021
        assert gate.messages() == []
        assert client.code(method, **quest(method, **{"from": 9})) == 0
        client.call(f"removeproject{how}", uid=1)
        assert client.code(method, **quest(method)) == 0

    @pytest.mark.parametrize("target", [{"sendfile": 2}, {"broadcastfile": 0}])
    def test_files_are_refused(self, gate: Gate, client: RawClient, how: str, target: dict[str, int]) -> None:
        ((cmd, to),) = target.items()
        client.call(f"addproject{how}", uid=1, btime=60)
        token = client.call("filetoken", from_=1, cmd=cmd, to=to)["token"]
        params = {"token": token, "mtype": 50, "from": 1, "to": to, "mid": 7, "file": b"x"}
        assert client.code(cmd, **params, attrs=file_attrs(b"x", token)) == 200021
        assert gate.messages() == []

    def test_messages_still_reach_the_user(self, client: RawClient, how: str) -> None:
        client.call(f"addproject{how}", uid=2, btime=60)
        assert client.code("sendmsg", **quest("sendmsg")) == 0

    def test_they_run_out(self, gate: Gate, client: RawClient, how: str) -> None:
        client.call(f"addproject{how}", uid=1, btime=60)
        gate.clock.offset = 61
        method, params = f"isproject{how}", {"uid": 1}
        assert client.raw(method, client.signed(method, params, ts=int(time.time()) + 61)) == {"ok": False}
        assert client.code("sendmsg", **quest("sendmsg")) == 0

    def test_parameters(self, client: RawClient, how: str) -> None:
        assert client.code(f"addproject{how}", uid=1) == 10009
        assert client.code(f"addproject{how}", uid=1, btime=0) == 200034
        assert client.code(f"addproject{how}", uid=0, btime=60) == 200001
        for method in (f"removeproject{how}", f"isproject{how}"):
            assert client.code(method) == 10009
            assert client.code(method, uid="1") == 10010
            assert client.code(method, uid=0) == 200001


P2P, GROUP, ROOM, BROADCAST = map(MessageKind, RTM_KINDS)


@pytest.mark.parametrize(
    ("cleared", "left"),
    [
        (0, [GROUP, ROOM, BROADCAST]),
        (1, [P2P, GROUP, BROADCAST]),
        (2, [P2P, ROOM, BROADCAST]),
        (3, [P2P, GROUP, ROOM]),
        (4, []),
    ],
)
def test_clearing_messages(gate: Gate, client: RawClient, cleared: int, left: list[MessageKind]) -> None:
    for method in ("sendmsg", "sendgroupmsg", "sendroommsg", "broadcastmsg"):
        client.call(method, **quest(method))
    assert client.call("clearprojectmsg", type=cleared) == {}
    assert [message.kind for message in gate.messages()] == left
    assert client.code("sendmsg", **quest("sendmsg")) == 200053


def test_clearing_removes_the_contents_of_files(gate: Gate, client: RawClient) -> None:
    token = client.call("filetoken", from_=1, cmd="sendfile", to=2)["token"]
    params = {"token": token, "mtype": 50, "from": 1, "to": 2, "mid": 7, "file": b"x"}
    client.call("sendfile", **params, attrs=file_attrs(b"x", token))
    ((name),) = gate._do(gate._inside().store.file_names)
    client.call("clearprojectmsg", type=0)
    assert gate._do(gate._inside().store.file_names) == set()
    folder = gate._inside().contents._folder
    assert folder is not None and not (folder / name).exists()


@pytest.mark.parametrize(("wrong", "code"), [({"type": 5}, 200034), ({"type": -1}, 200034), ({}, 10009)])
def test_clearing_something_else(client: RawClient, wrong: Any, code: int) -> None:
    assert client.code("clearprojectmsg", **wrong) == code


def test_clearing_groups(gate: Gate, client: RawClient) -> None:
    for gid in (5, 6):
        client.call("addgroupmembers", gid=gid, uids=[1, 2])
        client.call("setgroupinfo", gid=gid, oinfo="x")
        client.call("addgroupban", gid=gid, uid=1, btime=60)
        client.call("imserver_setgroupinfos", gid=gid, infos={"name": "x"})
        client.call("sendgroupmsg", **quest("sendgroupmsg", gid=gid, **{"from": 2}))
    client.call("addgroupban", uid=3, btime=60)
    client.call("addroommember", rid=5, uid=1)
    client.call("setroominfo", rid=5, oinfo="x")
    assert client.call("clearprojectgroup") == {}
    assert client.call("getusergroups", uid=1) == {"gids": []}
    assert client.call("getgroupinfo", gid=5) == {"oinfo": "", "pinfo": ""}
    assert client.call("isbanofgroup", gid=5, uid=1) == {"ok": False}
    assert client.call("isbanofgroup", gid=5, uid=3) == {"ok": True}
    assert client.call("imserver_getgroupinfos", gids=[5]) == {"infos": {"5": {}}}
    assert client.call("getroommembers", rid=5) == {"uids": [1]}
    assert client.call("getroominfo", rid=5)["oinfo"] == "x"
    assert len(gate.messages()) == 2
