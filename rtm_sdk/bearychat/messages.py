"""Operations on messages: send, read, change, forward, delete.

`callback` and `timeout` of every operation are explained at `BearyChatClient`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .history import messages_in_order
from .queries import message_query
from .requests import delete, get, patch, post
from .resources import Attachment, Latest, Message, Since, Window

__all__ = ["Messages"]


class Messages:
    """What is said in conversations."""

    @operation
    def query_messages(
        self,
        vchannel_id: str,
        latest: Latest | None = None,
        since: Since | None = None,
        window: Window | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[list[Message]]:
        """Read part of the history of a conversation: the newest messages, those around a position, or a window.

        Exactly one of `latest`, `since` and `window` is given::

            client.query_messages("=bw52O", latest={"limit": 50})
            client.query_messages("=bw52O", since={"key": "1485236262366.0193", "backward": 20})
            client.query_messages("=bw52O", window={"from_ts": 1485236262366, "to_ts": 1485236362366})

        A position by key leaves out the message with that key, one by time (ms UTC) takes in the messages of that
        time. To read on, give the last key that came: a time may bring the same messages again.

        Args:
            vchannel_id: the conversation.
            latest: `limit`, 0 to 100, left out 20: the newest messages.
            since: `key` or `ts`, and `forward` (newer), `backward` (older) or both, each 0 to 100; without them
                `forward` is 100.
            window: `from_key` and `to_key`, or `from_ts` and `to_ts`, and `forward` (from the beginning) or `backward`
                (from the end), 0 to 100; without them `forward` is 100.

        Returns:
            The messages, oldest first on the gate; the service does not say in which order. Up to 100, or 200 around
            a position.

        API: message.query.
        """
        body = {
            **arguments.ids(vchannel_id=vchannel_id),
            "query": message_query(latest, since, window),
        }
        response = yield post("message.query", body, repeatable=True)
        return answers.array_in(response, "messages", Message)

    def iter_messages(
        self,
        vchannel_id: str,
        desc: bool = False,
        begin: int | None = None,
        end: int | None = None,
        page_size: int = 100,
        timeout: float = 0,
    ) -> Iterator[Message]:
        """Go through the history of a conversation, each message once: `query_messages` again and again.

        Messages that come while it runs are found when it goes forward and has not reached `end`.

        Args:
            vchannel_id: the conversation.
            desc: True goes back from `end`, newest first; False goes forward from `begin`, oldest first.
            begin: lower time bound, ms UTC, inclusive; None is no bound.
            end: upper time bound, ms UTC, inclusive; None is no bound.
            page_size: messages in one request, 1 to 100.
            timeout: seconds for each request; 0 means the client's default.

        Raises:
            RTMException: a request failed; its `error_code` says why. While iterating.
        """
        conversation = arguments.filled("vchannel_id", vchannel_id)
        return messages_in_order(
            lambda query: self.query_messages(conversation, **query, timeout=timeout),  # type: ignore[arg-type]
            arguments.flag("desc", desc),
            None if begin is None else arguments.milliseconds("begin", begin),
            None if end is None else arguments.milliseconds("end", end),
            arguments.page_size("page_size", page_size),
        )

    @operation
    def get_message(
        self, vchannel_id: str, message_key: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[Message]:
        """Read a message.

        Args:
            vchannel_id: the conversation.
            message_key: the message's key.

        Returns:
            The message.

        API: message.info.
        """
        response = yield get("message.info", arguments.message(vchannel_id, message_key))
        return answers.record(response, Message)

    @operation
    def create_message(
        self,
        vchannel_id: str,
        text: str,
        attachments: Iterable[Attachment] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Message]:
        """Send a message.

        It is sent once. When no answer comes, `error_code.maybe_delivered` says whether it may have arrived.

        Args:
            vchannel_id: the conversation.
            text: Markdown; `@<=USER_ID=> ` mentions a user.
            attachments: each with a `title` or a `text`, and perhaps a `color` and `images`.

        Returns:
            The message as it was stored, with its `key`.

        API: message.create.
        """
        body = {
            **arguments.ids(vchannel_id=vchannel_id),
            "text": arguments.text("text", text),
            **arguments.optional("attachments", attachments, arguments.attachments),
        }
        response = yield post("message.create", body)
        return answers.record(response, Message)

    @operation
    def delete_message(
        self, vchannel_id: str, message_key: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Delete a message.

        Args:
            vchannel_id: the conversation.
            message_key: the message's key.

        API: message.delete.
        """
        response = yield delete("message.delete", arguments.message(vchannel_id, message_key))
        answers.done(response)

    @operation
    def update_message_text(
        self, vchannel_id: str, message_key: str, text: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[Message]:
        """Change the text of a message. Attachments stay as they are.

        Args:
            vchannel_id: the conversation.
            message_key: the message's key.
            text: the new text.

        Returns:
            The message as it is then.

        API: message.update_text.
        """
        body = {**arguments.message(vchannel_id, message_key), "text": arguments.text("text", text)}
        response = yield patch("message.update_text", body)
        return answers.record(response, Message)

    @operation
    def forward_message(
        self,
        vchannel_id: str,
        key: str,
        to_vchannel_id: str,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[Message]:
        """Forward a message to another conversation.

        Args:
            vchannel_id: the conversation that the message is in.
            key: the message's key.
            to_vchannel_id: the conversation that the copy goes to.

        Returns:
            The new message; its `repost` is the original.

        API: message.forward.
        """
        body = {
            **arguments.ids(vchannel_id=vchannel_id),
            "key": arguments.key("key", key),
            **arguments.ids(to_vchannel_id=to_vchannel_id),
        }
        response = yield post("message.forward", body)
        return answers.record(response, Message)
