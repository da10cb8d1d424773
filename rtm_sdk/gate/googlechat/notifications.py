"""What the gate answers about when users want to be notified."""

from __future__ import annotations

from ..store import Store
from .access import own_space
from .bodies import InvalidField, enum, ignored
from .directory import Space
from .masks import masked
from .methods import Call, Resource, method

__all__: list[str] = []

_SETTING = {
    "muteSetting": enum("MUTE_SETTING_UNSPECIFIED", "UNMUTED", "MUTED"),
    "name": ignored,
    "notificationSetting": enum("NOTIFICATION_SETTING_UNSPECIFIED", "ALL", "MAIN_CONVERSATIONS", "FOR_YOU", "OFF"),
}


def _setting(store: Store, user: str, space: Space) -> Resource:
    row = store.execute(
        "SELECT notification, mute FROM google_notifications WHERE user = ? AND space = ?", (user, space.name)
    ).fetchone()
    notification, mute = row or ("MAIN_CONVERSATIONS" if space.type == "SPACE" else "ALL", "UNMUTED")
    return {
        "name": f"{user}/{space.name}/spaceNotificationSetting",
        "notificationSetting": notification,
        "muteSetting": mute,
    }


@method("users.spaces.spaceNotificationSetting.get")
def get_notification_setting(call: Call) -> Resource:
    """At first all is on in direct messages and group chats, main conversations in other spaces."""
    user, space = own_space(call)
    return _setting(call.store, user, space)


@method("users.spaces.spaceNotificationSetting.patch")
def patch_notification_setting(call: Call) -> Resource:
    """The caller's own."""
    user, space = own_space(call)
    body = call.body(_SETTING)
    setting = _setting(call.store, user, space)
    for path in masked(call.text("updateMask"), ("notificationSetting", "muteSetting")):
        if path not in body:
            raise InvalidField(path, "is required when the mask names it")
        setting[path] = body[path]
    if space.type == "DIRECT_MESSAGE" and setting["notificationSetting"] in ("MAIN_CONVERSATIONS", "FOR_YOU"):
        raise InvalidField("notificationSetting", "must be ALL or OFF in a direct message")
    call.store.execute(
        "INSERT OR REPLACE INTO google_notifications (user, space, notification, mute) VALUES (?, ?, ?, ?)",
        (user, space.name, setting["notificationSetting"], setting["muteSetting"]),
    )
    return setting
