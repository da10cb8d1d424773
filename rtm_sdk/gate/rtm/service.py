"""From a quest to its answer: which project, is it signed, who answers."""

from __future__ import annotations

from ...errors import FPNN_ERROR
from ...fpnn.session import QuestArrived
from ..clock import Clock
from ..endpoint import Address
from ..files import Contents
from ..settings import Settings
from ..store import Store
from .files import FileTokens
from .methods import METHODS, Answer, Aside, Call, Later
from .online import OnlineUsers
from .params import Refusal
from .signature import Signatures

__all__ = ["Service"]


class Service:
    """The RTM service of one gate.

    Args:
        settings: its options.
        store: where everything is kept.
        contents: the contents of files.
        clock: its time.

    Attributes:
        online: the end users who are logged in.
    """

    def __init__(self, settings: Settings, store: Store, contents: Contents, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._contents = contents
        self._clock = clock
        self._signatures = Signatures(settings.projects, clock, settings.clock_window)
        self.online = OnlineUsers()
        self._file_tokens = FileTokens(clock, settings.file_token_seconds, settings.file_token_reuse)

    def forget(self) -> None:
        """Forget used signs and open file tokens."""
        self._signatures.forget()
        self._file_tokens.forget()

    def handle(self, quest: QuestArrived, address: Address) -> Answer | Later | Aside:
        """Do what a quest asks for.

        Args:
            quest: the quest.
            address: where its sender reached the gate.

        Raises:
            Refusal: the answer is an error.
        """
        name, params = quest.method, quest.params
        method = METHODS.get(name)
        if method is None:
            if name == "*ping":
                return {"ts": self._clock.ms()}
            raise Refusal(FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_METHOD, f"unknown method {name[:255]!r}")
        try:
            "".join(params)
        except TypeError:
            raise Refusal(FPNN_ERROR.FPNN_EC_PROTO_STRING_KEY, "a key of the payload is not a string") from None
        pid = self._signatures.project(params)
        if method.signed:
            self._signatures.check(pid, name, params)
        return method.handler(
            Call(pid, params, address, self._settings, self._store, self._contents, self._file_tokens, self.online)
        )
