"""A text that must not show."""

from __future__ import annotations

__all__ = ["Secret"]


class Secret(str):
    """A `str` whose `repr` is masked, so that tracebacks and debuggers that print variables do not show it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<secret>"
