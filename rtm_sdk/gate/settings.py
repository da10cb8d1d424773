"""What a gate is told when it is made, checked at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .words import WordList

__all__ = ["DEFAULT_STORED_MTYPES", "Settings"]

DEFAULT_STORED_MTYPES = frozenset((30, 32, *range(40, 51)))
"""What the service keeps for a project that is not configured otherwise: chat, commands, files."""

_MAX_INT32 = 2**31 - 1


@dataclass(frozen=True)
class Settings:
    """The options of a `Gate`; described there."""

    projects: Mapping[int, str] = field(repr=False)
    clock_window: float
    max_frame: int
    max_message: int
    max_attrs: int
    max_file: int
    enforce_membership: bool
    enforce_blacklist: bool
    duplicate_mid: Literal["error", "success"]
    stored_mtypes: frozenset[int]
    file_token_seconds: float
    file_token_reuse: bool
    require_file_ext: bool
    idle_timeout: float
    ping_interval: float
    answer_timeout: float
    push_buffer: int
    listen_to_receivers: bool
    multi_login: bool
    rooms_per_user: int
    words: WordList | None
    functions: Mapping[str, Callable[..., Any]]

    def __post_init__(self) -> None:
        if not self.projects:
            raise ValueError("projects must name at least one project: {pid: secret}")
        for pid, secret in self.projects.items():
            if type(pid) is not int or not isinstance(secret, str):
                raise TypeError("projects must map an int (pid) to a str (secret)")
            if not 0 < pid <= _MAX_INT32:
                raise ValueError(f"projects: the pid {pid} is not in 1..{_MAX_INT32}")
            if not secret:
                raise ValueError(f"projects: the secret of {pid} is empty")
        for name in (
            "max_frame",
            "max_message",
            "max_attrs",
            "max_file",
            "file_token_seconds",
            "push_buffer",
            "rooms_per_user",
        ):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive")
        for name in ("clock_window", "idle_timeout", "ping_interval", "answer_timeout"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must not be negative")
        if self.duplicate_mid not in ("error", "success"):
            raise ValueError(f"duplicate_mid must be 'error' or 'success', not {self.duplicate_mid!r}")
        for mtype in self.stored_mtypes:
            if type(mtype) is not int:
                raise TypeError("stored_mtypes must hold ints")
            if not 0 <= mtype <= 127:
                raise ValueError(f"stored_mtypes: {mtype} is not in 0..127")
