"""What is to be in Google Chat: from Python before and after the start, and from a JSON file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rtm_sdk.gate import Gate

from .conftest import Chat


def member_of(chat: Chat, space: str, user: str) -> dict[str, Any]:
    return chat.ok("GET", f"v1/{space}/members/{user.partition('/')[2]}")


def test_before_and_after_the_start() -> None:
    gate = Gate()
    early = gate.google.add_user("ann", email="Ann@example.com", display_name="Ann", admin=True)
    space = gate.google.add_space("A", display_name="Team", members=[early])
    with gate, Chat(gate, gate.google.add_token(early)) as chat:
        late = gate.google.add_user(display_name="Bob")
        gate.google.add_member("A", late, role="ROLE_ASSISTANT_MANAGER")
        assert chat.ok("GET", "v1/spaces/A")["displayName"] == "Team"
        assert member_of(chat, space, early)["role"] == "ROLE_MANAGER"
        assert member_of(chat, space, late)["role"] == "ROLE_ASSISTANT_MANAGER"
        assert chat.ok("GET", "v1/spaces/A", useAdminAccess="true")


def test_a_store_file_keeps_what_was_changed(tmp_path: Path) -> None:
    gate = Gate(store=tmp_path / "store.db")
    ann = gate.google.add_user("ann")
    space = gate.google.add_space("A", members=["users/1", ann])
    for first in (True, False):
        with gate, Chat(gate, gate.google.token) as chat:
            if first:
                path = f"v1/{space}/members/ann"
                chat.ok("PATCH", path, {"role": "ROLE_MANAGER"}, updateMask="role")
                chat.ok("PATCH", f"v1/{space}", {"displayName": "Changed"}, updateMask="displayName")
            assert member_of(chat, space, ann)["role"] == "ROLE_MANAGER"
            assert chat.ok("GET", f"v1/{space}")["displayName"] == "Changed"


def test_a_reset_leaves_the_seeds() -> None:
    with Gate() as gate, Chat(gate, gate.google.token) as chat:
        seeded = gate.google.add_space("A")
        made = chat.ok("POST", "v1/spaces", {"spaceType": "SPACE", "displayName": "made"})["name"]
        emoji = {"unicode": "\N{SLIGHTLY SMILING FACE}"}
        chat.ok("POST", f"v1/{chat.create(seeded)['name']}/reactions", {"emoji": emoji})
        gate.reset()
        assert chat.fails("GET", f"v1/{made}")[0] == 404
        assert chat.ok("GET", f"v1/{seeded}/messages") == {}


def test_what_is_taken_is_said(user: Chat) -> None:
    google = user.gate.google
    google.add_space(display_name="Taken")
    with pytest.raises(ValueError, match="display_name: there is a space 'Taken' already"):
        google.add_space(display_name="Taken")
    pair = ["users/1", google.add_user()]
    direct = google.add_space(space_type="DIRECT_MESSAGE", members=pair)
    with pytest.raises(ValueError, match=f"members: these two have a direct message already, {direct}"):
        google.add_space(space_type="DIRECT_MESSAGE", members=pair[::-1])
    assert user.ok("GET", f"v1/{direct}")["spaceType"] == "DIRECT_MESSAGE"


def test_an_address_belongs_to_one(user: Chat) -> None:
    google = user.gate.google
    ann = google.add_user(email="One@example.com")
    with pytest.raises(ValueError, match=f"email: 'one@example.com' belongs to {ann} already"):
        google.add_user(email="one@example.com")
    assert google.add_user(ann, email="one@example.com") == ann


SEED = {
    "users": [{"name": "users/7", "email": "eve@example.com", "token": "eves-token"}, {"name": "users/8"}],
    "apps": [{"name": "users/2000", "display_name": "Bot"}],
    "spaces": [
        {"name": "spaces/A", "display_name": "Team", "members": ["users/7", "users/2000"]},
        {"name": "spaces/G", "space_type": "GROUP_CHAT", "threading_state": "UNTHREADED_MESSAGES"},
    ],
    "members": [{"space": "spaces/A", "user": "users/8", "role": "ROLE_MANAGER", "state": "INVITED"}],
}


def test_a_json_file(tmp_path: Path) -> None:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps({"google": SEED}), encoding="utf-8")
    with Gate(seed=path) as gate, Chat(gate, "eves-token") as chat:
        assert chat.ok("GET", "v1/spaces/A")["displayName"] == "Team"
        assert member_of(chat, "spaces/A", "users/2000")["member"]["type"] == "BOT"
        assert member_of(chat, "spaces/A", "users/8")["state"] == "INVITED"


@pytest.mark.parametrize(
    ("seed", "says"),
    [
        ({"rooms": []}, "google has no 'rooms'"),
        ({"members": {}}, "google.members must be a list"),
        ({"members": ["users/1"]}, r"google.members\[0\] must be an object"),
        ({"members": [{"space": "A"}]}, r"google.members\[0\]"),
        ({"members": [{"space": "A", "user": "1", "role": "BOSS"}]}, r"google.members\[0\]: role must be one of"),
        ({"members": [{"space": "A", "user": "1", "state": "GONE"}]}, r"google.members\[0\]: state must be"),
        ({"members": [{"space": "A B", "user": "1"}]}, r"google.members\[0\]: 'A B' is not a name"),
        ({"spaces": [{"threading_state": "TANGLED"}]}, r"google.spaces\[0\]: threading_state must be one of"),
        ({"spaces": [{"space_type": "ROOM"}]}, r"google.spaces\[0\]: space_type must be"),
        ({"spaces": [{"space_type": "DIRECT_MESSAGE", "members": ["users/1"]}]}, "a DIRECT_MESSAGE has two"),
        ({"spaces": [{"colour": "red"}]}, r"google.spaces\[0\] has no 'colour'"),
        ({"spaces": [{"name": 5}]}, r"google.spaces\[0\]: a name of the form spaces/ID must be a str, not int"),
        ({"spaces": [{"display_name": 5}]}, r"google.spaces\[0\]: display_name must be a str, not int"),
        ({"spaces": [{"import_mode": "yes"}]}, r"google.spaces\[0\]: import_mode must be a bool, not str"),
        ({"spaces": [{"members": "users/1"}]}, r"google.spaces\[0\]: members must be a list"),
        ({"users": [{"email": 5}]}, r"google.users\[0\]: email must be a str, not int"),
        ({"users": [{"admin": 1}]}, r"google.users\[0\]: admin must be a bool, not int"),
        ({"users": [{"token": 5}]}, r"google.users\[0\]: token must be a str, not int"),
        ({"users": [{"token": "t", "scopes": "chat.bot"}]}, r"google.users\[0\]: scopes must be a list"),
        ({"users": [{"scopes": ["chat.messages"]}]}, r"google.users\[0\]: scopes need a token"),
        ({"apps": [{"email": 5}]}, r"google.apps\[0\]: email must be a str, not int"),
        ({"webhooks": [{"space": "A", "token": 5}]}, r"google.webhooks\[0\]: token must be a str, not int"),
    ],
)
def test_what_is_wrong_in_a_seed_is_named(seed: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Gate(seed={"google": seed})
