"""The named callback classes: subclass one and override `callback`, which gets the parts of a result one by one.

A callback runs on a worker, once. On failure every part is None. A plain `Callback` and a callable get `(result,
error_code)` instead.
"""

from __future__ import annotations

from ..calling import Callback
from ..errors import ErrorCode
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
    RetrievedMessage,
    SendResult,
    SpeechToTextResult,
    TextCheckResult,
    TranslateResult,
)

__all__ = [
    "BasicCallback",
    "CheckCallback",
    "DataGetCallback",
    "FileTokenCallback",
    "GetBlacksCallback",
    "GetBroadcastMessageCallback",
    "GetDevicePushOptionCallback",
    "GetFriendsCallback",
    "GetGroupInfoCallback",
    "GetGroupMembersCallback",
    "GetGroupMessageCallback",
    "GetMessageInfoCallback",
    "GetMessageNumCallback",
    "GetOnlineUsersCallback",
    "GetP2PMessageCallback",
    "GetRTCRoomListCallback",
    "GetRTCRoomMemberCountCallback",
    "GetRTCRoomMembersCallback",
    "GetRoomCountCallback",
    "GetRoomInfoCallback",
    "GetRoomMembersCallback",
    "GetRoomMessageCallback",
    "GetTokenCallback",
    "GetUserGroupsCallback",
    "GetUserInfoCallback",
    "GetUserOpenInfoCallback",
    "IsBanOfGroupCallback",
    "IsBanOfRoomCallback",
    "IsBlackCallback",
    "IsBlacksCallback",
    "IsFriendCallback",
    "IsFriendsCallback",
    "IsGroupMemberCallback",
    "IsProjectBlackCallback",
    "SendFileCallback",
    "SendMessageCallback",
    "SpeechToTextCallback",
    "TextCheckCallback",
    "TranslateCallback",
]


class BasicCallback:
    """For operations without a result."""

    def callback(self, error_code: ErrorCode) -> None:
        """Take the outcome of a call."""

    def deliver(self, result: object, error_code: ErrorCode) -> None:
        """Call `callback` in its own form."""
        self.callback(error_code)


class SendMessageCallback:
    """For sends of messages and files."""

    def callback(self, mid: int | None, mtime: int | None, error_code: ErrorCode) -> None:
        """Take the outcome of a send: the message id and the time of acceptance, ms UTC."""

    def deliver(self, result: SendResult | None, error_code: ErrorCode) -> None:
        """Call `callback` in its own form."""
        mid, mtime = result or (None, None)
        self.callback(mid, mtime, error_code)


class SendFileCallback:
    """For sends of files, in the older form without the message id."""

    def callback(self, mtime: int | None, error_code: ErrorCode) -> None:
        """Take the outcome of a send: the time of acceptance, ms UTC."""

    def deliver(self, result: SendResult | None, error_code: ErrorCode) -> None:
        """Call `callback` in its own form."""
        self.callback(result.mtime if result else None, error_code)


class FileTokenCallback:
    """For `file_token`."""

    def callback(self, token: str | None, endpoint: str | None, error_code: ErrorCode) -> None:
        """Take the token and the file gate, `host:port`."""

    def deliver(self, result: FileToken | None, error_code: ErrorCode) -> None:
        """Call `callback` in its own form."""
        token, endpoint = result or (None, None)
        self.callback(token, endpoint, error_code)


class GetGroupInfoCallback:
    """For `get_group_info`."""

    def callback(self, oinfo: str | None, pinfo: str | None, error_code: ErrorCode) -> None:
        """Take the public and the private text of the group."""

    def deliver(self, result: Info | None, error_code: ErrorCode) -> None:
        """Call `callback` in its own form."""
        oinfo, pinfo = result or (None, None)
        self.callback(oinfo, pinfo, error_code)


class GetRoomInfoCallback:
    """For `get_room_info`."""

    def callback(self, oinfo: str | None, pinfo: str | None, error_code: ErrorCode) -> None:
        """Take the public and the private text of the room."""

    def deliver(self, result: Info | None, error_code: ErrorCode) -> None:
        """Call `callback` in its own form."""
        oinfo, pinfo = result or (None, None)
        self.callback(oinfo, pinfo, error_code)


class GetUserInfoCallback:
    """For `get_user_info`."""

    def callback(self, oinfo: str | None, pinfo: str | None, error_code: ErrorCode) -> None:
        """Take the public and the private text of the user."""

    def deliver(self, result: Info | None, error_code: ErrorCode) -> None:
        """Call `callback` in its own form."""
        oinfo, pinfo = result or (None, None)
        self.callback(oinfo, pinfo, error_code)


class GetMessageInfoCallback(Callback):
    """For `get_message_info` and its relatives."""

    def callback(self, result: RetrievedMessage | None, error_code: ErrorCode) -> None:
        """Take the stored message."""


class GetGroupMessageCallback(Callback):
    """For `get_group_message` and `get_group_chat`."""

    def callback(self, result: HistoryMessageResult | None, error_code: ErrorCode) -> None:
        """Take a page of history."""


class GetRoomMessageCallback(Callback):
    """For `get_room_message` and `get_room_chat`."""

    def callback(self, result: HistoryMessageResult | None, error_code: ErrorCode) -> None:
        """Take a page of history."""


class GetBroadcastMessageCallback(Callback):
    """For `get_broadcast_message` and `get_broadcast_chat`."""

    def callback(self, result: HistoryMessageResult | None, error_code: ErrorCode) -> None:
        """Take a page of history."""


class GetP2PMessageCallback(Callback):
    """For `get_p2p_message` and `get_p2p_chat`."""

    def callback(self, result: HistoryMessageResult | None, error_code: ErrorCode) -> None:
        """Take a page of history."""


class GetMessageNumCallback(Callback):
    """For `get_message_num`."""

    def callback(self, result: GetMessageNumResult | None, error_code: ErrorCode) -> None:
        """Take the numbers of senders and messages."""


class GetTokenCallback(Callback):
    """For `get_token`."""

    def callback(self, token: str | None, error_code: ErrorCode) -> None:
        """Take the login token."""


class GetGroupMembersCallback(Callback):
    """For `get_group_members`."""

    def callback(self, uids: list[int] | None, error_code: ErrorCode) -> None:
        """Take the members."""


class IsGroupMemberCallback(Callback):
    """For `is_group_member`."""

    def callback(self, ok: bool | None, error_code: ErrorCode) -> None:
        """Take the answer to the question."""


class GetUserGroupsCallback(Callback):
    """For `get_user_groups`."""

    def callback(self, gids: list[int] | None, error_code: ErrorCode) -> None:
        """Take the groups."""


class IsBanOfGroupCallback(Callback):
    """For `is_ban_of_group`."""

    def callback(self, ok: bool | None, error_code: ErrorCode) -> None:
        """Take the answer to the question."""


class GetRoomMembersCallback(Callback):
    """For `get_room_members`."""

    def callback(self, uids: list[int] | None, error_code: ErrorCode) -> None:
        """Take the members."""


class GetRoomCountCallback(Callback):
    """For `get_room_count`."""

    def callback(self, count: dict[int, int] | None, error_code: ErrorCode) -> None:
        """Take the number of members of each room."""


class IsBanOfRoomCallback(Callback):
    """For `is_ban_of_room`."""

    def callback(self, ok: bool | None, error_code: ErrorCode) -> None:
        """Take the answer to the question."""


class GetOnlineUsersCallback(Callback):
    """For `get_online_users`."""

    def callback(self, uids: list[int] | None, error_code: ErrorCode) -> None:
        """Take those who are on line."""


class GetUserOpenInfoCallback(Callback):
    """For `get_user_open_info`."""

    def callback(self, info: dict[int, str] | None, error_code: ErrorCode) -> None:
        """Take the public text of each user."""


class IsProjectBlackCallback(Callback):
    """For `is_project_black`."""

    def callback(self, ok: bool | None, error_code: ErrorCode) -> None:
        """Take the answer to the question."""


class GetFriendsCallback(Callback):
    """For `get_friends`."""

    def callback(self, uids: list[int] | None, error_code: ErrorCode) -> None:
        """Take the friends."""


class IsFriendCallback(Callback):
    """For `is_friend`."""

    def callback(self, ok: bool | None, error_code: ErrorCode) -> None:
        """Take the answer to the question."""


class IsFriendsCallback(Callback):
    """For `is_friends`."""

    def callback(self, fuids: list[int] | None, error_code: ErrorCode) -> None:
        """Take those who are friends."""


class GetBlacksCallback(Callback):
    """For `get_blacks`."""

    def callback(self, uids: list[int] | None, error_code: ErrorCode) -> None:
        """Take those who are blocked."""


class IsBlackCallback(Callback):
    """For `is_black`."""

    def callback(self, ok: bool | None, error_code: ErrorCode) -> None:
        """Take the answer to the question."""


class IsBlacksCallback(Callback):
    """For `is_blacks`."""

    def callback(self, buids: list[int] | None, error_code: ErrorCode) -> None:
        """Take those who have blocked the user."""


class GetDevicePushOptionCallback(Callback):
    """For `get_device_push_option`."""

    def callback(self, result: GetDevicePushOptionResult | None, error_code: ErrorCode) -> None:
        """Take what no notifications are pushed of."""


class DataGetCallback(Callback):
    """For `data_get`."""

    def callback(self, value: str | None, error_code: ErrorCode) -> None:
        """Take the text; None also when there is none."""


class TranslateCallback(Callback):
    """For `translate`."""

    def callback(self, result: TranslateResult | None, error_code: ErrorCode) -> None:
        """Take the translation."""


class SpeechToTextCallback(Callback):
    """For `speech_to_text`."""

    def callback(self, result: SpeechToTextResult | None, error_code: ErrorCode) -> None:
        """Take what was said."""


class TextCheckCallback(Callback):
    """For `text_check`."""

    def callback(self, result: TextCheckResult | None, error_code: ErrorCode) -> None:
        """Take the judgement."""


class CheckCallback(Callback):
    """For `image_check`, `audio_check` and `video_check`."""

    def callback(self, result: CheckResult | None, error_code: ErrorCode) -> None:
        """Take the judgement."""


class GetRTCRoomListCallback(Callback):
    """For `get_rtc_room_list`."""

    def callback(self, result: GetRTCRoomListResult | None, error_code: ErrorCode) -> None:
        """Take the rooms."""


class GetRTCRoomMembersCallback(Callback):
    """For `get_rtc_room_members`."""

    def callback(self, result: GetRTCRoomMembersResult | None, error_code: ErrorCode) -> None:
        """Take the members."""


class GetRTCRoomMemberCountCallback(Callback):
    """For `get_rtc_room_member_count`."""

    def callback(self, result: GetRTCRoomMemberCountResult | None, error_code: ErrorCode) -> None:
        """Take the number of members."""
