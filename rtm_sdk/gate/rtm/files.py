"""What the gate answers when files are sent: tokens at the server gate, contents at the file gate (the same port)."""

from __future__ import annotations

import json
from hashlib import md5
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any

from ...errors import RTM_ERROR
from ..clock import Clock
from ..files import safe_filename
from ..refusal import Refusal
from ..store import MessageKind, Text
from . import params as read
from .messages import Outgoing, accept, admit, duplicate, receiver, receivers
from .methods import Answer, Call, Later, method

__all__ = ["FileTokens"]

MAX_TOKENS = 100_000
"""How many tokens may be open; beyond that the oldest one goes."""

_NO_FIT = RTM_ERROR.RTM_EC_INVALID_FILE_OR_SIGN_OR_TOKEN
_FIRST_FILE, _LAST_FILE = 40, 50

_KINDS = {
    "sendfile": MessageKind.P2P,
    "sendfiles": MessageKind.P2P,
    "sendgroupfile": MessageKind.GROUP,
    "sendroomfile": MessageKind.ROOM,
    "broadcastfile": MessageKind.BROADCAST,
}


class _FileToken:
    __slots__ = ("busy", "expires", "mid", "purpose")

    def __init__(self, purpose: tuple[Any, ...], expires: float) -> None:
        self.purpose = purpose
        self.expires = expires
        self.busy = False
        self.mid = 0


class FileTokens:
    """The tokens for sending one file each. They live in memory: a gate that starts again knows none.

    Args:
        clock: the gate's clock.
        lifetime: seconds.
        reuse: whether one token may send several files.
    """

    def __init__(self, clock: Clock, lifetime: float, reuse: bool) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._reuse = reuse
        self._tokens: dict[str, _FileToken] = {}

    def forget(self) -> None:
        """Withdraw all tokens."""
        self._tokens.clear()

    def issue(self, *purpose: Any) -> str:
        """A new token, good for one purpose: project, cmd, sender, receivers."""
        now = self._clock.seconds()
        while self._tokens:
            oldest = next(iter(self._tokens))
            if len(self._tokens) < MAX_TOKENS and self._tokens[oldest].expires > now:
                break
            del self._tokens[oldest]
        token = token_urlsafe(24)
        self._tokens[token] = _FileToken(purpose, now + self._lifetime)
        return token

    def check(self, token: str, mid: int, *purpose: Any) -> _FileToken:
        """Find a token: 200003 when it is unknown, expired, for another purpose, or was used for another mid."""
        found = self._tokens.get(token)
        if found is None or found.expires <= self._clock.seconds():
            raise Refusal(_NO_FIT, "the token is unknown or has expired")
        if found.purpose != purpose:
            raise Refusal(_NO_FIT, "the token was given for another pid, cmd, sender or receiver")
        if not self._reuse and (found.busy or found.mid not in (0, mid)):
            raise Refusal(_NO_FIT, "the token was used before")
        return found


@method("filetoken")
def file_token(call: Call) -> Answer:
    """The target is that of ``cmd``, other targets are ignored. The file gate is where the client reached this one."""
    cmd = read.text(call.params, "cmd")
    kind = _KINDS.get(cmd) if isinstance(cmd, str) else None
    if kind is None or not isinstance(cmd, str):
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"the parameter 'cmd' must be one of {', '.join(_KINDS)}")
    sender = read.uid(call.params, "from")
    targets = _targets(call, cmd, kind, sender)
    token = call.file_tokens.issue(call.pid, cmd, sender, frozenset(targets))
    return {"token": token, "endpoint": str(call.connection.address)}


@method("sendfile", signed=False)
def send_file(call: Call) -> Later | Answer:
    """To one user."""
    return _send(call, "sendfile")


@method("sendfiles", signed=False)
def send_files(call: Call) -> Later | Answer:
    """To several users: one content, one row each."""
    return _send(call, "sendfiles")


@method("sendgroupfile", signed=False)
def send_group_file(call: Call) -> Later | Answer:
    """To a group."""
    return _send(call, "sendgroupfile")


@method("sendroomfile", signed=False)
def send_room_file(call: Call) -> Later | Answer:
    """To a room."""
    return _send(call, "sendroomfile")


@method("broadcastfile", signed=False)
def broadcast_file(call: Call) -> Later | Answer:
    """To everybody."""
    return _send(call, "broadcastfile")


def _targets(call: Call, cmd: str, kind: MessageKind, sender: int) -> list[int]:
    if cmd == "sendfile":
        return [receiver(call, sender)]
    if cmd == "sendfiles":
        return receivers(call, sender)
    if kind == MessageKind.BROADCAST:
        return [0]
    return [read.positive(call.params, "gid" if kind == MessageKind.GROUP else "rid")]


def _send(call: Call, cmd: str) -> Later | Answer:
    params, settings, store, contents = call.params, call.settings, call.store, call.contents
    kind = _KINDS[cmd]
    token = read.text(params, "token")
    mtype = read.int8(params, "mtype")
    sender, mid = read.uid(params, "from"), read.positive(params, "mid")
    targets = _targets(call, cmd, kind, sender)
    sent, attrs = read.body(params, "file"), read.text(params, "attrs")
    content = sent.encode() if isinstance(sent, str) else sent
    if not isinstance(token, str):
        raise Refusal(_NO_FIT, "the token is unknown or has expired")
    ticket = call.file_tokens.check(token, mid, call.pid, cmd, sender, frozenset(targets))
    if not _FIRST_FILE <= mtype <= _LAST_FILE:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_FILE_MTYPE, f"a file cannot have mtype {mtype}: use 40 to 50")
    for name, size, most in (
        ("file", len(content), settings.max_file),
        ("attrs", read.size(attrs), settings.max_attrs),
    ):
        if size > most:
            raise Refusal(
                RTM_ERROR.RTM_EC_LARGE_FILE_OR_ATTRS, f"the parameter {name!r} has {size} bytes, the limit is {most}"
            )
    sign, filename, kept_attrs = _read_attrs(attrs, settings.require_file_ext)
    targets = admit(call, kind, sender, targets)
    if all(store.mtime_of(call.pid, kind, sender, target, mid) is not None for target in targets):
        return duplicate(call, kind, sender, targets[0], mid)

    file = contents.new(filename)
    body = json.dumps({"url": contents.url(file, call.connection.address), "size": len(content)})
    message = Outgoing(sender, mtype, mid, body, kept_attrs)
    ticket.busy = True

    def work() -> None:
        inner = md5(content, usedforsecurity=False).hexdigest()
        expected = md5(f"{inner}:{token}".encode(), usedforsecurity=False).hexdigest()
        if not compare_digest(expected.encode(), sign.encode("utf-8", "surrogatepass")):
            raise Refusal(_NO_FIT, "the sign in attrs does not fit the content and the token")
        contents.write(file, content)

    def finish() -> Answer:
        answer = accept(call, kind, targets, message, file)
        if store.file(file.name) is None:
            contents.remove([file.name])
        ticket.busy, ticket.mid = False, mid
        return answer

    def undo() -> None:
        ticket.busy = False
        contents.remove([file.name])

    return Later(work, finish, undo)


def _read_attrs(attrs: Text, require_ext: bool) -> tuple[str, str, str]:
    """The sign, the file name to show, and the attributes to keep: without sign, always with ``rtm`` and ``custom``.

    SDKs differ: Node writes ``sign`` and ``ext`` at the top level, C++ calls the latter ``fileExtension``.
    """
    without = RTM_ERROR.RTM_EC_ATTRS_WITHOUT_SIGN_OR_EXT
    try:
        tree = json.loads(attrs)
    except (ValueError, RecursionError):
        raise Refusal(without, "attrs is not JSON") from None
    if not isinstance(tree, dict):
        raise Refusal(without, "attrs is not a JSON object")
    nested = tree.pop("rtm", None)
    rtm = nested if isinstance(nested, dict) else {}
    for flat, name in (("sign", "sign"), ("ext", "ext"), ("fileExtension", "ext"), ("filename", "filename")):
        if flat in tree:
            rtm.setdefault(name, tree.pop(flat))
    sign, ext, filename = rtm.pop("sign", None), rtm.get("ext"), rtm.get("filename")
    if not isinstance(sign, str) or not sign:
        raise Refusal(without, "attrs has no sign")
    if require_ext and not isinstance(ext, str):
        raise Refusal(without, "attrs has no ext")
    shown = filename if isinstance(filename, str) else ""
    if isinstance(ext, str) and ext and not shown.lower().endswith("." + ext.lower()):
        shown = f"{shown or 'file'}.{ext}"
    return sign, safe_filename(shown), json.dumps({**tree, "rtm": rtm, "custom": tree.get("custom", "")})
