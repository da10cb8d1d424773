"""The table of methods: which function of a domain file answers which quest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from ..connection import Connection
    from ..files import Contents
    from ..settings import Settings
    from ..store import Store
    from .files import FileTokens
    from .listening import Listeners
    from .online import OnlineUsers
    from .pushes import Pushes

__all__ = ["METHODS", "Answer", "Aside", "Call", "Handler", "Later", "Method", "method"]

Answer = dict[str, Any]


@dataclass(slots=True, eq=False, repr=False)
class Call:
    """One quest on its way through a handler.

    Attributes:
        pid: the project, which is known to exist.
        params: the parameters; read them with the functions of `params`.
        connection: where it came from.
        settings, store, contents, file_tokens, online, listeners, pushes: the gate's.
        user: the end user whose login the connection is; 0 for a business server.
    """

    pid: int
    params: dict[str, Any]
    connection: Connection
    settings: Settings
    store: Store
    contents: Contents
    file_tokens: FileTokens
    online: OnlineUsers
    listeners: Listeners
    pushes: Pushes
    user: int


class Later(NamedTuple):
    """What a handler returns when part of its work must not hold up the gate.

    Attributes:
        work: runs on another thread, without the store; may raise `Refusal`.
        finish: runs afterwards in a turn of the gate and gives the answer.
        undo: runs when either raised, or the gate stops in between.
    """

    work: Callable[[], None]
    finish: Callable[[], Answer]
    undo: Callable[[], None]


class Aside(NamedTuple):
    """What a handler returns when a function of the user finds the answer, which may take long.

    The connection goes on meanwhile, so answers overtake it.

    Attributes:
        work: gives the answer; runs on a thread of its own, without the store; may raise `Refusal`.
    """

    work: Callable[[], Answer]


Handler = Callable[[Call], "Answer | Later | Aside"]
H = TypeVar("H", bound=Handler)


class Method(NamedTuple):
    """A method of the gate.

    Attributes:
        handler: answers it.
        signed: whether the quest must carry sign, salt and ts.
    """

    handler: Handler
    signed: bool


METHODS: dict[str, Method] = {}


def method(name: str, *, signed: bool = True) -> Callable[[H], H]:
    """Register the handler of a quest.

    Args:
        name: the wire name.
        signed: False for the quests of the file gate.
    """

    def register(handler: H) -> H:
        if name in METHODS:
            raise ValueError(f"two handlers for {name}")
        METHODS[name] = Method(handler, signed)
        return handler

    return register
