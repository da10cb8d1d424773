from __future__ import annotations

import pytest

from .conftest import Chat, Person


def path_of(space: str) -> str:
    return f"v1/users/me/{space}/spaceNotificationSetting"


def test_notifications_at_first(user: Chat, space: str, person: Person) -> None:
    assert user.ok("GET", path_of(space)) == {
        "name": f"users/1/{space}/spaceNotificationSetting",
        "notificationSetting": "MAIN_CONVERSATIONS",
        "muteSetting": "UNMUTED",
    }


def test_notifications_change_as_the_mask_says(user: Chat, space: str) -> None:
    path = path_of(space)
    body = {"notificationSetting": "OFF", "mute_setting": 2}
    assert user.ok("PATCH", path, body, updateMask="mute_setting")["muteSetting"] == "MUTED"
    assert user.ok("GET", path)["notificationSetting"] == "MAIN_CONVERSATIONS"
    both = user.ok("PATCH", path, body, updateMask="notificationSetting,muteSetting")
    assert both["notificationSetting"] == "OFF" and user.ok("GET", path) == both
    for mask, wrong in (("", body), ("*", body), ("muteSetting", {}), ("muteSetting", {"muteSetting": "LOUD"})):
        assert user.fails("PATCH", path, wrong, updateMask=mask)[:2] == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(("setting", "status"), [("ALL", 200), ("OFF", 200), ("FOR_YOU", 400)])
def test_a_direct_message_has_two_settings(setting: str, status: int, user: Chat, person: Person) -> None:
    body = {"space": {"spaceType": "DIRECT_MESSAGE"}, "memberships": [{"member": {"name": person().name}}]}
    path = path_of(user.ok("POST", "v1/spaces:setup", body)["name"])
    assert user.ok("GET", path)["notificationSetting"] == "ALL"
    answer = user.send(
        "PATCH", path, json={"notificationSetting": setting}, params={"updateMask": "notification_setting"}
    )
    assert answer.status_code == status
