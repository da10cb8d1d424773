from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.gate import Gate

from ..raw_client import RawClient


@pytest.fixture
def room(client: RawClient) -> RawClient:
    """A client, and an RTC room 5 with users 3, 1 and 2."""
    assert client.call("pullIntoRTCRoom", rid=5, toUids=[3, 1, 2], type=1) == {}
    return client


def members(client: RawClient, rid: int = 5) -> tuple[list[int], list[int], int]:
    answer = client.call("getRTCRoomMembers", rid=rid)
    assert set(answer) == {"uids", "administrators", "managers", "owner"}
    assert answer["administrators"] == answer["managers"]
    return answer["uids"], answer["administrators"], answer["owner"]


def test_rooms_come_and_go(room: RawClient) -> None:
    assert members(room) == ([3, 1, 2], [], 3)
    room.call("pullIntoRTCRoom", rid=4, toUids=[1], type=2, voiceRange=7, maxReceiveStreams=3)
    room.call("pullIntoRTCRoom", rid=5, toUids=[1, 4], type=2)
    assert members(room) == ([3, 1, 2, 4], [], 3)
    assert room.call("getRTCRoomMemberCount", rid=5) == {"count": 4}
    assert room.call("getRTCRoomList") == {"rids": [4, 5]}
    assert room.call("closeRTCRoom", rid=5) == {}
    assert room.call("closeRTCRoom", rid=5) == {}
    assert room.call("getRTCRoomList") == {"rids": [4]}
    assert members(room) == ([], [], 0)
    assert room.call("getRTCRoomMemberCount", rid=5) == {"count": 0}
    assert room.call("getroommembers", rid=4) == {"uids": []}


def test_who_invites_must_be_inside(room: RawClient) -> None:
    assert room.call("inviteUserIntoRTCRoom", rid=5, toUids=[8, 9], fromUid=1) == {}
    assert members(room)[0] == [3, 1, 2]
    assert room.code("inviteUserIntoRTCRoom", rid=5, toUids=[8], fromUid=9) == 200040
    assert room.code("inviteUserIntoRTCRoom", rid=6, toUids=[8], fromUid=1) == 200040


def test_kicking_out(room: RawClient) -> None:
    assert room.code("kickoutFromRTCRoom", rid=5, uid=9, fromUid=1) == 200040
    assert room.code("kickoutFromRTCRoom", rid=5, uid=1, fromUid=9) == 200040
    assert room.code("kickoutFromRTCRoom", rid=5, uid=1, fromUid=1) == 200012
    assert members(room)[0] == [3, 1, 2]
    assert room.call("kickoutFromRTCRoom", rid=5, uid=3, fromUid=1) == {}
    assert members(room) == ([1, 2], [], 1)


def test_administrators(room: RawClient) -> None:
    assert room.call("adminCommand", rid=5, uids=[1, 2], command=0) == {}
    assert members(room) == ([3, 1, 2], [1, 2], 3)
    assert room.call("adminCommand", rid=5, uids=[1], command=1) == {}
    assert members(room) == ([3, 1, 2], [2], 3)
    assert room.code("adminCommand", rid=5, uids=[3, 9], command=0) == 200040
    assert members(room) == ([3, 1, 2], [2], 3)


class TestDevices:
    def state(self, gate: Gate, uid: int) -> Any:
        sql = "SELECT audio, video, microphone, camera FROM rtc_members WHERE rid = 5 AND uid = ?"
        return gate._do(lambda: gate._inside().store.execute(sql, (uid,)).fetchone())

    @pytest.mark.parametrize(
        ("command", "state"),
        [(2, (0, 1, 1, 1)), (4, (1, 0, 1, 1)), (6, (1, 1, 0, 1)), (7, (1, 1, 1, 0)), (3, (1, 1, 1, 1))],
    )
    def test_commands(self, gate: Gate, room: RawClient, command: int, state: tuple[int, ...]) -> None:
        room.call("adminCommand", rid=5, uids=[1], command=command)
        assert self.state(gate, 1) == state
        assert self.state(gate, 2) == (1, 1, 1, 1)

    def test_what_is_forbidden_can_be_allowed(self, gate: Gate, room: RawClient) -> None:
        for command in (2, 4, 3, 5):
            room.call("adminCommand", rid=5, uids=[1], command=command)
        assert self.state(gate, 1) == (1, 1, 1, 1)

    def test_the_microphone_of_those_who_enter(self, gate: Gate, room: RawClient) -> None:
        assert room.call("setRTCRoomMicStatus", rid=5, status=False) == {}
        room.call("pullIntoRTCRoom", rid=5, toUids=[8], type=1)
        assert self.state(gate, 8) == (1, 1, 0, 1)
        assert self.state(gate, 1) == (1, 1, 1, 1)
        assert room.code("setRTCRoomMicStatus", rid=6, status=True) == 200034


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("inviteUserIntoRTCRoom", {"rid": 5, "toUids": [8], "fromUid": 1}),
        ("kickoutFromRTCRoom", {"rid": 5, "uid": 2, "fromUid": 1}),
        ("getRTCRoomMembers", {"rid": 5}),
        ("getRTCRoomMemberCount", {"rid": 5}),
        ("setRTCRoomMicStatus", {"rid": 5, "status": True}),
        ("pullIntoRTCRoom", {"rid": 5, "toUids": [8], "type": 0}),
        ("adminCommand", {"rid": 5, "uids": [1], "command": 7}),
        ("closeRTCRoom", {"rid": 5}),
    ],
)
def test_parameters(room: RawClient, method: str, params: dict[str, Any]) -> None:
    for name in params:
        assert room.code(method, **{key: value for key, value in params.items() if key != name}) == 10009
        assert room.code(method, **{**params, name: "1"}) == 10010
        if name in ("toUids", "uids"):
            assert room.code(method, **{**params, name: []}) == 200033
            assert room.code(method, **{**params, name: [0]}) == 200001
        elif name.lower().endswith("uid"):
            assert room.code(method, **{**params, name: 0}) == 200001
        elif name == "rid":
            assert room.code(method, **{**params, name: 0}) == 200034
        elif name == "status":
            assert room.code(method, **{**params, name: 1}) == 10010
        else:
            assert room.code(method, **{**params, name: 8}) == 200034
    assert room.code(method, **params) == 0


@pytest.mark.parametrize("name", ["voiceRange", "maxReceiveStreams"])
def test_limits_of_a_room(client: RawClient, name: str) -> None:
    assert client.code("pullIntoRTCRoom", rid=5, toUids=[1], type=1, **{name: -1}) == 200034
    assert client.code("pullIntoRTCRoom", rid=5, toUids=[1], type=1, **{name: 2**31}) == 10010
    assert client.call("getRTCRoomList") == {"rids": []}
