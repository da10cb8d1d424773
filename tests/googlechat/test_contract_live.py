"""Every method against the gate, in both styles."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rtm_sdk.errors import ErrorCode, unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.client import GoogleChatClient

from .chat import Space
from .contract import CALLS, Call
from .test_rules_reactions import PICTURE

Outcome = tuple[Any, ErrorCode]
Ask = Callable[..., Outcome]


def wait(client: GoogleChatClient, name: str, *args: Any, **given: Any) -> Outcome:
    outcome: Outcome = getattr(client, name)(*args, **given)
    return outcome


def call_back(client: GoogleChatClient, name: str, *args: Any, **given: Any) -> Outcome:
    outcomes: list[Outcome] = []
    came = threading.Event()

    def callback(result: Any, error: ErrorCode) -> None:
        outcomes.append((result, error))
        came.set()

    assert getattr(client, name)(*args, **given, callback=callback) is None
    assert came.wait(10)
    (outcome,) = outcomes
    return outcome


class Scene:
    """Makes what a method needs, and says what to ask."""

    def __init__(self, gate: Gate, space: Space, app: GoogleChatClient) -> None:
        self.gate = gate
        self.space = space
        self.user = space.client
        self.app = app
        self.message: str = space.post()["name"]

    def arguments(self, call: Call) -> tuple[GoogleChatClient, tuple[Any, ...], dict[str, Any]]:
        """Who asks, and with which arguments."""
        client = self.app if call.id in OF_APPS else self.user
        found = getattr(self, call.name, None)
        if found is None:
            return client, (self._name(call),), {}
        args = found()
        if args and isinstance(args[-1], dict) and args[-1].pop("by name", False):
            return client, args[:-1], args[-1]
        return client, args, {}

    def _name(self, call: Call) -> str:
        places = {
            "availability": "users/me/availability",
            "notifications": f"users/me/{self.space}/spaceNotificationSetting",
            "readstate": f"users/me/{self.space}/spaceReadState",
            "messages": self.message,
        }
        return places.get(call.domain, str(self.space))

    def create_custom_emoji(self) -> tuple[Any, ...]:
        name = f":made-{next(NUMBERS)}:"
        return ({"emojiName": name, "payload": {"filename": "a.png", "fileContent": PICTURE}},)

    def get_custom_emoji(self) -> tuple[Any, ...]:
        return (unwrap(self.user.create_custom_emoji(*self.create_custom_emoji()))["name"],)

    delete_custom_emoji = get_custom_emoji

    def list_custom_emojis(self) -> tuple[Any, ...]:
        return ()

    list_spaces = list_custom_emojis

    def attachment(self) -> Any:
        uploaded = unwrap(self.user.upload_attachment(self.space, b"content", filename="a.txt"))
        return self.space.post(attachment=[uploaded])["attachment"][0]

    def upload_attachment(self) -> tuple[Any, ...]:
        return self.space, b"content", {"filename": "a.txt", "by name": True}

    def download_media(self) -> tuple[Any, ...]:
        return (self.attachment()["attachmentDataRef"]["resourceName"],)

    def get_attachment(self) -> tuple[Any, ...]:
        return (self.attachment()["name"],)

    def complete_import_space(self) -> tuple[Any, ...]:
        return (self.gate.google.add_space(import_mode=True),)

    def create_space(self) -> tuple[Any, ...]:
        return ({"spaceType": "SPACE", "displayName": f"{self.space} {len(list(self.user.iter_spaces()))}"},)

    set_up_space = create_space

    def delete_space(self) -> tuple[Any, ...]:
        return (unwrap(self.user.create_space(*self.create_space()))["name"],)

    def find_direct_message(self) -> tuple[Any, ...]:
        name = self.gate.google.add_user()
        self.gate.google.add_space(space_type="DIRECT_MESSAGE", members=["users/1", name])
        return (name,)

    def find_group_chats(self) -> tuple[Any, ...]:
        return ({"users": ["users/2"], "by name": True},)

    def update_space(self) -> tuple[Any, ...]:
        return self.space, {"spaceDetails": {"description": "d"}}, "space_details"

    def search_spaces(self) -> tuple[Any, ...]:
        return ('space_type = "SPACE"',)

    def create_membership(self) -> tuple[Any, ...]:
        return self.space, {"member": {"name": self.gate.google.add_user(), "type": "HUMAN"}}

    def get_membership(self) -> tuple[Any, ...]:
        return (f"{self.space}/members/2",)

    def update_membership(self) -> tuple[Any, ...]:
        return f"{self.space}/members/2", {"role": "ROLE_MEMBER"}, ["role"]

    def delete_membership(self) -> tuple[Any, ...]:
        return (unwrap(self.user.create_membership(*self.create_membership()))["name"],)

    def create_message_pin(self) -> tuple[Any, ...]:
        return self.space, {"message": self.space.post()["name"]}

    def delete_message_pin(self) -> tuple[Any, ...]:
        return (unwrap(self.user.create_message_pin(*self.create_message_pin()))["name"],)

    def create_message(self) -> tuple[Any, ...]:
        return self.space, {"text": "hello"}

    def list_messages(self) -> tuple[Any, ...]:
        return (self.space,)

    def delete_message(self) -> tuple[Any, ...]:
        return (self.space.post()["name"],)

    def update_message(self) -> tuple[Any, ...]:
        return self.message, {"text": "new"}, "text"

    put_message = update_message

    def replace_message_cards(self) -> tuple[Any, ...]:
        return self.space.post(by=self.app)["name"], [{"cardId": "c", "card": {"header": {"title": "t"}}}]

    def search_messages(self) -> tuple[Any, ...]:
        return "spaces/-", "hello"

    def create_reaction(self) -> tuple[Any, ...]:
        return self.space.post()["name"], {"emoji": {"unicode": "\U0001f600"}}

    def list_reactions(self) -> tuple[Any, ...]:
        return (self.message,)

    def delete_reaction(self) -> tuple[Any, ...]:
        return (unwrap(self.user.create_reaction(*self.create_reaction()))["name"],)

    def list_space_events(self) -> tuple[Any, ...]:
        return self.space, 'event_types:"google.workspace.chat.message.v1.created"'

    def get_space_event(self) -> tuple[Any, ...]:
        return (next(self.user.iter_space_events(*self.list_space_events()))["name"],)

    def update_availability(self) -> tuple[Any, ...]:
        status = {"text": "busy", "emoji": {"unicode": "\U0001f600"}, "ttl": "60s"}
        return "users/me/availability", {"customStatus": status}, "custom_status"

    def mark_as_active(self) -> tuple[Any, ...]:
        return "users/me/availability", {"ttl": 60, "by name": True}

    mark_as_do_not_disturb = mark_as_active

    def create_section(self) -> tuple[Any, ...]:
        return "users/me", {"displayName": "mine", "type": "CUSTOM_SECTION"}

    def section(self) -> str:
        return unwrap(self.user.create_section(*self.create_section()))["name"]

    def list_sections(self) -> tuple[Any, ...]:
        return ("users/me",)

    def update_section(self) -> tuple[Any, ...]:
        return self.section(), {"displayName": "other"}, "display_name"

    def position_section(self) -> tuple[Any, ...]:
        return self.section(), {"sort_order": 1, "by name": True}

    def delete_section(self) -> tuple[Any, ...]:
        return (self.section(),)

    def list_section_items(self) -> tuple[Any, ...]:
        return "users/me/sections/-", {"filter": f"space = {self.space}", "by name": True}

    def move_section_item(self) -> tuple[Any, ...]:
        (item,) = self.user.iter_section_items("users/me/sections/-", filter=f"space = {self.space}")
        return item["name"], self.section()

    def update_space_read_state(self) -> tuple[Any, ...]:
        state = {"lastReadTime": "2026-01-01T00:00:00Z"}
        return f"users/me/{self.space}/spaceReadState", state, "last_read_time"

    def get_thread_read_state(self) -> tuple[Any, ...]:
        thread = unwrap(self.user.get_message(self.message))["thread"]["name"]
        return (f"users/me/{thread}/threadReadState",)

    def update_space_notification_setting(self) -> tuple[Any, ...]:
        place = f"users/me/{self.space}/spaceNotificationSetting"
        return place, {"muteSetting": "MUTED"}, ["mute_setting"]


OF_APPS = {"spaces.messages.attachments.get", "spaces.messages.replaceCards"}
NUMBERS = itertools.count()
NOTHING_TO_SAY = {"Empty", "ReplaceMessageCardsResponse"}
MAY_BE_EMPTY = {
    "spaces.messagePins.list",
    "spaces.messages.reactions.list",
    "spaces.findGroupChats",
    "customEmojis.list",
}


@pytest.fixture
def scene(gate: Gate, space: Space, app: GoogleChatClient) -> Iterator[Scene]:
    yield Scene(gate, space, app)


@pytest.mark.parametrize("style", [wait, call_back])
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
def test_works(scene: Scene, call: Call, style: Ask) -> None:
    client, args, given = scene.arguments(call)
    result, error = style(client, call.name, *args, **given)
    assert not error, error
    if call.response in NOTHING_TO_SAY:
        assert result is None
    elif call.id == "media.download":
        assert result == b"content"
    else:
        assert isinstance(result, dict)
        assert result or call.id in MAY_BE_EMPTY
