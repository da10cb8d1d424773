"""A user's program: every client in both styles. It is checked by mypy, and run."""

from __future__ import annotations

import queue
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rtm_sdk import BearyChatClient, BearyChatWebhook, Callback, ErrorCode, GoogleChatClient, RTMServerClient, unwrap
from rtm_sdk.bearychat import resources as beary
from rtm_sdk.calling import CallbackArgument
from rtm_sdk.events import Answered, Event, Failed, Reconnected, Started
from rtm_sdk.googlechat import resources as google
from rtm_sdk.googlechat.webhook import GoogleChatWebhook
from rtm_sdk.rtm.callbacks import SendMessageCallback
from rtm_sdk.rtm.results import FileToken, HistoryMessageResult, SendResult

if TYPE_CHECKING:
    from typing_extensions import assert_type
else:

    def assert_type(value: Any, kind: object) -> Any:
        return value


outcomes: queue.SimpleQueue[str] = queue.SimpleQueue()


def sent(result: SendResult | None, error_code: ErrorCode) -> None:
    outcomes.put(f"mid {result.mid}" if result else str(error_code))


def created(message: google.Message | None, error_code: ErrorCode) -> None:
    outcomes.put(message.get("name", "") if message else str(error_code))


def posted(message: beary.Message | None, error_code: ErrorCode) -> None:
    outcomes.put(message.get("key", "") if message else str(error_code))


def whatever(result: object, error_code: int) -> str:
    outcomes.put(f"{type(result).__name__} {error_code}")
    return "nobody takes it"


class Sent(SendMessageCallback):
    """In the style of the RTM documents."""

    def callback(self, mid: int | None, mtime: int | None, error_code: ErrorCode) -> None:
        outcomes.put(f"{mid} {mtime} {error_code}")


class Anything(Callback):
    """For every operation."""

    def callback(self, result: Any, error_code: ErrorCode) -> None:
        outcomes.put(f"{result} {error_code}")


def on_event(event: Event) -> None:
    if isinstance(event, Started):
        assert_type(event.call, int)
    elif isinstance(event, Reconnected):
        assert_type(event.target, str)
    elif isinstance(event, Failed):
        assert_type(event.error_code, ErrorCode)
    else:
        assert_type(event, Answered)


def use_rtm(client: RTMServerClient) -> int:
    """Make calls in both styles. Gives how many outcomes come."""
    outcome = client.send_message(51, 1, 2, "hello")
    assert_type(outcome, tuple[SendResult | None, ErrorCode])
    result, error_code = outcome
    assert_type(result, SendResult | None)
    assert_type(error_code, ErrorCode)
    if not error_code and result is not None:
        assert_type(result.mtime, int)
    assert_type(unwrap(client.send_message(51, 1, 2, "hello", timeout=5)), SendResult)
    assert_type(client.send_message(51, 1, 2, "hello", "", 0, None, 5.0), tuple[SendResult | None, ErrorCode])
    assert_type(client.add_group_members(1, [2]), tuple[None, ErrorCode])
    assert_type(client.get_group_members(1), tuple[list[int] | None, ErrorCode])
    assert_type(client.is_group_member(1, 2), tuple[bool | None, ErrorCode])
    assert_type(client.data_get(1, "key"), tuple[str | None, ErrorCode])
    assert_type(client.get_group_message(2, 1, True, 10), tuple[HistoryMessageResult | None, ErrorCode])
    assert_type(client.file_token(1, "sendfile", to_uid=2), tuple[FileToken | None, ErrorCode])
    assert_type(client.call("getgroupmembers", {"gid": 1}), tuple[dict[str, Any] | None, ErrorCode])

    assert_type(client.send_message(51, 1, 2, "hello", callback=sent), None)
    client.send_message(51, 1, 2, "hello", "", 0, sent)
    client.send_message(51, 1, 2, "hello", callback=Sent(), timeout=5)
    client.send_file(1, 2, 50, b"content", sent, 5, filename="a.txt")
    client.get_group_members(1, callback=Anything())
    client.get_group_members(1, Anything())
    client.call("getgroupmembers", {"gid": 1}, callback=whatever)
    return 7


def use_google(client: GoogleChatClient, hook: GoogleChatWebhook, space: str) -> int:
    """Make calls in both styles. Gives how many outcomes come."""
    assert_type(client.create_message(space, {"text": "hello"}), tuple[google.Message | None, ErrorCode])
    assert_type(client.get_space(space), tuple[google.Space | None, ErrorCode])
    assert_type(client.list_messages(space, page_size=5), tuple[google.ListMessagesResponse | None, ErrorCode])
    assert_type(hook.send({"text": "hello"}), tuple[google.Message | None, ErrorCode])
    for message in client.iter_messages(space):
        assert_type(message, google.Message)

    assert_type(client.create_message(space, {"text": "hello"}, callback=created), None)
    client.get_space(space, callback=whatever, timeout=5)
    client.get_space(space, callback=Anything())
    hook.send({"text": "hello"}, callback=created)
    return 4


def use_bearychat(client: BearyChatClient, hook: BearyChatWebhook, channel: str) -> int:
    """Make calls in both styles. Gives how many outcomes come."""
    assert_type(client.create_message(channel, "hello"), tuple[beary.Message | None, ErrorCode])
    assert_type(client.list_users(), tuple[list[beary.User] | None, ErrorCode])
    assert_type(hook.send("hello"), tuple[None, ErrorCode])

    assert_type(client.create_message(channel, "hello", callback=posted), None)
    client.list_users(whatever)
    hook.send("hello", callback=whatever)
    return 3


def either(client: RTMServerClient, callback: CallbackArgument = None) -> None:
    """A function that hands its own `callback` on gets what either style gives."""
    outcome = client.get_group_members(1, callback=callback)
    assert_type(outcome, tuple[list[int] | None, ErrorCode] | None)


def main(settings: Mapping[str, str]) -> None:
    rtm = RTMServerClient.from_env(settings, on_event=on_event)
    chat = GoogleChatClient(settings["GOOGLE_TOKEN"], base_url=settings["GOOGLE_URL"], on_event=on_event)
    google_hook = GoogleChatWebhook(settings["GOOGLE_HOOK"])
    bearychat = BearyChatClient(settings["BEARYCHAT_TOKEN"], base_url=settings["BEARYCHAT_URL"], on_event=on_event)
    bearychat_hook = BearyChatWebhook(settings["BEARYCHAT_HOOK"])
    with rtm, chat, google_hook, bearychat, bearychat_hook:
        expected = use_rtm(rtm) + use_google(chat, google_hook, settings["GOOGLE_SPACE"])
        expected += use_bearychat(bearychat, bearychat_hook, settings["BEARYCHAT_CHANNEL"])
        either(rtm)
        either(rtm, whatever)
        for _ in range(expected + 1):
            print(outcomes.get(timeout=10))


if __name__ == "__main__":
    main(dict(pair.split("=", 1) for pair in sys.argv[1:]))
