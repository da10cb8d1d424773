"""What the gate answers about the devices of users and what is not to be notified on them."""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..store import Text
from .methods import Answer, Call, method
from .params import int8, mtypes, positive, text, uid

__all__: list[str] = []

_APP_TYPES = ("apns", "fcm")
_P2P, _GROUP = 0, 1
_ALL_TYPES = 0

_ADD = "INSERT OR REPLACE INTO devices (pid, uid, token, apptype) VALUES (?, ?, ?, ?)"
_REMOVE = "DELETE FROM devices WHERE pid = ? AND uid = ? AND token = ?"
_ADD_OPTION = "INSERT OR IGNORE INTO push_options (pid, uid, type, xid, mtype) VALUES (?, ?, ?, ?, ?)"
_REMOVE_OPTION = "DELETE FROM push_options WHERE pid = ? AND uid = ? AND type = ? AND xid = ? AND mtype = ?"
_OPTIONS = "SELECT xid, mtype FROM push_options WHERE pid = ? AND uid = ? AND type = ? ORDER BY xid, mtype"


@method("adddevice")
def add_device(call: Call) -> Answer:
    """A device the user has already changes its type."""
    user, app_type, token = uid(call.params, "uid"), text(call.params, "apptype"), _device_token(call)
    if app_type not in _APP_TYPES:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "the parameter 'apptype' must be 'apns' or 'fcm'")
    call.store.execute(_ADD, (call.pid, user, token, app_type))
    return {}


@method("removedevice")
def remove_device(call: Call) -> Answer:
    """A device the user does not have is passed over."""
    call.store.execute(_REMOVE, (call.pid, uid(call.params, "uid"), _device_token(call)))
    return {}


@method("addoption")
def add_push_option(call: Call) -> Answer:
    """No notifications for some types of messages from one user or group; without types: for all, kept as type 0."""
    return _change_option(call, _ADD_OPTION)


@method("removeoption")
def remove_push_option(call: Call) -> Answer:
    """Types go one by one; without types only the entry for all types goes."""
    return _change_option(call, _REMOVE_OPTION)


@method("getoption")
def get_push_options(call: Call) -> Answer:
    """The types for each user and each group, in ascending order; 0 is all."""
    user = uid(call.params, "uid")
    return {"p2p": _options(call, user, _P2P), "group": _options(call, user, _GROUP)}


def _device_token(call: Call) -> Text:
    token = text(call.params, "devicetoken")
    if not token:
        raise Refusal(RTM_ERROR.RTM_EC_EMPTY_PARAMETER, "the parameter 'devicetoken' is empty")
    return token


def _change_option(call: Call, sql: str) -> Answer:
    """The C++ SDK calls the types ``mtype``."""
    params = call.params
    user, where = uid(params, "uid"), int8(params, "type")
    if where not in (_P2P, _GROUP):
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"the parameter 'type' must be 0 or 1, not {where}")
    xid = uid(params, "xid") if where == _P2P else positive(params, "xid")
    for mtype in mtypes(params, "mtypes" if "mtypes" in params else "mtype") or (_ALL_TYPES,):
        call.store.execute(sql, (call.pid, user, where, xid, mtype))
    return {}


def _options(call: Call, user: int, where: int) -> dict[str, list[int]]:
    options: dict[str, list[int]] = {}
    for xid, mtype in call.store.execute(_OPTIONS, (call.pid, user, where)):
        options.setdefault(str(xid), []).append(mtype)
    return options
