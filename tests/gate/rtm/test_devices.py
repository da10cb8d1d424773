from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate import Gate

from ..raw_client import RawClient


def test_devices(gate: Gate, client: RawClient) -> None:
    def devices() -> list[tuple[Any, ...]]:
        sql = "SELECT uid, token, apptype FROM devices ORDER BY uid, token"
        return gate._do(lambda: gate._inside().store.execute(sql).fetchall())

    for uid, token, app_type in ((1, "a", "apns"), (1, "b", "fcm"), (2, "a", "fcm"), (1, "a", "fcm")):
        assert client.call("adddevice", uid=uid, apptype=app_type, devicetoken=token) == {}
    assert devices() == [(1, "a", "fcm"), (1, "b", "fcm"), (2, "a", "fcm")]
    assert client.call("removedevice", uid=1, devicetoken="a") == {}
    assert client.call("removedevice", uid=1, devicetoken="c") == {}
    assert devices() == [(1, "b", "fcm"), (2, "a", "fcm")]


class TestPushOptions:
    def test_they_come_and_go(self, client: RawClient) -> None:
        assert client.call("getoption", uid=1) == {"p2p": {}, "group": {}}
        assert client.call("addoption", uid=1, type=0, xid=7, mtypes=[66, 30, 66]) == {}
        assert client.call("addoption", uid=1, type=0, xid=7, mtypes=[32]) == {}
        assert client.call("addoption", uid=1, type=1, xid=7, mtypes=[30]) == {}
        assert client.call("getoption", uid=1) == {"p2p": {"7": [30, 32, 66]}, "group": {"7": [30]}}
        assert client.call("removeoption", uid=1, type=0, xid=7, mtypes=[30, 99]) == {}
        assert client.call("removeoption", uid=1, type=1, xid=7, mtypes=[30]) == {}
        assert client.call("getoption", uid=1) == {"p2p": {"7": [32, 66]}, "group": {}}
        assert client.call("getoption", uid=2) == {"p2p": {}, "group": {}}

    @pytest.mark.parametrize("everything", [{}, {"mtypes": []}, {"mtype": []}, {"mtypes": [0]}])
    def test_all_types_are_type_0(self, client: RawClient, everything: dict[str, Any]) -> None:
        client.call("addoption", uid=1, type=1, xid=7, **everything)
        client.call("addoption", uid=1, type=1, xid=7, mtypes=[30])
        assert client.call("getoption", uid=1) == {"p2p": {}, "group": {"7": [0, 30]}}
        client.call("removeoption", uid=1, type=1, xid=7, **everything)
        assert client.call("getoption", uid=1) == {"p2p": {}, "group": {"7": [30]}}

    def test_the_cpp_sdk_says_mtype(self, client: RawClient) -> None:
        client.call("addoption", uid=1, type=0, xid=7, mtype=[30, 32])
        client.call("removeoption", uid=1, type=0, xid=7, mtype=[30])
        assert client.call("getoption", uid=1) == {"p2p": {"7": [32]}, "group": {}}


@pytest.mark.parametrize(
    ("method", "params", "wrong"),
    [
        ("adddevice", {"uid": 1, "apptype": "fcm", "devicetoken": "a"}, {"uid": 0, "apptype": 5, "devicetoken": 5}),
        ("removedevice", {"uid": 1, "devicetoken": "a"}, {"uid": "1", "devicetoken": []}),
        ("addoption", {"uid": 1, "type": 0, "xid": 2}, {"uid": "1", "type": "0", "xid": "2"}),
        ("removeoption", {"uid": 1, "type": 1, "xid": 2}, {"uid": "1", "type": "0", "xid": "2"}),
        ("getoption", {"uid": 1}, {"uid": "1"}),
    ],
)
def test_parameters(client: RawClient, method: str, params: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert client.code(method, **params) == 0
    for name in params:
        assert client.code(method, **{key: value for key, value in params.items() if key != name}) == 10009
        assert client.code(method, **{**params, name: wrong[name]}) in (10010, 200001)


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("adddevice", {"uid": 1, "apptype": "pcm", "devicetoken": "a"}, 200034),
        ("adddevice", {"uid": 1, "apptype": "fcm", "devicetoken": ""}, 200033),
        ("addoption", {"uid": 1, "type": 2, "xid": 7}, 200034),
        ("addoption", {"uid": 1, "type": 0, "xid": 0}, 200001),
        ("addoption", {"uid": 1, "type": 1, "xid": 0}, 200034),
        ("addoption", {"uid": 1, "type": 1, "xid": 7, "mtypes": [128]}, 10010),
        ("addoption", {"uid": 1, "type": 1, "xid": 7, "mtype": 30}, 10010),
    ],
)
def test_values(client: RawClient, method: str, params: dict[str, Any], code: int) -> None:
    assert client.code(method, **params) == code
