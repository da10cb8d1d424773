"""What the gate answers about the team."""

from __future__ import annotations

from .endpoints import Call, endpoint
from .people import Resource

__all__: list[str] = []


@endpoint("team.info", "GET")
def get_team(call: Call) -> Resource:
    """A gate has one team."""
    return call.people.team()
