"""What the gate answers about RTC rooms. It keeps the books: who is inside and may do what; there is no sound.

A room lasts until it is closed or the gate stops. Its owner is whoever has been inside longest.
"""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..refusal import Refusal
from .methods import Answer, Call, method
from .params import boolean, int32, positive, uid, uids

__all__: list[str] = []

_TYPES = (0, 1, 2)
"""1 is voice, 2 video; the C# SDK knows 0 and 1."""

_NOBODY = 0

_CREATE = """INSERT OR IGNORE INTO rtc_rooms (pid, rid, type, voice_range, max_streams, microphone)
VALUES (?, ?, ?, ?, ?, 1)"""
_ENTER = """INSERT OR IGNORE INTO rtc_members (pid, rid, uid, microphone)
SELECT pid, rid, ?, microphone FROM rtc_rooms WHERE pid = ? AND rid = ?"""
_LEAVE = "DELETE FROM rtc_members WHERE pid = ? AND rid = ? AND uid = ?"
_EMPTY = "DELETE FROM rtc_members WHERE pid = ? AND rid = ?"
_CLOSE = "DELETE FROM rtc_rooms WHERE pid = ? AND rid = ?"
_ROOMS = "SELECT rid FROM rtc_rooms WHERE pid = ? ORDER BY rid"
_SET_MICROPHONE = "UPDATE rtc_rooms SET microphone = ? WHERE pid = ? AND rid = ?"
_MEMBERS = "SELECT uid, administrator FROM rtc_members WHERE pid = ? AND rid = ? ORDER BY place"
_COUNT = "SELECT count(*) FROM rtc_members WHERE pid = ? AND rid = ?"
_IS_INSIDE = "SELECT 1 FROM rtc_members WHERE pid = ? AND rid = ? AND uid = ?"
_COMMANDS = tuple(
    f"UPDATE rtc_members SET {change} WHERE pid = ? AND rid = ? AND uid = ?"
    for change in (
        "administrator = 1",
        "administrator = 0",
        "audio = 0",
        "audio = 1",
        "video = 0",
        "video = 1",
        "microphone = 0",
        "camera = 0",
    )
)
"""What each administrator command does, by its number."""


@method("pullIntoRTCRoom")
def pull_into_room(call: Call) -> Answer:
    """Makes the room when there is none; of one that exists the type and the limits stay."""
    params = call.params
    rid, users, kind = positive(params, "rid"), uids(params, "toUids"), int32(params, "type")
    voice_range, max_streams = int32(params, "voiceRange", 0), int32(params, "maxReceiveStreams", 0)
    if kind not in _TYPES:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"the parameter 'type' must be 1 or 2, not {kind}")
    if voice_range < 0 or max_streams < 0:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "'voiceRange' and 'maxReceiveStreams' must not be negative")
    call.store.execute(_CREATE, (call.pid, rid, kind, voice_range, max_streams))
    for user in users:
        call.store.execute(_ENTER, (user, call.pid, rid))
    return {}


@method("inviteUserIntoRTCRoom")
def invite_into_room(call: Call) -> Answer:
    """Who is invited is not inside by that; 200040 when who invites is not."""
    rid, inviter = positive(call.params, "rid"), uid(call.params, "fromUid")
    uids(call.params, "toUids")
    _check_inside(call, rid, inviter)
    return {}


@method("kickoutFromRTCRoom")
def kick_out_of_room(call: Call) -> Answer:
    """200040 unless both are inside, 200012 when they are one."""
    rid, user, actor = positive(call.params, "rid"), uid(call.params, "uid"), uid(call.params, "fromUid")
    if user == actor:
        raise Refusal(RTM_ERROR.RTM_EC_KICKOUT_SELF, f"user {user} cannot kick themselves out")
    _check_inside(call, rid, actor)
    _check_inside(call, rid, user)
    call.store.execute(_LEAVE, (call.pid, rid, user))
    return {}


@method("closeRTCRoom")
def close_room(call: Call) -> Answer:
    """A room that does not exist is closed."""
    where = call.pid, positive(call.params, "rid")
    call.store.execute(_EMPTY, where)
    call.store.execute(_CLOSE, where)
    return {}


@method("getRTCRoomList")
def get_rooms(call: Call) -> Answer:
    """In ascending order."""
    return {"rids": [rid for (rid,) in call.store.execute(_ROOMS, (call.pid,))]}


@method("getRTCRoomMembers")
def get_room_members(call: Call) -> Answer:
    """In the order in which they came; nobody and the owner 0 for a room that does not exist.

    SDKs differ in what they call the administrators.
    """
    rows = call.store.execute(_MEMBERS, (call.pid, positive(call.params, "rid"))).fetchall()
    administrators = [user for user, administrator in rows if administrator]
    return {
        "uids": [user for user, _ in rows],
        "administrators": administrators,
        "managers": administrators,
        "owner": rows[0][0] if rows else _NOBODY,
    }


@method("getRTCRoomMemberCount")
def get_room_member_count(call: Call) -> Answer:
    """0 for a room that does not exist."""
    (number,) = call.store.execute(_COUNT, (call.pid, positive(call.params, "rid"))).fetchone()
    return {"count": number}


@method("setRTCRoomMicStatus")
def set_room_microphone(call: Call) -> Answer:
    """For those who enter from now on; 200034 when there is no such room."""
    rid, on = positive(call.params, "rid"), boolean(call.params, "status")
    if not call.store.execute(_SET_MICROPHONE, (on, call.pid, rid)).rowcount:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"there is no RTC room {rid}")
    return {}


@method("adminCommand")
def administrate(call: Call) -> Answer:
    """For all the users, or, when one is not inside (200040), for none."""
    rid, users, command = positive(call.params, "rid"), uids(call.params, "uids"), int32(call.params, "command")
    if not 0 <= command < len(_COMMANDS):
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"the parameter 'command' must be 0 to 7, not {command}")
    for user in users:
        _check_inside(call, rid, user)
        call.store.execute(_COMMANDS[command], (call.pid, rid, user))
    return {}


def _check_inside(call: Call, rid: int, user: int) -> None:
    if call.store.execute(_IS_INSIDE, (call.pid, rid, user)).fetchone() is None:
        raise Refusal(RTM_ERROR.RTM_EC_NOT_IN_ROOM, f"user {user} is not in RTC room {rid}")
