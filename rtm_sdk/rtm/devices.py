"""Operations on the devices of users, and on the push notifications these get.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest
from .results import GetDevicePushOptionResult

__all__ = ["Devices"]


class Devices:
    """Where notifications of a user's messages are pushed to, and of which messages none are."""

    @operation
    def add_device(
        self,
        uid: int,
        app_type: str,
        device_token: str,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Push notifications for a user to one more device.

        Args:
            uid: the user.
            app_type: the system that pushes: `apns` or `fcm`.
            device_token: what that system calls the device.

        Wire: adddevice.
        """
        params = {
            **arguments.user(uid),
            "apptype": arguments.text("app_type", app_type),
            "devicetoken": arguments.text("device_token", device_token),
        }
        yield Quest("adddevice", params, repeatable=True)

    @operation
    def remove_device(
        self, uid: int, device_token: str, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[None]:
        """Push no more notifications for a user to a device.

        Args:
            uid: the user.
            device_token: what the pushing system calls the device.

        Wire: removedevice.
        """
        params = {**arguments.user(uid), "devicetoken": arguments.text("device_token", device_token)}
        yield Quest("removedevice", params, repeatable=True)

    @operation
    def add_device_push_option(
        self,
        uid: int,
        option_type: int,
        xid: int,
        mtypes: Iterable[int] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Push a user no notifications of what comes from another user or a group.

        Args:
            uid: the user.
            option_type: `OptionType`: 0 p2p, 1 group. These are not the numbers of `MessageType`.
            xid: the other user's uid, or the gid.
            mtypes: only of these message types; None or an empty list for all.

        Wire: addoption.
        """
        yield Quest("addoption", _option(uid, option_type, xid, mtypes), repeatable=True)

    @operation
    def remove_device_push_option(
        self,
        uid: int,
        option_type: int,
        xid: int,
        mtypes: Iterable[int] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[None]:
        """Push a user notifications again of what comes from another user or a group.

        Args:
            uid: the user.
            option_type: `OptionType`: 0 p2p, 1 group. These are not the numbers of `MessageType`.
            xid: the other user's uid, or the gid.
            mtypes: message types that were named when they were muted. None or an empty list takes back only what was
                muted for all types at once; what was muted by name stays so.

        Wire: removeoption.
        """
        yield Quest("removeoption", _option(uid, option_type, xid, mtypes), repeatable=True)

    @operation
    def get_device_push_option(
        self, uid: int, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[GetDevicePushOptionResult]:
        """Get what a user is pushed no notifications of.

        Args:
            uid: the user.

        Returns:
            GetDevicePushOptionResult(p2p, group): two dicts, from uid and from gid to message types; 0 is all of them.

        Wire: getoption.
        """
        answer = yield Quest("getoption", arguments.user(uid), repeatable=True)
        return GetDevicePushOptionResult(
            answers.id_map(answer, "p2p", answers.mtypes), answers.id_map(answer, "group", answers.mtypes)
        )


def _option(uid: int, option_type: int, xid: int, mtypes: Iterable[int] | None) -> dict[str, Any]:
    return {
        **arguments.user(uid),
        "type": arguments.int8("option_type", option_type),
        "xid": arguments.int64("xid", xid),
        **arguments.optional("mtypes", mtypes, arguments.mtypes),
    }
