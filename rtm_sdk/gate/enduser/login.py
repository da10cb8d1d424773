"""How end users come and go.

A login belongs to its connection. It ends with it, with ``bye``, or when the user is kicked out; the user leaves all
rooms then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..rtm import params as read
from ..rtm.bans import PROJECT_BLACK, is_banned
from ..rtm.methods import Answer, Call
from ..rtm.online import Login
from ..rtm.tokens import token_is_valid
from .methods import user_method
from .rooms import leave_all
from .unread import note_login, note_logout

if TYPE_CHECKING:
    from ..connection import Connection

__all__ = ["log_out"]


@user_method("auth", public=True)
def auth(call: Call) -> Answer:
    """Log in with a token of ``gettoken``, which stays good. A wrong one is no error: ``ok`` is false then.

    200023 when somebody is logged in here already, 200024 for who is on the blacklist of the project. Version,
    language, attributes and device of the client are ignored.
    """
    if call.user:
        raise Refusal(RTM_ERROR.RTM_EC_DUPLICATED_AUTH, f"user {call.user} is logged in on this connection already")
    call.pid = read.int32(call.params, "pid")
    if call.pid not in call.settings.projects:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PID_OR_UID, f"there is no project {call.pid} at this gate")
    user, token = read.uid(call.params, "uid"), read.text(call.params, "token")
    if not isinstance(token, str) or not token_is_valid(call.store, call.pid, user, token):
        return {"ok": False}
    if is_banned(call, PROJECT_BLACK, 0, user):
        raise Refusal(RTM_ERROR.RTM_EC_AUTH_DENIED, f"user {user} is on the blacklist of the project")
    _log_in(call, user)
    return {"ok": True}


@user_method("bye")
def bye(call: Call) -> Answer:
    """Log out; the client closes the connection."""
    log_out(call, call.connection)
    return {}


@user_method("ping", public=True)
def ping(call: Call) -> Answer:
    """A sign of life, by old clients."""
    return {}


@user_method("*ping", public=True)
def keep_alive(call: Call) -> Answer:
    """A sign of life, by the framework of the client."""
    return {"ts": call.store.now()}


def _log_in(call: Call, user: int) -> None:
    connection = call.connection
    if not call.settings.multi_login:
        for old in call.online.of(call.pid, user):
            log_out(call, old)
            call.store.after_commit(old.kick_out)
    if not call.online.of(call.pid, user):
        note_login(call, user)
    call.pushes.event(call.pid, "login", user, connection.peer)
    call.listeners.forget(connection)
    call.online.add(call.pid, user, connection)
    connection.login = Login(call.pid, user)
    connection.watch()


def log_out(call: Call, connection: Connection) -> None:
    """End the login of a connection, which is of the project of the call."""
    login, connection.login = connection.login, None
    if login is None:
        return
    call.online.remove(login.pid, login.user, connection)
    if not call.online.of(login.pid, login.user):
        leave_all(call, login.user)
        note_logout(call, login.user)
    call.pushes.event(login.pid, "logout", login.user, connection.peer)
