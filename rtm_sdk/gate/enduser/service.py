"""From an end user's quest to its answer: is somebody logged in, and who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import RTM_ERROR
from ...fpnn.session import QuestArrived
from ..refusal import Refusal
from ..rtm.methods import Answer, Aside, Later
from ..rtm.service import Service, check_keys, unknown_method
from .login import log_out
from .methods import USER_METHODS

if TYPE_CHECKING:
    from ..connection import Connection

__all__ = ["EndUsers"]


class EndUsers:
    """The gate of end users.

    Args:
        service: the server gate, with which it shares all that is kept.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def claims(self, quest: QuestArrived, connection: Connection) -> bool:
        """Whether a quest is for this gate.

        All are that come over a connection on which somebody is logged in, and over a WebSocket: any page in the
        browser of a developer can open one, and must not find the server gate there. On others a quest is an end
        user's when it could be one, and has neither the project nor the sign that servers send with theirs.
        """
        if connection.login is not None or connection.websocket or quest.method == "auth":
            return True
        return "pid" not in quest.params and "sign" not in quest.params and quest.method in USER_METHODS

    def handle(self, quest: QuestArrived, connection: Connection) -> Answer | Later | Aside:
        """Do what a quest asks for.

        Args:
            quest: the quest.
            connection: where it came from.

        Raises:
            Refusal: the answer is an error.
        """
        method = USER_METHODS.get(quest.method)
        if method is None:
            raise unknown_method(quest.method)
        params, login = quest.params, connection.login
        check_keys(params)
        if login is not None:
            call = self._service.call(login.pid, {**params, "uid": login.user}, connection, login.user)
        elif method.public:
            call = self._service.call(0, params, connection)
        else:
            raise Refusal(RTM_ERROR.RTM_EC_UNAUTHORIZED, "nobody is logged in on this connection: send 'auth' first")
        return method.handler(call)

    def log_out(self, connection: Connection) -> None:
        """End the login of a connection, if it has one. In a turn of the gate."""
        login = connection.login
        if login is not None:
            log_out(self._service.call(login.pid, {}, connection, login.user), connection)
