"""What the gate answers to the companion IM product: infos with names, who may join or invite, groups with an owner.

The groups are those of `groups`. What was never set is empty, grants are 0.
"""

from __future__ import annotations

from hashlib import sha256

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..store import MessageKind, Text
from .groups import MAX_MEMBERS_PER_CALL, add_members, dissolve
from .methods import Answer, Call, method
from .params import ids, int32, positive, strings, text, uid, uids

__all__: list[str] = []

_USER, _GROUP, _ROOM = MessageKind.P2P, MessageKind.GROUP, MessageKind.ROOM
_KINDS = {0: _USER, 1: _GROUP, 2: _ROOM}
_APPLY_GRANTS = (0, 1, 2, 3)
_PASSWORD_NEEDED = 3

_SET_INFO = "INSERT OR REPLACE INTO im_infos (pid, kind, xid, name, value) VALUES (?, ?, ?, ?, ?)"
_INFOS = "SELECT name, value FROM im_infos WHERE pid = ? AND kind = ? AND xid = ? ORDER BY name"
_SET_APPLY = "INSERT OR REPLACE INTO im_apply_grants (pid, kind, xid, grant_type, digest) VALUES (?, ?, ?, ?, ?)"
_APPLY = "SELECT grant_type FROM im_apply_grants WHERE pid = ? AND kind = ? AND xid = ?"
_SET_INVITE = """INSERT OR REPLACE INTO im_invite_grants (pid, kind, xid, invite_type, invite_manage_type)
VALUES (?, ?, ?, ?, ?)"""
_INVITE = "SELECT invite_type, invite_manage_type FROM im_invite_grants WHERE pid = ? AND kind = ? AND xid = ?"
_CREATE = "INSERT OR IGNORE INTO im_groups (pid, gid, owner) VALUES (?, ?, ?)"
_OWNER = "SELECT owner FROM im_groups WHERE pid = ? AND gid = ?"


@method("imserver_setuserinfos")
def set_user_infos(call: Call) -> Answer:
    """Infos that are not named stay."""
    _set_infos(call, _USER, uid(call.params, "uid"))
    return {}


@method("imserver_getuserinfos")
def get_user_infos(call: Call) -> Answer:
    """Every user that was asked for."""
    return {"infos": {str(user): _infos(call, _USER, user) for user in uids(call.params, "uids")}}


@method("imserver_setgroupinfos")
def set_group_infos(call: Call) -> Answer:
    """Infos that are not named stay. The group need not have members."""
    _set_infos(call, _GROUP, positive(call.params, "gid"))
    return {}


@method("imserver_getgroupinfos")
def get_group_infos(call: Call) -> Answer:
    """Every group that was asked for."""
    return {"infos": {str(gid): _infos(call, _GROUP, gid) for gid in ids(call.params, "gids")}}


@method("imserver_setapplygrant")
def set_apply_grant(call: Call) -> Answer:
    """Who may add the user, or join: 3 needs a password in ``extra``, of which the store holds only the hash."""
    kind, xid = _place(call)
    _set_apply_grant(call, kind, xid, int32(call.params, "grant_type"), _optional_text(call, "extra"))
    return {}


@method("imserver_getapplygrant")
def get_apply_grant(call: Call) -> Answer:
    """0, anyone, until it is set."""
    row = call.store.execute(_APPLY, (call.pid, *_place(call))).fetchone()
    return {"grant_type": row[0] if row else 0}


@method("imserver_setinvitegrant")
def set_invite_grant(call: Call) -> Answer:
    """Of a group or room."""
    kind, xid = _place(call)
    if kind == _USER:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "the parameter 'type' must be 1 (group) or 2 (room)")
    invite, manage = int32(call.params, "invite_type"), int32(call.params, "invite_manage_type")
    if invite not in (0, 1) or manage not in (0, 1):
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "'invite_type' and 'invite_manage_type' must be 0 or 1")
    call.store.execute(_SET_INVITE, (call.pid, kind, xid, invite, manage))
    return {}


@method("imserver_getinvitegrant")
def get_invite_grant(call: Call) -> Answer:
    """Both 0 until they are set, and always for a user."""
    row = call.store.execute(_INVITE, (call.pid, *_place(call))).fetchone()
    invite, manage = row or (0, 0)
    return {"invite_type": invite, "invite_manage_type": manage}


@method("imserver_creategroup")
def create_group(call: Call) -> Answer:
    """The owner becomes a member. Again with the same owner it is a change, with another one it is 200021."""
    params = call.params
    gid, owner = positive(params, "gid"), uid(params, "owner_uid")
    permissions = strings(params, "permissions")
    call.store.execute(_CREATE, (call.pid, gid, owner))
    if call.store.execute(_OWNER, (call.pid, gid)).fetchone() != (owner,):
        raise Refusal(RTM_ERROR.RTM_EC_PERMISSION_DENIED, f"group {gid} exists and has another owner")
    add_members(call, gid, [owner])
    _set_infos(call, _GROUP, gid)
    if "type" in permissions:
        grant = permissions["type"]
        if grant not in ("0", "1", "2", "3"):
            raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "the type in 'permissions' must be '0' to '3'")
        _set_apply_grant(call, _GROUP, gid, int(grant), permissions.get("extra", ""))
    return {}


@method("imserver_dismissgroup")
def dismiss_group(call: Call) -> Answer:
    """Members, infos, grants and bans of the group go; its messages stay."""
    dissolve(call, positive(call.params, "gid"))
    return {}


@method("imserver_addgroupmembers")
def add_group_members(call: Call) -> Answer:
    """Who is a member already stays one; the group need not have been created."""
    add_members(call, positive(call.params, "gid"), uids(call.params, "uids", MAX_MEMBERS_PER_CALL))
    return {}


def _place(call: Call) -> tuple[MessageKind, int]:
    """User, group or room (``type``) and its id (``xid``)."""
    number = int32(call.params, "type")
    kind = _KINDS.get(number)
    if kind is None:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"the parameter 'type' must be 0 to 2, not {number}")
    return kind, uid(call.params, "xid") if kind == _USER else positive(call.params, "xid")


def _optional_text(call: Call, name: str) -> Text:
    return text(call.params, name) if name in call.params else ""


def _set_infos(call: Call, kind: MessageKind, xid: int) -> None:
    for name, value in strings(call.params, "infos").items():
        call.store.execute(_SET_INFO, (call.pid, kind, xid, name, value))


def _infos(call: Call, kind: MessageKind, xid: int) -> dict[str, Text]:
    return dict(call.store.execute(_INFOS, (call.pid, kind, xid)).fetchall())


def _set_apply_grant(call: Call, kind: MessageKind, xid: int, grant: int, password: Text) -> None:
    if grant not in _APPLY_GRANTS:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"the parameter 'grant_type' must be 0 to 3, not {grant}")
    digest = None
    if grant == _PASSWORD_NEEDED:
        if not password:
            raise Refusal(RTM_ERROR.RTM_EC_EMPTY_PARAMETER, "the password in 'extra' is empty")
        digest = sha256(password if isinstance(password, bytes) else password.encode()).digest()
    call.store.execute(_SET_APPLY, (call.pid, kind, xid, grant, digest))
