"""A gate with something of everything, and for each endpoint parameters that it answers for real."""

from __future__ import annotations

from typing import Any

from rtm_sdk import unwrap
from rtm_sdk.bearychat import BearyChatClient
from rtm_sdk.gate import Gate

__all__ = ["KEY", "PINNED_KEY", "parameters", "seed"]

KEY, PINNED_KEY = "1485236262366.0193", "1485236262366.0194"


def seed(gate: Gate) -> None:
    """Users, conversations of all kinds, messages and the rest."""
    door = gate.bearychat
    door.add_user("ann", id="=ann", full_name="Ann")
    door.add_user("bob", id="=bob")
    door.add_channel("talk", id="=talk", topic="talking", members=["ann"])
    door.add_channel("open", id="=open", creator="ann")
    door.add_channel("shut", id="=shut")
    door.add_session_channel(["gatebot", "ann"], id="=some")
    door.add_p2p("gatebot", "ann", id="=both")
    door.add_message("talk", "hello", key=KEY)
    door.add_message("talk", "listen", key=PINNED_KEY, attachments=[{"title": "a title"}])
    door.add_emoji("bear", "http://example.com/bear.png")
    door.add_sticker_pack("bears", [{"url": "http://example.com/1.png", "name": "one", "width": 64, "height": 64}])
    door.add_file("notes.txt", "some notes", key="file-1")


def parameters(name: str, client: BearyChatClient) -> dict[str, Any]:
    """The parameters of an endpoint, for a gate that was seeded; what it needs beyond that is made with the client."""
    if name == "message_pin.delete":
        return {"vchannel_id": "=talk", "pin_id": unwrap(client.create_pin("=talk", PINNED_KEY))["id"]}
    if name == "message_pin.list":
        unwrap(client.create_pin("=talk", PINNED_KEY))
    if name == "reaction.delete":
        unwrap(client.create_reaction("=talk", KEY, ":smile:"))
    if name == "channel.unarchive":
        unwrap(client.archive_channel("=talk"))
    return _PARAMETERS.get(name, {})


_CHANNEL = {"channel_id": "=talk"}
_GROUP = {"session_channel_id": "=some"}
_MESSAGE = {"vchannel_id": "=talk", "message_key": KEY}
_REACTION = {"vchannel_id": "=talk", "key": KEY, "reaction": ":smile:"}

_PARAMETERS: dict[str, dict[str, Any]] = {
    "user.info": {"user_id": "=ann"},
    "user.update_me": {"name": "robot", "full_name": "A Robot"},
    "vchannel.info": {"vchannel_id": "=talk"},
    "channel.info": _CHANNEL,
    "channel.create": {"name": "new", "topic": "a topic", "private": True},
    "channel.archive": _CHANNEL,
    "channel.unarchive": _CHANNEL,
    "channel.leave": _CHANNEL,
    "channel.join": {"channel_id": "=open"},
    "channel.invite": {**_CHANNEL, "invite_uid": "=bob"},
    "channel.kick": {**_CHANNEL, "kick_uid": "=ann"},
    "channel.kickout": {**_CHANNEL, "kick_uid": "=ann"},
    "session_channel.info": _GROUP,
    "session_channel.create": {"name": "group", "member_uids": ["=ann", "=bob"]},
    "session_channel.archive": _GROUP,
    "session_channel.convert_to_channel": {**_GROUP, "name": "converted", "private": False},
    "session_channel.leave": _GROUP,
    "session_channel.invite": {**_GROUP, "invite_uid": "=bob"},
    "session_channel.kick": {**_GROUP, "kick_uid": "=ann"},
    "session_channel.kickout": {**_GROUP, "kick_uid": "=ann"},
    "p2p.info": {"p2p_channel_id": "=both"},
    "p2p.create": {"user_id": "=bob"},
    "message.query": {"vchannel_id": "=talk", "query": {"latest": {"limit": 5}}},
    "message.info": _MESSAGE,
    "message.create": {"vchannel_id": "=talk", "text": "hi", "attachments": [{"text": "more"}]},
    "message.delete": _MESSAGE,
    "message.update_text": {**_MESSAGE, "text": "changed"},
    "message.forward": {"vchannel_id": "=talk", "key": KEY, "to_vchannel_id": "=some"},
    "message_pin.list": {"vchannel_id": "=talk"},
    "message_pin.create": _MESSAGE,
    "reaction.create": _REACTION,
    "reaction.delete": _REACTION,
    "file.location": {"file_key": "file-1"},
    "rtm_http.message": {"vchannel": "=talk", "text": "hi", "markdown": False, "attachments": []},
}
