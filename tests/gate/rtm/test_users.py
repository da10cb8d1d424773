from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate import Gate

from ..raw_client import RTM_KINDS, RawClient
from ..users import LogIn, told


class TestOnline:
    def test_who_is(self, client: RawClient, log_in: LogIn) -> None:
        assert client.call("getonlineusers", uids=[1, 2, 3]) == {"uids": []}
        first, second = log_in(3), log_in(1)
        assert client.call("getonlineusers", uids=[1, 2, 3, 1]) == {"uids": [1, 3]}
        assert client.call("kickout", uid=1) == {}
        assert client.call("getonlineusers", uids=[1, 2, 3]) == {"uids": [3]}
        assert second.wait_closed()
        assert not first.closed

    def test_who_is_off_line_is_kicked_out_with_success(self, client: RawClient) -> None:
        assert client.call("kickout", uid=1) == {}
        assert client.call("kickout", uid=1, ce="1.2.3.4:5") == {}

    def test_who_comes_on_the_blacklist_is_kicked_out(self, client: RawClient, log_in: LogIn) -> None:
        user = log_in(1)
        assert client.code("addprojectblack", uid=1, btime=0) == 200034
        assert told(user, client) == []
        client.call("addprojectblack", uid=1, btime=60)
        assert user.wait_closed()

    def test_limit(self, client: RawClient) -> None:
        assert client.code("getonlineusers", uids=list(range(1, 201))) == 0
        assert client.code("getonlineusers", uids=list(range(1, 202))) == 200032


class TestInfo:
    def test_absent_stays_and_empty_clears(self, client: RawClient) -> None:
        assert client.call("getuserinfo", uid=1) == {"oinfo": "", "pinfo": ""}
        assert client.call("setuserinfo", uid=1, oinfo="open", pinfo="private") == {}
        client.call("setuserinfo", uid=1, pinfo="")
        assert client.call("getuserinfo", uid=1) == {"oinfo": "open", "pinfo": ""}
        assert client.call("getgroupinfo", gid=1) == {"oinfo": "", "pinfo": ""}

    def test_of_several_users(self, client: RawClient) -> None:
        client.call("setuserinfo", uid=1, oinfo="one", pinfo="private")
        client.call("setuserinfo", uid=3, pinfo="private")
        assert client.call("getuseropeninfo", uids=[3, 1, 2]) == {"info": {"1": "one", "2": "", "3": ""}}

    def test_limits(self, client: RawClient) -> None:
        assert client.code("setuserinfo", uid=1, oinfo="x" * 65535) == 0
        assert client.code("setuserinfo", uid=1, oinfo="x" * 65536) == 200032
        assert client.code("getuseropeninfo", uids=list(range(1, 101))) == 0
        assert client.code("getuseropeninfo", uids=list(range(1, 102))) == 200032


def test_clearing_the_messages_of_a_user(gate: Gate, client: RawClient) -> None:
    for sender in (1, 2):
        params = {"mtype": 30, "from": sender, "mid": 7, "msg": "", "attrs": ""}
        for method, target in (
            ("sendmsg", {"to": 3}),
            ("sendgroupmsg", {"gid": 5}),
            ("sendroommsg", {"rid": 6}),
            ("broadcastmsg", {}),
        ):
            client.call(method, **params, **target)
    assert client.call("clearusermsg", uid=1) == {}
    assert [(message.kind, message.from_uid) for message in gate.messages()] == [(kind, 2) for kind in RTM_KINDS]
    assert client.call("clearusermsg", uid=1) == {}


def test_sessions(gate: Gate, client: RawClient) -> None:
    assert client.call("addsessions", uid=1, uids=[2, 3]) == {}
    assert client.call("removesessions", uid=1, uids=[3, 4]) == {}
    sql = "SELECT uid, peer, listed FROM sessions ORDER BY peer"
    assert gate._do(lambda: gate._inside().store.execute(sql).fetchall()) == [(1, 2, 1), (1, 3, 0), (1, 4, 0)]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("kickout", {"uid": 1}),
        ("getonlineusers", {"uids": [1]}),
        ("setuserinfo", {"uid": 1}),
        ("getuserinfo", {"uid": 1}),
        ("getuseropeninfo", {"uids": [1]}),
        ("clearusermsg", {"uid": 1}),
        ("addsessions", {"uid": 1, "uids": [2]}),
        ("removesessions", {"uid": 1, "uids": [2]}),
    ],
)
def test_parameters(client: RawClient, method: str, params: dict[str, Any]) -> None:
    assert client.code(method, **params) == 0
    for name in params:
        assert client.code(method, **{key: value for key, value in params.items() if key != name}) == 10009
        assert client.code(method, **{**params, name: "1"}) == 10010
        assert client.code(method, **{**params, name: [0] if name == "uids" else 0}) == 200001
        if name == "uids":
            assert client.code(method, **{**params, name: []}) == 200033
