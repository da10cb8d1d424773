"""What the gate answers about the emoji of the team."""

from __future__ import annotations

import json

from .endpoints import Call, endpoint
from .people import Resource

__all__: list[str] = []


@endpoint("emoji.list", "GET", "POST")
def list_emojis(call: Call) -> list[Resource]:
    """What was seeded."""
    rows = call.store.execute("SELECT resource FROM bearychat_emojis ORDER BY number")
    return [json.loads(resource) for (resource,) in rows]
