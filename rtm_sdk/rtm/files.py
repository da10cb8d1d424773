"""Operations on files: get a token, send; and what a reader makes of a received file.

A file is sent in two steps: a token from the server gate, then the content to the file gate that the token names.
`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from pathlib import PureWindowsPath
from typing import Any

from ..calling import CallbackArgument, Operation, operation
from ..content import Content, FileArgument, Progress
from ..errors import FPNN_ERROR, RTM_ERROR, CallFailed, ErrorCode
from . import answers, arguments, targets
from .ids import next_id
from .quests import Quest
from .results import FileInfo, FileToken, RTMAudioInfo, SendResult
from .targets import Target

__all__ = ["Files", "file_info_of"]

_TIMEOUT = 120
_ATTEMPTS = 3
_RTM_AUDIO = "audiomsg"


class Files:
    """Send files. They arrive as messages of type 40 to 50 whose body tells where to download the content.

    The five sends share these arguments:

    Args:
        mtype: 40 image, 41 audio, 42 video, 50 any file; 43 to 49 are reserved.
        file: `bytes` or a `str` is the content itself; a path object (`pathlib.Path`) or a binary file object is read,
            a file object from its current position. It is read once in the calling thread for its checksum, whatever
            the style, and then block by block while it is sent; a file object must stay open until the call is over.
        attrs: free text beside the file; JSON recommended.
        filename: the name receivers see; left out, the name of the file.
        mid: the message id; 0 makes a new one.
        audio: of an RTM voice message (mtype 41): language, duration in ms, codec, sample rate.
        on_progress: is called with the bytes sent and the size: in the calling thread, with a callback on a worker.
            Starts again from the beginning when the send is repeated.
        timeout: seconds for all steps together; 0 means 120, or the client's default when that is longer.

    A send that failed on the way is repeated with a new token and the same mid, so the file is not delivered twice.
    """

    pid: int

    @operation
    def file_token(
        self,
        from_uid: int,
        cmd: str,
        to_uids: Iterable[int] | None = None,
        to_uid: int | None = None,
        rid: int | None = None,
        gid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[FileToken]:
        """Get the right to send one file. The sends of this class do it by themselves.

        Args:
            from_uid: the sender.
            cmd: how the file will be sent; it decides which one of the other arguments is needed.
            to_uids: the receivers, for `sendfiles`.
            to_uid: the receiver, for `sendfile`.
            rid: the room, for `sendroomfile`.
            gid: the group, for `sendgroupfile`; for `broadcastfile` there is none.

        Returns:
            FileToken(token, endpoint): a secret, and the file gate that takes the file (`host:port`).

        Wire: filetoken.
        """
        if arguments.text("cmd", cmd) not in _TARGETS:
            raise ValueError(f"cmd must be one of {', '.join(_TARGETS)}, not {cmd!r}")
        target = _TARGETS[cmd]
        given = {"to_uids": to_uids, "to_uid": to_uid, "rid": rid, "gid": gid}
        for name, value in given.items():
            if (value is not None) != (name == target.argument):
                raise ValueError(f"{name} must {'not ' if value is not None else ''}be given when cmd is {cmd!r}")
        return _token(arguments.int64("from_uid", from_uid), target.file, target.params(given.get(target.argument)))

    @operation(default_timeout=_TIMEOUT)
    def send_file(
        self,
        from_uid: int,
        to_uid: int,
        mtype: int,
        file: FileArgument,
        callback: CallbackArgument = None,
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> Operation[SendResult]:
        """Send a file to one user.

        Args:
            from_uid: the sender.
            to_uid: the receiver.
            mtype, file, attrs, filename, mid, audio, on_progress: see `Files`.

        Returns:
            SendResult(mid, mtime), mtime in ms UTC.

        Errors:
            200003 when the file gate finds that content and token do not fit, 200031 when too large, 200049 when the
            receiver has blocked the sender, 20003 when not everything was sent in time.

        Wire: filetoken, then sendfile at the file gate.
        """
        return _send(self.pid, targets.USER, to_uid, from_uid, mtype, file, attrs, filename, mid, audio, on_progress)

    @operation(default_timeout=_TIMEOUT)
    def send_files(
        self,
        from_uid: int,
        to_uids: Iterable[int],
        mtype: int,
        file: FileArgument,
        callback: CallbackArgument = None,
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> Operation[SendResult]:
        """Send a file to several users.

        Args:
            from_uid: the sender.
            to_uids: the receivers; they share one message id.
            mtype, file, attrs, filename, mid, audio, on_progress: see `Files`.

        Returns:
            SendResult(mid, mtime), mtime in ms UTC.

        Errors:
            those of `send_file`, 200032 for too many receivers.

        Wire: filetoken, then sendfiles at the file gate.
        """
        return _send(self.pid, targets.USERS, to_uids, from_uid, mtype, file, attrs, filename, mid, audio, on_progress)

    @operation(default_timeout=_TIMEOUT)
    def send_group_file(
        self,
        from_uid: int,
        gid: int,
        mtype: int,
        file: FileArgument,
        callback: CallbackArgument = None,
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> Operation[SendResult]:
        """Send a file to the members of a group.

        Args:
            from_uid: the sender.
            gid: the group.
            mtype, file, attrs, filename, mid, audio, on_progress: see `Files`.

        Returns:
            SendResult(mid, mtime), mtime in ms UTC.

        Errors:
            those of `send_file`, 200041 when the sender is no member, 200044 when muted.

        Wire: filetoken, then sendgroupfile at the file gate.
        """
        return _send(self.pid, targets.GROUP, gid, from_uid, mtype, file, attrs, filename, mid, audio, on_progress)

    @operation(default_timeout=_TIMEOUT)
    def send_room_file(
        self,
        from_uid: int,
        rid: int,
        mtype: int,
        file: FileArgument,
        callback: CallbackArgument = None,
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> Operation[SendResult]:
        """Send a file to everybody in a room.

        Args:
            from_uid: the sender.
            rid: the room.
            mtype, file, attrs, filename, mid, audio, on_progress: see `Files`.

        Returns:
            SendResult(mid, mtime), mtime in ms UTC.

        Errors:
            those of `send_file`, 200040 when the sender is not in the room, 200045 when muted.

        Wire: filetoken, then sendroomfile at the file gate.
        """
        return _send(self.pid, targets.ROOM, rid, from_uid, mtype, file, attrs, filename, mid, audio, on_progress)

    @operation(default_timeout=_TIMEOUT)
    def broadcast_file(
        self,
        from_uid: int,
        mtype: int,
        file: FileArgument,
        callback: CallbackArgument = None,
        timeout: float = 0,
        *,
        attrs: str = "",
        filename: str = "",
        mid: int = 0,
        audio: RTMAudioInfo | None = None,
        on_progress: Progress | None = None,
    ) -> Operation[SendResult]:
        """Send a file to every user of the project.

        Args:
            from_uid: the sender, an administrator.
            mtype, file, attrs, filename, mid, audio, on_progress: see `Files`.

        Returns:
            SendResult(mid, mtime), mtime in ms UTC.

        Errors:
            those of `send_file`.

        Wire: filetoken, then broadcastfile at the file gate.
        """
        return _send(self.pid, targets.EVERYBODY, None, from_uid, mtype, file, attrs, filename, mid, audio, on_progress)


_TARGETS = {
    target.file: target for target in (targets.USER, targets.USERS, targets.GROUP, targets.ROOM, targets.EVERYBODY)
}


def _token(sender: int, cmd: str, receivers: dict[str, Any]) -> Operation[FileToken]:
    answer = yield Quest("filetoken", {"from": sender, "cmd": cmd, **receivers}, repeatable=True)
    return FileToken(answers.text(answer, "token"), answers.text(answer, "endpoint"))


def _send(
    pid: int,
    target: Target,
    receivers: Any,
    from_uid: int,
    mtype: int,
    file: FileArgument,
    attrs: str,
    filename: str,
    mid: int,
    audio: RTMAudioInfo | None,
    on_progress: Progress | None,
) -> Operation[SendResult]:
    sender = arguments.int64("from_uid", from_uid)
    to = target.params(receivers)
    arguments.file_mtype("mtype", mtype)
    arguments.text("attrs", attrs)
    arguments.text("filename", filename)
    number = arguments.int64("mid", mid) or next_id()
    about = _about_audio(audio)
    if on_progress is not None and not callable(on_progress):
        raise TypeError(f"on_progress must be a callable, not {type(on_progress).__name__}")
    with Content.of(file, on_progress) as content:
        about.update(_about_name(filename or content.name))
        content.md5()
        maybe_delivered = False
        for attempts_left in reversed(range(_ATTEMPTS)):
            sending = False
            try:
                token, endpoint = yield from _token(sender, target.file, to)
                params = {
                    "pid": pid,
                    "token": token,
                    "mtype": mtype,
                    "from": sender,
                    **to,
                    "mid": number,
                    "attrs": _attributes({"sign": _sign(content, token), **about}, attrs),
                }
                sending = True
                answer = yield Quest(target.file, params, signed=False, endpoint=endpoint, content=content)
                break
            except CallFailed as failure:
                code = failure.error_code
                if maybe_delivered and code == RTM_ERROR.RTM_EC_DUPLICATED_MID:
                    answer = {}
                    break
                maybe_delivered = maybe_delivered or (sending and code.maybe_delivered)
                if not (sending and attempts_left and _worth_repeating(code)):
                    raise CallFailed(_with_doubt(code, maybe_delivered)) from None
    mtime = yield from answers.mtime_of(answer, number, sender, target.kind, target.xid(to))
    return SendResult(number, mtime)


def _worth_repeating(code: ErrorCode) -> bool:
    if code == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT:
        return False
    lost = (FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED, FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION)
    return code.maybe_delivered or code in lost


def _with_doubt(code: ErrorCode, maybe_delivered: bool) -> ErrorCode:
    """Say of the whole send what is known of its steps: a lost token delivers nothing, an earlier attempt may have."""
    return ErrorCode(code, code.message, maybe_delivered=maybe_delivered, retry_after=code.retry_after)


def _sign(content: Content, token: str) -> str:
    return hashlib.md5(f"{content.md5()}:{token}".encode(), usedforsecurity=False).hexdigest()


def _about_audio(audio: RTMAudioInfo | None) -> dict[str, Any]:
    if audio is None:
        return {}
    if not isinstance(audio, RTMAudioInfo):
        raise TypeError(f"audio must be an RTMAudioInfo, not {type(audio).__name__}")
    return {
        "type": _RTM_AUDIO,
        "lang": arguments.text("audio.language", audio.language),
        "duration": arguments.int32("audio.duration", audio.duration),
        "codec": arguments.text("audio.codec", audio.codec),
        "srate": arguments.int32("audio.srate", audio.srate),
    }


def _about_name(name: str) -> dict[str, str]:
    """The extension is that of the name without folders, of either system; it is sent even when there is none."""
    extension = PureWindowsPath(name).suffix[1:]
    return {"ext": extension, "filename": name} if name else {"ext": extension}


def _attributes(about: dict[str, Any], attrs: str) -> str:
    try:
        custom = json.loads(attrs)
        if isinstance(custom, dict):
            return json.dumps({"rtm": about, "custom": custom}, allow_nan=False)
    except (ValueError, RecursionError):
        pass
    return json.dumps({"rtm": about, "custom": attrs})


def file_info_of(body: str | bytes, attrs: str, mtype: int) -> tuple[FileInfo | None, str]:
    """Read what a message says of a file. Whatever cannot be understood is left as it is: a message is never lost.

    Args:
        body: the body of a message.
        attrs: its attributes.
        mtype: its type; only 40 to 50 are files.

    Returns:
        The FileInfo, None when it is no file or the body cannot be understood; and the attributes of the sender.
    """
    if not 40 <= mtype <= 50:
        return None, attrs
    layout = _json_object(attrs)
    custom = attrs if layout is None else _custom(layout)
    about = layout.get("rtm") if layout else None
    place = _json_object(body)
    if place is None or not isinstance(place.get("url"), str):
        return None, custom
    if not isinstance(about, dict) or about.get("type") != _RTM_AUDIO:
        return FileInfo(_text(place, "url"), _number(place, "size"), _text(place, "surl")), custom
    return FileInfo(
        _text(place, "url"),
        _number(place, "size"),
        _text(place, "surl"),
        True,
        _text(about, "lang"),
        _number(about, "duration"),
        _text(about, "codec"),
        _number(about, "srate"),
    ), custom


def _custom(layout: dict[str, Any]) -> str:
    custom = layout.get("custom")
    if isinstance(custom, dict):
        return _sendable(json.dumps(custom, ensure_ascii=False))  # an escape of JSON again, where it was one
    return _sendable(custom) if isinstance(custom, str) else ""


def _json_object(text: str | bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return _sendable(value) if isinstance(value, str) else ""


def _sendable(text: str) -> str:
    """A text out of JSON. Halves of characters, which JSON can hold and UTF-8 cannot, become `\\udXXX`."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _number(found: dict[str, Any], key: str) -> int:
    value = found.get(key)
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    return value if type(value) is int and -(1 << 63) <= value < 1 << 63 else 0
