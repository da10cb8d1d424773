"""What the gate answers about RTM: the address of the socket, and the RTM service's own HTTP calls.

The RTM service wraps its answers into `code` and `result`. Its endpoints have names that begin with `rtm_http.`.
"""

from __future__ import annotations

from . import params as read
from .conversations import P2P
from .endpoints import Call, endpoint
from .messages import post_message
from .people import Resource
from .query import position_of_key
from .refusals import invalid

__all__ = ["SOCKET", "take_frame"]

SOCKET = "/bearychat/socket/"
"""What the path of a socket begins with; a ticket follows."""


@endpoint("rtm.start", "POST")
def start_rtm(call: Call) -> Resource:
    """The same as the RTM service, without its wrapper."""
    return _start(call)


@endpoint("rtm_http.start", "POST")
def rtm_start(call: Call) -> Resource:
    """The address is good for 5 minutes."""
    return {"code": 0, "result": _start(call)}


@endpoint("rtm_http.message", "POST")
def rtm_send_message(call: Call) -> Resource:
    """The conversation is called `vchannel` here."""
    markdown = read.flag(call.params, "markdown", True)
    further = {} if markdown else {"disable_markdown": True}
    post_message(call, read.text(call.params, "vchannel"), **further)
    return {"code": 0, "result": None}


def _start(call: Call) -> Resource:
    return {"ws_host": f"ws://{call.reached}{SOCKET}{call.sockets.ticket(call.uid)}", "user": call.user}


def take_frame(call: Call) -> None:
    """Do what a client of the socket says: send a message, or nothing but being there."""
    kind = read.text(call.params, "type")
    if kind in ("ping", "typing", "channel_typing"):
        return
    if kind not in ("message", "channel_message"):
        raise invalid(f"frames of the type {kind!r} are not known")
    conversation = call.open_for(read.text(call.params, "vchannel_id"))
    if (kind == "message") != (conversation.type == P2P):
        raise invalid(f"a conversation of the type {conversation.type!r} does not take the type {kind!r}")
    refer_key = read.optional_text(call.params, "refer_key")
    if refer_key is not None:
        call.message(conversation.id, position_of_key("refer_key", refer_key))
    post_message(call, conversation.id, refer_key=refer_key)
