from __future__ import annotations

from typing import Any

import pytest

from ..raw_client import RawClient


def test_members_come_and_go(client: RawClient) -> None:
    assert client.call("getroommembers", rid=5) == {"uids": []}
    for uid in (3, 1, 1):
        assert client.call("addroommember", rid=5, uid=uid) == {}
    assert client.call("getroommembers", rid=5) == {"uids": [1, 3]}
    assert client.call("delroommember", rid=5, uid=3) == {}
    assert client.call("delroommember", rid=5, uid=3) == {}
    assert client.call("getroommembers", rid=5) == {"uids": [1]}


def test_several_members(client: RawClient) -> None:
    assert client.call("addroommembers", rid=5, uids=[3, 1, 3]) == {"successedUids": [3, 1]}
    assert client.call("addroommembers", rid=5, uids=[3, 4]) == {"successedUids": [3, 4]}
    assert client.call("getroommembers", rid=5) == {"uids": [1, 3, 4]}
    assert client.call("delroommembers", rid=5, uids=[9, 4, 1]) == {"successedUids": [4, 1]}
    assert client.call("delroommembers", rid=5, uids=[9]) == {"successedUids": []}
    assert client.call("getroommembers", rid=5) == {"uids": [3]}


def test_several_rooms(client: RawClient) -> None:
    assert client.call("adduserrooms", rids=[5, 6, 7], uid=1) == {}
    assert client.call("addroommember", rid=6, uid=2) == {}
    assert client.call("getroomcount", rids=[5, 6, 8]) == {"cn": {"5": 1, "6": 2, "8": 0}}
    assert client.call("deleteuserrooms", rids=[5, 6, 9], uid=1) == {}
    assert client.call("getroomcount", rids={5: {}, 6: {}, "7": {}}) == {"cn": {"5": 0, "6": 1, "7": 1}}


def test_the_cpp_sdk_counts_one_room(client: RawClient) -> None:
    client.call("addroommember", rid=5, uid=1)
    assert client.call("getroomcount", rid=5) == {"cn": {"5": 1}}
    assert client.code("getroomcount") == 10009


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("addroommember", {"rid": 5, "uid": 1}),
        ("delroommember", {"rid": 5, "uid": 1}),
        ("addroommembers", {"rid": 5, "uids": [1]}),
        ("delroommembers", {"rid": 5, "uids": [1]}),
        ("adduserrooms", {"rids": [5], "uid": 1}),
        ("deleteuserrooms", {"rids": [5], "uid": 1}),
        ("getroommembers", {"rid": 5}),
        ("getroomcount", {"rids": [5]}),
        ("isbanofroom", {"rid": 5, "uid": 1}),
        ("setroominfo", {"rid": 5}),
        ("getroominfo", {"rid": 5}),
    ],
)
def test_parameters(client: RawClient, method: str, params: dict[str, Any]) -> None:
    assert client.code(method, **params) == 0
    for name in params:
        expected = 200001 if name.startswith("uid") else 200034
        assert client.code(method, **{key: value for key, value in params.items() if key != name}) == 10009
        assert client.code(method, **{**params, name: "1"}) == 10010
        if name.endswith("s"):
            assert client.code(method, **{**params, name: []}) == 200033
            assert client.code(method, **{**params, name: [0]}) == expected
            assert client.code(method, **{**params, name: list(range(1, 1002))}) == 200032
        else:
            assert client.code(method, **{**params, name: 0}) == expected
