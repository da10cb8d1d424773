"""Operations on the rooms of real-time audio and video.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest
from .results import (
    AdministratorCommand,
    GetRTCRoomListResult,
    GetRTCRoomMemberCountResult,
    GetRTCRoomMembersResult,
)

__all__ = ["RTC"]

_LASTING = range(AdministratorCommand.AppointAdministrator, AdministratorCommand.AllowSendingVideo + 1)
"""Commands that set what then holds. The others act once, and people may undo them."""


class RTC:
    """Places where users talk to each other live. Their ids have nothing to do with those of message rooms.

    A call that does something to people who are in a room right now is not repeated when its fate is unknown.
    """

    @operation
    def invite_user_into_rtc_room(
        self,
        room_id: int,
        to_uids: Iterable[int],
        from_uid: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Invite users into a room.

        Args:
            room_id: the room.
            to_uids: who is invited.
            from_uid: who invites; must be in the room.

        Wire: inviteUserIntoRTCRoom.
        """
        params = {
            **_room(room_id),
            "toUids": arguments.ids("to_uids", to_uids),
            "fromUid": arguments.int64("from_uid", from_uid),
        }
        yield Quest("inviteUserIntoRTCRoom", params)

    @operation
    def close_rtc_room(self, room_id: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        """Close a room; who is in it has to leave.

        Args:
            room_id: the room.

        Wire: closeRTCRoom.
        """
        yield Quest("closeRTCRoom", _room(room_id))

    @operation
    def kick_out_from_rtc_room(
        self, uid: int, room_id: int, from_uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Throw a user out of a room.

        Args:
            uid: who has to leave.
            room_id: the room.
            from_uid: who gives the command.

        Wire: kickoutFromRTCRoom.
        """
        params = {
            **arguments.user(uid),
            **_room(room_id),
            "fromUid": arguments.int64("from_uid", from_uid),
        }
        yield Quest("kickoutFromRTCRoom", params)

    @operation
    def get_rtc_room_list(
        self, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[GetRTCRoomListResult]:
        """Get the rooms of the project.

        Returns:
            GetRTCRoomListResult(room_ids).

        Wire: getRTCRoomList.
        """
        answer = yield Quest("getRTCRoomList", {}, repeatable=True)
        return GetRTCRoomListResult(answers.ids(answer, "rids"))

    @operation
    def get_rtc_room_members(
        self, room_id: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[GetRTCRoomMembersResult]:
        """Get the users who are in a room, and what they are there.

        Args:
            room_id: the room.

        Returns:
            GetRTCRoomMembersResult(uids, administrators, owner); the owner is -1 when the service does not tell.

        Wire: getRTCRoomMembers.
        """
        answer = yield Quest("getRTCRoomMembers", _room(room_id), repeatable=True)
        older = "administrators" not in answer and "managers" in answer
        return GetRTCRoomMembersResult(
            answers.ids(answer, "uids"),
            answers.ids(answer, "managers" if older else "administrators"),
            answers.int64(answer, "owner") if "owner" in answer else -1,
        )

    @operation
    def get_rtc_room_member_count(
        self, room_id: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[GetRTCRoomMemberCountResult]:
        """Get the number of users who are in a room.

        Args:
            room_id: the room.

        Returns:
            GetRTCRoomMemberCountResult(count).

        Wire: getRTCRoomMemberCount.
        """
        answer = yield Quest("getRTCRoomMemberCount", _room(room_id), repeatable=True)
        return GetRTCRoomMemberCountResult(answers.int32(answer, "count"))

    @operation
    def set_rtc_room_mic_status(
        self, room_id: int, status: bool, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Set whether the microphone of those who enter a room is on.

        Args:
            room_id: the room.
            status: True for on.

        Wire: setRTCRoomMicStatus.
        """
        params = {**_room(room_id), "status": arguments.flag("status", status)}
        yield Quest("setRTCRoomMicStatus", params, repeatable=True)

    @operation
    def pull_into_rtc_room(
        self,
        room_id: int,
        to_uids: Iterable[int],
        type: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
        *,
        voice_range: int | None = None,
        max_receive_streams: int | None = None,
    ) -> Operation[None]:
        """Put users into a room without asking them. It is made if it is not there.

        Args:
            room_id: the room.
            to_uids: who comes in.
            type: 1 voice, 2 video.
            voice_range: how far voices are heard; None leaves it to the service. Only the newest services know it.
            max_receive_streams: the most streams that each user receives; likewise.

        Wire: pullIntoRTCRoom.
        """
        params = {
            **_room(room_id),
            "toUids": arguments.ids("to_uids", to_uids),
            "type": arguments.int32("type", type),
            **arguments.optional("voice_range", voice_range, arguments.int32, "voiceRange"),
            **arguments.optional("max_receive_streams", max_receive_streams, arguments.int32, "maxReceiveStreams"),
        }
        yield Quest("pullIntoRTCRoom", params)

    @operation
    def admin_command(
        self,
        room_id: int,
        uids: Iterable[int],
        command: int,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Say what users may do in a room, or close their microphone or camera.

        Args:
            room_id: the room.
            uids: whom it concerns.
            command: `AdministratorCommand`: 0 appoint administrator, 1 dismiss, 2 forbid to send audio, 3 allow it,
                4 forbid to send video, 5 allow it, 6 close the microphone, 7 close the camera.

        Wire: adminCommand.
        """
        number = arguments.int32("command", command)
        params = {**_room(room_id), "uids": arguments.ids("uids", uids), "command": number}
        yield Quest("adminCommand", params, repeatable=number in _LASTING)


def _room(room_id: int) -> dict[str, Any]:
    return {"rid": arguments.int64("room_id", room_id)}
