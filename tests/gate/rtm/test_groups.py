from __future__ import annotations

import time
from typing import Any

import pytest

from rtm_sdk.gate import Gate

from ..raw_client import RawClient


class TestMembers:
    def test_they_come_and_go(self, client: RawClient) -> None:
        assert client.call("getgroupmembers", gid=5) == {"uids": []}
        assert client.call("addgroupmembers", gid=5, uids=[3, 1, 2]) == {}
        assert client.call("addgroupmembers", gid=5, uids=[2, 4]) == {}
        assert client.call("addgroupmembers", gid=6, uids=[2]) == {}
        assert client.call("getgroupmembers", gid=5) == {"uids": [1, 2, 3, 4]}
        assert client.call("getgroupcount", gid=5) == {"cn": 4}
        assert client.call("getusergroups", uid=2) == {"gids": [5, 6]}
        assert client.call("isgroupmember", gid=5, uid=1) == {"ok": True}
        assert client.call("delgroupmembers", gid=5, uids=[1, 9]) == {}
        assert client.call("isgroupmember", gid=5, uid=1) == {"ok": False}
        assert client.call("getgroupmembers", gid=5) == {"uids": [2, 3, 4]}

    def test_deleting_a_group(self, client: RawClient) -> None:
        client.call("addgroupmembers", gid=5, uids=[1, 2])
        client.call("addgroupmembers", gid=6, uids=[1])
        client.call("setgroupinfo", gid=5, oinfo="x")
        client.call("addgroupban", gid=5, uid=1, btime=60)
        client.call("sendgroupmsg", mtype=30, **{"from": 2}, gid=5, mid=1, msg="stays", attrs="")
        assert client.call("delgroup", gid=5) == {}
        assert client.call("getgroupmembers", gid=5) == {"uids": []}
        assert client.call("getgroupcount", gid=5) == {"cn": 0}
        assert client.call("getusergroups", uid=1) == {"gids": [6]}
        assert client.call("getgroupinfo", gid=5) == {"oinfo": "", "pinfo": ""}
        assert client.call("isbanofgroup", gid=5, uid=1) == {"ok": False}
        assert client.call("getgroupmsg", uid=1, gid=5, desc=True, num=5)["num"] == 1

    @pytest.mark.parametrize("method", ["addgroupmembers", "delgroupmembers"])
    def test_limits(self, client: RawClient, method: str) -> None:
        assert client.code(method, gid=5, uids=list(range(1, 101))) == 0
        assert client.code(method, gid=5, uids=list(range(1, 102))) == 200032
        assert client.code(method, gid=5, uids=[]) == 200033
        assert client.code(method, gid=5, uids=[1, 0]) == 200001
        assert client.code(method, gid=0, uids=[1]) == 200034
        assert client.code(method, gid=5, uids={"7": {}, 8: {}}) == 0

    @pytest.mark.parametrize(
        ("method", "params"),
        [
            ("addgroupmembers", {"gid": 5, "uids": [1]}),
            ("delgroupmembers", {"gid": 5, "uids": [1]}),
            ("delgroup", {"gid": 5}),
            ("getgroupmembers", {"gid": 5}),
            ("getgroupcount", {"gid": 5}),
            ("isgroupmember", {"gid": 5, "uid": 1}),
            ("getusergroups", {"uid": 1}),
            ("isbanofgroup", {"gid": 5, "uid": 1}),
            ("setgroupinfo", {"gid": 5}),
            ("getgroupinfo", {"gid": 5}),
        ],
    )
    def test_parameters(self, client: RawClient, method: str, params: dict[str, Any]) -> None:
        assert client.code(method, **params) == 0
        for name in params:
            assert client.code(method, **{key: value for key, value in params.items() if key != name}) == 10009
            assert client.code(method, **{**params, name: "1"}) == 10010
            if name != "uids":
                assert client.code(method, **{**params, name: 0}) == (200001 if name == "uid" else 200034)


class TestBans:
    """The same rules for groups and rooms."""

    @pytest.fixture(params=["group", "room"])
    def place(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def banned(self, client: RawClient, place: str, where: int, uid: int = 1) -> bool:
        answer = client.call(f"isbanof{place}", **{f"{place[0]}id": where}, uid=uid)
        assert set(answer) == {"ok"}
        assert type(answer["ok"]) is bool
        return bool(answer["ok"])

    def test_in_one_place(self, client: RawClient, place: str) -> None:
        where = {f"{place[0]}id": 5}
        assert client.call(f"add{place}ban", **where, uid=1, btime=60) == {}
        assert self.banned(client, place, 5)
        assert not self.banned(client, place, 6)
        assert not self.banned(client, place, 5, uid=2)
        assert not self.banned(client, "room" if place == "group" else "group", 5)
        assert client.call(f"remove{place}ban", **where, uid=1) == {}
        assert not self.banned(client, place, 5)
        assert client.call(f"remove{place}ban", **where, uid=1) == {}

    @pytest.mark.parametrize("everywhere", [{}, {"gid": 0, "rid": 0}])
    def test_everywhere(self, client: RawClient, place: str, everywhere: dict[str, int]) -> None:
        client.call(f"add{place}ban", uid=1, btime=60, **everywhere)
        assert self.banned(client, place, 5) and self.banned(client, place, 6)
        client.call(f"remove{place}ban", **{f"{place[0]}id": 5}, uid=1)
        assert self.banned(client, place, 5)
        client.call(f"add{place}ban", **{f"{place[0]}id": 5}, uid=1, btime=60)
        client.call(f"remove{place}ban", uid=1, **everywhere)
        assert not self.banned(client, place, 5) and not self.banned(client, place, 6)

    def test_they_run_out(self, gate: Gate, client: RawClient, place: str) -> None:
        client.call(f"add{place}ban", **{f"{place[0]}id": 5}, uid=1, btime=60)
        client.call(f"add{place}ban", **{f"{place[0]}id": 6}, uid=1, btime=2**31 - 1)
        gate.clock.offset = 59
        assert self.banned(client, place, 5)
        gate.clock.offset = 61
        assert not self.banned(client, place, 5)
        assert self.banned(client, place, 6)
        client.call(f"add{place}ban", **{f"{place[0]}id": 7}, uid=1, btime=1)
        assert gate._do(lambda: gate._inside().store.execute("SELECT count(*) FROM bans").fetchone()) == (2,)

    def test_a_new_ban_replaces_the_old_one(self, gate: Gate, client: RawClient, place: str) -> None:
        for seconds in (1000, 10):
            client.call(f"add{place}ban", **{f"{place[0]}id": 5}, uid=1, btime=seconds)
        gate.clock.offset = 11
        method, params = f"isbanof{place}", {f"{place[0]}id": 5, "uid": 1}
        assert client.raw(method, client.signed(method, params, ts=int(time.time()) + 11)) == {"ok": False}

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"btime": 0}, 200034),
            ({"btime": -1}, 200034),
            ({"btime": 2**31}, 10010),
            ({"btime": None}, 10010),
            ({"uid": 0}, 200001),
            ({"gid": -1, "rid": -1}, 200034),
            ({"gid": "5", "rid": "5"}, 10010),
        ],
    )
    def test_wrong_parameters(self, client: RawClient, place: str, wrong: Any, code: int) -> None:
        assert client.code(f"add{place}ban", **{f"{place[0]}id": 5, "uid": 1, "btime": 60, **wrong}) == code

    def test_missing_parameters(self, client: RawClient, place: str) -> None:
        assert client.code(f"add{place}ban", uid=1) == 10009
        assert client.code(f"add{place}ban", btime=60) == 10009
        assert client.code(f"remove{place}ban") == 10009


class TestInfo:
    """The same rules for groups and rooms."""

    @pytest.mark.parametrize(("place", "name"), [("group", "gid"), ("room", "rid")])
    def test_absent_stays_and_empty_clears(self, client: RawClient, place: str, name: str) -> None:
        where = {name: 5}

        def get() -> tuple[str, str]:
            answer = client.call(f"get{place}info", **where)
            assert set(answer) == {"oinfo", "pinfo"}
            return answer["oinfo"], answer["pinfo"]

        assert get() == ("", "")
        assert client.call(f"set{place}info", **where, oinfo="open") == {}
        assert get() == ("open", "")
        client.call(f"set{place}info", **where, pinfo="private")
        assert get() == ("open", "private")
        client.call(f"set{place}info", **where)
        assert get() == ("open", "private")
        client.call(f"set{place}info", **where, oinfo="", pinfo="new")
        assert get() == ("", "new")
        assert client.call(f"get{place}info", **{name: 6}) == {"oinfo": "", "pinfo": ""}

    @pytest.mark.parametrize(("place", "name"), [("group", "gid"), ("room", "rid")])
    def test_limits(self, client: RawClient, place: str, name: str) -> None:
        assert client.code(f"set{place}info", **{name: 5}, oinfo="x" * 65535, pinfo="ü" * 32767) == 0
        assert client.code(f"set{place}info", **{name: 5}, oinfo="x" * 65536) == 200032
        assert client.code(f"set{place}info", **{name: 5}, pinfo="ü" * 32768) == 200032
        assert client.code(f"set{place}info", **{name: 5}, pinfo=5) == 10010

    def test_groups_and_rooms_are_apart(self, client: RawClient) -> None:
        client.call("setgroupinfo", gid=5, oinfo="group")
        assert client.call("getroominfo", rid=5) == {"oinfo": "", "pinfo": ""}
