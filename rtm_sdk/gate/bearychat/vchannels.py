"""What the gate answers about conversations of any kind."""

from __future__ import annotations

from . import params as read
from .endpoints import Call, endpoint
from .people import Resource

__all__: list[str] = []


@endpoint("vchannel.info", "GET")
def get_vchannel(call: Call) -> Resource:
    """A channel, a discussion group or a conversation of two."""
    return call.shown(call.visible(read.text(call.params, "vchannel_id")))
