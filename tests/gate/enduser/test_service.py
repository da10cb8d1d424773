from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm_sdk.errors import RTMException
from rtm_sdk.gate import Gate
from rtm_sdk.gate.enduser.client import UserClient
from rtm_sdk.gate.enduser.methods import USER_METHODS, user_method

from ..raw_client import RawClient

DOMAINS = {
    "login": "auth bye ping *ping",
    "messages": "sendmsg sendgroupmsg sendroommsg getmsg delmsg",
    "history": "getp2pmsg getgroupmsg getroommsg getbroadcastmsg",
    "rooms": "enterroom leaveroom getuserrooms getroommembers getroomcount",
    "groups": "getusergroups getgroupmembers getgroupcount addgroupmembers delgroupmembers",
    "users": "getonlineusers",
    "unread": "getunread cleanunread getp2punread getgroupunread getsession",
}


def test_the_methods() -> None:
    assert sorted(USER_METHODS) == sorted(" ".join(DOMAINS.values()).split())
    assert {name for name, method in USER_METHODS.items() if method.public} == {"auth", "ping", "*ping"}


def test_a_method_has_one_handler() -> None:
    with pytest.raises(ValueError, match="two handlers for sendmsg"):
        user_method("sendmsg")(lambda call: {})


@pytest.fixture(scope="module")
def user() -> Iterator[UserClient]:
    with Gate() as gate, RawClient(gate) as client, UserClient(gate.endpoint, gate.pid, 1) as user:
        client.call("addgroupmembers", gid=1, uids=[1])
        user.login(client.call("gettoken", uid=1)["token"])
        user.call("enterroom", {"rid": 1})
        yield user


_NAMES = (
    *("to", "gid", "rid", "rids", "uid", "uids", "gids", "ouid", "from", "xid", "type", "mid", "mtype", "msg", "attrs"),
    *("desc", "num", "begin", "end", "lastid", "mtypes", "online", "clear", "clean", "gettime", "mtime", "token"),
)
_VALUES = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers(-(2**63), 2**64 - 1)
    | st.sampled_from((0, 1, 2, 3, 4, 30, 2**63 - 1))
    | st.text(max_size=8)
    | st.binary(max_size=8)
    | st.lists(st.integers(0, 5) | st.none(), max_size=4)
    | st.dictionaries(st.integers(0, 5) | st.text(max_size=2), st.none(), max_size=4)
)


@given(st.sampled_from(sorted(USER_METHODS.keys() - {"bye"})), st.dictionaries(st.sampled_from(_NAMES), _VALUES))
@settings(max_examples=200, deadline=None, database=None, derandomize=True)
def test_no_parameters_break_it(user: UserClient, name: str, params: dict[str, Any]) -> None:
    good = {
        **dict.fromkeys(("gid", "rid", "from", "mid", "num"), 1),
        **dict.fromkeys(("to", "ouid", "xid", "type"), 2),
        **{name: [1, 2] for name in ("uids", "gids", "rids")},
        "msg": "x",
        "attrs": "",
        "desc": True,
        "mtype": 30,
    }
    for quest in (params, {**good, **params}):
        try:
            user.call(name, quest)
        except RTMException as refused:
            assert refused.error_code not in (20001, 20002, 20003, 20012)
