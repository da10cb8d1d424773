"""The resources of Google Chat as they travel: dicts with the names of the wire, and their types for type checkers.

Every field may be missing; one with its default value ("", 0, False, an empty list) is left out of answers. Times are
RFC 3339, such as "2026-04-21T11:30:00.123456Z". A newer service may send fields and values that are not listed here.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

__all__ = [
    "AccessPermissionSetting",
    "AccessPermissionSettings",
    "AccessSettings",
    "AccessoryWidget",
    "ActionParameter",
    "ActionResponse",
    "ActionStatus",
    "Annotation",
    "AttachedGif",
    "Attachment",
    "AttachmentDataRef",
    "Audience",
    "Availability",
    "Button",
    "CalendarEventLinkData",
    "Card",
    "CardAction",
    "CardHeader",
    "CardWithId",
    "ChatClientDataSourceMarkup",
    "ChatSpaceLinkData",
    "Citation",
    "CitedSource",
    "Color",
    "CompleteImportSpaceRequest",
    "CompleteImportSpaceResponse",
    "CustomEmoji",
    "CustomEmojiMetadata",
    "CustomEmojiPayload",
    "CustomStatus",
    "DeletionMetadata",
    "Dialog",
    "DialogAction",
    "DoNotDisturbMetadata",
    "DriveDataRef",
    "DriveLinkData",
    "Elements",
    "ElementsImage",
    "Emoji",
    "EmojiReactionSummary",
    "Empty",
    "FindGroupChatsResponse",
    "Footer",
    "FormAction",
    "ForwardedMetadata",
    "GoogleAppsCardV1Action",
    "GoogleAppsCardV1ActionParameter",
    "GoogleAppsCardV1BorderStyle",
    "GoogleAppsCardV1Button",
    "GoogleAppsCardV1ButtonList",
    "GoogleAppsCardV1Card",
    "GoogleAppsCardV1CardAction",
    "GoogleAppsCardV1CardFixedFooter",
    "GoogleAppsCardV1CardHeader",
    "GoogleAppsCardV1Carousel",
    "GoogleAppsCardV1CarouselCard",
    "GoogleAppsCardV1Chip",
    "GoogleAppsCardV1ChipList",
    "GoogleAppsCardV1CollapseControl",
    "GoogleAppsCardV1Column",
    "GoogleAppsCardV1Columns",
    "GoogleAppsCardV1CommonWidgetAction",
    "GoogleAppsCardV1Condition",
    "GoogleAppsCardV1DataSourceConfig",
    "GoogleAppsCardV1DateTimePicker",
    "GoogleAppsCardV1DecoratedText",
    "GoogleAppsCardV1Divider",
    "GoogleAppsCardV1EventAction",
    "GoogleAppsCardV1ExpressionData",
    "GoogleAppsCardV1ExpressionDataCondition",
    "GoogleAppsCardV1Grid",
    "GoogleAppsCardV1GridItem",
    "GoogleAppsCardV1Icon",
    "GoogleAppsCardV1Image",
    "GoogleAppsCardV1ImageComponent",
    "GoogleAppsCardV1ImageCropStyle",
    "GoogleAppsCardV1MaterialIcon",
    "GoogleAppsCardV1NestedWidget",
    "GoogleAppsCardV1OnClick",
    "GoogleAppsCardV1OpenLink",
    "GoogleAppsCardV1OverflowMenu",
    "GoogleAppsCardV1OverflowMenuItem",
    "GoogleAppsCardV1PlatformDataSource",
    "GoogleAppsCardV1Section",
    "GoogleAppsCardV1SelectionInput",
    "GoogleAppsCardV1SelectionItem",
    "GoogleAppsCardV1SuggestionItem",
    "GoogleAppsCardV1Suggestions",
    "GoogleAppsCardV1SwitchControl",
    "GoogleAppsCardV1TextInput",
    "GoogleAppsCardV1TextParagraph",
    "GoogleAppsCardV1Trigger",
    "GoogleAppsCardV1UpdateVisibilityAction",
    "GoogleAppsCardV1Validation",
    "GoogleAppsCardV1Widget",
    "GoogleAppsCardV1Widgets",
    "GoogleChatV1Section",
    "Group",
    "HostAppDataSourceMarkup",
    "Image",
    "ImageButton",
    "KeyValue",
    "ListCustomEmojisResponse",
    "ListMembershipsResponse",
    "ListMessagePinsResponse",
    "ListMessagesResponse",
    "ListReactionsResponse",
    "ListSectionItemsResponse",
    "ListSectionsResponse",
    "ListSpaceEventsResponse",
    "ListSpacesResponse",
    "MarkAsActiveRequest",
    "MarkAsAwayRequest",
    "MarkAsDoNotDisturbRequest",
    "MatchedUrl",
    "Media",
    "MeetSpaceLinkData",
    "Membership",
    "MembershipBatchCreatedEventData",
    "MembershipBatchDeletedEventData",
    "MembershipBatchUpdatedEventData",
    "MembershipCount",
    "MembershipCreatedEventData",
    "MembershipDeletedEventData",
    "MembershipUpdatedEventData",
    "Message",
    "MessageBatchCreatedEventData",
    "MessageBatchDeletedEventData",
    "MessageBatchUpdatedEventData",
    "MessageCreatedEventData",
    "MessageDeletedEventData",
    "MessagePin",
    "MessageUpdatedEventData",
    "MoveSectionItemRequest",
    "MoveSectionItemResponse",
    "OnClick",
    "OpenLink",
    "PermissionSetting",
    "PermissionSettings",
    "PositionSectionRequest",
    "PositionSectionResponse",
    "Principal",
    "QuotedMessageMetadata",
    "QuotedMessageSnapshot",
    "Reaction",
    "ReactionBatchCreatedEventData",
    "ReactionBatchDeletedEventData",
    "ReactionCreatedEventData",
    "ReactionDeletedEventData",
    "ReplaceMessageCardsRequest",
    "ReplaceMessageCardsResponse",
    "RichLinkMetadata",
    "SearchMessageResult",
    "SearchMessagesRequest",
    "SearchMessagesResponse",
    "SearchSpaceResult",
    "SearchSpacesResponse",
    "Section",
    "SectionItem",
    "SelectionItems",
    "SetUpSpaceRequest",
    "SlashCommand",
    "SlashCommandMetadata",
    "Snippet",
    "Space",
    "SpaceBatchUpdatedEventData",
    "SpaceDataSource",
    "SpaceDetails",
    "SpaceEvent",
    "SpaceNotificationSetting",
    "SpaceReadState",
    "SpaceUpdatedEventData",
    "Status",
    "TextButton",
    "TextParagraph",
    "Thread",
    "ThreadReadState",
    "UpdatedWidget",
    "UploadAttachmentRequest",
    "UploadAttachmentResponse",
    "User",
    "UserMentionMetadata",
    "WidgetMarkup",
    "WorkflowDataSourceMarkup",
]


class Message(TypedDict, total=False):
    """A message.

    Attributes:
        accessoryWidgets: button rows under the message; app auth only.
        actionResponse: how an interaction reply is posted; input only.
        annotations: mentions, slash commands, links and emoji found in text; output only.
        argumentText: text without the mentions of Chat apps; output only.
        attachedGifs: GIFs picked in the client; output only.
        attachment: uploaded files; the JSON name is singular though it is a list.
        cards: old card format, replaced by cardsV2; cards and cardsV2 share a 32 KB limit; deprecated.
        cardsV2: cards; creating them needs app auth (user auth only in a preview).
        clientAssignedMessageId: the id given as messageId on create: client- prefix, at most 63 characters, a-z 0-9
            and hyphen.
        createTime: set by the server, except that import-mode spaces take it as input; never changes; fixed at
            creation.
        deleteTime: time of deletion; absent when not deleted; output only.
        deletionMetadata: who deleted it; present with deleteTime; output only.
        elements: citations and sources.
        emojiReactionSummaries: count per emoji; output only.
        fallbackText: text shown where the cards cannot be shown.
        formattedText: text with markup for bold, mentions, links, custom emoji; output only.
        lastUpdateTime: time of the last edit; absent when never edited; output only.
        markupSyntax: how to read text on create and update; put text, not this field, into updateMask.
        matchedUrl: the URL in text that matched a link preview pattern; output only.
        name: spaces/{space}/messages/{message}; system ids look like B.B; reads and writes also take the client-...
            id as {message}.
        privateMessageViewer: only this user and the app see the message; app auth on create, no attachments; fixed
            at creation.
        quotedMessageMetadata: the message quoted; can be removed by an update but not added.
        sender: who posted it; under user auth often only name and type are filled; output only.
        silent: posted without notifications; output only.
        slashCommand: the slash command, if the message is one; output only.
        space: space of the message; under user auth only its name; output only.
        text: plain text body; the first link in it may get a preview; <users/{user}> makes a mention.
        thread: thread of the message; on create choose it by name or threadKey together with messageReplyOption.
        threadReply: true for a reply inside a thread, false for a top-level message; always false where threads are
            off; a false value is left out of JSON; output only.
    """

    accessoryWidgets: list[AccessoryWidget]
    actionResponse: ActionResponse
    annotations: list[Annotation]
    argumentText: str
    attachedGifs: list[AttachedGif]
    attachment: list[Attachment]
    cards: list[Card]
    cardsV2: list[CardWithId]
    clientAssignedMessageId: str
    createTime: str
    deleteTime: str
    deletionMetadata: DeletionMetadata
    elements: Elements
    emojiReactionSummaries: list[EmojiReactionSummary]
    fallbackText: str
    formattedText: str
    lastUpdateTime: str
    markupSyntax: Literal["MARKUP_SYNTAX_UNSPECIFIED", "MARKUP_SYNTAX_CHAT", "MARKUP_SYNTAX_MARKDOWN"]
    matchedUrl: MatchedUrl
    name: str
    privateMessageViewer: User
    quotedMessageMetadata: QuotedMessageMetadata
    sender: User
    silent: bool
    slashCommand: SlashCommand
    space: Space
    text: str
    thread: Thread
    threadReply: bool


class Space(TypedDict, total=False):
    """A named space, a group chat or a direct message.

    Attributes:
        accessSettings: only for SPACE.
        adminInstalled: DM set up by an administrator; output only.
        createTime: input only in import mode; fixed at creation.
        customer: customers/{id}; needed when an app creates a SPACE; fixed at creation.
        displayName: required for SPACE, at most 128 characters, unique in the organization.
        externalUserAllowed: fixed at creation.
        importMode: created for an import.
        importModeExpireTime: deleted at this time unless the import is completed; output only.
        lastActiveTime: time of the last message; output only.
        membershipCount: joined members by kind; output only.
        name: spaces/{space}.
        permissionSettings: not returned by list methods; one of the group space_permission_settings.
        predefinedPermissionSettings: only on create; input only, one of the group space_permission_settings.
        singleUserBotDm: DM between one person and an app.
        spaceDetails: description and rules.
        spaceHistoryState: history on or off.
        spaceThreadingState: THREADED_MESSAGES in-line threads; GROUPED_MESSAGES topics; UNTHREADED_MESSAGES none;
            output only.
        spaceType: required on create.
        spaceUri: link for people; output only.
        threaded: old form of spaceThreadingState; output only, deprecated.
        type: old form of spaceType; output only, deprecated.
    """

    accessSettings: AccessSettings
    adminInstalled: bool
    createTime: str
    customer: str
    displayName: str
    externalUserAllowed: bool
    importMode: bool
    importModeExpireTime: str
    lastActiveTime: str
    membershipCount: MembershipCount
    name: str
    permissionSettings: PermissionSettings
    predefinedPermissionSettings: Literal[
        "PREDEFINED_PERMISSION_SETTINGS_UNSPECIFIED", "COLLABORATION_SPACE", "ANNOUNCEMENT_SPACE"
    ]
    singleUserBotDm: bool
    spaceDetails: SpaceDetails
    spaceHistoryState: Literal["HISTORY_STATE_UNSPECIFIED", "HISTORY_OFF", "HISTORY_ON"]
    spaceThreadingState: Literal[
        "SPACE_THREADING_STATE_UNSPECIFIED", "THREADED_MESSAGES", "GROUPED_MESSAGES", "UNTHREADED_MESSAGES"
    ]
    spaceType: Literal["SPACE_TYPE_UNSPECIFIED", "SPACE", "GROUP_CHAT", "DIRECT_MESSAGE"]
    spaceUri: str
    threaded: bool
    type: Literal["TYPE_UNSPECIFIED", "ROOM", "DM"]


class Membership(TypedDict, total=False):
    """Somebody's place in a space.

    Attributes:
        affiliation: relation to the organization that owns the space; output only.
        createTime: when they joined or were invited; input only in import mode; fixed at creation.
        deleteTime: when they left; input only in import mode; fixed at creation.
        groupMember: Google group (user auth); one of the group memberType.
        member: user or app; one of the group memberType.
        name: spaces/{space}/members/{member}.
        role: settable only by update; ROLE_MANAGER is shown as Owner and ROLE_ASSISTANT_MANAGER as Manager in the
            product.
        state: JOINED, INVITED or NOT_A_MEMBER; output only.
    """

    affiliation: Literal["AFFILIATION_UNSPECIFIED", "INTERNAL", "EXTERNAL", "MANAGED_EXTERNAL"]
    createTime: str
    deleteTime: str
    groupMember: Group
    member: User
    name: str
    role: Literal["MEMBERSHIP_ROLE_UNSPECIFIED", "ROLE_MEMBER", "ROLE_MANAGER", "ROLE_ASSISTANT_MANAGER"]
    state: Literal["MEMBERSHIP_STATE_UNSPECIFIED", "JOINED", "INVITED", "NOT_A_MEMBER"]


class Reaction(TypedDict, total=False):
    """An emoji that somebody put on a message.

    Attributes:
        emoji: required on create.
        name: spaces/{space}/messages/{message}/reactions/{reaction}.
        user: who reacted; output only.
    """

    emoji: Emoji
    name: str
    user: User


class Attachment(TypedDict, total=False):
    """A file of a message.

    Attributes:
        attachmentDataRef: give attachmentUploadToken (or the whole ref from upload) on create; read resourceName
            for download; one of the group data_ref.
        contentName: file name; output only.
        contentType: MIME type; output only.
        downloadUri: for people in a browser, not for apps; output only.
        driveDataRef: file in Drive, use the Drive API; output only, one of the group data_ref.
        name: spaces/{space}/messages/{message}/attachments/{attachment}.
        source: Drive file or uploaded content; output only.
        thumbnailUri: for people in a browser, not for apps; output only.
    """

    attachmentDataRef: AttachmentDataRef
    contentName: str
    contentType: str
    downloadUri: str
    driveDataRef: DriveDataRef
    name: str
    source: Literal["SOURCE_UNSPECIFIED", "DRIVE_FILE", "UPLOADED_CONTENT"]
    thumbnailUri: str


class FindGroupChatsResponse(TypedDict, total=False):
    """A page of `find_group_chats`.

    Attributes:
        nextPageToken: pass back as pageToken; missing or empty on the last page.
    """

    nextPageToken: str
    spaces: list[Space]


class ListCustomEmojisResponse(TypedDict, total=False):
    """A page of `list_custom_emojis`.

    Attributes:
        nextPageToken: pass back as pageToken; missing or empty on the last page.
    """

    customEmojis: list[CustomEmoji]
    nextPageToken: str


class ListMembershipsResponse(TypedDict, total=False):
    """A page of `list_memberships`.

    Attributes:
        memberships: in no particular order.
        nextPageToken: pass back as pageToken; missing or empty on the last page.
    """

    memberships: list[Membership]
    nextPageToken: str


class ListMessagePinsResponse(TypedDict, total=False):
    """A page of `list_message_pins`.

    Attributes:
        nextPageToken: pass back as pageToken; missing or empty on the last page.
    """

    messagePins: list[MessagePin]
    nextPageToken: str


class ListMessagesResponse(TypedDict, total=False):
    """A page of `list_messages`; an empty dict when there is nothing.

    Attributes:
        messages: absent when nothing matches, so that the whole answer is {}.
        nextPageToken: pass back as pageToken; missing or empty on the last page.
    """

    messages: list[Message]
    nextPageToken: str


class ListReactionsResponse(TypedDict, total=False):
    """A page of `list_reactions`.

    Attributes:
        nextPageToken: pass back as pageToken; missing or empty on the last page.
    """

    nextPageToken: str
    reactions: list[Reaction]


class ListSectionItemsResponse(TypedDict, total=False):
    """A page of `list_section_items`.

    Attributes:
        nextPageToken: pass back as pageToken; missing or empty on the last page.
    """

    nextPageToken: str
    sectionItems: list[SectionItem]


class ListSectionsResponse(TypedDict, total=False):
    """A page of `list_sections`.

    Attributes:
        nextPageToken: pass back as pageToken; missing or empty on the last page.
    """

    nextPageToken: str
    sections: list[GoogleChatV1Section]


class ListSpaceEventsResponse(TypedDict, total=False):
    """A page of `list_space_events`.

    Attributes:
        nextPageToken: pass back as pageToken; missing or empty on the last page.
        spaceEvents: oldest first.
    """

    nextPageToken: str
    spaceEvents: list[SpaceEvent]


class ListSpacesResponse(TypedDict, total=False):
    """A page of `list_spaces`.

    Attributes:
        nextPageToken: pass back as pageToken; missing or empty on the last page.
    """

    nextPageToken: str
    spaces: list[Space]


class SearchMessagesResponse(TypedDict, total=False):
    """A page of `search_messages`.

    Attributes:
        nextPageToken: pass back as pageToken; missing or empty on the last page.
    """

    nextPageToken: str
    results: list[SearchMessageResult]


class SearchSpacesResponse(TypedDict, total=False):
    """A page of `search_spaces`.

    Attributes:
        nextPageToken: documented as filled only with admin access.
        results: output only.
        spaces: only with admin access; use results; deprecated.
        totalSize: only with admin access; an estimate above 10000.
    """

    nextPageToken: str
    results: list[SearchSpaceResult]
    spaces: list[Space]
    totalSize: int


class AccessoryWidget(TypedDict, total=False):
    """A row of buttons under a message.

    Attributes:
        buttonList: one of the group action.
    """

    buttonList: GoogleAppsCardV1ButtonList


class ActionResponse(TypedDict, total=False):
    """How the answer of an app to an interaction is posted.

    Attributes:
        dialogAction: only with DIALOG; input only.
        type: TYPE_UNSPECIFIED acts as NEW_MESSAGE; input only.
        updatedWidget: only with UPDATE_WIDGET; input only.
        url: only with REQUEST_CONFIG; input only.
    """

    dialogAction: DialogAction
    type: Literal[
        "TYPE_UNSPECIFIED",
        "NEW_MESSAGE",
        "UPDATE_MESSAGE",
        "UPDATE_USER_MESSAGE_CARDS",
        "REQUEST_CONFIG",
        "DIALOG",
        "UPDATE_WIDGET",
    ]
    updatedWidget: UpdatedWidget
    url: str


class Annotation(TypedDict, total=False):
    """What stands behind a stretch of the text of a message.

    Attributes:
        customEmojiMetadata: one of the group metadata.
        length: length in text; missing means 0.
        richLinkMetadata: one of the group metadata.
        slashCommand: one of the group metadata.
        startIndex: 0-based start in text.
        type: kind of annotation.
        userMention: one of the group metadata.
    """

    customEmojiMetadata: CustomEmojiMetadata
    length: int
    richLinkMetadata: RichLinkMetadata
    slashCommand: SlashCommandMetadata
    startIndex: int
    type: Literal["ANNOTATION_TYPE_UNSPECIFIED", "USER_MENTION", "SLASH_COMMAND", "RICH_LINK", "CUSTOM_EMOJI"]
    userMention: UserMentionMetadata


class AttachedGif(TypedDict, total=False):
    """A GIF that was picked in the product.

    Attributes:
        uri: output only.
    """

    uri: str


class Card(TypedDict, total=False):
    """A card in the old format."""

    cardActions: list[CardAction]
    header: CardHeader
    name: str
    sections: list[Section]


class CardWithId(TypedDict, total=False):
    """A card and its id in the message.

    Attributes:
        card: the card, at most 32 KB.
        cardId: needed when a message has several cards; unique in the message; required.
        ownerUser: app that owns the card; output only.
    """

    card: GoogleAppsCardV1Card
    cardId: str
    ownerUser: User


class DeletionMetadata(TypedDict, total=False):
    """Who deleted a message.

    Attributes:
        deletionType: CREATOR user themself; SPACE_OWNER owner or manager; ADMIN; APP_MESSAGE_EXPIRY the app let it
            expire; *_VIA_APP an app acting for that person; SPACE_MEMBER a member removed an app message.
    """

    deletionType: Literal[
        "DELETION_TYPE_UNSPECIFIED",
        "CREATOR",
        "SPACE_OWNER",
        "ADMIN",
        "APP_MESSAGE_EXPIRY",
        "CREATOR_VIA_APP",
        "SPACE_OWNER_VIA_APP",
        "SPACE_MEMBER",
    ]


class Elements(TypedDict, total=False):
    """Where the content of a message comes from."""

    citations: list[Citation]
    citedSources: list[CitedSource]


class EmojiReactionSummary(TypedDict, total=False):
    """How often an emoji was put on a message.

    Attributes:
        emoji: output only.
        reactionCount: how many people used that emoji; output only.
    """

    emoji: Emoji
    reactionCount: int


class MatchedUrl(TypedDict, total=False):
    """An address in the text that matched a pattern of link previews.

    Attributes:
        url: the URL; output only.
    """

    url: str


class User(TypedDict, total=False):
    """A person or an app.

    Attributes:
        avatarUrl: output only.
        displayName: always filled under app auth; output only.
        domainId: Workspace domain id.
        email: output only.
        isAnonymous: deleted user or hidden profile; output only.
        name: users/{user}; users/app is the calling app; email works in requests, answers carry the id.
        type: HUMAN or BOT (a Chat app).
    """

    avatarUrl: str
    displayName: str
    domainId: str
    email: str
    isAnonymous: bool
    name: str
    type: Literal["TYPE_UNSPECIFIED", "HUMAN", "BOT"]


class QuotedMessageMetadata(TypedDict, total=False):
    """The message that a message quotes.

    Attributes:
        forwardedMetadata: only with FORWARD; output only.
        lastUpdateTime: must equal the current lastUpdateTime (or createTime when never edited) of the quoted
            message, else the create fails; required.
        name: message quoted; required.
        quoteType: REPLY when unset.
        quotedMessageSnapshot: content at quoting time; output only.
    """

    forwardedMetadata: ForwardedMetadata
    lastUpdateTime: str
    name: str
    quoteType: Literal["QUOTE_TYPE_UNSPECIFIED", "REPLY", "FORWARD"]
    quotedMessageSnapshot: QuotedMessageSnapshot


class SlashCommand(TypedDict, total=False):
    """The slash command that a message is.

    Attributes:
        commandId: int64 as a JSON string; an integer as a string.
    """

    commandId: str


class Thread(TypedDict, total=False):
    """A thread in a space.

    Attributes:
        name: spaces/{space}/threads/{thread}.
        threadKey: id chosen by the app, up to 4000 characters, private to that app; echoed only to it.
    """

    name: str
    threadKey: str


class AccessSettings(TypedDict, total=False):
    """Who can find and join a space.

    Attributes:
        accessState: output only.
    """

    accessPermissionSettings: AccessPermissionSettings
    accessState: Literal["ACCESS_STATE_UNSPECIFIED", "PRIVATE", "DISCOVERABLE"]
    audience: str


class MembershipCount(TypedDict, total=False):
    """How many members a space has.

    Attributes:
        joinedDirectHumanUserCount: output only.
        joinedGroupCount: output only.
    """

    joinedDirectHumanUserCount: int
    joinedGroupCount: int


class PermissionSettings(TypedDict, total=False):
    """Who may do what in a space.

    Attributes:
        postMessages: output only.
    """

    manageApps: PermissionSetting
    manageMembersAndGroups: PermissionSetting
    manageWebhooks: PermissionSetting
    modifySpaceDetails: PermissionSetting
    postMessages: PermissionSetting
    replyMessages: PermissionSetting
    toggleHistory: PermissionSetting
    useAtMentionAll: PermissionSetting
    viewSpaceMembership: PermissionSetting


class SpaceDetails(TypedDict, total=False):
    """What a space says of itself.

    Attributes:
        description: at most 4096 characters.
        guidelines: at most 5000 characters.
    """

    description: str
    guidelines: str


class Group(TypedDict, total=False):
    """A Google group.

    Attributes:
        name: groups/{group}.
    """

    name: str


class Emoji(TypedDict, total=False):
    """An emoji, a standard one or a custom one.

    Attributes:
        customEmoji: custom emoji, by uid; one of the group content.
        unicode: the emoji itself; one of the group content.
    """

    customEmoji: CustomEmoji
    unicode: str


class AttachmentDataRef(TypedDict, total=False):
    """Where the content of an uploaded file is.

    Attributes:
        attachmentUploadToken: opaque token from media.upload.
        resourceName: key for media.download.
    """

    attachmentUploadToken: str
    resourceName: str


class DriveDataRef(TypedDict, total=False):
    """A file in Drive."""

    driveFileId: str


class CustomEmoji(TypedDict, total=False):
    """An emoji of the organization.

    Attributes:
        emojiName: :lower-case-name:, letters, digits, single - or _ between words; fixed at creation.
        name: customEmojis/{id}.
        payload: needed on create; input only.
        temporaryImageUri: good for at least 10 minutes; not in the create answer; output only.
        uid: key used in filters; output only.
    """

    emojiName: str
    name: str
    payload: CustomEmojiPayload
    temporaryImageUri: str
    uid: str


class MessagePin(TypedDict, total=False):
    """A pinned message.

    Attributes:
        message: message pinned; required, fixed at creation.
        name: spaces/{space}/messagePins/{id}, {id} equals the message id.
    """

    message: str
    name: str


class SectionItem(TypedDict, total=False):
    """A space in a section of the sidebar.

    Attributes:
        space: one of the group item.
    """

    name: str
    space: str


class GoogleChatV1Section(TypedDict, total=False):
    """A section of the sidebar of a user.

    Attributes:
        displayName: at most 80 characters; only for CUSTOM_SECTION.
        sortOrder: lower comes first; output only.
        type: required.
    """

    displayName: str
    name: str
    sortOrder: int
    type: Literal[
        "SECTION_TYPE_UNSPECIFIED", "CUSTOM_SECTION", "DEFAULT_DIRECT_MESSAGES", "DEFAULT_SPACES", "DEFAULT_APPS"
    ]


class SpaceEvent(TypedDict, total=False):
    """Something that happened in a space. The data is under the name that fits `eventType`.

    Attributes:
        eventType:
            google.workspace.chat.{message|membership|reaction|space}.v1.{created|updated|deleted|batchCreated|...}.
        membershipBatchCreatedEventData: one of the group payload.
        membershipBatchDeletedEventData: one of the group payload.
        membershipBatchUpdatedEventData: one of the group payload.
        membershipCreatedEventData: one of the group payload.
        membershipDeletedEventData: one of the group payload.
        membershipUpdatedEventData: one of the group payload.
        messageBatchCreatedEventData: one of the group payload.
        messageBatchDeletedEventData: one of the group payload.
        messageBatchUpdatedEventData: one of the group payload.
        messageCreatedEventData: one of the group payload.
        messageDeletedEventData: one of the group payload.
        messageUpdatedEventData: one of the group payload.
        name: spaces/{space}/spaceEvents/{id}.
        reactionBatchCreatedEventData: one of the group payload.
        reactionBatchDeletedEventData: one of the group payload.
        reactionCreatedEventData: one of the group payload.
        reactionDeletedEventData: one of the group payload.
        spaceBatchUpdatedEventData: one of the group payload.
        spaceUpdatedEventData: one of the group payload.
    """

    eventTime: str
    eventType: str
    membershipBatchCreatedEventData: MembershipBatchCreatedEventData
    membershipBatchDeletedEventData: MembershipBatchDeletedEventData
    membershipBatchUpdatedEventData: MembershipBatchUpdatedEventData
    membershipCreatedEventData: MembershipCreatedEventData
    membershipDeletedEventData: MembershipDeletedEventData
    membershipUpdatedEventData: MembershipUpdatedEventData
    messageBatchCreatedEventData: MessageBatchCreatedEventData
    messageBatchDeletedEventData: MessageBatchDeletedEventData
    messageBatchUpdatedEventData: MessageBatchUpdatedEventData
    messageCreatedEventData: MessageCreatedEventData
    messageDeletedEventData: MessageDeletedEventData
    messageUpdatedEventData: MessageUpdatedEventData
    name: str
    reactionBatchCreatedEventData: ReactionBatchCreatedEventData
    reactionBatchDeletedEventData: ReactionBatchDeletedEventData
    reactionCreatedEventData: ReactionCreatedEventData
    reactionDeletedEventData: ReactionDeletedEventData
    spaceBatchUpdatedEventData: SpaceBatchUpdatedEventData
    spaceUpdatedEventData: SpaceUpdatedEventData


class SearchMessageResult(TypedDict, total=False):
    """A message that was found."""

    message: Message
    read: bool
    spaceMuteSetting: Literal["MUTE_SETTING_UNSPECIFIED", "UNMUTED", "MUTED"]


class SearchSpaceResult(TypedDict, total=False):
    """A space that was found.

    Attributes:
        space: output only.
    """

    space: Space


class GoogleAppsCardV1ButtonList(TypedDict, total=False):
    """Buttons side by side."""

    buttons: list[GoogleAppsCardV1Button]


class DialogAction(TypedDict, total=False):
    """What is done with a dialog.

    Attributes:
        actionStatus: input only.
        dialog: input only, one of the group action.
    """

    actionStatus: ActionStatus
    dialog: Dialog


class UpdatedWidget(TypedDict, total=False):
    """New content of a widget.

    Attributes:
        suggestions: one of the group updated_widget.
    """

    suggestions: SelectionItems
    widget: str


class CustomEmojiMetadata(TypedDict, total=False):
    """The custom emoji of an annotation."""

    customEmoji: CustomEmoji


class RichLinkMetadata(TypedDict, total=False):
    """The link of an annotation.

    Attributes:
        calendarEventLinkData: one of the group data.
        chatSpaceLinkData: one of the group data.
        driveLinkData: one of the group data.
        meetSpaceLinkData: one of the group data.
    """

    calendarEventLinkData: CalendarEventLinkData
    chatSpaceLinkData: ChatSpaceLinkData
    driveLinkData: DriveLinkData
    meetSpaceLinkData: MeetSpaceLinkData
    richLinkType: Literal[
        "RICH_LINK_TYPE_UNSPECIFIED", "DRIVE_FILE", "CHAT_SPACE", "GMAIL_MESSAGE", "MEET_SPACE", "CALENDAR_EVENT"
    ]
    uri: str


class SlashCommandMetadata(TypedDict, total=False):
    """The slash command of an annotation.

    Attributes:
        bot: app that owns the command.
        commandId: int64 as a JSON string; an integer as a string.
        type: ADD or INVOKE.
    """

    bot: User
    commandId: str
    commandName: str
    triggersDialog: bool
    type: Literal["TYPE_UNSPECIFIED", "ADD", "INVOKE"]


class UserMentionMetadata(TypedDict, total=False):
    """The mention of an annotation.

    Attributes:
        type: ADD or MENTION.
    """

    type: Literal["TYPE_UNSPECIFIED", "ADD", "MENTION"]
    user: User


class CardAction(TypedDict, total=False):
    """An entry in the menu of an old card."""

    actionLabel: str
    onClick: OnClick


class CardHeader(TypedDict, total=False):
    """The head of an old card."""

    imageStyle: Literal["IMAGE_STYLE_UNSPECIFIED", "IMAGE", "AVATAR"]
    imageUrl: str
    subtitle: str
    title: str


class Section(TypedDict, total=False):
    """A section of an old card."""

    header: str
    widgets: list[WidgetMarkup]


class GoogleAppsCardV1Card(TypedDict, total=False):
    """A card: a head, and sections of widgets.

    Attributes:
        cardActions: at most 10.
    """

    cardActions: list[GoogleAppsCardV1CardAction]
    displayStyle: Literal["DISPLAY_STYLE_UNSPECIFIED", "PEEK", "REPLACE"]
    expressionData: list[GoogleAppsCardV1ExpressionData]
    fixedFooter: GoogleAppsCardV1CardFixedFooter
    header: GoogleAppsCardV1CardHeader
    name: str
    peekCardHeader: GoogleAppsCardV1CardHeader
    sectionDividerStyle: Literal["DIVIDER_STYLE_UNSPECIFIED", "SOLID_DIVIDER", "NO_DIVIDER"]
    sections: list[GoogleAppsCardV1Section]


class Citation(TypedDict, total=False):
    """A place in a message that cites sources.

    Attributes:
        id: letters and digits, under 63 characters; required.
    """

    citedSources: list[CitedSource]
    id: str


class CitedSource(TypedDict, total=False):
    """A source that is cited.

    Attributes:
        title: required.
        uri: required.
    """

    footer: Footer
    snippet: Snippet
    title: str
    uri: str


class ForwardedMetadata(TypedDict, total=False):
    """Where a forwarded message comes from.

    Attributes:
        space: output only.
        spaceDisplayName: output only.
    """

    space: str
    spaceDisplayName: str


class QuotedMessageSnapshot(TypedDict, total=False):
    """What a quoted message looked like when it was quoted.

    Attributes:
        annotations: output only.
        attachments: output only.
        formattedText: output only.
        sender: output only.
        text: output only.
    """

    annotations: list[Annotation]
    attachments: list[Attachment]
    formattedText: str
    sender: str
    text: str


class AccessPermissionSettings(TypedDict, total=False):
    """Who may find, join and look into a space."""

    discoverSpaceSetting: AccessPermissionSetting
    joinSpaceSetting: AccessPermissionSetting
    viewSpaceMembershipSetting: AccessPermissionSetting


class PermissionSetting(TypedDict, total=False):
    """Which members may do something."""

    assistantManagersAllowed: bool
    managersAllowed: bool
    membersAllowed: bool


class CustomEmojiPayload(TypedDict, total=False):
    """The picture of a custom emoji, to be uploaded.

    Attributes:
        fileContent: base64; under 256 KB, square, 64 to 500 pixels; base64; required, input only.
        filename: .png, .jpg or .gif; required, input only.
    """

    fileContent: str
    filename: str


class MembershipBatchCreatedEventData(TypedDict, total=False):
    """Members that were added together."""

    memberships: list[MembershipCreatedEventData]


class MembershipBatchDeletedEventData(TypedDict, total=False):
    """Members that were removed together."""

    memberships: list[MembershipDeletedEventData]


class MembershipBatchUpdatedEventData(TypedDict, total=False):
    """Members that were changed together."""

    memberships: list[MembershipUpdatedEventData]


class MembershipCreatedEventData(TypedDict, total=False):
    """A member that was added."""

    membership: Membership


class MembershipDeletedEventData(TypedDict, total=False):
    """A member that was removed.

    Attributes:
        membership: only name and state are filled.
    """

    membership: Membership


class MembershipUpdatedEventData(TypedDict, total=False):
    """A member that was changed."""

    membership: Membership


class MessageBatchCreatedEventData(TypedDict, total=False):
    """Messages that were posted together."""

    messages: list[MessageCreatedEventData]


class MessageBatchDeletedEventData(TypedDict, total=False):
    """Messages that were deleted together."""

    messages: list[MessageDeletedEventData]


class MessageBatchUpdatedEventData(TypedDict, total=False):
    """Messages that were edited together."""

    messages: list[MessageUpdatedEventData]


class MessageCreatedEventData(TypedDict, total=False):
    """A message that was posted."""

    message: Message


class MessageDeletedEventData(TypedDict, total=False):
    """A message that was deleted.

    Attributes:
        message: only name, createTime and deletionMetadata are filled.
    """

    message: Message


class MessageUpdatedEventData(TypedDict, total=False):
    """A message that was edited."""

    message: Message


class ReactionBatchCreatedEventData(TypedDict, total=False):
    """Reactions that were added together."""

    reactions: list[ReactionCreatedEventData]


class ReactionBatchDeletedEventData(TypedDict, total=False):
    """Reactions that were taken back together."""

    reactions: list[ReactionDeletedEventData]


class ReactionCreatedEventData(TypedDict, total=False):
    """A reaction that was added."""

    reaction: Reaction


class ReactionDeletedEventData(TypedDict, total=False):
    """A reaction that was taken back."""

    reaction: Reaction


class SpaceBatchUpdatedEventData(TypedDict, total=False):
    """Changes of a space that came together."""

    spaces: list[SpaceUpdatedEventData]


class SpaceUpdatedEventData(TypedDict, total=False):
    """A space that was changed."""

    space: Space


class GoogleAppsCardV1Button(TypedDict, total=False):
    """A button with a text, an icon, or both.

    Attributes:
        onClick: required.
    """

    altText: str
    color: Color
    disabled: bool
    icon: GoogleAppsCardV1Icon
    onClick: GoogleAppsCardV1OnClick
    text: str
    type: Literal["TYPE_UNSPECIFIED", "OUTLINED", "FILLED", "FILLED_TONAL", "BORDERLESS"]


class ActionStatus(TypedDict, total=False):
    """How an action ended.

    Attributes:
        statusCode: one of the 17 canonical codes.
        userFacingMessage: shown to the user; a stock text for statusCode when unset.
    """

    statusCode: Literal[
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "UNAUTHENTICATED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
    ]
    userFacingMessage: str


class Dialog(TypedDict, total=False):
    """A dialog.

    Attributes:
        body: input only.
    """

    body: GoogleAppsCardV1Card


class SelectionItems(TypedDict, total=False):
    """Items to choose from."""

    items: list[GoogleAppsCardV1SelectionItem]


class CalendarEventLinkData(TypedDict, total=False):
    """A link to an event of a calendar."""

    calendarId: str
    eventId: str


class ChatSpaceLinkData(TypedDict, total=False):
    """A link to a space, a thread or a message."""

    message: str
    space: str
    thread: str


class DriveLinkData(TypedDict, total=False):
    """A link to a file in Drive."""

    driveDataRef: DriveDataRef
    mimeType: str


class MeetSpaceLinkData(TypedDict, total=False):
    """A link to a meeting.

    Attributes:
        huddleStatus: output only.
    """

    huddleStatus: Literal["HUDDLE_STATUS_UNSPECIFIED", "STARTED", "ENDED", "MISSED"]
    meetingCode: str
    type: Literal["TYPE_UNSPECIFIED", "MEETING", "HUDDLE"]


class OnClick(TypedDict, total=False):
    """What happens after a click in an old card.

    Attributes:
        action: one of the group data.
        openLink: one of the group data.
    """

    action: FormAction
    openLink: OpenLink


class WidgetMarkup(TypedDict, total=False):
    """A widget of an old card.

    Attributes:
        image: one of the group data.
        keyValue: one of the group data.
        textParagraph: one of the group data.
    """

    buttons: list[Button]
    image: Image
    keyValue: KeyValue
    textParagraph: TextParagraph


class GoogleAppsCardV1CardAction(TypedDict, total=False):
    """An entry in the menu of a card."""

    actionLabel: str
    onClick: GoogleAppsCardV1OnClick


class GoogleAppsCardV1ExpressionData(TypedDict, total=False):
    """An expression over the widgets of a card, and what follows from it."""

    conditions: list[GoogleAppsCardV1Condition]
    eventActions: list[GoogleAppsCardV1EventAction]
    expression: str
    id: str


class GoogleAppsCardV1CardFixedFooter(TypedDict, total=False):
    """The foot of a card, always in sight."""

    primaryButton: GoogleAppsCardV1Button
    secondaryButton: GoogleAppsCardV1Button


class GoogleAppsCardV1CardHeader(TypedDict, total=False):
    """The head of a card.

    Attributes:
        title: required.
    """

    imageAltText: str
    imageType: Literal["SQUARE", "CIRCLE"]
    imageUrl: str
    subtitle: str
    title: str


class GoogleAppsCardV1Section(TypedDict, total=False):
    """A section of a card.

    Attributes:
        id: at most 64 characters.
        widgets: at least one; at most 100 widgets over all sections of a card.
    """

    collapseControl: GoogleAppsCardV1CollapseControl
    collapsible: bool
    header: str
    id: str
    uncollapsibleWidgetsCount: int
    widgets: list[GoogleAppsCardV1Widget]


class Footer(TypedDict, total=False):
    """What stands under a cited source."""

    text: str


class Snippet(TypedDict, total=False):
    """An extract of a cited source.

    Attributes:
        text: at most 1000 characters.
    """

    imagePreview: ElementsImage
    text: str


class AccessPermissionSetting(TypedDict, total=False):
    """Who has a right in a space."""

    principals: list[Principal]


class Color(TypedDict, total=False):
    """A colour; each part from 0 to 1."""

    alpha: float
    blue: float
    green: float
    red: float


class GoogleAppsCardV1Icon(TypedDict, total=False):
    """An icon: a known one, one of Material Symbols, or a picture.

    Attributes:
        iconUrl: one of the group icons.
        knownIcon: one of the group icons.
        materialIcon: one of the group icons.
    """

    altText: str
    iconUrl: str
    imageType: Literal["SQUARE", "CIRCLE"]
    knownIcon: str
    materialIcon: GoogleAppsCardV1MaterialIcon


class GoogleAppsCardV1OnClick(TypedDict, total=False):
    """What happens after a click.

    Attributes:
        action: one of the group data.
        card: one of the group data.
        openDynamicLinkAction: one of the group data.
        openLink: one of the group data.
        overflowMenu: one of the group data.
    """

    action: GoogleAppsCardV1Action
    card: GoogleAppsCardV1Card
    openDynamicLinkAction: GoogleAppsCardV1Action
    openLink: GoogleAppsCardV1OpenLink
    overflowMenu: GoogleAppsCardV1OverflowMenu


class GoogleAppsCardV1SelectionItem(TypedDict, total=False):
    """An item to choose."""

    bottomText: str
    selected: bool
    startIconUri: str
    text: str
    value: str


class FormAction(TypedDict, total=False):
    """A method of the app that an old card calls."""

    actionMethodName: str
    parameters: list[ActionParameter]


class OpenLink(TypedDict, total=False):
    """A link that an old card opens."""

    url: str


class Button(TypedDict, total=False):
    """A button of an old card.

    Attributes:
        imageButton: one of the group type.
        textButton: one of the group type.
    """

    imageButton: ImageButton
    textButton: TextButton


class Image(TypedDict, total=False):
    """A picture in an old card."""

    aspectRatio: float
    imageUrl: str
    onClick: OnClick


class KeyValue(TypedDict, total=False):
    """A label and a value in an old card.

    Attributes:
        button: one of the group control.
        icon: one of the group icons.
        iconUrl: one of the group icons.
    """

    bottomLabel: str
    button: Button
    content: str
    contentMultiline: bool
    icon: Literal[
        "ICON_UNSPECIFIED",
        "AIRPLANE",
        "BOOKMARK",
        "BUS",
        "CAR",
        "CLOCK",
        "CONFIRMATION_NUMBER_ICON",
        "DOLLAR",
        "DESCRIPTION",
        "EMAIL",
        "EVENT_PERFORMER",
        "EVENT_SEAT",
        "FLIGHT_ARRIVAL",
        "FLIGHT_DEPARTURE",
        "HOTEL",
        "HOTEL_ROOM_TYPE",
        "INVITE",
        "MAP_PIN",
        "MEMBERSHIP",
        "MULTIPLE_PEOPLE",
        "OFFER",
        "PERSON",
        "PHONE",
        "RESTAURANT_ICON",
        "SHOPPING_CART",
        "STAR",
        "STORE",
        "TICKET",
        "TRAIN",
        "VIDEO_CAMERA",
        "VIDEO_PLAY",
    ]
    iconUrl: str
    onClick: OnClick
    topLabel: str


class TextParagraph(TypedDict, total=False):
    """A text in an old card."""

    text: str


class GoogleAppsCardV1Condition(TypedDict, total=False):
    """A condition, named so that event actions can refer to it."""

    actionRuleId: str
    expressionDataCondition: GoogleAppsCardV1ExpressionDataCondition


class GoogleAppsCardV1EventAction(TypedDict, total=False):
    """What is done when a condition holds."""

    actionRuleId: str
    commonWidgetAction: GoogleAppsCardV1CommonWidgetAction
    postEventTriggers: list[GoogleAppsCardV1Trigger]


class GoogleAppsCardV1CollapseControl(TypedDict, total=False):
    """The buttons that fold and unfold a section."""

    collapseButton: GoogleAppsCardV1Button
    expandButton: GoogleAppsCardV1Button
    horizontalAlignment: Literal["HORIZONTAL_ALIGNMENT_UNSPECIFIED", "START", "CENTER", "END"]


class GoogleAppsCardV1Widget(TypedDict, total=False):
    """A widget of a card: one of the kinds below.

    Attributes:
        buttonList: one of the group data.
        carousel: one of the group data.
        chipList: one of the group data.
        columns: one of the group data.
        dateTimePicker: one of the group data.
        decoratedText: one of the group data.
        divider: one of the group data.
        grid: one of the group data.
        id: at most 64 characters.
        image: one of the group data.
        selectionInput: one of the group data.
        textInput: one of the group data.
        textParagraph: one of the group data.
    """

    buttonList: GoogleAppsCardV1ButtonList
    carousel: GoogleAppsCardV1Carousel
    chipList: GoogleAppsCardV1ChipList
    columns: GoogleAppsCardV1Columns
    dateTimePicker: GoogleAppsCardV1DateTimePicker
    decoratedText: GoogleAppsCardV1DecoratedText
    divider: GoogleAppsCardV1Divider
    eventActions: list[GoogleAppsCardV1EventAction]
    grid: GoogleAppsCardV1Grid
    horizontalAlignment: Literal["HORIZONTAL_ALIGNMENT_UNSPECIFIED", "START", "CENTER", "END"]
    id: str
    image: GoogleAppsCardV1Image
    selectionInput: GoogleAppsCardV1SelectionInput
    textInput: GoogleAppsCardV1TextInput
    textParagraph: GoogleAppsCardV1TextParagraph
    visibility: Literal["VISIBILITY_UNSPECIFIED", "VISIBLE", "HIDDEN"]


class ElementsImage(TypedDict, total=False):
    """A picture in an extract.

    Attributes:
        imageUri: required.
    """

    imageUri: str


class Principal(TypedDict, total=False):
    """Somebody who may have a right.

    Attributes:
        audience: one of the group principal_type.
    """

    audience: Audience


class GoogleAppsCardV1MaterialIcon(TypedDict, total=False):
    """An icon of Material Symbols."""

    fill: bool
    grade: int
    name: str
    weight: int


class GoogleAppsCardV1Action(TypedDict, total=False):
    """A function of the app that a card calls."""

    allWidgetsAreRequired: bool
    function: str
    interaction: Literal["INTERACTION_UNSPECIFIED", "OPEN_DIALOG"]
    loadIndicator: Literal["SPINNER", "NONE"]
    parameters: list[GoogleAppsCardV1ActionParameter]
    persistValues: bool
    requiredWidgets: list[str]


class GoogleAppsCardV1OpenLink(TypedDict, total=False):
    """A link that a card opens.

    Attributes:
        url: http is turned into https.
    """

    onClose: Literal["NOTHING", "RELOAD"]
    openAs: Literal["FULL_SIZE", "OVERLAY"]
    url: str


class GoogleAppsCardV1OverflowMenu(TypedDict, total=False):
    """A menu that opens after a click.

    Attributes:
        items: required.
    """

    items: list[GoogleAppsCardV1OverflowMenuItem]


class ActionParameter(TypedDict, total=False):
    """A parameter of the method that an old card calls."""

    key: str
    value: str


class ImageButton(TypedDict, total=False):
    """A button with a picture in an old card.

    Attributes:
        icon: one of the group icons.
        iconUrl: one of the group icons.
    """

    icon: Literal[
        "ICON_UNSPECIFIED",
        "AIRPLANE",
        "BOOKMARK",
        "BUS",
        "CAR",
        "CLOCK",
        "CONFIRMATION_NUMBER_ICON",
        "DOLLAR",
        "DESCRIPTION",
        "EMAIL",
        "EVENT_PERFORMER",
        "EVENT_SEAT",
        "FLIGHT_ARRIVAL",
        "FLIGHT_DEPARTURE",
        "HOTEL",
        "HOTEL_ROOM_TYPE",
        "INVITE",
        "MAP_PIN",
        "MEMBERSHIP",
        "MULTIPLE_PEOPLE",
        "OFFER",
        "PERSON",
        "PHONE",
        "RESTAURANT_ICON",
        "SHOPPING_CART",
        "STAR",
        "STORE",
        "TICKET",
        "TRAIN",
        "VIDEO_CAMERA",
        "VIDEO_PLAY",
    ]
    iconUrl: str
    name: str
    onClick: OnClick


class TextButton(TypedDict, total=False):
    """A button with a text in an old card."""

    onClick: OnClick
    text: str


class GoogleAppsCardV1ExpressionDataCondition(TypedDict, total=False):
    """The condition that an expression came true, or did not."""

    conditionType: Literal[
        "CONDITION_TYPE_UNSPECIFIED", "EXPRESSION_EVALUATION_SUCCESS", "EXPRESSION_EVALUATION_FAILURE"
    ]


class GoogleAppsCardV1CommonWidgetAction(TypedDict, total=False):
    """What can be done to any widget."""

    updateVisibilityAction: GoogleAppsCardV1UpdateVisibilityAction


class GoogleAppsCardV1Trigger(TypedDict, total=False):
    """The name of an action that is to follow."""

    actionRuleId: str


class GoogleAppsCardV1Carousel(TypedDict, total=False):
    """Cards to leaf through."""

    carouselCards: list[GoogleAppsCardV1CarouselCard]


class GoogleAppsCardV1ChipList(TypedDict, total=False):
    """Chips side by side."""

    chips: list[GoogleAppsCardV1Chip]
    layout: Literal["LAYOUT_UNSPECIFIED", "WRAPPED", "HORIZONTAL_SCROLLABLE"]


class GoogleAppsCardV1Columns(TypedDict, total=False):
    """Up to two columns.

    Attributes:
        columnItems: at most 2.
    """

    columnItems: list[GoogleAppsCardV1Column]


class GoogleAppsCardV1DateTimePicker(TypedDict, total=False):
    """A field for a date, a time, or both.

    Attributes:
        valueMsEpoch: an integer as a string.
    """

    hostAppDataSource: HostAppDataSourceMarkup
    label: str
    name: str
    onChangeAction: GoogleAppsCardV1Action
    timezoneOffsetDate: int
    type: Literal["DATE_AND_TIME", "DATE_ONLY", "TIME_ONLY"]
    valueMsEpoch: str


class GoogleAppsCardV1DecoratedText(TypedDict, total=False):
    """A text with labels, an icon, and a button or a switch.

    Attributes:
        button: one of the group control.
        endIcon: one of the group control.
        icon: use startIcon; deprecated.
        switchControl: one of the group control.
        text: required.
    """

    bottomLabel: str
    bottomLabelText: GoogleAppsCardV1TextParagraph
    button: GoogleAppsCardV1Button
    contentText: GoogleAppsCardV1TextParagraph
    endIcon: GoogleAppsCardV1Icon
    icon: GoogleAppsCardV1Icon
    onClick: GoogleAppsCardV1OnClick
    startIcon: GoogleAppsCardV1Icon
    startIconVerticalAlignment: Literal["VERTICAL_ALIGNMENT_UNSPECIFIED", "TOP", "MIDDLE", "BOTTOM"]
    switchControl: GoogleAppsCardV1SwitchControl
    text: str
    topLabel: str
    topLabelText: GoogleAppsCardV1TextParagraph
    wrapText: bool


class GoogleAppsCardV1Divider(TypedDict, total=False):
    """A line."""


class GoogleAppsCardV1Grid(TypedDict, total=False):
    """A grid of items."""

    borderStyle: GoogleAppsCardV1BorderStyle
    columnCount: int
    items: list[GoogleAppsCardV1GridItem]
    onClick: GoogleAppsCardV1OnClick
    title: str


class GoogleAppsCardV1Image(TypedDict, total=False):
    """A picture."""

    altText: str
    imageUrl: str
    onClick: GoogleAppsCardV1OnClick


class GoogleAppsCardV1SelectionInput(TypedDict, total=False):
    """A choice among items.

    Attributes:
        externalDataSource: one of the group multi_select_data_source.
        items: at most 100.
        multiSelectMaxSelectedItems: 3 when unset.
        name: required; key in form input.
        platformDataSource: one of the group multi_select_data_source.
    """

    dataSourceConfigs: list[GoogleAppsCardV1DataSourceConfig]
    externalDataSource: GoogleAppsCardV1Action
    hintText: str
    items: list[GoogleAppsCardV1SelectionItem]
    label: str
    multiSelectMaxSelectedItems: int
    multiSelectMinQueryLength: int
    name: str
    onChangeAction: GoogleAppsCardV1Action
    platformDataSource: GoogleAppsCardV1PlatformDataSource
    type: Literal["CHECK_BOX", "RADIO_BUTTON", "SWITCH", "DROPDOWN", "MULTI_SELECT"]


class GoogleAppsCardV1TextInput(TypedDict, total=False):
    """A field for text."""

    autoCompleteAction: GoogleAppsCardV1Action
    hintText: str
    hostAppDataSource: HostAppDataSourceMarkup
    initialSuggestions: GoogleAppsCardV1Suggestions
    label: str
    name: str
    onChangeAction: GoogleAppsCardV1Action
    placeholderText: str
    type: Literal["SINGLE_LINE", "MULTIPLE_LINE"]
    validation: GoogleAppsCardV1Validation
    value: str


class GoogleAppsCardV1TextParagraph(TypedDict, total=False):
    """A text.

    Attributes:
        textSyntax: HTML when unset.
    """

    maxLines: int
    text: str
    textSyntax: Literal["TEXT_SYNTAX_UNSPECIFIED", "HTML", "MARKDOWN"]


class Audience(TypedDict, total=False):
    """A target audience."""

    name: str


class GoogleAppsCardV1ActionParameter(TypedDict, total=False):
    """A parameter of the function that a card calls."""

    key: str
    value: str


class GoogleAppsCardV1OverflowMenuItem(TypedDict, total=False):
    """An entry of a menu.

    Attributes:
        onClick: required.
        text: required.
    """

    disabled: bool
    onClick: GoogleAppsCardV1OnClick
    startIcon: GoogleAppsCardV1Icon
    text: str


class GoogleAppsCardV1UpdateVisibilityAction(TypedDict, total=False):
    """Shows or hides a widget."""

    visibility: Literal["VISIBILITY_UNSPECIFIED", "VISIBLE", "HIDDEN"]


class GoogleAppsCardV1CarouselCard(TypedDict, total=False):
    """A card of a carousel."""

    footerWidgets: list[GoogleAppsCardV1NestedWidget]
    widgets: list[GoogleAppsCardV1NestedWidget]


class GoogleAppsCardV1Chip(TypedDict, total=False):
    """A chip: a small button with a label.

    Attributes:
        enabled: use disabled; deprecated.
    """

    altText: str
    disabled: bool
    enabled: bool
    icon: GoogleAppsCardV1Icon
    label: str
    onClick: GoogleAppsCardV1OnClick


class GoogleAppsCardV1Column(TypedDict, total=False):
    """A column."""

    horizontalAlignment: Literal["HORIZONTAL_ALIGNMENT_UNSPECIFIED", "START", "CENTER", "END"]
    horizontalSizeStyle: Literal["HORIZONTAL_SIZE_STYLE_UNSPECIFIED", "FILL_AVAILABLE_SPACE", "FILL_MINIMUM_SPACE"]
    verticalAlignment: Literal["VERTICAL_ALIGNMENT_UNSPECIFIED", "CENTER", "TOP", "BOTTOM"]
    widgets: list[GoogleAppsCardV1Widgets]


class HostAppDataSourceMarkup(TypedDict, total=False):
    """Data of the product itself."""

    chatDataSource: ChatClientDataSourceMarkup
    workflowDataSource: WorkflowDataSourceMarkup


class GoogleAppsCardV1SwitchControl(TypedDict, total=False):
    """A switch or a check box beside a text."""

    controlType: Literal["SWITCH", "CHECKBOX", "CHECK_BOX"]
    name: str
    onChangeAction: GoogleAppsCardV1Action
    selected: bool
    value: str


class GoogleAppsCardV1BorderStyle(TypedDict, total=False):
    """How a border looks."""

    cornerRadius: int
    strokeColor: Color
    type: Literal["BORDER_TYPE_UNSPECIFIED", "NO_BORDER", "STROKE"]


class GoogleAppsCardV1GridItem(TypedDict, total=False):
    """An item of a grid."""

    id: str
    image: GoogleAppsCardV1ImageComponent
    layout: Literal["GRID_ITEM_LAYOUT_UNSPECIFIED", "TEXT_BELOW", "TEXT_ABOVE"]
    subtitle: str
    title: str


class GoogleAppsCardV1DataSourceConfig(TypedDict, total=False):
    """Where the items of a choice come from."""

    minCharactersTrigger: int
    platformDataSource: GoogleAppsCardV1PlatformDataSource
    remoteDataSource: GoogleAppsCardV1Action


class GoogleAppsCardV1PlatformDataSource(TypedDict, total=False):
    """Items that come from Google Workspace."""

    commonDataSource: Literal["UNKNOWN", "USER"]
    hostAppDataSource: HostAppDataSourceMarkup


class GoogleAppsCardV1Suggestions(TypedDict, total=False):
    """Suggestions for a field."""

    items: list[GoogleAppsCardV1SuggestionItem]


class GoogleAppsCardV1Validation(TypedDict, total=False):
    """What may be typed into a field."""

    characterLimit: int
    inputType: Literal["INPUT_TYPE_UNSPECIFIED", "TEXT", "INTEGER", "FLOAT", "EMAIL", "EMOJI_PICKER"]


class GoogleAppsCardV1NestedWidget(TypedDict, total=False):
    """A widget of a card in a carousel.

    Attributes:
        buttonList: one of the group data.
        image: one of the group data.
        textParagraph: one of the group data.
    """

    buttonList: GoogleAppsCardV1ButtonList
    image: GoogleAppsCardV1Image
    textParagraph: GoogleAppsCardV1TextParagraph


class GoogleAppsCardV1Widgets(TypedDict, total=False):
    """A widget in a column.

    Attributes:
        buttonList: one of the group data.
        chipList: one of the group data.
        dateTimePicker: one of the group data.
        decoratedText: one of the group data.
        image: one of the group data.
        selectionInput: one of the group data.
        textInput: one of the group data.
        textParagraph: one of the group data.
    """

    buttonList: GoogleAppsCardV1ButtonList
    chipList: GoogleAppsCardV1ChipList
    dateTimePicker: GoogleAppsCardV1DateTimePicker
    decoratedText: GoogleAppsCardV1DecoratedText
    image: GoogleAppsCardV1Image
    selectionInput: GoogleAppsCardV1SelectionInput
    textInput: GoogleAppsCardV1TextInput
    textParagraph: GoogleAppsCardV1TextParagraph


class ChatClientDataSourceMarkup(TypedDict, total=False):
    """Items that come from Google Chat."""

    spaceDataSource: SpaceDataSource


class WorkflowDataSourceMarkup(TypedDict, total=False):
    """Items that come from a workflow."""

    includeVariables: bool
    type: Literal["UNKNOWN", "USER", "SPACE", "USER_WITH_FREE_FORM"]


class GoogleAppsCardV1ImageComponent(TypedDict, total=False):
    """The picture of an item."""

    altText: str
    borderStyle: GoogleAppsCardV1BorderStyle
    cropStyle: GoogleAppsCardV1ImageCropStyle
    imageUri: str


class GoogleAppsCardV1SuggestionItem(TypedDict, total=False):
    """A suggestion."""

    text: str


class SpaceDataSource(TypedDict, total=False):
    """The spaces of the user."""

    defaultToCurrentSpace: bool


class GoogleAppsCardV1ImageCropStyle(TypedDict, total=False):
    """How a picture is cut."""

    aspectRatio: float
    type: Literal["IMAGE_CROP_TYPE_UNSPECIFIED", "SQUARE", "CIRCLE", "RECTANGLE_CUSTOM", "RECTANGLE_4_3"]


class Availability(TypedDict, total=False):
    """The presence and the custom status of a user.

    Attributes:
        doNotDisturbMetadata: output only, one of the group state_metadata.
        state: derived by the server; output only.
    """

    customStatus: CustomStatus
    doNotDisturbMetadata: DoNotDisturbMetadata
    name: str
    state: Literal["STATE_UNSPECIFIED", "ACTIVE", "IDLE", "AWAY", "DO_NOT_DISTURB"]


class CompleteImportSpaceRequest(TypedDict, total=False):
    """The body of `complete_import_space`."""


class CompleteImportSpaceResponse(TypedDict, total=False):
    """The answer of `complete_import_space`."""

    space: Space


class Empty(TypedDict, total=False):
    """The answer of a method that has nothing to say."""


class MarkAsActiveRequest(TypedDict, total=False):
    """The body of `mark_as_active`.

    Attributes:
        expireTime: one of the group expiration.
        ttl: seconds such as "3600s"; one of the group expiration.
    """

    expireTime: str
    ttl: str


class MarkAsAwayRequest(TypedDict, total=False):
    """The body of `mark_as_away`."""


class MarkAsDoNotDisturbRequest(TypedDict, total=False):
    """The body of `mark_as_do_not_disturb`.

    Attributes:
        expireTime: one of the group expiration.
        ttl: seconds such as "3600s"; one of the group expiration.
    """

    expireTime: str
    ttl: str


class Media(TypedDict, total=False):
    """The name of some content."""

    resourceName: str


class MoveSectionItemRequest(TypedDict, total=False):
    """The body of `move_section_item`.

    Attributes:
        targetSection: required.
    """

    targetSection: str


class MoveSectionItemResponse(TypedDict, total=False):
    """The answer of `move_section_item`."""

    sectionItem: SectionItem


class PositionSectionRequest(TypedDict, total=False):
    """The body of `position_section`.

    Attributes:
        relativePosition: one of the group position.
        sortOrder: 1-based; past the end means last; one of the group position.
    """

    relativePosition: Literal["POSITION_UNSPECIFIED", "START", "END"]
    sortOrder: int


class PositionSectionResponse(TypedDict, total=False):
    """The answer of `position_section`."""

    section: GoogleChatV1Section


class ReplaceMessageCardsRequest(TypedDict, total=False):
    """The body of `replace_message_cards`.

    Attributes:
        cardsV2: empty list clears the cards.
    """

    cardsV2: list[CardWithId]


class ReplaceMessageCardsResponse(TypedDict, total=False):
    """The answer of `replace_message_cards`."""


class SearchMessagesRequest(TypedDict, total=False):
    """The body of `search_messages`.

    Attributes:
        filter: required; keywords and field terms (create_time < >=, sender.name =, space.name =,
            space.display_name :, space.space_type =, attachment:*, annotations.user_mentions.user.name :,
            has_link(), is_unread()); AND across fields; at most 1000 characters.
        orderBy: create_time desc (default); relevance desc is a preview.
        pageSize: default 25, above 100 becomes 100.
        view: FULL adds read and spaceMuteSetting when the scopes allow.
    """

    filter: str
    markupSyntax: Literal["MARKUP_SYNTAX_UNSPECIFIED", "MARKUP_SYNTAX_CHAT", "MARKUP_SYNTAX_MARKDOWN"]
    orderBy: str
    pageSize: int
    pageToken: str
    view: Literal["SEARCH_MESSAGES_VIEW_UNSPECIFIED", "SEARCH_MESSAGES_VIEW_BASIC", "SEARCH_MESSAGES_VIEW_FULL"]


class SetUpSpaceRequest(TypedDict, total=False):
    """The body of `set_up_space`.

    Attributes:
        memberships: at most 49, without the caller; empty for a DM with the calling app.
        requestId: idempotency key as in spaces.create.
        space: spaceType required; displayName only for SPACE; required.
    """

    memberships: list[Membership]
    requestId: str
    space: Space


class SpaceNotificationSetting(TypedDict, total=False):
    """When a space notifies a user."""

    muteSetting: Literal["MUTE_SETTING_UNSPECIFIED", "UNMUTED", "MUTED"]
    name: str
    notificationSetting: Literal["NOTIFICATION_SETTING_UNSPECIFIED", "ALL", "MAIN_CONVERSATIONS", "FOR_YOU", "OFF"]


class SpaceReadState(TypedDict, total=False):
    """How far a user has read in a space.

    Attributes:
        lastReadTime: pulled back to the newest message when later.
    """

    lastReadTime: str
    name: str


class ThreadReadState(TypedDict, total=False):
    """How far a user has read in a thread."""

    lastReadTime: str
    name: str


class UploadAttachmentRequest(TypedDict, total=False):
    """What `upload_attachment` says of a file.

    Attributes:
        filename: required, with its extension.
    """

    filename: str


class UploadAttachmentResponse(TypedDict, total=False):
    """The answer of `upload_attachment`.

    Attributes:
        attachmentDataRef: put into Message.attachment[].
    """

    attachmentDataRef: AttachmentDataRef


class Status(TypedDict, total=False):
    """An error, as it is part of other answers.

    Attributes:
        code: number of google.rpc.Code (0 to 16).
        details: typed objects, each with @type.
        message: English text for developers.
    """

    code: int
    details: list[dict[str, Any]]
    message: str


class CustomStatus(TypedDict, total=False):
    """What a user says of himself.

    Attributes:
        emoji: required.
        expireTime: one of the group expiration.
        text: at most 64 characters; required.
        ttl: duration such as 3600s; seconds such as "3600s"; input only, one of the group expiration.
    """

    emoji: Emoji
    expireTime: str
    text: str
    ttl: str


class DoNotDisturbMetadata(TypedDict, total=False):
    """Until when a user is not to be disturbed.

    Attributes:
        expirationTime: output only.
    """

    expirationTime: str
