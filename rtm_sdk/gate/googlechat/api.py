"""The methods of the Google Chat API: where each is, what its query may hold, and what a token must allow."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["API", "COMMON_QUERY", "SCOPES", "SCOPE_PREFIX", "ApiMethod"]

SCOPE_PREFIX = "https://www.googleapis.com/auth/"
"""What every scope begins with; left out in this file."""

COMMON_QUERY = frozenset(
    (
        "$.xgafv",
        "$alt",
        "access_token",
        "alt",
        "callback",
        "fields",
        "key",
        "oauth_token",
        "prettyPrint",
        "quotaUser",
        "token",
        "uploadType",
        "upload_protocol",
    )
)
"""The names that every method takes in its query."""


class ApiMethod(NamedTuple):
    """A method.

    Attributes:
        id: its name.
        verb: its HTTP verb.
        path: its path without the leading slash, ``{name=spaces/*}`` for a variable.
        pattern: matches the path; a group for each variable.
        query: the names its query may have, beside the common ones.
        scopes: a token needs one of them.
        callers: who may call it: ``app`` and ``user``.
    """

    id: str
    verb: str
    path: str
    pattern: re.Pattern[str]
    query: frozenset[str]
    scopes: frozenset[str]
    callers: frozenset[str]


def _method(method_id: str, place: str, query: str, scopes: str, callers: str) -> ApiMethod:
    verb, path = place.split()
    pattern = re.compile(re.sub(r"\{(\w+)=([^}]+)\}", _group, path))
    words = [frozenset(text.split()) for text in (query, scopes, callers)]
    return ApiMethod(method_id, verb, path, pattern, *words)


def _group(match: re.Match[str]) -> str:
    return f"(?P<{match[1]}>{match[2].replace('**', '.+').replace('*', '[^/]+')})"


_EVENT_SCOPES = (
    "chat.app.all.memberships.readonly chat.app.all.messages.readonly chat.app.all.spaces.readonly "
    "chat.app.memberships chat.app.memberships.readonly chat.app.messages.readonly chat.app.spaces "
    "chat.app.spaces.readonly chat.memberships chat.memberships.readonly chat.messages chat.messages.reactions "
    "chat.messages.reactions.readonly chat.messages.readonly chat.spaces chat.spaces.readonly"
)

API: tuple[ApiMethod, ...] = (
    _method("customEmojis.create", "POST v1/customEmojis", "", "chat.customemojis", "user"),
    _method("customEmojis.delete", "DELETE v1/{name=customEmojis/*}", "", "chat.customemojis", "user"),
    _method(
        "customEmojis.get", "GET v1/{name=customEmojis/*}", "", "chat.customemojis chat.customemojis.readonly", "user"
    ),
    _method(
        "customEmojis.list",
        "GET v1/customEmojis",
        "filter pageSize pageToken",
        "chat.customemojis chat.customemojis.readonly",
        "user",
    ),
    _method(
        "media.download",
        "GET v1/media/{resourceName=**}",
        "",
        "chat.bot chat.messages chat.messages.readonly",
        "app user",
    ),
    _method(
        "media.upload",
        "POST v1/{parent=spaces/*}/attachments:upload",
        "",
        "chat.bot chat.import chat.messages chat.messages.create",
        "user",
    ),
    _method("spaces.completeImport", "POST v1/{name=spaces/*}:completeImport", "", "chat.import", "user"),
    _method(
        "spaces.create",
        "POST v1/spaces",
        "requestId",
        "chat.app.spaces chat.app.spaces.create chat.import chat.spaces chat.spaces.create",
        "app user",
    ),
    _method(
        "spaces.delete",
        "DELETE v1/{name=spaces/*}",
        "useAdminAccess",
        "chat.admin.delete chat.app.delete chat.delete chat.import",
        "app user",
    ),
    _method(
        "spaces.findDirectMessage",
        "GET v1/spaces:findDirectMessage",
        "name",
        "chat.bot chat.spaces chat.spaces.readonly",
        "app user",
    ),
    _method(
        "spaces.findGroupChats",
        "GET v1/spaces:findGroupChats",
        "pageSize pageToken spaceView users",
        "chat.memberships chat.memberships.readonly",
        "user",
    ),
    _method(
        "spaces.get",
        "GET v1/{name=spaces/*}",
        "useAdminAccess",
        "chat.admin.spaces chat.admin.spaces.readonly chat.app.spaces chat.bot chat.spaces chat.spaces.readonly",
        "app user",
    ),
    _method(
        "spaces.list",
        "GET v1/spaces",
        "filter pageSize pageToken",
        "chat.bot chat.spaces chat.spaces.readonly",
        "app user",
    ),
    _method(
        "spaces.patch",
        "PATCH v1/{name=spaces/*}",
        "updateMask useAdminAccess",
        "chat.admin.spaces chat.app.spaces chat.import chat.spaces",
        "app user",
    ),
    _method(
        "spaces.search",
        "GET v1/spaces:search",
        "orderBy pageSize pageToken query useAdminAccess",
        "chat.admin.spaces chat.admin.spaces.readonly chat.spaces chat.spaces.readonly",
        "user",
    ),
    _method("spaces.setup", "POST v1/spaces:setup", "", "chat.spaces chat.spaces.create", "user"),
    _method(
        "spaces.members.create",
        "POST v1/{parent=spaces/*}/members",
        "useAdminAccess",
        "chat.admin.memberships chat.app.memberships chat.import chat.memberships chat.memberships.app",
        "app user",
    ),
    _method(
        "spaces.members.delete",
        "DELETE v1/{name=spaces/*/members/*}",
        "useAdminAccess",
        "chat.admin.memberships chat.app.memberships chat.import chat.memberships chat.memberships.app",
        "app user",
    ),
    _method(
        "spaces.members.get",
        "GET v1/{name=spaces/*/members/*}",
        "useAdminAccess",
        "chat.admin.memberships chat.admin.memberships.readonly chat.app.memberships chat.bot chat.memberships "
        "chat.memberships.readonly",
        "app user",
    ),
    _method(
        "spaces.members.list",
        "GET v1/{parent=spaces/*}/members",
        "filter pageSize pageToken showGroups showInvited useAdminAccess",
        "chat.admin.memberships chat.admin.memberships.readonly chat.app.memberships chat.bot chat.import "
        "chat.memberships chat.memberships.readonly",
        "app user",
    ),
    _method(
        "spaces.members.patch",
        "PATCH v1/{name=spaces/*/members/*}",
        "updateMask useAdminAccess",
        "chat.admin.memberships chat.app.memberships chat.import chat.memberships",
        "app user",
    ),
    _method(
        "spaces.messagePins.create", "POST v1/{parent=spaces/*}/messagePins", "", "chat.spaces chat.spaces.pins", "user"
    ),
    _method(
        "spaces.messagePins.delete",
        "DELETE v1/{name=spaces/*/messagePins/*}",
        "",
        "chat.spaces chat.spaces.pins",
        "user",
    ),
    _method(
        "spaces.messagePins.list",
        "GET v1/{parent=spaces/*}/messagePins",
        "pageSize pageToken",
        "chat.spaces chat.spaces.pins chat.spaces.pins.readonly chat.spaces.readonly",
        "user",
    ),
    _method(
        "spaces.messages.create",
        "POST v1/{parent=spaces/*}/messages",
        "createMessageNotificationOptions.notificationType messageId messageReplyOption requestId threadKey",
        "chat.bot chat.import chat.messages chat.messages.create",
        "app user",
    ),
    _method(
        "spaces.messages.delete",
        "DELETE v1/{name=spaces/*/messages/*}",
        "force",
        "chat.bot chat.import chat.messages",
        "app user",
    ),
    _method(
        "spaces.messages.get",
        "GET v1/{name=spaces/*/messages/*}",
        "markupSyntax",
        "chat.app.messages.readonly chat.bot chat.messages chat.messages.readonly",
        "app user",
    ),
    _method(
        "spaces.messages.list",
        "GET v1/{parent=spaces/*}/messages",
        "filter markupSyntax orderBy pageSize pageToken showDeleted",
        "chat.app.messages.readonly chat.import chat.messages chat.messages.readonly",
        "app user",
    ),
    _method(
        "spaces.messages.patch",
        "PATCH v1/{name=spaces/*/messages/*}",
        "allowMissing updateMask",
        "chat.bot chat.import chat.messages",
        "app user",
    ),
    _method("spaces.messages.replaceCards", "POST v1/{name=spaces/*/messages/*}:replaceCards", "", "chat.bot", "app"),
    _method(
        "spaces.messages.search",
        "POST v1/{parent=spaces/*}/messages:search",
        "",
        "chat.messages chat.messages.readonly",
        "user",
    ),
    _method(
        "spaces.messages.update",
        "PUT v1/{name=spaces/*/messages/*}",
        "allowMissing updateMask",
        "chat.bot chat.import chat.messages",
        "app user",
    ),
    _method(
        "spaces.messages.attachments.get", "GET v1/{name=spaces/*/messages/*/attachments/*}", "", "chat.bot", "app"
    ),
    _method(
        "spaces.messages.reactions.create",
        "POST v1/{parent=spaces/*/messages/*}/reactions",
        "",
        "chat.bot chat.import chat.messages chat.messages.reactions chat.messages.reactions.create",
        "user",
    ),
    _method(
        "spaces.messages.reactions.delete",
        "DELETE v1/{name=spaces/*/messages/*/reactions/*}",
        "",
        "chat.bot chat.import chat.messages chat.messages.reactions",
        "user",
    ),
    _method(
        "spaces.messages.reactions.list",
        "GET v1/{parent=spaces/*/messages/*}/reactions",
        "filter pageSize pageToken",
        "chat.app.messages.readonly chat.bot chat.messages chat.messages.reactions chat.messages.reactions.readonly "
        "chat.messages.readonly",
        "user",
    ),
    _method("spaces.spaceEvents.get", "GET v1/{name=spaces/*/spaceEvents/*}", "", _EVENT_SCOPES, "app user"),
    _method(
        "spaces.spaceEvents.list",
        "GET v1/{parent=spaces/*}/spaceEvents",
        "filter pageSize pageToken",
        _EVENT_SCOPES,
        "app user",
    ),
    _method(
        "users.availability.get",
        "GET v1/{name=users/*/availability}",
        "",
        "chat.users.availability chat.users.availability.readonly",
        "user",
    ),
    _method(
        "users.availability.markAsActive",
        "POST v1/{name=users/*/availability}:markAsActive",
        "",
        "chat.users.availability",
        "user",
    ),
    _method(
        "users.availability.markAsAway",
        "POST v1/{name=users/*/availability}:markAsAway",
        "",
        "chat.users.availability",
        "user",
    ),
    _method(
        "users.availability.markAsDoNotDisturb",
        "POST v1/{name=users/*/availability}:markAsDoNotDisturb",
        "",
        "chat.users.availability",
        "user",
    ),
    _method(
        "users.availability.patch",
        "PATCH v1/{name=users/*/availability}",
        "updateMask",
        "chat.users.availability",
        "user",
    ),
    _method("users.sections.create", "POST v1/{parent=users/*}/sections", "", "chat.users.sections", "user"),
    _method("users.sections.delete", "DELETE v1/{name=users/*/sections/*}", "", "chat.users.sections", "user"),
    _method(
        "users.sections.list",
        "GET v1/{parent=users/*}/sections",
        "pageSize pageToken",
        "chat.users.sections chat.users.sections.readonly",
        "user",
    ),
    _method("users.sections.patch", "PATCH v1/{name=users/*/sections/*}", "updateMask", "chat.users.sections", "user"),
    _method("users.sections.position", "POST v1/{name=users/*/sections/*}:position", "", "chat.users.sections", "user"),
    _method(
        "users.sections.items.list",
        "GET v1/{parent=users/*/sections/*}/items",
        "filter pageSize pageToken",
        "chat.users.sections chat.users.sections.readonly",
        "user",
    ),
    _method(
        "users.sections.items.move", "POST v1/{name=users/*/sections/*/items/*}:move", "", "chat.users.sections", "user"
    ),
    _method(
        "users.spaces.getSpaceReadState",
        "GET v1/{name=users/*/spaces/*/spaceReadState}",
        "",
        "chat.users.readstate chat.users.readstate.readonly",
        "user",
    ),
    _method(
        "users.spaces.updateSpaceReadState",
        "PATCH v1/{name=users/*/spaces/*/spaceReadState}",
        "updateMask",
        "chat.users.readstate",
        "user",
    ),
    _method(
        "users.spaces.spaceNotificationSetting.get",
        "GET v1/{name=users/*/spaces/*/spaceNotificationSetting}",
        "",
        "chat.users.spacesettings",
        "user",
    ),
    _method(
        "users.spaces.spaceNotificationSetting.patch",
        "PATCH v1/{name=users/*/spaces/*/spaceNotificationSetting}",
        "updateMask",
        "chat.users.spacesettings",
        "user",
    ),
    _method(
        "users.spaces.threads.getThreadReadState",
        "GET v1/{name=users/*/spaces/*/threads/*/threadReadState}",
        "",
        "chat.users.readstate chat.users.readstate.readonly",
        "user",
    ),
)
"""All of them, those with a custom verb such as ``:replaceCards`` before those whose path would fit as well."""

SCOPES = frozenset(scope for method in API for scope in method.scopes)
"""All scopes there are."""
