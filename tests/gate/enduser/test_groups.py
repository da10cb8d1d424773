from __future__ import annotations

import pytest

from rtm_sdk.gate.enduser.client import UserClient

from ..raw_client import RawClient
from ..users import LogIn, call, code


@pytest.fixture
def member(client: RawClient, log_in: LogIn) -> UserClient:
    """User 1, with 2 and 3 in group 5."""
    client.call("addgroupmembers", gid=5, uids=[1, 2, 3])
    return log_in(1)


def test_members_change_who_is_in_it(client: RawClient, member: UserClient) -> None:
    assert call(member, "addgroupmembers", gid=5, uids=[7]) == {}
    assert call(member, "delgroupmembers", gid=5, uids=[2]) == {}
    assert client.call("getgroupmembers", gid=5) == {"uids": [1, 3, 7]}
    assert call(member, "delgroupmembers", gid=5, uids=[1]) == {}
    assert call(member, "getusergroups") == {"gids": []}


@pytest.mark.parametrize("method", ["addgroupmembers", "delgroupmembers", "getgroupmembers"])
def test_others_do_not(client: RawClient, log_in: LogIn, method: str) -> None:
    client.call("addgroupmembers", gid=5, uids=[2])
    user = log_in(1)
    for gid in (5, 6):
        assert code(user, method, gid=gid, uids=[1]) == 200041
    assert client.call("getgroupmembers", gid=5) == {"uids": [2]}


def test_members(log_in: LogIn, member: UserClient) -> None:
    log_in(3), log_in(4)
    assert call(member, "getgroupmembers", gid=5) == {"uids": [1, 2, 3]}
    assert call(member, "getgroupmembers", gid=5, online=False) == {"uids": [1, 2, 3]}
    assert call(member, "getgroupmembers", gid=5, online=True) == {"uids": [1, 2, 3], "onlines": [1, 3]}


def test_count(log_in: LogIn, member: UserClient) -> None:
    log_in(3)
    for user in (member, log_in(4)):
        assert call(user, "getgroupcount", gid=5) == {"cn": 3}
        assert call(user, "getgroupcount", gid=5, online=True) == {"cn": 3, "online": 2}
    assert call(member, "getgroupcount", gid=6, online=True) == {"cn": 0, "online": 0}


def test_own_groups(client: RawClient, member: UserClient) -> None:
    client.call("addgroupmembers", gid=9, uids=[1])
    client.call("addgroupmembers", gid=8, uids=[2])
    assert call(member, "getusergroups", uid=2) == {"gids": [5, 9]}


def test_parameters(member: UserClient) -> None:
    for method in ("addgroupmembers", "delgroupmembers", "getgroupmembers", "getgroupcount"):
        assert code(member, method, uids=[2]) == 10009
        assert code(member, method, gid="5", uids=[2]) == 10010
    for method in ("addgroupmembers", "delgroupmembers"):
        assert code(member, method, gid=5) == 10009
        assert code(member, method, gid=5, uids=[]) == 200033
        assert code(member, method, gid=5, uids=list(range(1, 102))) == 200032
    for method in ("getgroupmembers", "getgroupcount"):
        assert code(member, method, gid=5, online=1) == 10010
