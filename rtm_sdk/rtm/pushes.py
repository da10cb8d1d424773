"""What the service pushes, on its way to user code.

Two threads have to do with a push. Whoever reads the connection answers it and puts it into a queue. The thread
`rtm-push` takes one after the other out of the queue, drops what came before, makes a message of it and runs the
handlers.
"""

from __future__ import annotations

import atexit
import functools
import logging
import os
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, Literal

from ..fpnn.link import AnsweredFirst, Handler
from ..workers import WorkerPool
from .duplicates import Duplicates
from .files import file_info_of
from .handlers import Handlers
from .results import ChatMessageType, RTMMessage, TranslateResult

__all__ = ["Overflow", "Pushes", "message_of"]

log = logging.getLogger("rtm_sdk.rtm")

Overflow = Literal["drop_new", "drop_old"]

_CHAT, _CMD = int(ChatMessageType.TEXT), int(ChatMessageType.CMD)

_MESSAGES = {
    "pushmsg": ("to", "message", "chat", "cmd", "file"),
    "pushgroupmsg": ("gid", "group_message", "group_chat", "group_cmd", "group_file"),
    "pushroommsg": ("rid", "room_message", "room_chat", "room_cmd", "room_file"),
}
"""By method: where the target stands, and the names of the handlers."""


class Pushes:
    """The pushes of one client.

    Args:
        handlers: who is to be told.
        limit: how many pushes may wait for their handlers.
        overflow: which push is dropped when one more comes: that one, or the oldest that waits. It is answered anyway.

    Attributes:
        dropped: how many were dropped.
        quests: what answers the service, by method.
        pinged: is called at each ping of the service, on the thread that reads.
    """

    def __init__(self, handlers: Handlers, limit: int, overflow: Overflow) -> None:
        self.dropped = 0
        self.quests: dict[str, Handler] = {
            method: AnsweredFirst(functools.partial(self._take, method)) for method in (*_MESSAGES, "pushevent")
        }
        self.quests["ping"] = AnsweredFirst(self._take_ping)
        self.pinged: Callable[[], None] = _nobody
        self._handlers = handlers
        self._limit = limit
        self._drop_old = overflow == "drop_old"
        self._workers = WorkerPool(1, "rtm-push")
        self._reset()
        _known[self] = None

    def _reset(self) -> None:
        self._pid = os.getpid()
        self._queue: deque[tuple[str, Any, float]] = deque()
        self._taking = threading.Lock()  # held by who takes something out of the queue
        self._duplicates = Duplicates()
        self._bursting = False

    def forked(self) -> None:
        """In a forked child: what waits is the parent's."""
        self._reset()

    # ------------------------------------------------------------------ on the thread that reads: must not wait

    def _take(self, method: str, params: Any) -> None:
        """Put a push into the queue."""
        if self._handlers.any:
            queue = self._queue
            if len(queue) < self._limit:
                queue.append((method, params, monotonic()))
                self._workers.submit(self._deliver)
            else:
                self._drop_one(method, params)

    def _take_ping(self, params: dict[str, Any]) -> None:
        self.pinged()
        if self._handlers.wanted("ping"):
            self._take("ping", ())

    def _drop_one(self, method: str, params: Any) -> None:
        if self._drop_old:
            push = (method, params, monotonic())
            queue = self._queue
            with self._taking:
                if len(queue) < self._limit:  # the handlers were faster
                    queue.append(push)
                    self._workers.submit(self._deliver)
                    return
                for place in range(len(queue)):
                    if queue[place][0] in self.quests:  # and does not tell of the connection
                        del queue[place]
                        queue.append(push)  # delivered by the job that was to deliver the other one
                        break
        self.dropped += 1
        if not self._bursting:
            self._bursting = True
            log.warning(
                "%d pushes wait for their handlers: the %s are dropped until there is room",
                self._limit,
                "oldest" if self._drop_old else "newest",
            )

    def tell(self, name: str, *what: Any) -> None:
        """Tell user code of the connection, in one order with the pushes; that has room where pushes have none."""
        if self._handlers.wanted(name) and len(self._queue) < 2 * self._limit:
            self._queue.append((name, what, 0.0))
            self._workers.submit(self._deliver)

    # ------------------------------------------------------------------ on the thread rtm-push

    def _deliver(self) -> None:
        try:
            with self._taking:
                method, params, arrived = self._queue.popleft()
        except IndexError:  # dropped by close()
            return
        if self._bursting and len(self._queue) <= self._limit // 2:
            self._bursting = False
        try:
            name, what = self._understood(method, params, arrived)
        except (KeyError, TypeError, ValueError) as fault:
            log.warning("a %s that cannot be understood is not handed out: %s", method, fault)
            return
        if name:
            self._handlers.tell(name, *what)

    def _understood(self, method: str, params: Any, arrived: float) -> tuple[str, tuple[Any, ...]]:
        """The name of the handler and its arguments; no name when the push came before."""
        if method in _MESSAGES:
            target, message_name, chat, cmd, file = _MESSAGES[method]
            message = message_of(params, target)
            if not self._duplicates.is_new((method, message.from_uid, message.to_id, message.message_id), arrived):
                return "", ()
            mtype = message.message_type
            name = chat if mtype == _CHAT else cmd if mtype == _CMD else file if 40 <= mtype <= 50 else message_name
            return name, (message,)
        if method == "pushevent":
            return "event", _event(params)
        return method, params

    # ------------------------------------------------------------------ the end

    def close(self, timeout: float) -> None:
        """Deliver what waits and end the thread; what is not delivered in time is dropped.

        In a handler, which it cannot wait for, the rest is delivered afterwards.

        Args:
            timeout: seconds.
        """
        if self._workers.close(timeout) and not self._workers.on_worker():
            with self._taking:
                left = len(self._queue)
                self._queue.clear()
            if left:
                self.dropped += left
                log.warning("%d pushes were not delivered before the client closed", left)

    @property
    def waiting(self) -> int:
        """How many pushes this process has answered that wait for their handlers."""
        return sum(push[0] in self.quests for push in list(self._queue)) if self._pid == os.getpid() else 0


def _nobody() -> None:
    pass


_known: weakref.WeakKeyDictionary[Pushes, None] = weakref.WeakKeyDictionary()


def _say_what_is_left() -> None:
    """At the end of the process say on stderr what nobody will be told of, and the service will not send again."""
    known = [reference() for reference in _known.keyrefs()]  # a copy: handlers may make clients meanwhile
    left = sum(pushes.waiting for pushes in known if pushes is not None)
    if left:
        print(
            f"rtm_sdk: the process ends with {left} pushes that were not handed to their handlers;"
            " call close() on the client before the end of the program to have that done",
            file=sys.stderr,
        )


atexit.register(_say_what_is_left)


def message_of(params: dict[str, Any], target: str) -> RTMMessage:
    """Read a pushed message. Only what tells which message it is must be right, and that there is one.

    Args:
        params: of the quest.
        target: the name of the parameter that says where the message goes.

    Raises:
        KeyError, TypeError: something is missing or of a wrong type.
    """
    sender, to, mtype, mid = params["from"], params[target], params["mtype"], params["mid"]
    if not (type(sender) is int and type(to) is int and type(mtype) is int and type(mid) is int):
        raise TypeError(f"from, {target}, mtype and mid must be integers")
    body = params["msg"]
    if not isinstance(body, (str, bytes, dict)):
        raise TypeError(f"msg must be text, bytes or a map, not {type(body).__name__}")
    attrs = _text(params, "attrs")
    mtime = params.get("mtime")
    if type(mtime) is not int:
        mtime = 0
    if isinstance(body, dict):
        return RTMMessage(sender, to, mtype, mid, body, attrs, mtime, None, _translated(body))
    if 40 <= mtype <= 50:
        file_info, attrs = file_info_of(body, attrs, mtype)
        return RTMMessage(sender, to, mtype, mid, body, attrs, mtime, file_info)
    return RTMMessage(sender, to, mtype, mid, body, attrs, mtime)


def _translated(body: dict[Any, Any]) -> TranslateResult:
    return TranslateResult(*(_text(body, key) for key in ("source", "target", "sourceText", "targetText")))


def _event(params: dict[str, Any]) -> tuple[Any, ...]:
    event, uid = params["event"], params["uid"]
    if type(event) is not str or type(uid) is not int:
        raise TypeError("event must be text and uid an integer")
    pid, time = (value if type(value) is int else 0 for value in (params.get("pid"), params.get("time")))
    return pid, event, uid, time, _text(params, "endpoint"), _text(params, "data")


def _text(params: dict[Any, Any], key: str) -> str:
    """A text that does not matter enough to lose a message for it."""
    value = params.get(key)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return value if isinstance(value, str) else ""
