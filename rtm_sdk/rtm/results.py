"""What the operations of the RTM service give and take: immutable values with the field names of the public SDKs.

All times are milliseconds UTC and all ids int64, as on the wire.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

__all__ = [
    "ChatMessageType",
    "FileInfo",
    "FileToken",
    "GetMessageNumResult",
    "HistoryMessage",
    "HistoryMessageResult",
    "Info",
    "MessageType",
    "RTMAudioInfo",
    "RetrievedMessage",
    "SendResult",
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
