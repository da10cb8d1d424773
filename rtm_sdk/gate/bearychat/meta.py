"""What the gate answers about the API itself."""

from __future__ import annotations

from .endpoints import Call, endpoint
from .people import Resource

__all__: list[str] = []


@endpoint("meta", "GET", anonymous=True)
def get_meta(call: Call) -> Resource:
    """The one version there is."""
    return {"version": "1"}
