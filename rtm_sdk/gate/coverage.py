"""What a gate answers for real, counted from the tables that its answers come from."""

from __future__ import annotations

from typing import NamedTuple

from .bearychat.endpoints import ENDPOINTS
from .enduser.methods import USER_METHODS
from .functions import FUNCTIONS
from .googlechat.api import API
from .googlechat.methods import METHODS as GOOGLE_METHODS
from .rtm.methods import METHODS

__all__ = ["Coverage", "coverage"]


class Coverage(NamedTuple):
    """How much of a system the gate answers.

    Attributes:
        system: the system, for people.
        answered: the methods that are answered for real.
        missing: the methods that get 501 UNIMPLEMENTED.
        configured: those of `answered` that need a function of the user; without it they get the service's own error
            for a feature that is not configured.
    """

    system: str
    answered: tuple[str, ...]
    missing: tuple[str, ...] = ()
    configured: tuple[str, ...] = ()


def coverage() -> tuple[Coverage, ...]:
    """The coverage of all systems."""
    missing = tuple(method.id for method in API if method.id not in GOOGLE_METHODS)
    return (
        Coverage("RTM for business servers", tuple(sorted(METHODS)), configured=FUNCTIONS),
        Coverage("RTM for end users", tuple(sorted(USER_METHODS))),
        Coverage("Google Chat", tuple(sorted(GOOGLE_METHODS)), missing),
        Coverage("BearyChat", tuple(sorted(ENDPOINTS))),
    )
