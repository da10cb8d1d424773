"""What the gate answers about the data of users: texts under keys."""

from __future__ import annotations

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..store import Text
from .methods import Answer, Call, method
from .params import text, uid

__all__: list[str] = []

MAX_KEY = 128
MAX_VALUE = 65535

_SET = "INSERT OR REPLACE INTO user_data (pid, uid, key, val) VALUES (?, ?, ?, ?)"
_GET = "SELECT val FROM user_data WHERE pid = ? AND uid = ? AND key = ?"
_DELETE = "DELETE FROM user_data WHERE pid = ? AND uid = ? AND key = ?"


@method("dataset")
def set_data(call: Call) -> Answer:
    """A key of at most 128 bytes, a value of at most 65535."""
    user, key, value = uid(call.params, "uid"), _key(call), text(call.params, "val", MAX_VALUE)
    call.store.execute(_SET, (call.pid, user, key, value))
    return {}


@method("dataget")
def get_data(call: Call) -> Answer:
    """Without ``val`` when there is no such key."""
    row = call.store.execute(_GET, (call.pid, uid(call.params, "uid"), _key(call))).fetchone()
    return {"val": row[0]} if row else {}


@method("datadel")
def delete_data(call: Call) -> Answer:
    """A key that does not exist is passed over."""
    call.store.execute(_DELETE, (call.pid, uid(call.params, "uid"), _key(call)))
    return {}


def _key(call: Call) -> Text:
    key = text(call.params, "key", MAX_KEY)
    if not key:
        raise Refusal(RTM_ERROR.RTM_EC_EMPTY_PARAMETER, "the parameter 'key' is empty")
    return key
