"""The step that RTM operations yield."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ..content import Content

__all__ = ["Quest"]


class Quest(NamedTuple):
    """One step of an operation: a request to the service.

    Attributes:
        method: the name on the wire.
        params: without the signing parameters.
        repeatable: a second copy does no harm (reads, sets, whatever carries a mid), so it is repeated when its fate
            is unknown.
        signed: the client adds `pid`, `sign`, `salt` and `ts`.
        endpoint: the file gate (`host:port`) that takes it; empty for the server gate.
        content: is streamed as the last parameter, `file`.
    """

    method: str
    params: dict[str, Any]
    repeatable: bool = False
    signed: bool = True
    endpoint: str = ""
    content: Content | None = None

    def __repr__(self) -> str:
        return f"<Quest {self.method}({', '.join(self.params)})>"
