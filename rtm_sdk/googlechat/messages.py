"""Operations on messages: post, read, list, search, edit, delete.

`callback` and `timeout` of every operation are explained at `GoogleChatClient`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from ..calling import CallbackArgument, Operation, operation
from . import arguments
from .paging import items
from .resources import CardWithId, ListMessagesResponse, Message, SearchMessageResult, SearchMessagesResponse
from .steps import ask, tell

__all__ = ["MarkupSyntax", "MessageReplyOption", "Messages", "NotificationType", "UpdateMask", "new_request_id"]

MarkupSyntax = Literal["MARKUP_SYNTAX_UNSPECIFIED", "MARKUP_SYNTAX_CHAT", "MARKUP_SYNTAX_MARKDOWN"]
"""How `formattedText` is written: with the product's own marks, or as Markdown."""

MessageReplyOption = Literal[
    "MESSAGE_REPLY_OPTION_UNSPECIFIED", "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD", "REPLY_MESSAGE_OR_FAIL"
]
"""Whether a message goes into the thread it names, and what happens when there is no such thread."""

NotificationType = Literal["NOTIFICATION_TYPE_NONE", "NOTIFICATION_TYPE_FORCE_NOTIFY", "NOTIFICATION_TYPE_SILENT"]
"""Whether a new message notifies."""

UpdateMask = str | Iterable[str]
"""The paths of the fields to change: a list of them, or one text with commas between them; `*` is all fields."""

_PAGE = 200
"""Items on each page of an iterator over messages: so many of the largest messages fit into one answer."""


def new_request_id() -> str:
    """Make an id for a request that must not take effect twice."""
    return str(uuid.uuid4())


class Messages:
    """Post, read, edit and delete messages.

    A post never doubles a message: its `request_id` is made before the first attempt and stays the same when the client
    repeats it. To repeat a failed post yourself, pass a `request_id` of your own and pass the same one again.

    `{message}` in a name is the id of the service or, where one was assigned, the `client-...` id.
    """

    @operation
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
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Message]:
        """Post a message.

        Args:
            parent: the space, spaces/{space}.
            message: text, and for apps cards and accessory widgets; at most 32,000 bytes in all. `thread` names the
                thread by `name` or by `threadKey`, an id of your own.
            request_id: an id of this post; the same one again returns the first message. Left out, one is made.
            message_id: an id for the message, `client-` and lower-case letters, digits and hyphens, at most 63 in all.
            message_reply_option: left out, the message starts a thread, whatever thread it names.
            thread_key: the same as `thread.threadKey` in the message; deprecated.
            notification_type: whether it notifies; for apps.

        Returns:
            The message as it was stored.

        Errors:
            INVALID_ARGUMENT for a message without content or too large, NOT_FOUND for an unknown space or, with
            REPLY_MESSAGE_OR_FAIL, thread, PERMISSION_DENIED when the caller is not in the space, ALREADY_EXISTS when
            the message_id is taken, RESOURCE_EXHAUSTED above 60 writes in a space and minute.

        Wire: spaces.messages.create.
        """
        path = arguments.name("parent", parent, arguments.SPACE)
        query = arguments.query(
            request_id=new_request_id() if request_id is None else request_id,
            message_id=message_id,
            message_reply_option=message_reply_option,
            thread_key=thread_key,
            notification_type=notification_type,
        )
        return ask("POST", f"{path}/messages", query, arguments.resource("message", message), repeatable=True)

    @operation
    def get_message(
        self,
        name: str,
        *,
        markup_syntax: MarkupSyntax | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Message]:
        """Read a message.

        Args:
            name: spaces/{space}/messages/{message}.
            markup_syntax: how `formattedText` of the answer is to be written.

        Returns:
            The message.

        Errors:
            NOT_FOUND when there is none, or it was deleted.

        Wire: spaces.messages.get.
        """
        path = arguments.name("name", name, arguments.MESSAGE)
        return ask("GET", path, arguments.query(markup_syntax=markup_syntax))

    @operation
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
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[ListMessagesResponse]:
        """Read a page of the messages of a space. `iter_messages` reads all pages.

        Args:
            parent: the space, spaces/{space}.
            page_size: messages wanted, up to 1000; the service takes more for 1000, and 25 when it is left out. A page
                may have fewer although more follow.
            page_token: `nextPageToken` of the page before; all other arguments stay the same.
            filter: which messages; `filters.messages` makes one of times and a thread.
            order_by: `ASC`, oldest first, or `DESC`, newest first.
            show_deleted: also deleted messages, without their content.
            markup_syntax: how `formattedText` of the answer is to be written.

        Returns:
            `messages`, and `nextPageToken` unless this is the last page; an empty dict when there is nothing.

        Errors:
            INVALID_ARGUMENT for a filter, an order or a token that cannot be understood, NOT_FOUND for an unknown
            space, PERMISSION_DENIED when the caller is not in it.

        Wire: spaces.messages.list.
        """
        path = arguments.name("parent", parent, arguments.SPACE)
        query = arguments.query(
            page_size=page_size,
            page_token=page_token,
            filter=filter,
            order_by=_order(order_by),
            show_deleted=show_deleted,
            markup_syntax=markup_syntax,
        )
        return ask("GET", f"{path}/messages", query)

    def iter_messages(
        self,
        parent: str,
        *,
        filter: str | None = None,
        order_by: str | None = None,
        show_deleted: bool | None = None,
        markup_syntax: MarkupSyntax | None = None,
        page_size: int | None = _PAGE,
        timeout: float = 0,
    ) -> Iterator[Message]:
        """Go through the messages of a space, page by page: `list_messages` again and again.

        Args:
            parent, filter, order_by, show_deleted, markup_syntax: as there.
            page_size: messages on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        return items(
            self,
            Messages.list_messages,
            "messages",
            parent,
            filter=filter,
            order_by=order_by,
            show_deleted=show_deleted,
            markup_syntax=markup_syntax,
            page_size=page_size,
            timeout=timeout,
        )

    @operation
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
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SearchMessagesResponse]:
        """Search in all spaces of the user. `iter_search_messages` reads all pages.

        Args:
            parent: `spaces/-`.
            filter: words, and terms such as `create_time >= "..."` or `sender.name = "users/..."`, at most 1000
                characters.
            page_size: results wanted, up to 100; 25 when it is left out.
            page_token: `nextPageToken` of the page before; all other arguments stay the same.
            order_by: `create_time desc` when it is left out.
            view: FULL also says what was read and which spaces are muted.
            markup_syntax: how `formattedText` of the answer is to be written.

        Returns:
            `results`, and `nextPageToken` unless this is the last page.

        Wire: spaces.messages.search.
        """
        path = arguments.name("parent", parent, arguments.SPACE)
        body = arguments.body(
            filter=arguments.text("filter", filter),
            order_by=order_by,
            page_size=page_size,
            page_token=page_token,
            view=view,
            markup_syntax=markup_syntax,
        )
        return ask("POST", f"{path}/messages:search", body=body, repeatable=True)

    def iter_search_messages(
        self,
        parent: str,
        filter: str,
        *,
        order_by: str | None = None,
        view: Literal["SEARCH_MESSAGES_VIEW_UNSPECIFIED", "SEARCH_MESSAGES_VIEW_BASIC", "SEARCH_MESSAGES_VIEW_FULL"]
        | None = None,
        markup_syntax: MarkupSyntax | None = None,
        page_size: int | None = 100,
        timeout: float = 0,
    ) -> Iterator[SearchMessageResult]:
        """Go through all that is found, page by page: `search_messages` again and again.

        Args:
            parent, filter, order_by, view, markup_syntax: as there.
            page_size: results on each page.
            timeout: seconds for each page.

        Raises:
            RTMException: a page could not be read.
        """
        return items(
            self,
            Messages.search_messages,
            "results",
            parent,
            filter,
            order_by=order_by,
            view=view,
            markup_syntax=markup_syntax,
            page_size=page_size,
            timeout=timeout,
        )

    @operation
    def update_message(
        self,
        name: str,
        message: Message | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        allow_missing: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Message]:
        """Change a message.

        Args:
            name: spaces/{space}/messages/{message}.
            message: the new content.
            update_mask: what to change: `text`, `attachment`, `cards_v2`, `accessory_widgets`, or
                `quoted_message_metadata` to remove it. What is named here and not in the message is cleared.
            allow_missing: post the message when there is none; `{message}` is then a `client-...` id.

        Returns:
            The message as it is now.

        Errors:
            INVALID_ARGUMENT for a mask that cannot be understood, NOT_FOUND when there is no such message,
            PERMISSION_DENIED when it is another one's.

        Wire: spaces.messages.patch.
        """
        return _change("PATCH", name, message, update_mask, allow_missing)

    @operation
    def put_message(
        self,
        name: str,
        message: Message | Mapping[str, Any],
        update_mask: UpdateMask,
        *,
        allow_missing: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Message]:
        """Change a message: `update_message` by the older method of the service.

        Wire: spaces.messages.update.
        """
        return _change("PUT", name, message, update_mask, allow_missing)

    @operation
    def replace_message_cards(
        self,
        name: str,
        cards_v2: Iterable[CardWithId | Mapping[str, Any]],
        *,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Replace the cards that this app put on a message.

        Args:
            name: spaces/{space}/messages/{message}.
            cards_v2: the new cards; an empty list removes them for good.

        Returns:
            None.

        Wire: spaces.messages.replaceCards.
        """
        path = arguments.name("name", name, arguments.MESSAGE)
        return tell("POST", f"{path}:replaceCards", body={"cardsV2": arguments.resources("cards_v2", cards_v2)})

    @operation
    def delete_message(
        self,
        name: str,
        *,
        force: bool | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Delete a message.

        Args:
            name: spaces/{space}/messages/{message}.
            force: for users: also delete the replies in its thread. Without it a message that has replies stays.

        Returns:
            None.

        Errors:
            NOT_FOUND when there is none, PERMISSION_DENIED for an app when it is another one's, FAILED_PRECONDITION
            when it has replies.

        Wire: spaces.messages.delete.
        """
        path = arguments.name("name", name, arguments.MESSAGE)
        return tell("DELETE", path, arguments.query(force=force))


def _order(order_by: Any) -> Any:
    """A direction alone stands for the time of creation, and goes out in the form that is in widest use."""
    if isinstance(order_by, str) and order_by.upper() in ("ASC", "DESC"):
        return f"createTime {order_by.upper()}"
    return order_by


def _change(
    method: str, name: str, message: Mapping[str, Any], update_mask: UpdateMask, allow_missing: bool | None
) -> Operation[Any]:
    path = arguments.name("name", name, arguments.MESSAGE)
    body = arguments.resource("message", message)
    mask = arguments.query(update_mask=arguments.required("update_mask", update_mask), allow_missing=allow_missing)
    return ask(method, path, mask, body)
