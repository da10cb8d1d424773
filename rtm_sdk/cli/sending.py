"""What `rtm send` and `rtm send-file` share: where something goes, and that it never goes twice."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import RTM_ERROR, ErrorCode
from . import declaring
from .outcomes import ExitCode, Failure, report, result_of

if TYPE_CHECKING:
    from ..rtm.client import RTMServerClient
    from ..rtm.results import RetrievedMessage, SendResult

__all__ = ["Target", "declare_attributes", "declare_targets", "deliver", "target_of"]


class Target(NamedTuple):
    """Where something goes.

    Attributes:
        flag: which flag says so.
        to: what the methods of the client want to know of it.
        kind: the kind of conversation, as `getmsg` numbers them.
        xid: its number, as `getmsg` names it.
    """

    flag: str
    to: tuple[Any, ...]
    kind: int
    xid: int


def declare_targets(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `target_of`."""
    targets = parser.add_argument_group("target, exactly one").add_mutually_exclusive_group(required=True)
    parser.add_argument(
        "--from", dest="sender", metavar="UID", type=declaring.identifier, required=True, help="the user who sends"
    )
    targets.add_argument("--to", metavar="UID", type=declaring.identifier, help="to a user")
    targets.add_argument("--users", metavar="UID,UID", type=declaring.identifiers, help="to several users")
    targets.add_argument("--group", metavar="GID", type=declaring.identifier, help="to the members of a group")
    targets.add_argument("--room", metavar="RID", type=declaring.identifier, help="to everybody in a room")
    targets.add_argument("--broadcast", action="store_true", help="to every user of the project")


def declare_attributes(parser: argparse.ArgumentParser, beside: str) -> None:
    """Declare what belongs to a message besides its content.

    Args:
        parser: of the command.
        beside: what the attributes stand beside.
    """
    parser.add_argument("--attrs", metavar="TEXT", default="", help=f"text beside the {beside}; JSON recommended")
    parser.add_argument(
        "--mid",
        metavar="N",
        type=declaring.identifier,
        help="the message id. Repeated with the same one, it is sent once: a command that finds it sent already "
        "counts as done (default: a new one)",
    )


def target_of(chosen: argparse.Namespace) -> Target:
    """Where something is to go."""
    from ..rtm.results import MessageType

    if chosen.to is not None:
        return Target("to", (chosen.to,), MessageType.P2P_MESSAGE, chosen.to)
    if chosen.users is not None:
        return Target("users", (chosen.users,), MessageType.P2P_MESSAGE, chosen.users[0])
    if chosen.group is not None:
        return Target("group", (chosen.group,), MessageType.GROUP_MESSAGE, chosen.group)
    if chosen.room is not None:
        return Target("room", (chosen.room,), MessageType.ROOM_MESSAGE, chosen.room)
    return Target("broadcast", (), MessageType.BROADCAST_MESSAGE, 0)


def deliver(
    client: RTMServerClient,
    chosen: argparse.Namespace,
    target: Target,
    send: Callable[[int], tuple[SendResult | None, ErrorCode]],
    is_same: Callable[[RetrievedMessage], bool],
) -> None:
    """Send something and print its message id.

    Args:
        client: the client.
        chosen: the flags.
        target: where it goes.
        send: sends it with this message id.
        is_same: whether a stored message with the same id is this one.

    Raises:
        Failure: it was not sent, or perhaps it was; the text says how to repeat it.
    """
    from ..rtm.ids import next_id

    mid: int = chosen.mid or next_id()
    again = f"repeat it with --mid {mid}, then it is not sent twice"
    try:
        outcome = send(mid)
    except KeyboardInterrupt:
        raise Failure(f"interrupted, maybe delivered: {again}", ExitCode.INTERRUPTED) from None
    except (TypeError, ValueError) as error:
        raise Failure(str(error), ExitCode.USAGE) from None
    if chosen.mid and outcome[1] == RTM_ERROR.RTM_EC_DUPLICATED_MID:
        stored, error_code = client.get_message_info(
            mid, chosen.sender, target.xid, target.kind, timeout=chosen.timeout
        )
        if not error_code and stored is not None and not is_same(stored):
            raise Failure(f"not sent: another message has the mid {mid} already; choose another --mid")
        print(f"rtm {chosen.command}: sent before with the mid {mid}, not sent again", file=sys.stderr)
    else:
        result_of(outcome, doubt=again)
    report(str(mid))
