from __future__ import annotations

from typing import Any

import pytest

from ..raw_client import RawClient


def test_they_come_and_go(client: RawClient) -> None:
    assert client.call("getfriends", uid=1) == {"uids": []}
    assert client.call("addfriends", uid=1, friends=[4, 2, 3, 2]) == {}
    assert client.call("addfriends", uid=1, friends=[2]) == {}
    assert client.call("getfriends", uid=1) == {"uids": [2, 3, 4]}
    assert client.call("isfriend", uid=1, fuid=2) == {"ok": True}
    assert client.call("isfriends", uid=1, fuids=[9, 4, 3]) == {"fuids": [4, 3]}
    assert client.call("delfriends", uid=1, friends=[2, 9]) == {}
    assert client.call("isfriend", uid=1, fuid=2) == {"ok": False}
    assert client.call("getfriends", uid=1) == {"uids": [3, 4]}


def test_the_list_of_the_other_does_not_change(client: RawClient) -> None:
    client.call("addfriends", uid=1, friends=[2])
    assert client.call("getfriends", uid=2) == {"uids": []}
    assert client.call("isfriend", uid=2, fuid=1) == {"ok": False}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("addfriends", {"uid": 1, "friends": [2]}),
        ("delfriends", {"uid": 1, "friends": [2]}),
        ("getfriends", {"uid": 1}),
        ("isfriend", {"uid": 1, "fuid": 2}),
        ("isfriends", {"uid": 1, "fuids": [2]}),
        ("addblacks", {"uid": 1, "blacks": [2]}),
        ("delblacks", {"uid": 1, "blacks": [2]}),
        ("getblacks", {"uid": 1}),
        ("isblack", {"uid": 1, "buid": 2}),
        ("isblacks", {"uid": 1, "buids": [2]}),
    ],
)
def test_parameters_of_friends_and_blacklists(client: RawClient, method: str, params: dict[str, Any]) -> None:
    assert client.code(method, **params) == 0
    for name in params:
        assert client.code(method, **{key: value for key, value in params.items() if key != name}) == 10009
        assert client.code(method, **{**params, name: "1"}) == 10010
        if name.endswith("s"):
            assert client.code(method, **{**params, name: []}) == 200033
            assert client.code(method, **{**params, name: [2, 0]}) == 200001
            assert client.code(method, **{**params, name: list(range(1, 101))}) == 0
            assert client.code(method, **{**params, name: list(range(1, 102))}) == 200032
        else:
            assert client.code(method, **{**params, name: 0}) == 200001
