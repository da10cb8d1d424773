from __future__ import annotations

from collections.abc import Callable

import pytest

from rtm_sdk.gate import Gate
from rtm_sdk.gate.enduser.client import UserClient

from ..raw_client import RawClient
from ..users import LogIn, call, code, told


def test_entering_and_leaving(client: RawClient, log_in: LogIn) -> None:
    user = log_in(1)
    assert call(user, "getuserrooms") == {"rooms": []}
    for _ in range(2):
        assert call(user, "enterroom", rid=5) == {}
    assert call(user, "getuserrooms") == {"rooms": [5]}
    assert client.call("getroommembers", rid=5) == {"uids": [1]}
    for _ in range(2):
        assert call(user, "leaveroom", rid=5) == {}
    assert call(user, "getuserrooms") == {"rooms": []}
    assert told(user, client) == []


def test_one_room_at_a_time(client: RawClient, log_in: LogIn) -> None:
    user = log_in(1)
    call(user, "enterroom", rid=5)
    call(user, "enterroom", rid=6)
    assert call(user, "getuserrooms") == {"rooms": [6]}
    assert call(user, "getroomcount", rids=[5, 6]) == {"cn": {"5": 0, "6": 1}}


def test_several_rooms() -> None:
    with Gate(rooms_per_user=2) as gate, RawClient(gate) as client, UserClient(gate.endpoint, gate.pid, 1) as user:
        user.login(client.call("gettoken", uid=1)["token"])
        assert [code(user, "enterroom", rid=rid) for rid in (5, 6, 7, 6)] == [0, 0, 200047, 0]
        assert call(user, "getuserrooms") == {"rooms": [5, 6]}
        call(user, "leaveroom", rid=5)
        assert code(user, "enterroom", rid=7) == 0


def test_who_is_inside(client: RawClient, log_in: LogIn) -> None:
    first, second = log_in(1), log_in(2)
    call(first, "enterroom", rid=5)
    call(second, "enterroom", rid=5)
    for user in (first, log_in(3)):
        assert call(user, "getroommembers", rid=5) == {"uids": [1, 2]}
        assert call(user, "getroomcount", rids=[5, 8]) == {"cn": {"5": 2, "8": 0}}
    assert call(first, "getroommembers", rid=8) == {"uids": []}


@pytest.mark.parametrize("end", [UserClient.bye, UserClient.close])
def test_rooms_are_left_at_the_logout(
    gate: Gate, client: RawClient, log_in: LogIn, end: Callable[[UserClient], None]
) -> None:
    client.call("setlisten", ev=True)
    user = log_in(1)
    call(user, "enterroom", rid=5)
    end(user)
    while client.pushed().params["event"] != "logout":
        pass
    assert client.call("getroommembers", rid=5) == {"uids": []}
    assert call(log_in(1), "getuserrooms") == {"rooms": []}


def test_a_new_login_leaves_them_too(log_in: LogIn) -> None:
    call(log_in(1), "enterroom", rid=5)
    assert call(log_in(1), "getuserrooms") == {"rooms": []}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("delroommember", {"rid": 5, "uid": 1}),
        ("delroommembers", {"rid": 5, "uids": [1, 2]}),
        ("deleteuserrooms", {"rids": [5, 6], "uid": 1}),
    ],
)
def test_who_is_put_out_is_told(
    gate: Gate, client: RawClient, log_in: LogIn, method: str, params: dict[str, object]
) -> None:
    user = log_in(1)
    call(user, "enterroom", rid=5)
    for _ in range(2):
        client.call(method, **params)
    assert told(user, client) == [("kickoutroom", {"rid": 5})]
    assert call(user, "getuserrooms") == {"rooms": []}


def test_it_is_told_one_way(client: RawClient) -> None:
    with Gate() as gate, RawClient(gate) as client, RawClient(gate) as user:
        user.raw("auth", {"pid": gate.pid, "uid": 1, "token": client.call("gettoken", uid=1)["token"]})
        user.raw("enterroom", {"rid": 5})
        client.call("delroommember", rid=5, uid=1)
        assert user.pushed().seq is None


@pytest.mark.parametrize("method", ["enterroom", "leaveroom", "getroommembers", "getroomcount"])
def test_parameters(log_in: LogIn, method: str) -> None:
    user = log_in(1)
    assert code(user, method) == 10009
    assert code(user, method, rid="5") == 10010
    assert code(user, method, rid=0) == 200034
