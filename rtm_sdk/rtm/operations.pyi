"""All operations of the RTM service. What they take and return in both styles is said by `operations.pyi`."""

# Made by `python -m tests.typing.stubs`. A decorator cannot give a method two signatures, so that they are written out.
# mypy: disable-error-code="override"

from collections.abc import Iterable, Mapping
from typing import overload

from ..calling import CallbackFor
from ..content import FileArgument, Progress
from ..errors import ErrorCode
from .blacklist import Blacklist
from .chat import Chat
from .data import Data
from .devices import Devices
from .files import Files
from .friends import Friends
from .groups import Groups
from .history import History
from .im import IM
from .listening import Listening
from .messages import Messages
from .moderation import Moderation
from .project import Project
from .results import (
    CheckResult,
    FileToken,
    GetDevicePushOptionResult,
    GetMessageNumResult,
    GetRTCRoomListResult,
    GetRTCRoomMemberCountResult,
    GetRTCRoomMembersResult,
    HistoryMessageResult,
    Info,
    InviteGrant,
    ProfanityResult,
    RetrievedMessage,
    RTMAudioInfo,
    SendResult,
    SpeechToTextResult,
    TextCheckResult,
    TranslateResult,
)
from .rooms import Rooms
from .rtc import RTC
from .tokens import Tokens
from .users import Users

class Operations(
    Messages,
    History,
    Files,
    Rooms,
    Groups,
    Tokens,
    Users,
    Project,
    Friends,
    Blacklist,
    Devices,
    Data,
    RTC,
    IM,
    Moderation,
    Chat,
    Listening,
):
    @overload
    def send_message(
        self,
        mtype: int,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_message(
        self,
        mtype: int,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_message(
        self,
        mtype: int,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_chat(
        self,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_chat(
        self,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_chat(
        self,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_cmd(
        self,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_cmd(
        self,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_cmd(
        self,
        from_uid: int,
        to_uid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_messages(
        self,
        mtype: int,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_messages(
        self,
        mtype: int,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_messages(
        self,
        mtype: int,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_chats(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_chats(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_chats(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_cmds(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_cmds(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_cmds(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_group_message(
        self,
        mtype: int,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_group_message(
        self,
        mtype: int,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_group_message(
        self,
        mtype: int,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_group_chat(
        self,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_group_chat(
        self,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_group_chat(
        self,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_group_cmd(
        self,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_group_cmd(
        self,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_group_cmd(
        self,
        from_uid: int,
        gid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_room_message(
        self,
        mtype: int,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_room_message(
        self,
        mtype: int,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_room_message(
        self,
        mtype: int,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_room_chat(
        self,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_room_chat(
        self,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_room_chat(
        self,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_room_cmd(
        self,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_room_cmd(
        self,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_room_cmd(
        self,
        from_uid: int,
        rid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def broadcast_message(
        self,
        mtype: int,
        from_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def broadcast_message(
        self,
        mtype: int,
        from_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def broadcast_message(
        self,
        mtype: int,
        from_uid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def broadcast_chat(
        self,
        from_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def broadcast_chat(
        self,
        from_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def broadcast_chat(
        self,
        from_uid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def broadcast_cmd(
        self,
        from_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def broadcast_cmd(
        self,
        from_uid: int,
        message: str | bytes,
        attrs: str = "",
        mid: int = 0,
        *,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def broadcast_cmd(
        self,
        from_uid: int,
        message: str | bytes,
        attrs: str,
        mid: int,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_message_info(
        self, mid: int, from_uid: int, xid: int, mtype: int, callback: None = None, timeout: float = 0
    ) -> tuple[RetrievedMessage | None, ErrorCode]: ...
    @overload
    def get_message_info(
        self, mid: int, from_uid: int, xid: int, mtype: int, callback: CallbackFor[RetrievedMessage], timeout: float = 0
    ) -> None: ...
    @overload
    def get_p2p_message_info(
        self, mid: int, from_uid: int, to_uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[RetrievedMessage | None, ErrorCode]: ...
    @overload
    def get_p2p_message_info(
        self, mid: int, from_uid: int, to_uid: int, callback: CallbackFor[RetrievedMessage], timeout: float = 0
    ) -> None: ...
    @overload
    def get_group_message_info(
        self, mid: int, from_uid: int, gid: int, callback: None = None, timeout: float = 0
    ) -> tuple[RetrievedMessage | None, ErrorCode]: ...
    @overload
    def get_group_message_info(
        self, mid: int, from_uid: int, gid: int, callback: CallbackFor[RetrievedMessage], timeout: float = 0
    ) -> None: ...
    @overload
    def get_room_message_info(
        self, mid: int, from_uid: int, rid: int, callback: None = None, timeout: float = 0
    ) -> tuple[RetrievedMessage | None, ErrorCode]: ...
    @overload
    def get_room_message_info(
        self, mid: int, from_uid: int, rid: int, callback: CallbackFor[RetrievedMessage], timeout: float = 0
    ) -> None: ...
    @overload
    def get_broadcast_message_info(
        self, mid: int, from_uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[RetrievedMessage | None, ErrorCode]: ...
    @overload
    def get_broadcast_message_info(
        self, mid: int, from_uid: int, callback: CallbackFor[RetrievedMessage], timeout: float = 0
    ) -> None: ...
    @overload
    def get_p2p_chat_info(
        self, mid: int, from_uid: int, to: int, callback: None = None, timeout: float = 0
    ) -> tuple[RetrievedMessage | None, ErrorCode]: ...
    @overload
    def get_p2p_chat_info(
        self, mid: int, from_uid: int, to: int, callback: CallbackFor[RetrievedMessage], timeout: float = 0
    ) -> None: ...
    @overload
    def get_group_chat_info(
        self, mid: int, from_uid: int, gid: int, callback: None = None, timeout: float = 0
    ) -> tuple[RetrievedMessage | None, ErrorCode]: ...
    @overload
    def get_group_chat_info(
        self, mid: int, from_uid: int, gid: int, callback: CallbackFor[RetrievedMessage], timeout: float = 0
    ) -> None: ...
    @overload
    def get_room_chat_info(
        self, mid: int, from_uid: int, rid: int, callback: None = None, timeout: float = 0
    ) -> tuple[RetrievedMessage | None, ErrorCode]: ...
    @overload
    def get_room_chat_info(
        self, mid: int, from_uid: int, rid: int, callback: CallbackFor[RetrievedMessage], timeout: float = 0
    ) -> None: ...
    @overload
    def get_broadcast_chat_info(
        self, mid: int, from_uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[RetrievedMessage | None, ErrorCode]: ...
    @overload
    def get_broadcast_chat_info(
        self, mid: int, from_uid: int, callback: CallbackFor[RetrievedMessage], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_message(
        self, mid: int, from_uid: int, xid: int, mtype: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_message(
        self, mid: int, from_uid: int, xid: int, mtype: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_p2p_message(
        self, mid: int, from_uid: int, to_uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_p2p_message(
        self, mid: int, from_uid: int, to_uid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_group_message(
        self, mid: int, from_uid: int, gid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_group_message(
        self, mid: int, from_uid: int, gid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_room_message(
        self, mid: int, from_uid: int, rid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_room_message(
        self, mid: int, from_uid: int, rid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_broadcast_message(
        self, mid: int, from_uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_broadcast_message(
        self, mid: int, from_uid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_p2p_chat(
        self, mid: int, from_uid: int, to_uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_p2p_chat(
        self, mid: int, from_uid: int, to_uid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_group_chat(
        self, mid: int, from_uid: int, gid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_group_chat(
        self, mid: int, from_uid: int, gid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_room_chat(
        self, mid: int, from_uid: int, rid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_room_chat(
        self, mid: int, from_uid: int, rid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_broadcast_chat(
        self, mid: int, from_uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_broadcast_chat(
        self, mid: int, from_uid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def edit_message(
        self,
        mid: int,
        from_uid: int,
        xid: int,
        mtype: int,
        message: str,
        attrs: str,
        time_limit: int,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def edit_message(
        self,
        mid: int,
        from_uid: int,
        xid: int,
        mtype: int,
        message: str,
        attrs: str,
        time_limit: int,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def clean_message(
        self, from_uid: int, xid: int, mtype: int, begin: int, end: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def clean_message(
        self, from_uid: int, xid: int, mtype: int, begin: int, end: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def clean_p2p_message(
        self, from_uid: int, to_uid: int, begin: int, end: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def clean_p2p_message(
        self, from_uid: int, to_uid: int, begin: int, end: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def clean_group_message(
        self, gid: int, begin: int, end: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def clean_group_message(
        self, gid: int, begin: int, end: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def clean_room_message(
        self, rid: int, begin: int, end: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def clean_room_message(
        self, rid: int, begin: int, end: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def clean_broadcast_message(
        self, from_uid: int, begin: int, end: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def clean_broadcast_message(
        self, from_uid: int, begin: int, end: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_conversation_messages(
        self, from_uid: int, xid: int, mtype: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_conversation_messages(
        self, from_uid: int, xid: int, mtype: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_group_message(
        self,
        uid: int,
        gid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[HistoryMessageResult | None, ErrorCode]: ...
    @overload
    def get_group_message(
        self,
        uid: int,
        gid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        *,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_group_message(
        self,
        uid: int,
        gid: int,
        desc: bool,
        num: int,
        begin: int | None,
        end: int | None,
        lastid: int | None,
        mtypes: Iterable[int] | None,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_group_chat(
        self,
        uid: int,
        gid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[HistoryMessageResult | None, ErrorCode]: ...
    @overload
    def get_group_chat(
        self,
        uid: int,
        gid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        *,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_group_chat(
        self,
        uid: int,
        gid: int,
        desc: bool,
        num: int,
        begin: int | None,
        end: int | None,
        lastid: int | None,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_room_message(
        self,
        uid: int,
        rid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[HistoryMessageResult | None, ErrorCode]: ...
    @overload
    def get_room_message(
        self,
        uid: int,
        rid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        *,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_room_message(
        self,
        uid: int,
        rid: int,
        desc: bool,
        num: int,
        begin: int | None,
        end: int | None,
        lastid: int | None,
        mtypes: Iterable[int] | None,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_room_chat(
        self,
        uid: int,
        rid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[HistoryMessageResult | None, ErrorCode]: ...
    @overload
    def get_room_chat(
        self,
        uid: int,
        rid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        *,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_room_chat(
        self,
        uid: int,
        rid: int,
        desc: bool,
        num: int,
        begin: int | None,
        end: int | None,
        lastid: int | None,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_broadcast_message(
        self,
        uid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[HistoryMessageResult | None, ErrorCode]: ...
    @overload
    def get_broadcast_message(
        self,
        uid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        *,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_broadcast_message(
        self,
        uid: int,
        desc: bool,
        num: int,
        begin: int | None,
        end: int | None,
        lastid: int | None,
        mtypes: Iterable[int] | None,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_broadcast_chat(
        self,
        uid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[HistoryMessageResult | None, ErrorCode]: ...
    @overload
    def get_broadcast_chat(
        self,
        uid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        *,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_broadcast_chat(
        self,
        uid: int,
        desc: bool,
        num: int,
        begin: int | None,
        end: int | None,
        lastid: int | None,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_p2p_message(
        self,
        uid: int,
        ouid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[HistoryMessageResult | None, ErrorCode]: ...
    @overload
    def get_p2p_message(
        self,
        uid: int,
        ouid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        *,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_p2p_message(
        self,
        uid: int,
        ouid: int,
        desc: bool,
        num: int,
        begin: int | None,
        end: int | None,
        lastid: int | None,
        mtypes: Iterable[int] | None,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_p2p_chat(
        self,
        uid: int,
        ouid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[HistoryMessageResult | None, ErrorCode]: ...
    @overload
    def get_p2p_chat(
        self,
        uid: int,
        ouid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        *,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_p2p_chat(
        self,
        uid: int,
        ouid: int,
        desc: bool,
        num: int,
        begin: int | None,
        end: int | None,
        lastid: int | None,
        callback: CallbackFor[HistoryMessageResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_message_num(
        self,
        message_type: int,
        xid: int,
        mtypes: Iterable[int] | None = None,
        begin: int | None = None,
        end: int | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[GetMessageNumResult | None, ErrorCode]: ...
    @overload
    def get_message_num(
        self,
        message_type: int,
        xid: int,
        mtypes: Iterable[int] | None = None,
        begin: int | None = None,
        end: int | None = None,
        *,
        callback: CallbackFor[GetMessageNumResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_message_num(
        self,
        message_type: int,
        xid: int,
        mtypes: Iterable[int] | None,
        begin: int | None,
        end: int | None,
        callback: CallbackFor[GetMessageNumResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def file_token(
        self,
        from_uid: int,
        cmd: str,
        to_uids: Iterable[int] | None = None,
        to_uid: int | None = None,
        rid: int | None = None,
        gid: int | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[FileToken | None, ErrorCode]: ...
    @overload
    def file_token(
        self,
        from_uid: int,
        cmd: str,
        to_uids: Iterable[int] | None = None,
        to_uid: int | None = None,
        rid: int | None = None,
        gid: int | None = None,
        *,
        callback: CallbackFor[FileToken],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def file_token(
        self,
        from_uid: int,
        cmd: str,
        to_uids: Iterable[int] | None,
        to_uid: int | None,
        rid: int | None,
        gid: int | None,
        callback: CallbackFor[FileToken],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def send_file(
        self,
        from_uid: int,
        to_uid: int,
        mtype: int,
        file: FileArgument,
        callback: None = None,
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_file(
        self,
        from_uid: int,
        to_uid: int,
        mtype: int,
        file: FileArgument,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> None: ...
    @overload
    def send_files(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        mtype: int,
        file: FileArgument,
        callback: None = None,
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_files(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        mtype: int,
        file: FileArgument,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> None: ...
    @overload
    def send_group_file(
        self,
        from_uid: int,
        gid: int,
        mtype: int,
        file: FileArgument,
        callback: None = None,
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_group_file(
        self,
        from_uid: int,
        gid: int,
        mtype: int,
        file: FileArgument,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> None: ...
    @overload
    def send_room_file(
        self,
        from_uid: int,
        rid: int,
        mtype: int,
        file: FileArgument,
        callback: None = None,
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def send_room_file(
        self,
        from_uid: int,
        rid: int,
        mtype: int,
        file: FileArgument,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> None: ...
    @overload
    def broadcast_file(
        self,
        from_uid: int,
        mtype: int,
        file: FileArgument,
        callback: None = None,
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> tuple[SendResult | None, ErrorCode]: ...
    @overload
    def broadcast_file(
        self,
        from_uid: int,
        mtype: int,
        file: FileArgument,
        callback: CallbackFor[SendResult],
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> None: ...
    @overload
    def add_room_member(
        self, rid: int, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_room_member(self, rid: int, uid: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def delete_room_member(
        self, rid: int, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_room_member(self, rid: int, uid: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def add_room_members(
        self, rid: int, uids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[list[int] | None, ErrorCode]: ...
    @overload
    def add_room_members(
        self, rid: int, uids: Iterable[int], callback: CallbackFor[list[int]], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_room_members(
        self, rid: int, uids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[list[int] | None, ErrorCode]: ...
    @overload
    def delete_room_members(
        self, rid: int, uids: Iterable[int], callback: CallbackFor[list[int]], timeout: float = 0
    ) -> None: ...
    @overload
    def add_user_rooms(
        self, rids: Iterable[int], uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_user_rooms(
        self, rids: Iterable[int], uid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_user_rooms(
        self, rids: Iterable[int], uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_user_rooms(
        self, rids: Iterable[int], uid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_room_members(
        self, rid: int, callback: None = None, timeout: float = 0
    ) -> tuple[list[int] | None, ErrorCode]: ...
    @overload
    def get_room_members(self, rid: int, callback: CallbackFor[list[int]], timeout: float = 0) -> None: ...
    @overload
    def get_room_count(
        self, rids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[dict[int, int] | None, ErrorCode]: ...
    @overload
    def get_room_count(
        self, rids: Iterable[int], callback: CallbackFor[dict[int, int]], timeout: float = 0
    ) -> None: ...
    @overload
    def add_room_ban(
        self, rid: int | None, uid: int, btime: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_room_ban(
        self, rid: int | None, uid: int, btime: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def remove_room_ban(
        self, rid: int | None, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def remove_room_ban(self, rid: int | None, uid: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def is_ban_of_room(
        self, rid: int, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[bool | None, ErrorCode]: ...
    @overload
    def is_ban_of_room(self, rid: int, uid: int, callback: CallbackFor[bool], timeout: float = 0) -> None: ...
    @overload
    def set_room_info(
        self, rid: int, oinfo: str | None = None, pinfo: str | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def set_room_info(
        self,
        rid: int,
        oinfo: str | None = None,
        pinfo: str | None = None,
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def set_room_info(
        self, rid: int, oinfo: str | None, pinfo: str | None, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_room_info(self, rid: int, callback: None = None, timeout: float = 0) -> tuple[Info | None, ErrorCode]: ...
    @overload
    def get_room_info(self, rid: int, callback: CallbackFor[Info], timeout: float = 0) -> None: ...
    @overload
    def add_group_members(
        self, gid: int, uids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_group_members(
        self, gid: int, uids: Iterable[int], callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_group_members(
        self, gid: int, uids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_group_members(
        self, gid: int, uids: Iterable[int], callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_group(self, gid: int, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_group(self, gid: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def get_group_members(
        self, gid: int, callback: None = None, timeout: float = 0
    ) -> tuple[list[int] | None, ErrorCode]: ...
    @overload
    def get_group_members(self, gid: int, callback: CallbackFor[list[int]], timeout: float = 0) -> None: ...
    @overload
    def get_group_count(self, gid: int, callback: None = None, timeout: float = 0) -> tuple[int | None, ErrorCode]: ...
    @overload
    def get_group_count(self, gid: int, callback: CallbackFor[int], timeout: float = 0) -> None: ...
    @overload
    def is_group_member(
        self, gid: int, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[bool | None, ErrorCode]: ...
    @overload
    def is_group_member(self, gid: int, uid: int, callback: CallbackFor[bool], timeout: float = 0) -> None: ...
    @overload
    def get_user_groups(
        self, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[list[int] | None, ErrorCode]: ...
    @overload
    def get_user_groups(self, uid: int, callback: CallbackFor[list[int]], timeout: float = 0) -> None: ...
    @overload
    def add_group_ban(
        self, gid: int | None, uid: int, btime: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_group_ban(
        self, gid: int | None, uid: int, btime: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def remove_group_ban(
        self, gid: int | None, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def remove_group_ban(self, gid: int | None, uid: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def is_ban_of_group(
        self, gid: int, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[bool | None, ErrorCode]: ...
    @overload
    def is_ban_of_group(self, gid: int, uid: int, callback: CallbackFor[bool], timeout: float = 0) -> None: ...
    @overload
    def set_group_info(
        self, gid: int, oinfo: str | None = None, pinfo: str | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def set_group_info(
        self,
        gid: int,
        oinfo: str | None = None,
        pinfo: str | None = None,
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def set_group_info(
        self, gid: int, oinfo: str | None, pinfo: str | None, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_group_info(self, gid: int, callback: None = None, timeout: float = 0) -> tuple[Info | None, ErrorCode]: ...
    @overload
    def get_group_info(self, gid: int, callback: CallbackFor[Info], timeout: float = 0) -> None: ...
    @overload
    def get_token(self, uid: int, callback: None = None, timeout: float = 0) -> tuple[str | None, ErrorCode]: ...
    @overload
    def get_token(self, uid: int, callback: CallbackFor[str], timeout: float = 0) -> None: ...
    @overload
    def remove_token(self, uid: int, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def remove_token(self, uid: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def kickout(
        self, uid: int, callback: None = None, timeout: float = 0, *, ce: str | None = None
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def kickout(self, uid: int, callback: CallbackFor[None], timeout: float = 0, *, ce: str | None = None) -> None: ...
    @overload
    def get_online_users(
        self, uids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[list[int] | None, ErrorCode]: ...
    @overload
    def get_online_users(self, uids: Iterable[int], callback: CallbackFor[list[int]], timeout: float = 0) -> None: ...
    @overload
    def set_user_info(
        self, uid: int, oinfo: str | None = None, pinfo: str | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def set_user_info(
        self,
        uid: int,
        oinfo: str | None = None,
        pinfo: str | None = None,
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def set_user_info(
        self, uid: int, oinfo: str | None, pinfo: str | None, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_user_info(self, uid: int, callback: None = None, timeout: float = 0) -> tuple[Info | None, ErrorCode]: ...
    @overload
    def get_user_info(self, uid: int, callback: CallbackFor[Info], timeout: float = 0) -> None: ...
    @overload
    def get_user_open_info(
        self, uids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[dict[int, str] | None, ErrorCode]: ...
    @overload
    def get_user_open_info(
        self, uids: Iterable[int], callback: CallbackFor[dict[int, str]], timeout: float = 0
    ) -> None: ...
    @overload
    def clear_user_message(self, uid: int, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def clear_user_message(self, uid: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def add_sessions(
        self, uid: int, uids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_sessions(self, uid: int, uids: Iterable[int], callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def remove_sessions(
        self, uid: int, uids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def remove_sessions(
        self, uid: int, uids: Iterable[int], callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def add_project_black(
        self, uid: int, btime: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_project_black(self, uid: int, btime: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def remove_project_black(self, uid: int, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def remove_project_black(self, uid: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def is_project_black(
        self, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[bool | None, ErrorCode]: ...
    @overload
    def is_project_black(self, uid: int, callback: CallbackFor[bool], timeout: float = 0) -> None: ...
    @overload
    def add_project_ban(
        self, uid: int, btime: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_project_ban(self, uid: int, btime: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def remove_project_ban(self, uid: int, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def remove_project_ban(self, uid: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def is_project_ban(self, uid: int, callback: None = None, timeout: float = 0) -> tuple[bool | None, ErrorCode]: ...
    @overload
    def is_project_ban(self, uid: int, callback: CallbackFor[bool], timeout: float = 0) -> None: ...
    @overload
    def clear_project_message(
        self, clear_type: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def clear_project_message(self, clear_type: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def clear_project_group(self, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def clear_project_group(self, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def add_friends(
        self, uid: int, friends: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_friends(
        self, uid: int, friends: Iterable[int], callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_friends(
        self, uid: int, friends: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_friends(
        self, uid: int, friends: Iterable[int], callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_friends(
        self, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[list[int] | None, ErrorCode]: ...
    @overload
    def get_friends(self, uid: int, callback: CallbackFor[list[int]], timeout: float = 0) -> None: ...
    @overload
    def is_friend(
        self, uid: int, fuid: int, callback: None = None, timeout: float = 0
    ) -> tuple[bool | None, ErrorCode]: ...
    @overload
    def is_friend(self, uid: int, fuid: int, callback: CallbackFor[bool], timeout: float = 0) -> None: ...
    @overload
    def is_friends(
        self, uid: int, fuids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[list[int] | None, ErrorCode]: ...
    @overload
    def is_friends(
        self, uid: int, fuids: Iterable[int], callback: CallbackFor[list[int]], timeout: float = 0
    ) -> None: ...
    @overload
    def add_blacks(
        self, uid: int, blacks: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_blacks(self, uid: int, blacks: Iterable[int], callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def delete_blacks(
        self, uid: int, blacks: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_blacks(
        self, uid: int, blacks: Iterable[int], callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_blacks(self, uid: int, callback: None = None, timeout: float = 0) -> tuple[list[int] | None, ErrorCode]: ...
    @overload
    def get_blacks(self, uid: int, callback: CallbackFor[list[int]], timeout: float = 0) -> None: ...
    @overload
    def is_black(
        self, uid: int, buid: int, callback: None = None, timeout: float = 0
    ) -> tuple[bool | None, ErrorCode]: ...
    @overload
    def is_black(self, uid: int, buid: int, callback: CallbackFor[bool], timeout: float = 0) -> None: ...
    @overload
    def is_blacks(
        self, uid: int, buids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[list[int] | None, ErrorCode]: ...
    @overload
    def is_blacks(
        self, uid: int, buids: Iterable[int], callback: CallbackFor[list[int]], timeout: float = 0
    ) -> None: ...
    @overload
    def add_device(
        self, uid: int, app_type: str, device_token: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_device(
        self, uid: int, app_type: str, device_token: str, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def remove_device(
        self, uid: int, device_token: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def remove_device(self, uid: int, device_token: str, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def add_device_push_option(
        self,
        uid: int,
        option_type: int,
        xid: int,
        mtypes: Iterable[int] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_device_push_option(
        self,
        uid: int,
        option_type: int,
        xid: int,
        mtypes: Iterable[int] | None = None,
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def add_device_push_option(
        self,
        uid: int,
        option_type: int,
        xid: int,
        mtypes: Iterable[int] | None,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def remove_device_push_option(
        self,
        uid: int,
        option_type: int,
        xid: int,
        mtypes: Iterable[int] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def remove_device_push_option(
        self,
        uid: int,
        option_type: int,
        xid: int,
        mtypes: Iterable[int] | None = None,
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def remove_device_push_option(
        self,
        uid: int,
        option_type: int,
        xid: int,
        mtypes: Iterable[int] | None,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_device_push_option(
        self, uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[GetDevicePushOptionResult | None, ErrorCode]: ...
    @overload
    def get_device_push_option(
        self, uid: int, callback: CallbackFor[GetDevicePushOptionResult], timeout: float = 0
    ) -> None: ...
    @overload
    def data_set(
        self, uid: int, key: str, value: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def data_set(self, uid: int, key: str, value: str, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def data_get(
        self, uid: int, key: str, callback: None = None, timeout: float = 0
    ) -> tuple[str | None, ErrorCode]: ...
    @overload
    def data_get(self, uid: int, key: str, callback: CallbackFor[str | None], timeout: float = 0) -> None: ...
    @overload
    def data_delete(self, uid: int, key: str, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def data_delete(self, uid: int, key: str, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def invite_user_into_rtc_room(
        self, room_id: int, to_uids: Iterable[int], from_uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def invite_user_into_rtc_room(
        self, room_id: int, to_uids: Iterable[int], from_uid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def close_rtc_room(self, room_id: int, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def close_rtc_room(self, room_id: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def kick_out_from_rtc_room(
        self, uid: int, room_id: int, from_uid: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def kick_out_from_rtc_room(
        self, uid: int, room_id: int, from_uid: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_rtc_room_list(
        self, callback: None = None, timeout: float = 0
    ) -> tuple[GetRTCRoomListResult | None, ErrorCode]: ...
    @overload
    def get_rtc_room_list(self, callback: CallbackFor[GetRTCRoomListResult], timeout: float = 0) -> None: ...
    @overload
    def get_rtc_room_members(
        self, room_id: int, callback: None = None, timeout: float = 0
    ) -> tuple[GetRTCRoomMembersResult | None, ErrorCode]: ...
    @overload
    def get_rtc_room_members(
        self, room_id: int, callback: CallbackFor[GetRTCRoomMembersResult], timeout: float = 0
    ) -> None: ...
    @overload
    def get_rtc_room_member_count(
        self, room_id: int, callback: None = None, timeout: float = 0
    ) -> tuple[GetRTCRoomMemberCountResult | None, ErrorCode]: ...
    @overload
    def get_rtc_room_member_count(
        self, room_id: int, callback: CallbackFor[GetRTCRoomMemberCountResult], timeout: float = 0
    ) -> None: ...
    @overload
    def set_rtc_room_mic_status(
        self, room_id: int, status: bool, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def set_rtc_room_mic_status(
        self, room_id: int, status: bool, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def pull_into_rtc_room(
        self,
        room_id: int,
        to_uids: Iterable[int],
        type: int,
        callback: None = None,
        timeout: float = 0,
        *,
        voice_range: int | None = None,
        max_receive_streams: int | None = None,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def pull_into_rtc_room(
        self,
        room_id: int,
        to_uids: Iterable[int],
        type: int,
        callback: CallbackFor[None],
        timeout: float = 0,
        *,
        voice_range: int | None = None,
        max_receive_streams: int | None = None,
    ) -> None: ...
    @overload
    def admin_command(
        self, room_id: int, uids: Iterable[int], command: int, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def admin_command(
        self, room_id: int, uids: Iterable[int], command: int, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def imserver_set_user_infos(
        self, uid: int, infos: Mapping[str, str], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def imserver_set_user_infos(
        self, uid: int, infos: Mapping[str, str], callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def imserver_get_user_infos(
        self, uids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[dict[int, dict[str, str]] | None, ErrorCode]: ...
    @overload
    def imserver_get_user_infos(
        self, uids: Iterable[int], callback: CallbackFor[dict[int, dict[str, str]]], timeout: float = 0
    ) -> None: ...
    @overload
    def imserver_set_group_infos(
        self, gid: int, infos: Mapping[str, str], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def imserver_set_group_infos(
        self, gid: int, infos: Mapping[str, str], callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def imserver_get_group_infos(
        self, gids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[dict[int, dict[str, str]] | None, ErrorCode]: ...
    @overload
    def imserver_get_group_infos(
        self, gids: Iterable[int], callback: CallbackFor[dict[int, dict[str, str]]], timeout: float = 0
    ) -> None: ...
    @overload
    def imserver_set_apply_grant(
        self,
        target_type: int,
        xid: int,
        grant_type: int,
        extra: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def imserver_set_apply_grant(
        self,
        target_type: int,
        xid: int,
        grant_type: int,
        extra: str | None = None,
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def imserver_set_apply_grant(
        self,
        target_type: int,
        xid: int,
        grant_type: int,
        extra: str | None,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def imserver_get_apply_grant(
        self, target_type: int, xid: int, callback: None = None, timeout: float = 0
    ) -> tuple[int | None, ErrorCode]: ...
    @overload
    def imserver_get_apply_grant(
        self, target_type: int, xid: int, callback: CallbackFor[int], timeout: float = 0
    ) -> None: ...
    @overload
    def imserver_set_invite_grant(
        self,
        target_type: int,
        xid: int,
        invite_type: int,
        invite_manage_type: int,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def imserver_set_invite_grant(
        self,
        target_type: int,
        xid: int,
        invite_type: int,
        invite_manage_type: int,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def imserver_get_invite_grant(
        self, target_type: int, xid: int, callback: None = None, timeout: float = 0
    ) -> tuple[InviteGrant | None, ErrorCode]: ...
    @overload
    def imserver_get_invite_grant(
        self, target_type: int, xid: int, callback: CallbackFor[InviteGrant], timeout: float = 0
    ) -> None: ...
    @overload
    def imserver_create_group(
        self,
        gid: int,
        owner_uid: int,
        infos: Mapping[str, str],
        permissions: Mapping[str, str],
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def imserver_create_group(
        self,
        gid: int,
        owner_uid: int,
        infos: Mapping[str, str],
        permissions: Mapping[str, str],
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def imserver_dismiss_group(self, gid: int, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def imserver_dismiss_group(self, gid: int, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def imserver_add_group_members(
        self, gid: int, uids: Iterable[int], callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def imserver_add_group_members(
        self, gid: int, uids: Iterable[int], callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def text_check(
        self, text: str, uid: int | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[TextCheckResult | None, ErrorCode]: ...
    @overload
    def text_check(
        self, text: str, uid: int | None = None, *, callback: CallbackFor[TextCheckResult], timeout: float = 0
    ) -> None: ...
    @overload
    def text_check(
        self, text: str, uid: int | None, callback: CallbackFor[TextCheckResult], timeout: float = 0
    ) -> None: ...
    @overload
    def image_check(
        self, image: str | bytes, image_type: int, uid: int | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[CheckResult | None, ErrorCode]: ...
    @overload
    def image_check(
        self,
        image: str | bytes,
        image_type: int,
        uid: int | None = None,
        *,
        callback: CallbackFor[CheckResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def image_check(
        self,
        image: str | bytes,
        image_type: int,
        uid: int | None,
        callback: CallbackFor[CheckResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def audio_check(
        self,
        audio: str | bytes,
        audio_type: int,
        lang: str,
        codec: str | None = None,
        srate: int | None = None,
        uid: int | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[CheckResult | None, ErrorCode]: ...
    @overload
    def audio_check(
        self,
        audio: str | bytes,
        audio_type: int,
        lang: str,
        codec: str | None = None,
        srate: int | None = None,
        uid: int | None = None,
        *,
        callback: CallbackFor[CheckResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def audio_check(
        self,
        audio: str | bytes,
        audio_type: int,
        lang: str,
        codec: str | None,
        srate: int | None,
        uid: int | None,
        callback: CallbackFor[CheckResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def video_check(
        self,
        video: str | bytes,
        video_type: int,
        video_name: str,
        uid: int | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[CheckResult | None, ErrorCode]: ...
    @overload
    def video_check(
        self,
        video: str | bytes,
        video_type: int,
        video_name: str,
        uid: int | None = None,
        *,
        callback: CallbackFor[CheckResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def video_check(
        self,
        video: str | bytes,
        video_type: int,
        video_name: str,
        uid: int | None,
        callback: CallbackFor[CheckResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def profanity(
        self, text: str, classify: bool = False, uid: int | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[ProfanityResult | None, ErrorCode]: ...
    @overload
    def profanity(
        self,
        text: str,
        classify: bool = False,
        uid: int | None = None,
        *,
        callback: CallbackFor[ProfanityResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def profanity(
        self, text: str, classify: bool, uid: int | None, callback: CallbackFor[ProfanityResult], timeout: float = 0
    ) -> None: ...
    @overload
    def translate(
        self,
        text: str,
        dst: str,
        src: str | None = None,
        ttype: str = "chat",
        profanity: str = "off",
        uid: int | None = None,
        callback: None = None,
        timeout: float = 0,
        *,
        post_profanity: bool | None = None,
    ) -> tuple[TranslateResult | None, ErrorCode]: ...
    @overload
    def translate(
        self,
        text: str,
        dst: str,
        src: str | None = None,
        ttype: str = "chat",
        profanity: str = "off",
        uid: int | None = None,
        *,
        post_profanity: bool | None = None,
        callback: CallbackFor[TranslateResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def translate(
        self,
        text: str,
        dst: str,
        src: str | None,
        ttype: str,
        profanity: str,
        uid: int | None,
        callback: CallbackFor[TranslateResult],
        timeout: float = 0,
        *,
        post_profanity: bool | None = None,
    ) -> None: ...
    @overload
    def speech_to_text(
        self,
        audio: str | bytes,
        audio_type: int,
        lang: str,
        codec: str | None = None,
        srate: int | None = None,
        uid: int | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SpeechToTextResult | None, ErrorCode]: ...
    @overload
    def speech_to_text(
        self,
        audio: str | bytes,
        audio_type: int,
        lang: str,
        codec: str | None = None,
        srate: int | None = None,
        uid: int | None = None,
        *,
        callback: CallbackFor[SpeechToTextResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def speech_to_text(
        self,
        audio: str | bytes,
        audio_type: int,
        lang: str,
        codec: str | None,
        srate: int | None,
        uid: int | None,
        callback: CallbackFor[SpeechToTextResult],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def add_listen(
        self,
        gids: Iterable[int] | None = None,
        rids: Iterable[int] | None = None,
        uids: Iterable[int] | None = None,
        events: Iterable[str] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def add_listen(
        self,
        gids: Iterable[int] | None = None,
        rids: Iterable[int] | None = None,
        uids: Iterable[int] | None = None,
        events: Iterable[str] | None = None,
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def add_listen(
        self,
        gids: Iterable[int] | None,
        rids: Iterable[int] | None,
        uids: Iterable[int] | None,
        events: Iterable[str] | None,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def remove_listen(
        self,
        gids: Iterable[int] | None = None,
        rids: Iterable[int] | None = None,
        uids: Iterable[int] | None = None,
        events: Iterable[str] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def remove_listen(
        self,
        gids: Iterable[int] | None = None,
        rids: Iterable[int] | None = None,
        uids: Iterable[int] | None = None,
        events: Iterable[str] | None = None,
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def remove_listen(
        self,
        gids: Iterable[int] | None,
        rids: Iterable[int] | None,
        uids: Iterable[int] | None,
        events: Iterable[str] | None,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def set_listen(
        self,
        gids: Iterable[int] | None = None,
        rids: Iterable[int] | None = None,
        uids: Iterable[int] | None = None,
        events: Iterable[str] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def set_listen(
        self,
        gids: Iterable[int] | None = None,
        rids: Iterable[int] | None = None,
        uids: Iterable[int] | None = None,
        events: Iterable[str] | None = None,
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def set_listen(
        self,
        gids: Iterable[int] | None,
        rids: Iterable[int] | None,
        uids: Iterable[int] | None,
        events: Iterable[str] | None,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def set_all_listen(
        self,
        p2p: bool | None = None,
        group: bool | None = None,
        room: bool | None = None,
        ev: bool | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def set_all_listen(
        self,
        p2p: bool | None = None,
        group: bool | None = None,
        room: bool | None = None,
        ev: bool | None = None,
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def set_all_listen(
        self,
        p2p: bool | None,
        group: bool | None,
        room: bool | None,
        ev: bool | None,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
