"""Operations on the history of conversations: pages, whole histories, counts.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from ..errors import FPNN_ERROR, ErrorCode, RTMException, unwrap
from . import answers, arguments
from .files import file_info_of
from .quests import Quest
from .results import ChatMessageType, GetMessageNumResult, HistoryMessage, HistoryMessageResult

__all__ = ["History"]

_CHATS = (int(ChatMessageType.TEXT), int(ChatMessageType.CMD))
_MAX_PAGE = 20
_DELETED = 4

_Ends = Callable[[int], "tuple[int, int]"]
"""Turns the second element of a row into sender and receiver."""

_Page = Callable[
    ["int | None", "int | None", "int | None", "list[int] | None"], "tuple[HistoryMessageResult | None, ErrorCode]"
]
"""Reads a page by `begin`, `end`, `lastid` and `mtypes`."""


class History:
    """Read what was said.

    The four `get_*_message` operations read one page. They share these arguments:

    Args:
        uid: the user for whom the history is read.
        desc: True goes back from `end`, newest first; False goes forward from `begin`, oldest first.
        num: rows wanted, at most 20.
        begin: lower time bound, ms UTC, inclusive; None or 0 is no bound.
        end: upper time bound, ms UTC, inclusive; None or 0 is no bound.
        lastid: where the page before ended: its `last_cursor_id`; None or 0 for the first page.
        mtypes: only these message types; None for all that are stored.

    The next page has the same arguments but for `begin`, `end` and `lastid`, which come from the page before. After a
    page with a `count` of 0, or less than asked for, there is no next one. The `iter_*_messages` do all this by
    themselves; they raise `RTMException` when a page fails, and `timeout` is for each page.

    Messages that were deleted are left out.
    """

    @operation
    def get_group_message(
        self,
        uid: int,
        gid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[HistoryMessageResult]:
        """Read a page of the history of a group.

        Args:
            uid, desc, num, begin, end, lastid, mtypes: see `History`.
            gid: the group.

        Returns:
            HistoryMessageResult(count, last_cursor_id, begin_msec, end_msec, messages), times in ms UTC.

        Errors:
            200032 when more rows are asked for than a page may have, 200041 when the user is not a member.

        Wire: getgroupmsg.
        """
        return _group(uid, gid, desc, num, begin, end, lastid, mtypes)

    @operation
    def get_group_chat(
        self,
        uid: int,
        gid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[HistoryMessageResult]:
        """Read a page of chats and commands of a group: `get_group_message` of the message types 30 and 32."""
        return _group(uid, gid, desc, num, begin, end, lastid, _CHATS)

    @operation
    def get_room_message(
        self,
        uid: int,
        rid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[HistoryMessageResult]:
        """Read a page of the history of a room.

        Args:
            uid, desc, num, begin, end, lastid, mtypes: see `History`.
            rid: the room.

        Returns:
            HistoryMessageResult(count, last_cursor_id, begin_msec, end_msec, messages), times in ms UTC.

        Errors:
            200032 when more rows are asked for than a page may have, 200040 when the user is not in the room.

        Wire: getroommsg.
        """
        return _room(uid, rid, desc, num, begin, end, lastid, mtypes)

    @operation
    def get_room_chat(
        self,
        uid: int,
        rid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[HistoryMessageResult]:
        """Read a page of chats and commands of a room: `get_room_message` of the message types 30 and 32."""
        return _room(uid, rid, desc, num, begin, end, lastid, _CHATS)

    @operation
    def get_broadcast_message(
        self,
        uid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[HistoryMessageResult]:
        """Read a page of the broadcasts.

        Args:
            uid, desc, num, begin, end, lastid, mtypes: see `History`.

        Returns:
            HistoryMessageResult(count, last_cursor_id, begin_msec, end_msec, messages), times in ms UTC.

        Errors:
            200032 when more rows are asked for than a page may have.

        Wire: getbroadcastmsg.
        """
        return _broadcasts(uid, desc, num, begin, end, lastid, mtypes)

    @operation
    def get_broadcast_chat(
        self,
        uid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[HistoryMessageResult]:
        """Read a page of broadcast chats and commands: `get_broadcast_message` of the message types 30 and 32."""
        return _broadcasts(uid, desc, num, begin, end, lastid, _CHATS)

    @operation
    def get_p2p_message(
        self,
        uid: int,
        ouid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        mtypes: Iterable[int] | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[HistoryMessageResult]:
        """Read a page of the history of two users.

        Args:
            uid, desc, num, begin, end, lastid, mtypes: see `History`.
            ouid: the other user.

        Returns:
            HistoryMessageResult(count, last_cursor_id, begin_msec, end_msec, messages), times in ms UTC.

        Errors:
            200032 when more rows are asked for than a page may have.

        Wire: getp2pmsg.
        """
        return _p2p(uid, ouid, desc, num, begin, end, lastid, mtypes)

    @operation
    def get_p2p_chat(
        self,
        uid: int,
        ouid: int,
        desc: bool,
        num: int,
        begin: int | None = None,
        end: int | None = None,
        lastid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[HistoryMessageResult]:
        """Read a page of chats and commands of two users: `get_p2p_message` of the message types 30 and 32."""
        return _p2p(uid, ouid, desc, num, begin, end, lastid, _CHATS)

    @operation
    def get_message_num(
        self,
        message_type: int,
        xid: int,
        mtypes: Iterable[int] | None = None,
        begin: int | None = None,
        end: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[GetMessageNumResult]:
        """Count the stored messages of a group or a room.

        Args:
            message_type: the kind of the conversation (`MessageType`): 2 group or 3 room.
            xid: the gid or the rid.
            mtypes: only these message types; None for all that are stored.
            begin: lower time bound, ms UTC; None or 0 is no bound.
            end: upper time bound, ms UTC; None or 0 is no bound.

        Returns:
            GetMessageNumResult(sender, num): the number of different senders and of messages.

        Wire: getmsgnum.
        """
        params = {
            "type": arguments.int8("message_type", message_type),
            "xid": arguments.int64("xid", xid),
            **arguments.optional("begin", begin, arguments.int64),
            **arguments.optional("end", end, arguments.int64),
            **arguments.optional("mtypes", mtypes, arguments.mtypes),
        }
        answer = yield Quest("getmsgnum", params, repeatable=True)
        return GetMessageNumResult(answers.int32(answer, "sender"), answers.int32(answer, "num"))

    def iter_group_messages(
        self,
        uid: int,
        gid: int,
        desc: bool = False,
        begin: int | None = None,
        end: int | None = None,
        mtypes: Iterable[int] | None = None,
        page_size: int = 20,
        timeout: float = 0,
    ) -> Iterator[HistoryMessage]:
        """Go through the history of a group, page by page: `get_group_message` again and again."""
        read = partial(self.get_group_message, uid, gid, desc, page_size, timeout=timeout)
        return _messages(read, begin, end, mtypes, page_size)

    def iter_room_messages(
        self,
        uid: int,
        rid: int,
        desc: bool = False,
        begin: int | None = None,
        end: int | None = None,
        mtypes: Iterable[int] | None = None,
        page_size: int = 20,
        timeout: float = 0,
    ) -> Iterator[HistoryMessage]:
        """Go through the history of a room, page by page: `get_room_message` again and again."""
        read = partial(self.get_room_message, uid, rid, desc, page_size, timeout=timeout)
        return _messages(read, begin, end, mtypes, page_size)

    def iter_broadcast_messages(
        self,
        uid: int,
        desc: bool = False,
        begin: int | None = None,
        end: int | None = None,
        mtypes: Iterable[int] | None = None,
        page_size: int = 20,
        timeout: float = 0,
    ) -> Iterator[HistoryMessage]:
        """Go through the broadcasts, page by page: `get_broadcast_message` again and again."""
        read = partial(self.get_broadcast_message, uid, desc, page_size, timeout=timeout)
        return _messages(read, begin, end, mtypes, page_size)

    def iter_p2p_messages(
        self,
        uid: int,
        ouid: int,
        desc: bool = False,
        begin: int | None = None,
        end: int | None = None,
        mtypes: Iterable[int] | None = None,
        page_size: int = 20,
        timeout: float = 0,
    ) -> Iterator[HistoryMessage]:
        """Go through the history of two users, page by page: `get_p2p_message` again and again."""
        read = partial(self.get_p2p_message, uid, ouid, desc, page_size, timeout=timeout)
        return _messages(read, begin, end, mtypes, page_size)


def _group(uid: int, gid: int, *page: Any) -> Operation[HistoryMessageResult]:
    group = arguments.int64("gid", gid)
    return _history("getgroupmsg", uid, {"gid": group}, lambda sender: (sender, group), *page)


def _room(uid: int, rid: int, *page: Any) -> Operation[HistoryMessageResult]:
    room = arguments.int64("rid", rid)
    return _history("getroommsg", uid, {"rid": room}, lambda sender: (sender, room), *page)


def _broadcasts(uid: int, *page: Any) -> Operation[HistoryMessageResult]:
    return _history("getbroadcastmsg", uid, {}, lambda sender: (sender, 0), *page)


def _p2p(uid: int, ouid: int, *page: Any) -> Operation[HistoryMessageResult]:
    user, other = arguments.int64("uid", uid), arguments.int64("ouid", ouid)

    def ends(direction: int) -> tuple[int, int]:
        if direction not in (1, 2):
            raise answers.wrong_type("msgs", direction, "rows with a direction of 1 or 2")
        return (user, other) if direction == 1 else (other, user)

    return _history("getp2pmsg", user, {"ouid": other}, ends, *page)


def _history(
    method: str,
    uid: int,
    target: dict[str, int],
    ends: _Ends,
    desc: bool,
    num: int,
    begin: int | None,
    end: int | None,
    lastid: int | None,
    mtypes: Iterable[int] | None,
) -> Operation[HistoryMessageResult]:
    params = {
        **arguments.user(uid),
        **target,
        "desc": arguments.flag("desc", desc),
        "num": arguments.int16("num", num),
        **arguments.optional("begin", begin, arguments.int64),
        **arguments.optional("end", end, arguments.int64),
        **arguments.optional("lastid", lastid, arguments.int64),
        **arguments.optional("mtypes", mtypes, arguments.mtypes),
    }
    answer = yield Quest(method, params, repeatable=True)
    rows = answers.array(answer, "msgs")
    return HistoryMessageResult(
        answers.int16(answer, "num"),
        answers.int64(answer, "lastid"),
        answers.int64(answer, "begin"),
        answers.int64(answer, "end"),
        [
            _message(row, ends)
            for row in (answers.array(rows, index) for index in range(len(rows)))
            if not answers.flag(row, _DELETED)
        ],
    )


def _message(row: list[Any], ends: _Ends) -> HistoryMessage:
    """Read a row: row id, sender or direction, mtype, mid, deleted flag, body, attributes, mtime, and perhaps more."""
    from_uid, to_id = ends(answers.int64(row, 1))
    mtype = answers.int8(row, 2)
    body = answers.body(row, 5)
    file_info, attrs = file_info_of(body, answers.text(row, 6), mtype)
    return HistoryMessage(
        from_uid=from_uid,
        to_id=to_id,
        message_type=mtype,
        message_id=answers.int64(row, 3),
        message=body,
        attrs=attrs,
        modified_time=answers.int64(row, 7),
        file_info=file_info,
        cursor_id=answers.int64(row, 0),
    )


def _messages(
    read: _Page, begin: int | None, end: int | None, mtypes: Iterable[int] | None, page_size: int
) -> Iterator[HistoryMessage]:
    types = None if mtypes is None else arguments.mtypes("mtypes", mtypes)
    if not 1 <= arguments.int16("page_size", page_size) <= _MAX_PAGE:
        raise ValueError(f"page_size must be from 1 to {_MAX_PAGE}, not {page_size}")
    return _walk(read, begin, end, types, page_size)


def _walk(
    read: _Page, begin: int | None, end: int | None, mtypes: list[int] | None, page_size: int
) -> Iterator[HistoryMessage]:
    lastid: int | None = None
    while True:
        page = unwrap(read(begin, end, lastid, mtypes))
        yield from page.messages
        if page.count < page_size:
            return
        if page.last_cursor_id == lastid:
            message = "the service hands out the same page of history again and again"
            raise RTMException(ErrorCode(FPNN_ERROR.FPNN_EC_PROTO_UNKNOWN_ERROR, message))
        begin, end, lastid = page.begin_msec, page.end_msec, page.last_cursor_id
