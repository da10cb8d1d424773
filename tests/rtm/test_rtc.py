from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.errors import FPNN_ERROR, CallFailed
from rtm_sdk.rtm.results import AdministratorCommand, GetRTCRoomMembersResult

from .contract import drive, start


@pytest.mark.parametrize(
    ("answer", "administrators"),
    [
        ({"administrators": [1]}, [1]),
        ({"managers": [2]}, [2]),
        ({"administrators": [1], "managers": [2]}, [1]),
        ({"administrators": [], "managers": [2]}, []),
    ],
)
def test_administrators_have_two_names(answer: dict[str, Any], administrators: list[int]) -> None:
    _, result = drive(start("get_rtc_room_members", 5), {"uids": [1, 2, 3], **answer, "owner": 3})
    assert result == GetRTCRoomMembersResult([1, 2, 3], administrators, 3)


def test_managers_are_checked_as_well() -> None:
    with pytest.raises(CallFailed) as failure:
        drive(start("get_rtc_room_members", 5), {"uids": [], "managers": "Anna", "owner": 3})
    assert failure.value.error_code == FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT
    assert "'managers'" in failure.value.error_code.message


@pytest.mark.parametrize("command", [*AdministratorCommand, -1, 8])
def test_only_lasting_commands_are_repeated(command: int) -> None:
    quest = next(start("admin_command", 5, [1], command))
    assert quest.params["command"] == command
    assert type(quest.params["command"]) is int
    assert quest.repeatable == (0 <= command <= 5)
