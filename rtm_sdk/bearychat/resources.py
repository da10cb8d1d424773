"""The JSON objects of BearyChat as types. An answer may lack members, and have more.

Ids are texts that begin with `=`. Times ending in `_ts` are ms UTC; `created`, `updated` and the like are texts such as
`2018-10-09T10:01:08.000+0000`.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

__all__ = [
    "P2P",
    "Attachment",
    "Avatars",
    "Channel",
    "Emoji",
    "Image",
    "Latest",
    "Message",
    "MessageReaction",
    "MetaInfo",
    "Pin",
    "Profile",
    "RTMStart",
    "Reaction",
    "Repost",
    "SessionChannel",
    "Since",
    "Sticker",
    "StickerPack",
    "Team",
    "User",
    "Vchannel",
    "Window",
]


class MetaInfo(TypedDict, total=False):
    """The API itself."""

    version: str


class Team(TypedDict, total=False):
    """A team. `plan` is `basic` or `standard`."""

    id: str
    subdomain: str
    name: str
    email_domain: str | None
    logo_url: str | None
    description: str
    plan: str
    created: str


class Avatars(TypedDict, total=False):
    """The addresses of a user's picture in three sizes."""

    small: str | None
    medium: str | None
    large: str | None


class Profile(TypedDict, total=False):
    """What a user tells of himself."""

    bio: str | None
    position: str | None
    skype: str | None


class User(TypedDict, total=False):
    """A member of the team.

    `name` is the handle, `full_name` what is shown. `type` is `normal`, `assistant` or `hubot`; `role` is `owner`,
    `admin`, `normal` or `visitor`; `inactive` says that the account is closed.
    """

    id: str
    team_id: str
    email: str
    mobile: str | None
    name: str
    full_name: str | None
    type: str
    role: str
    avatars: Avatars
    profile: Profile
    inactive: bool
    created: str


class Channel(TypedDict, total=False):
    """A channel; `type` is `normal`. `uid` is its creator, `general` marks the one that everybody is in."""

    id: str
    team_id: str
    uid: str
    vchannel_id: str
    name: str
    topic: str | None
    type: str
    general: bool
    private: bool
    is_active: bool
    is_member: bool
    member_uids: list[str]
    latest_ts: int


class SessionChannel(TypedDict, total=False):
    """A discussion group; `type` is `session`. `latest_ts` may come as a text of digits."""

    id: str
    team_id: str
    vchannel_id: str
    name: str | None
    type: str
    is_active: bool
    is_member: bool
    member_uids: list[str]
    latest_ts: int | str


class P2P(TypedDict, total=False):
    """The conversation of two users; `type` is `p2p`."""

    id: str
    team_id: str
    vchannel_id: str
    type: str
    is_active: bool
    is_member: bool
    member_uids: list[str]
    latest_ts: int


Vchannel = Channel | SessionChannel | P2P
"""A conversation of any kind; its `type` tells which."""


class Image(TypedDict, total=False):
    """A picture in an attachment. The service adds the size."""

    url: str
    width: int
    height: int


class Attachment(TypedDict, total=False):
    """A block below the text of a message; it has a `title` or a `text`.

    `url` makes a link of the title (webhooks only), `color` is that of the bar on the left, such as `#ffa500`. A
    webhook takes at most 3 images in all.
    """

    title: str
    text: str
    url: str
    color: str
    images: list[Image]


class MessageReaction(TypedDict, total=False):
    """Who reacted to a message with one emoji."""

    reaction: str
    uids: list[str]
    created_ts: int


class Repost(TypedDict, total=False):
    """The message that was forwarded."""

    id: str
    team_id: str
    uid: str | None
    vchannel_id: str
    robot_id: str | None
    message_key: str
    created_ts: int
    subtype: str
    text: str


class Message(TypedDict, total=False):
    """A message.

    `key` is unique in its conversation and sorts in time order. `uid` is the author, or `robot_id` for the posts of
    an integration. `subtype` is `normal`, `info` or another one. The members from `id` on come with some answers only.
    """

    key: str
    team_id: str
    uid: str | None
    robot_id: str | None
    vchannel_id: str
    refer_key: str | None
    subtype: str
    text: str
    fallback: str | None
    attachments: list[Attachment]
    created: str
    created_ts: int
    updated: str
    is_channel: bool
    id: str
    edited: bool
    deleted: bool
    thread_key: str | None
    reactions: list[MessageReaction]
    pin_id: str | None
    star_id: str | None
    text_i18n: dict[str, str]
    repost: Repost
    disable_markdown: bool
    file: dict[str, Any]


class Latest(TypedDict, total=False):
    """Query: the newest messages. `limit` is 0 to 100, left out 20."""

    limit: int


class Since(TypedDict, total=False):
    """Query: around a position, `key` (without that message) or `ts` (ms, with the messages of that time).

    `forward` newer and `backward` older messages, each 0 to 100; `forward` is 100 when both are left out.
    """

    key: str
    ts: int
    forward: int
    backward: int


class Window(TypedDict, total=False):
    """Query: between two positions, `from_key` and `to_key` (without these) or `from_ts` and `to_ts` (ms, with them).

    `forward` messages from the beginning or `backward` from the end, 0 to 100; left out, 100 from the beginning.
    """

    from_key: str
    to_key: str
    from_ts: int
    to_ts: int
    forward: int
    backward: int


class Pin(TypedDict, total=False):
    """A message that is pinned in its conversation. Lists have `message`."""

    id: str
    team_id: str
    uid: str
    vchannel_id: str
    message_id: str
    message_key: str
    created_at: str
    updated_at: str
    message: Message | None


class Reaction(TypedDict, total=False):
    """An emoji that a user put to a message."""

    id: str
    team_id: str
    uid: str
    message_id: str
    message_key: str
    reaction: str
    created_ts: int
    created: str
    updated: str


class Emoji(TypedDict, total=False):
    """An emoji of the team."""

    id: str
    uid: str
    team_id: str
    name: str
    type: Literal["emoji"]
    url: str
    created: str
    updated: str


class Sticker(TypedDict, total=False):
    """A sticker; the size in pixels."""

    url: str
    name: str
    width: int
    height: int


class StickerPack(TypedDict, total=False):
    """Stickers under the name of their pack."""

    pack: str
    stickers: list[Sticker]


class RTMStart(TypedDict, total=False):
    """Where to open a socket, and as whom. The address is good for 5 minutes."""

    ws_host: str
    user: User
