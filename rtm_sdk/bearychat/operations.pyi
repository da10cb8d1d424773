"""All operations of BearyChat. What they take and return in both styles is said by `operations.pyi`."""

# Made by `python -m tests.typing.stubs`. A decorator cannot give a method two signatures, so that they are written out.
# mypy: disable-error-code="override"

from collections.abc import Iterable
from typing import overload

from ..calling import CallbackFor
from ..errors import ErrorCode
from .channels import Channels
from .emoji import Emojis
from .files import Files
from .messages import Messages
from .meta import Meta
from .p2p import P2Ps
from .pins import Pins
from .reactions import Reactions
from .resources import (
    P2P,
    Attachment,
    Channel,
    Emoji,
    Latest,
    Message,
    MetaInfo,
    Pin,
    Reaction,
    RTMStart,
    SessionChannel,
    Since,
    StickerPack,
    Team,
    User,
    Vchannel,
    Window,
)
from .rtm import RTM
from .session_channels import SessionChannels
from .stickers import Stickers
from .team import Teams
from .users import Users
from .vchannels import Vchannels

class Operations(
    Messages,
    Channels,
    SessionChannels,
    P2Ps,
    Vchannels,
    Users,
    Teams,
    Pins,
    Reactions,
    Emojis,
    Stickers,
    Files,
    RTM,
    Meta,
):
    @overload
    def query_messages(
        self,
        vchannel_id: str,
        latest: Latest | None = None,
        since: Since | None = None,
        window: Window | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[list[Message] | None, ErrorCode]: ...
    @overload
    def query_messages(
        self,
        vchannel_id: str,
        latest: Latest | None = None,
        since: Since | None = None,
        window: Window | None = None,
        *,
        callback: CallbackFor[list[Message]],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def query_messages(
        self,
        vchannel_id: str,
        latest: Latest | None,
        since: Since | None,
        window: Window | None,
        callback: CallbackFor[list[Message]],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_message(
        self, vchannel_id: str, message_key: str, callback: None = None, timeout: float = 0
    ) -> tuple[Message | None, ErrorCode]: ...
    @overload
    def get_message(
        self, vchannel_id: str, message_key: str, callback: CallbackFor[Message], timeout: float = 0
    ) -> None: ...
    @overload
    def create_message(
        self,
        vchannel_id: str,
        text: str,
        attachments: Iterable[Attachment] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Message | None, ErrorCode]: ...
    @overload
    def create_message(
        self,
        vchannel_id: str,
        text: str,
        attachments: Iterable[Attachment] | None = None,
        *,
        callback: CallbackFor[Message],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def create_message(
        self,
        vchannel_id: str,
        text: str,
        attachments: Iterable[Attachment] | None,
        callback: CallbackFor[Message],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def delete_message(
        self, vchannel_id: str, message_key: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_message(
        self, vchannel_id: str, message_key: str, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def update_message_text(
        self, vchannel_id: str, message_key: str, text: str, callback: None = None, timeout: float = 0
    ) -> tuple[Message | None, ErrorCode]: ...
    @overload
    def update_message_text(
        self, vchannel_id: str, message_key: str, text: str, callback: CallbackFor[Message], timeout: float = 0
    ) -> None: ...
    @overload
    def forward_message(
        self, vchannel_id: str, key: str, to_vchannel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[Message | None, ErrorCode]: ...
    @overload
    def forward_message(
        self, vchannel_id: str, key: str, to_vchannel_id: str, callback: CallbackFor[Message], timeout: float = 0
    ) -> None: ...
    @overload
    def get_channel(
        self, channel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[Channel | None, ErrorCode]: ...
    @overload
    def get_channel(self, channel_id: str, callback: CallbackFor[Channel], timeout: float = 0) -> None: ...
    @overload
    def list_channels(self, callback: None = None, timeout: float = 0) -> tuple[list[Channel] | None, ErrorCode]: ...
    @overload
    def list_channels(self, callback: CallbackFor[list[Channel]], timeout: float = 0) -> None: ...
    @overload
    def create_channel(
        self,
        name: str,
        topic: str | None = None,
        private: bool | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Channel | None, ErrorCode]: ...
    @overload
    def create_channel(
        self,
        name: str,
        topic: str | None = None,
        private: bool | None = None,
        *,
        callback: CallbackFor[Channel],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def create_channel(
        self, name: str, topic: str | None, private: bool | None, callback: CallbackFor[Channel], timeout: float = 0
    ) -> None: ...
    @overload
    def archive_channel(
        self, channel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[Channel | None, ErrorCode]: ...
    @overload
    def archive_channel(self, channel_id: str, callback: CallbackFor[Channel], timeout: float = 0) -> None: ...
    @overload
    def unarchive_channel(
        self, channel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[Channel | None, ErrorCode]: ...
    @overload
    def unarchive_channel(self, channel_id: str, callback: CallbackFor[Channel], timeout: float = 0) -> None: ...
    @overload
    def leave_channel(self, channel_id: str, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def leave_channel(self, channel_id: str, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def join_channel(
        self, channel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[Channel | None, ErrorCode]: ...
    @overload
    def join_channel(self, channel_id: str, callback: CallbackFor[Channel], timeout: float = 0) -> None: ...
    @overload
    def invite_to_channel(
        self, channel_id: str, invite_uid: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def invite_to_channel(
        self, channel_id: str, invite_uid: str, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def kick_from_channel(
        self, channel_id: str, kick_uid: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def kick_from_channel(
        self, channel_id: str, kick_uid: str, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def kickout_from_channel(
        self, channel_id: str, kick_uid: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def kickout_from_channel(
        self, channel_id: str, kick_uid: str, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_session_channel(
        self, session_channel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[SessionChannel | None, ErrorCode]: ...
    @overload
    def get_session_channel(
        self, session_channel_id: str, callback: CallbackFor[SessionChannel], timeout: float = 0
    ) -> None: ...
    @overload
    def list_session_channels(
        self, callback: None = None, timeout: float = 0
    ) -> tuple[list[SessionChannel] | None, ErrorCode]: ...
    @overload
    def list_session_channels(self, callback: CallbackFor[list[SessionChannel]], timeout: float = 0) -> None: ...
    @overload
    def create_session_channel(
        self, member_uids: Iterable[str], name: str | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[SessionChannel | None, ErrorCode]: ...
    @overload
    def create_session_channel(
        self,
        member_uids: Iterable[str],
        name: str | None = None,
        *,
        callback: CallbackFor[SessionChannel],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def create_session_channel(
        self, member_uids: Iterable[str], name: str | None, callback: CallbackFor[SessionChannel], timeout: float = 0
    ) -> None: ...
    @overload
    def archive_session_channel(
        self, session_channel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[SessionChannel | None, ErrorCode]: ...
    @overload
    def archive_session_channel(
        self, session_channel_id: str, callback: CallbackFor[SessionChannel], timeout: float = 0
    ) -> None: ...
    @overload
    def convert_session_channel(
        self, session_channel_id: str, name: str, private: bool | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[Channel | None, ErrorCode]: ...
    @overload
    def convert_session_channel(
        self,
        session_channel_id: str,
        name: str,
        private: bool | None = None,
        *,
        callback: CallbackFor[Channel],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def convert_session_channel(
        self,
        session_channel_id: str,
        name: str,
        private: bool | None,
        callback: CallbackFor[Channel],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def leave_session_channel(
        self, session_channel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def leave_session_channel(
        self, session_channel_id: str, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def invite_to_session_channel(
        self, session_channel_id: str, invite_uid: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def invite_to_session_channel(
        self, session_channel_id: str, invite_uid: str, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def kick_from_session_channel(
        self, session_channel_id: str, kick_uid: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def kick_from_session_channel(
        self, session_channel_id: str, kick_uid: str, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def kickout_from_session_channel(
        self, session_channel_id: str, kick_uid: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def kickout_from_session_channel(
        self, session_channel_id: str, kick_uid: str, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_p2p(
        self, p2p_channel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[P2P | None, ErrorCode]: ...
    @overload
    def get_p2p(self, p2p_channel_id: str, callback: CallbackFor[P2P], timeout: float = 0) -> None: ...
    @overload
    def list_p2ps(self, callback: None = None, timeout: float = 0) -> tuple[list[P2P] | None, ErrorCode]: ...
    @overload
    def list_p2ps(self, callback: CallbackFor[list[P2P]], timeout: float = 0) -> None: ...
    @overload
    def create_p2p(self, user_id: str, callback: None = None, timeout: float = 0) -> tuple[P2P | None, ErrorCode]: ...
    @overload
    def create_p2p(self, user_id: str, callback: CallbackFor[P2P], timeout: float = 0) -> None: ...
    @overload
    def get_vchannel(
        self, vchannel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[Vchannel | None, ErrorCode]: ...
    @overload
    def get_vchannel(self, vchannel_id: str, callback: CallbackFor[Vchannel], timeout: float = 0) -> None: ...
    @overload
    def get_user(self, user_id: str, callback: None = None, timeout: float = 0) -> tuple[User | None, ErrorCode]: ...
    @overload
    def get_user(self, user_id: str, callback: CallbackFor[User], timeout: float = 0) -> None: ...
    @overload
    def list_users(self, callback: None = None, timeout: float = 0) -> tuple[list[User] | None, ErrorCode]: ...
    @overload
    def list_users(self, callback: CallbackFor[list[User]], timeout: float = 0) -> None: ...
    @overload
    def get_me(self, callback: None = None, timeout: float = 0) -> tuple[User | None, ErrorCode]: ...
    @overload
    def get_me(self, callback: CallbackFor[User], timeout: float = 0) -> None: ...
    @overload
    def update_me(
        self, name: str | None = None, full_name: str | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[User | None, ErrorCode]: ...
    @overload
    def update_me(
        self, name: str | None = None, full_name: str | None = None, *, callback: CallbackFor[User], timeout: float = 0
    ) -> None: ...
    @overload
    def update_me(
        self, name: str | None, full_name: str | None, callback: CallbackFor[User], timeout: float = 0
    ) -> None: ...
    @overload
    def get_team(self, callback: None = None, timeout: float = 0) -> tuple[Team | None, ErrorCode]: ...
    @overload
    def get_team(self, callback: CallbackFor[Team], timeout: float = 0) -> None: ...
    @overload
    def list_pins(
        self, vchannel_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[list[Pin] | None, ErrorCode]: ...
    @overload
    def list_pins(self, vchannel_id: str, callback: CallbackFor[list[Pin]], timeout: float = 0) -> None: ...
    @overload
    def create_pin(
        self, vchannel_id: str, message_key: str, callback: None = None, timeout: float = 0
    ) -> tuple[Pin | None, ErrorCode]: ...
    @overload
    def create_pin(
        self, vchannel_id: str, message_key: str, callback: CallbackFor[Pin], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_pin(
        self, vchannel_id: str, pin_id: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_pin(self, vchannel_id: str, pin_id: str, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def create_reaction(
        self, vchannel_id: str, key: str, reaction: str, callback: None = None, timeout: float = 0
    ) -> tuple[Reaction | None, ErrorCode]: ...
    @overload
    def create_reaction(
        self, vchannel_id: str, key: str, reaction: str, callback: CallbackFor[Reaction], timeout: float = 0
    ) -> None: ...
    @overload
    def delete_reaction(
        self, vchannel_id: str, key: str, reaction: str, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_reaction(
        self, vchannel_id: str, key: str, reaction: str, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def list_emojis(self, callback: None = None, timeout: float = 0) -> tuple[list[Emoji] | None, ErrorCode]: ...
    @overload
    def list_emojis(self, callback: CallbackFor[list[Emoji]], timeout: float = 0) -> None: ...
    @overload
    def list_stickers(
        self, callback: None = None, timeout: float = 0
    ) -> tuple[list[StickerPack] | None, ErrorCode]: ...
    @overload
    def list_stickers(self, callback: CallbackFor[list[StickerPack]], timeout: float = 0) -> None: ...
    @overload
    def get_file_location(
        self, file_key: str, callback: None = None, timeout: float = 0
    ) -> tuple[str | None, ErrorCode]: ...
    @overload
    def get_file_location(self, file_key: str, callback: CallbackFor[str], timeout: float = 0) -> None: ...
    @overload
    def start_rtm(self, callback: None = None, timeout: float = 0) -> tuple[RTMStart | None, ErrorCode]: ...
    @overload
    def start_rtm(self, callback: CallbackFor[RTMStart], timeout: float = 0) -> None: ...
    @overload
    def rtm_start(self, callback: None = None, timeout: float = 0) -> tuple[RTMStart | None, ErrorCode]: ...
    @overload
    def rtm_start(self, callback: CallbackFor[RTMStart], timeout: float = 0) -> None: ...
    @overload
    def rtm_send_message(
        self,
        vchannel: str,
        text: str,
        markdown: bool | None = None,
        attachments: Iterable[Attachment] = (),
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def rtm_send_message(
        self,
        vchannel: str,
        text: str,
        markdown: bool | None = None,
        attachments: Iterable[Attachment] = (),
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def rtm_send_message(
        self,
        vchannel: str,
        text: str,
        markdown: bool | None,
        attachments: Iterable[Attachment],
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_meta(self, callback: None = None, timeout: float = 0) -> tuple[MetaInfo | None, ErrorCode]: ...
    @overload
    def get_meta(self, callback: CallbackFor[MetaInfo], timeout: float = 0) -> None: ...
