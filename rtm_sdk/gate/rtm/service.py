"""From a quest to its answer: which project, is it signed, who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import FPNN_ERROR
from ...fpnn.session import QuestArrived
from ..clock import Clock
from ..files import Contents
from ..refusal import Refusal
from ..settings import Settings
from ..store import Store
from .files import FileTokens
from .listening import Listeners
from .methods import METHODS, Answer, Aside, Call, Later
from .online import OnlineUsers
from .pushes import Pushes
from .signature import Signatures

if TYPE_CHECKING:
    from ..connection import Connection

__all__ = ["Service", "check_keys", "unknown_method"]


class Service:
    """The RTM service of one gate.

    Args:
        settings: its options.
        store: where everything is kept.
        contents: the contents of files.
        clock: its time.

    Attributes:
        online: the end users who are logged in.
        listeners: the business servers that listen.
        pushes: what all of them are told.
    """

    def __init__(self, settings: Settings, store: Store, contents: Contents, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._contents = contents
        self._clock = clock
        self._signatures = Signatures(settings.projects, clock, settings.clock_window)
        self.online = OnlineUsers()
        self.listeners = Listeners(settings.listen_to_receivers)
        self.pushes = Pushes(store, self.listeners, self.online)
        self._file_tokens = FileTokens(clock, settings.file_token_seconds, settings.file_token_reuse)

    def forget(self) -> None:
        """Forget used signs and open file tokens."""
        self._signatures.forget()
        self._file_tokens.forget()

    def handle(self, quest: QuestArrived, connection: Connection) -> Answer | Later | Aside:
        """Do what a quest asks for.

        Args:
            quest: the quest.
            connection: where it came from.

        Raises:
            Refusal: the answer is an error.
        """
        name, params = quest.method, quest.params
        method = METHODS.get(name)
        if method is None:
            if name == "*ping":
                return {"ts": self._clock.ms()}
            raise unknown_method(name)
        check_keys(params)
        pid = self._signatures.project(params)
        if method.signed:
            self._signatures.check(pid, name, params)
        return method.handler(self.call(pid, params, connection))

    def call(self, pid: int, params: dict[str, Any], connection: Connection, user: int = 0) -> Call:
        """What a handler works on.

        Args:
            pid: the project.
            params: the parameters.
            connection: where the quest came from.
            user: the end user who is logged in there; 0 for a business server.
        """
        return Call(
            pid,
            params,
            connection,
            self._settings,
            self._store,
            self._contents,
            self._file_tokens,
            self.online,
            self.listeners,
            self.pushes,
            user,
        )


def check_keys(params: dict[str, Any]) -> None:
    """Refuse a payload whose keys are not all strings (10005)."""
    try:
        "".join(params)
    except TypeError:
        raise Refusal(FPNN_ERROR.FPNN_EC_PROTO_STRING_KEY, "a key of the payload is not a string") from None


def unknown_method(name: str) -> Refusal:
    """The answer to a quest that nobody knows (20004)."""
    return Refusal(FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_METHOD, f"unknown method {name[:255]!r}")
