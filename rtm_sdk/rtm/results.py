"""What the operations of the RTM service give and take: immutable values with the field names of the public SDKs.

All times are milliseconds UTC and all ids int64, as on the wire.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

__all__ = [
    "AdministratorCommand",
    "ChatMessageType",
    "CheckResult",
    "ClearType",
    "FileInfo",
    "FileToken",
    "GetDevicePushOptionResult",
    "GetMessageNumResult",
    "GetRTCRoomListResult",
    "GetRTCRoomMemberCountResult",
    "GetRTCRoomMembersResult",
    "HistoryMessage",
    "HistoryMessageResult",
    "Info",
    "InviteGrant",
    "ListenStatusInfo",
    "MediaType",
    "MessageType",
    "OptionType",
    "ProfanityResult",
    "RTMAudioInfo",
    "RTMMessage",
    "RetrievedMessage",
    "SendResult",
    "SpeechToTextResult",
    "TextCheckResult",
    "TranslateResult",
]


class MessageType(IntEnum):
    """The kind of a conversation."""

    P2P_MESSAGE = 1
    GROUP_MESSAGE = 2
    ROOM_MESSAGE = 3
    BROADCAST_MESSAGE = 4


class ChatMessageType(IntEnum):
    """The message types of chats and commands."""

    TEXT = 30
    CMD = 32


class ClearType(IntEnum):
    """What `clear_project_message` removes."""

    P2P = 0
    ROOM = 1
    GROUP = 2
    BROADCAST = 3
    ALL = 4


class OptionType(IntEnum):
    """Where the messages come from that a user is pushed no notifications of."""

    P2P = 0
    GROUP = 1


class MediaType(IntEnum):
    """How an image, audio or video is given."""

    URL = 1
    CONTENT = 2


class AdministratorCommand(IntEnum):
    """What `admin_command` does to users in a room of real-time audio and video."""

    AppointAdministrator = 0
    DismissAdministrator = 1
    ForbidSendingAudio = 2
    AllowSendingAudio = 3
    ForbidSendingVideo = 4
    AllowSendingVideo = 5
    CloseOthersMicroPhone = 6
    CloseOthersMicroCamera = 7


class SendResult(NamedTuple):
    """A message that the service has accepted.

    Attributes:
        mid: the message id.
        mtime: when the service accepted it, ms UTC; 0 when a repeated send was confirmed and the service does not
            tell the time.
    """

    mid: int
    mtime: int


class RTMAudioInfo(NamedTuple):
    """What receivers must know of an RTM voice message, which is a file of message type 41.

    Attributes:
        language: the language code of the speech, such as `en` or `zh-CN`.
        duration: in ms.
        codec: the audio codec.
        srate: the sample rate in Hz.
    """

    language: str
    duration: int
    codec: str = "AMR_WB"
    srate: int = 16000


class FileInfo(NamedTuple):
    """Where the content of a received file is, and what is known of it.

    Attributes:
        url: where to download it.
        size: in bytes; 0 when unknown.
        surl: where to download the small picture of an image; empty when there is none.
        is_rtm_audio: it is an RTM voice message; the fields that follow are set only then.
        language: the language code of the speech.
        duration: in ms.
        codec: the audio codec.
        srate: the sample rate in Hz.
    """

    url: str
    size: int = 0
    surl: str = ""
    is_rtm_audio: bool = False
    language: str = ""
    duration: int = 0
    codec: str = ""
    srate: int = 0


class RetrievedMessage(NamedTuple):
    """One stored message.

    Attributes:
        cursor_id: its row id in the conversation.
        message_type: its mtype.
        message: text or bytes; of a file the JSON text that `file_info` was read from.
        attrs: the sender's attributes.
        modified_time: ms UTC.
        file_info: of a file (mtype 40 to 50), None otherwise and when the body cannot be understood.
    """

    cursor_id: int
    message_type: int
    message: str | bytes
    attrs: str
    modified_time: int
    file_info: FileInfo | None = None


class HistoryMessage(NamedTuple):
    """One message of a conversation's history.

    Attributes:
        from_uid: the sender.
        to_id: the receiver's uid, the gid or the rid; 0 for a broadcast.
        message_type: its mtype.
        message_id: its mid.
        message: text or bytes; of a file the JSON text that `file_info` was read from.
        attrs: the sender's attributes.
        modified_time: ms UTC.
        file_info: of a file (mtype 40 to 50), None otherwise and when the body cannot be understood.
        cursor_id: its row id in the conversation.
    """

    from_uid: int
    to_id: int
    message_type: int
    message_id: int
    message: str | bytes
    attrs: str
    modified_time: int
    file_info: FileInfo | None
    cursor_id: int


class HistoryMessageResult(NamedTuple):
    """One page of history. For the next page give `last_cursor_id`, `begin_msec` and `end_msec` to the same call.

    Attributes:
        count: rows the service returned; 0, or less than asked, on the last page. Deleted messages are counted but
            not handed out.
        last_cursor_id: the `lastid` of the next page.
        begin_msec: the `begin` of the next page, ms UTC.
        end_msec: the `end` of the next page, ms UTC.
        messages: in the order asked for.
    """

    count: int  # type: ignore[assignment]  # hides the method of tuple; the name is the public SDKs'
    last_cursor_id: int
    begin_msec: int
    end_msec: int
    messages: list[HistoryMessage]


class GetMessageNumResult(NamedTuple):
    """How much is stored of a conversation.

    Attributes:
        sender: the number of users who sent something.
        num: the number of messages.
    """

    sender: int
    num: int


class FileToken(NamedTuple):
    """The right to send one file.

    Attributes:
        token: a secret, for one send.
        endpoint: the file gate that takes the file, `host:port`.
    """

    token: str
    endpoint: str

    def __repr__(self) -> str:
        return f"FileToken(token=<hidden>, endpoint={self.endpoint!r})"


class Info(NamedTuple):
    """The two texts that the business side may attach to a group, a room or a user.

    Attributes:
        oinfo: the public one.
        pinfo: the private one.
    """

    oinfo: str
    pinfo: str


class GetDevicePushOptionResult(NamedTuple):
    """What a user is pushed no notifications of: message types, where 0 stands for all of them.

    Attributes:
        p2p: by the uid of the other user.
        group: by gid.
    """

    p2p: dict[int, list[int]]
    group: dict[int, list[int]]


class TranslateResult(NamedTuple):
    """A text and its translation.

    Attributes:
        source: the language code of the text, given or found out.
        target: the language code of the translation.
        source_text: the text.
        target_text: the translation.
    """

    source: str
    target: str
    source_text: str
    target_text: str


class SpeechToTextResult(NamedTuple):
    """What was said.

    Attributes:
        text: written down.
        lang: the language code of it.
    """

    text: str
    lang: str


class CheckResult(NamedTuple):
    """The judgement on an image, audio or video.

    Attributes:
        result: 0 passed, 2 not passed.
        tags: the numbers of the categories it falls into.
    """

    result: int
    tags: list[int]


class TextCheckResult(NamedTuple):
    """The judgement on a text.

    Attributes:
        result: 0 passed, 2 not passed.
        tags: the numbers of the categories it falls into.
        text: with its sensitive words starred; None when nothing was starred.
        wlist: the sensitive words that were found.
    """

    result: int
    tags: list[int]
    text: str | None
    wlist: list[str]


class ProfanityResult(NamedTuple):
    """A text without its sensitive words.

    Attributes:
        text: with its sensitive words starred.
        classification: what kind of text it is; empty when that was not asked.
    """

    text: str
    classification: list[str]


class GetRTCRoomListResult(NamedTuple):
    """The rooms of real-time audio and video.

    Attributes:
        room_ids: their ids.
    """

    room_ids: list[int]


class GetRTCRoomMembersResult(NamedTuple):
    """Who is in a room of real-time audio and video.

    Attributes:
        uids: everybody.
        administrators: those who may give commands.
        owner: the one it belongs to; -1 when unknown.
    """

    uids: list[int]
    administrators: list[int]
    owner: int


class GetRTCRoomMemberCountResult(NamedTuple):
    """How many are in a room of real-time audio and video.

    Attributes:
        count: their number.
    """

    count: int  # type: ignore[assignment]  # hides the method of tuple; the name is the public SDKs'


class InviteGrant(NamedTuple):
    """Whether the members of a group or a room may invite others.

    Attributes:
        invite_type: 0 they may not, 1 they may.
        invite_manage_type: who accepts an invitation joins 0 when an administrator approves, 1 at once.
    """

    invite_type: int
    invite_manage_type: int


class RTMMessage(NamedTuple):
    """A message that the service pushed.

    Attributes:
        from_uid: the sender.
        to_id: the receiver's uid, the gid or the rid.
        message_type: its mtype.
        message_id: its mid.
        message: text or bytes; of a file the JSON text that `file_info` was read from; of a chat that the service has
            translated it may be a map, and then `translated` is there too.
        attrs: the sender's attributes.
        modified_time: ms UTC; 0 when the service did not tell.
        file_info: of a file (mtype 40 to 50), None otherwise and when the body cannot be understood.
        translated: what a body that is a map says of the translation, None otherwise.
    """

    from_uid: int
    to_id: int
    message_type: int
    message_id: int
    message: str | bytes | dict[Any, Any]
    attrs: str
    modified_time: int
    file_info: FileInfo | None = None
    translated: TranslateResult | None = None


class ListenStatusInfo(NamedTuple):
    """What a client has subscribed to.

    Attributes:
        all_p2p: the messages between all users.
        all_groups: the messages in all groups.
        all_rooms: the messages in all rooms.
        all_events: all events.
        user_ids: users whose messages to users are heard.
        group_ids: groups.
        room_ids: rooms.
        events: names of events.
    """

    all_p2p: bool
    all_groups: bool
    all_rooms: bool
    all_events: bool
    user_ids: frozenset[int]
    group_ids: frozenset[int]
    room_ids: frozenset[int]
    events: frozenset[str]
