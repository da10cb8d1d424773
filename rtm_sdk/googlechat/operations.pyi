"""All operations of Google Chat. What they take and return in both styles is said by `operations.pyi`."""

# Made by `python -m tests.typing.stubs`. A decorator cannot give a method two signatures, so that they are written out.
# mypy: disable-error-code="override"

from collections.abc import Iterable, Mapping
from typing import Any, Literal, overload

from ..calling import CallbackFor
from ..content import FileArgument, Progress
from ..errors import ErrorCode
from . import resources
from .arguments import Time
from .attachments import Attachments
from .availability import Availability
from .custom_emoji import CustomEmoji
from .events import Events
from .media import Media, Target
from .members import Members
from .messages import MarkupSyntax, MessageReplyOption, Messages, NotificationType, UpdateMask
from .notifications import Notifications
from .pins import Pins
from .reactions import Reactions
from .read_state import ReadState
from .resources import (
    Attachment,
    CardWithId,
    CompleteImportSpaceResponse,
    FindGroupChatsResponse,
    GoogleChatV1Section,
    ListCustomEmojisResponse,
    ListMembershipsResponse,
    ListMessagePinsResponse,
    ListMessagesResponse,
    ListReactionsResponse,
    ListSectionItemsResponse,
    ListSectionsResponse,
    ListSpaceEventsResponse,
    ListSpacesResponse,
    Membership,
    Message,
    MessagePin,
    MoveSectionItemResponse,
    PositionSectionResponse,
    Reaction,
    SearchMessagesResponse,
    SearchSpacesResponse,
    Space,
    SpaceEvent,
    SpaceNotificationSetting,
    SpaceReadState,
    ThreadReadState,
    UploadAttachmentResponse,
)
from .sections import Sections
from .spaces import Spaces, SpaceView

class Operations(
    Messages,
    Attachments,
    Media,
    Reactions,
    Spaces,
    Members,
    Pins,
    Events,
    ReadState,
    Notifications,
    CustomEmoji,
    Sections,
    Availability,
):
    @overload
    def create_message(
        self,
        parent: str,
        message: Message | Mapping[str, Any],
        *,
        request_id: str | None = None,
        message_id: str | None = None,
        message_reply_option: MessageReplyOption | None = None,
        thread_key: str | None = None,
        notification_type: NotificationType | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Message | None, ErrorCode]: ...
    @overload
    def create_message(
        self,
        parent: str,
        message: Message | Mapping[str, Any],
        *,
        request_id: str | None = None,
        message_id: str | None = None,
        message_reply_option: MessageReplyOption | None = None,
        thread_key: str | None = None,
        notification_type: NotificationType | None = None,
        callback: CallbackFor[Message],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_message(
        self, name: str, *, markup_syntax: MarkupSyntax | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[Message | None, ErrorCode]: ...
    @overload
    def get_message(
        self,
        name: str,
        *,
        markup_syntax: MarkupSyntax | None = None,
        callback: CallbackFor[Message],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def list_messages(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        show_deleted: bool | None = None,
        markup_syntax: MarkupSyntax | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[ListMessagesResponse | None, ErrorCode]: ...
    @overload
    def list_messages(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        show_deleted: bool | None = None,
        markup_syntax: MarkupSyntax | None = None,
        callback: CallbackFor[ListMessagesResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def search_messages(
        self,
        parent: str,
        filter: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        order_by: str | None = None,
        view: Literal["SEARCH_MESSAGES_VIEW_UNSPECIFIED", "SEARCH_MESSAGES_VIEW_BASIC", "SEARCH_MESSAGES_VIEW_FULL"]
        | None = None,
        markup_syntax: MarkupSyntax | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SearchMessagesResponse | None, ErrorCode]: ...
    @overload
    def search_messages(
        self,
        parent: str,
        filter: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        order_by: str | None = None,
        view: Literal["SEARCH_MESSAGES_VIEW_UNSPECIFIED", "SEARCH_MESSAGES_VIEW_BASIC", "SEARCH_MESSAGES_VIEW_FULL"]
        | None = None,
        markup_syntax: MarkupSyntax | None = None,
        callback: CallbackFor[SearchMessagesResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def update_message(
        self,
        name: str,
        message: Message | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        allow_missing: bool | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Message | None, ErrorCode]: ...
    @overload
    def update_message(
        self,
        name: str,
        message: Message | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        allow_missing: bool | None = None,
        callback: CallbackFor[Message],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def put_message(
        self,
        name: str,
        message: Message | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        allow_missing: bool | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Message | None, ErrorCode]: ...
    @overload
    def put_message(
        self,
        name: str,
        message: Message | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        allow_missing: bool | None = None,
        callback: CallbackFor[Message],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def replace_message_cards(
        self,
        name: str,
        cards_v2: Iterable[CardWithId | Mapping[str, Any]],
        *,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def replace_message_cards(
        self,
        name: str,
        cards_v2: Iterable[CardWithId | Mapping[str, Any]],
        *,
        callback: CallbackFor[None],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def delete_message(
        self, name: str, *, force: bool | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_message(
        self, name: str, *, force: bool | None = None, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def get_attachment(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[Attachment | None, ErrorCode]: ...
    @overload
    def get_attachment(self, name: str, *, callback: CallbackFor[Attachment], timeout: float = 0) -> None: ...
    @overload
    def upload_attachment(
        self,
        parent: str,
        file: FileArgument,
        *,
        filename: str = "",
        content_type: str = "",
        on_progress: Progress | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[UploadAttachmentResponse | None, ErrorCode]: ...
    @overload
    def upload_attachment(
        self,
        parent: str,
        file: FileArgument,
        *,
        filename: str = "",
        content_type: str = "",
        on_progress: Progress | None = None,
        callback: CallbackFor[UploadAttachmentResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def download_media(
        self,
        resource_name: str,
        target: Target | None = None,
        *,
        on_progress: Progress | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Any | None, ErrorCode]: ...
    @overload
    def download_media(
        self,
        resource_name: str,
        target: Target | None = None,
        *,
        on_progress: Progress | None = None,
        callback: CallbackFor[Any],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def create_reaction(
        self, parent: str, reaction: Reaction | Mapping[str, Any], *, callback: None = None, timeout: float = 0
    ) -> tuple[Reaction | None, ErrorCode]: ...
    @overload
    def create_reaction(
        self,
        parent: str,
        reaction: Reaction | Mapping[str, Any],
        *,
        callback: CallbackFor[Reaction],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def list_reactions(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[ListReactionsResponse | None, ErrorCode]: ...
    @overload
    def list_reactions(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: CallbackFor[ListReactionsResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def delete_reaction(self, name: str, *, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_reaction(self, name: str, *, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def create_space(
        self,
        space: Space | Mapping[str, Any],
        *,
        request_id: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Space | None, ErrorCode]: ...
    @overload
    def create_space(
        self,
        space: Space | Mapping[str, Any],
        *,
        request_id: str | None = None,
        callback: CallbackFor[Space],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def set_up_space(
        self,
        space: Space | Mapping[str, Any],
        memberships: Iterable[Membership | Mapping[str, Any]] = (),
        *,
        request_id: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Space | None, ErrorCode]: ...
    @overload
    def set_up_space(
        self,
        space: Space | Mapping[str, Any],
        memberships: Iterable[Membership | Mapping[str, Any]] = (),
        *,
        request_id: str | None = None,
        callback: CallbackFor[Space],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_space(
        self, name: str, *, use_admin_access: bool | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[Space | None, ErrorCode]: ...
    @overload
    def get_space(
        self, name: str, *, use_admin_access: bool | None = None, callback: CallbackFor[Space], timeout: float = 0
    ) -> None: ...
    @overload
    def list_spaces(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[ListSpacesResponse | None, ErrorCode]: ...
    @overload
    def list_spaces(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: CallbackFor[ListSpacesResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def search_spaces(
        self,
        query: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        order_by: str | None = None,
        use_admin_access: bool | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SearchSpacesResponse | None, ErrorCode]: ...
    @overload
    def search_spaces(
        self,
        query: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        order_by: str | None = None,
        use_admin_access: bool | None = None,
        callback: CallbackFor[SearchSpacesResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def find_direct_message(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[Space | None, ErrorCode]: ...
    @overload
    def find_direct_message(self, name: str, *, callback: CallbackFor[Space], timeout: float = 0) -> None: ...
    @overload
    def find_group_chats(
        self,
        *,
        users: Iterable[str] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        space_view: SpaceView | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[FindGroupChatsResponse | None, ErrorCode]: ...
    @overload
    def find_group_chats(
        self,
        *,
        users: Iterable[str] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        space_view: SpaceView | None = None,
        callback: CallbackFor[FindGroupChatsResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def update_space(
        self,
        name: str,
        space: Space | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        use_admin_access: bool | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Space | None, ErrorCode]: ...
    @overload
    def update_space(
        self,
        name: str,
        space: Space | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        use_admin_access: bool | None = None,
        callback: CallbackFor[Space],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def delete_space(
        self, name: str, *, use_admin_access: bool | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_space(
        self, name: str, *, use_admin_access: bool | None = None, callback: CallbackFor[None], timeout: float = 0
    ) -> None: ...
    @overload
    def complete_import_space(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[CompleteImportSpaceResponse | None, ErrorCode]: ...
    @overload
    def complete_import_space(
        self, name: str, *, callback: CallbackFor[CompleteImportSpaceResponse], timeout: float = 0
    ) -> None: ...
    @overload
    def create_membership(
        self,
        parent: str,
        membership: Membership | Mapping[str, Any],
        *,
        use_admin_access: bool | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Membership | None, ErrorCode]: ...
    @overload
    def create_membership(
        self,
        parent: str,
        membership: Membership | Mapping[str, Any],
        *,
        use_admin_access: bool | None = None,
        callback: CallbackFor[Membership],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_membership(
        self, name: str, *, use_admin_access: bool | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[Membership | None, ErrorCode]: ...
    @overload
    def get_membership(
        self, name: str, *, use_admin_access: bool | None = None, callback: CallbackFor[Membership], timeout: float = 0
    ) -> None: ...
    @overload
    def list_memberships(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        show_groups: bool | None = None,
        show_invited: bool | None = None,
        use_admin_access: bool | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[ListMembershipsResponse | None, ErrorCode]: ...
    @overload
    def list_memberships(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        show_groups: bool | None = None,
        show_invited: bool | None = None,
        use_admin_access: bool | None = None,
        callback: CallbackFor[ListMembershipsResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def update_membership(
        self,
        name: str,
        membership: Membership | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        use_admin_access: bool | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[Membership | None, ErrorCode]: ...
    @overload
    def update_membership(
        self,
        name: str,
        membership: Membership | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        use_admin_access: bool | None = None,
        callback: CallbackFor[Membership],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def delete_membership(
        self, name: str, *, use_admin_access: bool | None = None, callback: None = None, timeout: float = 0
    ) -> tuple[Membership | None, ErrorCode]: ...
    @overload
    def delete_membership(
        self, name: str, *, use_admin_access: bool | None = None, callback: CallbackFor[Membership], timeout: float = 0
    ) -> None: ...
    @overload
    def create_message_pin(
        self, parent: str, message_pin: MessagePin | Mapping[str, Any], *, callback: None = None, timeout: float = 0
    ) -> tuple[MessagePin | None, ErrorCode]: ...
    @overload
    def create_message_pin(
        self,
        parent: str,
        message_pin: MessagePin | Mapping[str, Any],
        *,
        callback: CallbackFor[MessagePin],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def list_message_pins(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[ListMessagePinsResponse | None, ErrorCode]: ...
    @overload
    def list_message_pins(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        callback: CallbackFor[ListMessagePinsResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def delete_message_pin(self, name: str, *, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_message_pin(self, name: str, *, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def get_space_event(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[SpaceEvent | None, ErrorCode]: ...
    @overload
    def get_space_event(self, name: str, *, callback: CallbackFor[SpaceEvent], timeout: float = 0) -> None: ...
    @overload
    def list_space_events(
        self,
        parent: str,
        filter: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[ListSpaceEventsResponse | None, ErrorCode]: ...
    @overload
    def list_space_events(
        self,
        parent: str,
        filter: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        callback: CallbackFor[ListSpaceEventsResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_space_read_state(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[SpaceReadState | None, ErrorCode]: ...
    @overload
    def get_space_read_state(self, name: str, *, callback: CallbackFor[SpaceReadState], timeout: float = 0) -> None: ...
    @overload
    def update_space_read_state(
        self,
        name: str,
        space_read_state: SpaceReadState | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SpaceReadState | None, ErrorCode]: ...
    @overload
    def update_space_read_state(
        self,
        name: str,
        space_read_state: SpaceReadState | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: CallbackFor[SpaceReadState],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_thread_read_state(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[ThreadReadState | None, ErrorCode]: ...
    @overload
    def get_thread_read_state(
        self, name: str, *, callback: CallbackFor[ThreadReadState], timeout: float = 0
    ) -> None: ...
    @overload
    def get_space_notification_setting(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[SpaceNotificationSetting | None, ErrorCode]: ...
    @overload
    def get_space_notification_setting(
        self, name: str, *, callback: CallbackFor[SpaceNotificationSetting], timeout: float = 0
    ) -> None: ...
    @overload
    def update_space_notification_setting(
        self,
        name: str,
        space_notification_setting: SpaceNotificationSetting | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[SpaceNotificationSetting | None, ErrorCode]: ...
    @overload
    def update_space_notification_setting(
        self,
        name: str,
        space_notification_setting: SpaceNotificationSetting | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: CallbackFor[SpaceNotificationSetting],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def create_custom_emoji(
        self, custom_emoji: resources.CustomEmoji | Mapping[str, Any], *, callback: None = None, timeout: float = 0
    ) -> tuple[resources.CustomEmoji | None, ErrorCode]: ...
    @overload
    def create_custom_emoji(
        self,
        custom_emoji: resources.CustomEmoji | Mapping[str, Any],
        *,
        callback: CallbackFor[resources.CustomEmoji],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def get_custom_emoji(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[resources.CustomEmoji | None, ErrorCode]: ...
    @overload
    def get_custom_emoji(
        self, name: str, *, callback: CallbackFor[resources.CustomEmoji], timeout: float = 0
    ) -> None: ...
    @overload
    def list_custom_emojis(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[ListCustomEmojisResponse | None, ErrorCode]: ...
    @overload
    def list_custom_emojis(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: CallbackFor[ListCustomEmojisResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def delete_custom_emoji(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_custom_emoji(self, name: str, *, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def create_section(
        self,
        parent: str,
        section: GoogleChatV1Section | Mapping[str, Any],
        *,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[GoogleChatV1Section | None, ErrorCode]: ...
    @overload
    def create_section(
        self,
        parent: str,
        section: GoogleChatV1Section | Mapping[str, Any],
        *,
        callback: CallbackFor[GoogleChatV1Section],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def list_sections(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[ListSectionsResponse | None, ErrorCode]: ...
    @overload
    def list_sections(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        callback: CallbackFor[ListSectionsResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def update_section(
        self,
        name: str,
        section: GoogleChatV1Section | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[GoogleChatV1Section | None, ErrorCode]: ...
    @overload
    def update_section(
        self,
        name: str,
        section: GoogleChatV1Section | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: CallbackFor[GoogleChatV1Section],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def position_section(
        self,
        name: str,
        *,
        sort_order: int | None = None,
        relative_position: Literal["POSITION_UNSPECIFIED", "START", "END"] | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[PositionSectionResponse | None, ErrorCode]: ...
    @overload
    def position_section(
        self,
        name: str,
        *,
        sort_order: int | None = None,
        relative_position: Literal["POSITION_UNSPECIFIED", "START", "END"] | None = None,
        callback: CallbackFor[PositionSectionResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def delete_section(self, name: str, *, callback: None = None, timeout: float = 0) -> tuple[None, ErrorCode]: ...
    @overload
    def delete_section(self, name: str, *, callback: CallbackFor[None], timeout: float = 0) -> None: ...
    @overload
    def list_section_items(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[ListSectionItemsResponse | None, ErrorCode]: ...
    @overload
    def list_section_items(
        self,
        parent: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        callback: CallbackFor[ListSectionItemsResponse],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def move_section_item(
        self, name: str, target_section: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[MoveSectionItemResponse | None, ErrorCode]: ...
    @overload
    def move_section_item(
        self, name: str, target_section: str, *, callback: CallbackFor[MoveSectionItemResponse], timeout: float = 0
    ) -> None: ...
    @overload
    def get_availability(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[resources.Availability | None, ErrorCode]: ...
    @overload
    def get_availability(
        self, name: str, *, callback: CallbackFor[resources.Availability], timeout: float = 0
    ) -> None: ...
    @overload
    def update_availability(
        self,
        name: str,
        availability: resources.Availability | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[resources.Availability | None, ErrorCode]: ...
    @overload
    def update_availability(
        self,
        name: str,
        availability: resources.Availability | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        callback: CallbackFor[resources.Availability],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def mark_as_active(
        self,
        name: str,
        *,
        expire_time: Time | None = None,
        ttl: float | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[resources.Availability | None, ErrorCode]: ...
    @overload
    def mark_as_active(
        self,
        name: str,
        *,
        expire_time: Time | None = None,
        ttl: float | None = None,
        callback: CallbackFor[resources.Availability],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def mark_as_do_not_disturb(
        self,
        name: str,
        *,
        expire_time: Time | None = None,
        ttl: float | None = None,
        callback: None = None,
        timeout: float = 0,
    ) -> tuple[resources.Availability | None, ErrorCode]: ...
    @overload
    def mark_as_do_not_disturb(
        self,
        name: str,
        *,
        expire_time: Time | None = None,
        ttl: float | None = None,
        callback: CallbackFor[resources.Availability],
        timeout: float = 0,
    ) -> None: ...
    @overload
    def mark_as_away(
        self, name: str, *, callback: None = None, timeout: float = 0
    ) -> tuple[resources.Availability | None, ErrorCode]: ...
    @overload
    def mark_as_away(self, name: str, *, callback: CallbackFor[resources.Availability], timeout: float = 0) -> None: ...
