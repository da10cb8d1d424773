"""What the gate answers about users: who is on line, their infos, messages and sessions."""

from __future__ import annotations

from ..store import MessageKind
from .infos import get_info, set_info
from .messages import remove_contents
from .methods import Answer, Call, method
from .online import kick_out
from .params import uid, uids

__all__: list[str] = []

MAX_ONLINE_USERS = 200
MAX_INFOS = 100

_OPEN_INFO = "SELECT oinfo FROM infos WHERE pid = ? AND kind = 1 AND xid = ?"
_SET_SESSION = "INSERT OR REPLACE INTO sessions (pid, uid, peer, listed, mtime) VALUES (?, ?, ?, ?, ?)"


@method("kickout")
def kickout(call: Call) -> Answer:
    """All logins of the user; who is offline stays so."""
    kick_out(call, uid(call.params, "uid"))
    return {}


@method("getonlineusers")
def get_online_users(call: Call) -> Answer:
    """Those of the users who are logged in, in the order asked for."""
    users = uids(call.params, "uids", MAX_ONLINE_USERS)
    return {"uids": [user for user in users if call.online.of(call.pid, user)]}


@method("setuserinfo")
def set_user_info(call: Call) -> Answer:
    """Any user; users are not registered."""
    set_info(call, MessageKind.P2P, "uid")
    return {}


@method("getuserinfo")
def get_user_info(call: Call) -> Answer:
    """Both texts."""
    return get_info(call, MessageKind.P2P, "uid")


@method("getuseropeninfo")
def get_user_open_info(call: Call) -> Answer:
    """The public text of every user that was asked for, empty where none is set."""
    info = {}
    for user in uids(call.params, "uids", MAX_INFOS):
        row = call.store.execute(_OPEN_INFO, (call.pid, user)).fetchone()
        info[str(user)] = row[0] if row else ""
    return {"info": info}


@method("clearusermsg")
def clear_user_messages(call: Call) -> Answer:
    """Everything the user sent, of every kind."""
    remove_contents(call, call.store.hide_kinds(call.pid, tuple(MessageKind), uid(call.params, "uid")))
    return {}


@method("addsessions")
def add_sessions(call: Call) -> Answer:
    """Into the list of p2p conversations of the user."""
    return _set_sessions(call, True)


@method("removesessions")
def remove_sessions(call: Call) -> Answer:
    """Out of that list; the messages stay."""
    return _set_sessions(call, False)


def _set_sessions(call: Call, listed: bool) -> Answer:
    user, peers = uid(call.params, "uid"), uids(call.params, "uids")
    for peer in peers:
        call.store.execute(_SET_SESSION, (call.pid, user, peer, listed, call.store.now()))
    return {}
