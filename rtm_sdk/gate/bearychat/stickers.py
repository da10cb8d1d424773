"""What the gate answers about stickers."""

from __future__ import annotations

import json

from .endpoints import Call, endpoint
from .people import Resource

__all__: list[str] = []


@endpoint("sticker.list", "GET", "POST")
def list_stickers(call: Call) -> list[Resource]:
    """What was seeded, the same for all users."""
    rows = call.store.execute("SELECT resource FROM bearychat_sticker_packs ORDER BY number")
    return [json.loads(resource) for (resource,) in rows]
