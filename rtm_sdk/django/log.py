"""A logging handler that posts errors to a group, a room, a space or a conversation."""

from __future__ import annotations

import logging
import os
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from time import monotonic
from typing import Any

from ..errors import ErrorCode
from .clients import chat
from .uwsgi import threads_are_off

__all__ = ["ChatHandler"]

log = logging.getLogger("rtm_sdk.django")

MAX_TEXT = 3000
"""Characters of one post; of a longer one the middle is left out."""

MAX_KNOWN = 500
"""So many different errors are remembered."""

MAX_WAITING = 20
"""So many posts may wait for their answers; more errors are counted, not posted."""

TIMEOUT = 10.0
"""Seconds for one post."""

_MINUTE = 60.0
_OWN = ("rtm_sdk", "urllib3")
"""Loggers that posting itself may write to."""

_posting = threading.local()


class ChatHandler(logging.Handler):
    """Posts records to a chat; for ``LOGGING`` in the settings.

    An error that comes again is posted once in `repeat_after` seconds, with a count of those that were left out; in
    all at most `per_minute` are posted. Posts are sent in the background, and under uWSGI without threads at once. What
    rtm_sdk itself logs is not posted. Nothing starts before the first record that is posted.

    Exactly one of `gid`, `rid`, `space` and `vchannel_id` says where to.

    Args:
        using: the name of the client in ``RTM_SDK``.
        gid: the group, of RTM.
        rid: the room, of RTM.
        from_uid: who posts; needed for RTM, and only there.
        space: of Google Chat, ``spaces/{space}``.
        vchannel_id: the conversation, of BearyChat.
        level: the lowest level that is posted.
        repeat_after: seconds after which the same error is posted again. Errors are the same when they were raised, or
            logged, at the same place with the same text before its arguments are filled in.
        per_minute: the most posts in a minute.

    """

    def __init__(
        self,
        using: str = "default",
        *,
        gid: int | None = None,
        rid: int | None = None,
        from_uid: int | None = None,
        space: str | None = None,
        vchannel_id: str | None = None,
        level: int | str = logging.ERROR,
        repeat_after: float = 300.0,
        per_minute: int = 10,
    ) -> None:
        super().__init__(level)
        targets = {"gid": gid, "rid": rid, "space": space, "vchannel_id": vchannel_id}
        given = [name for name, value in targets.items() if value is not None]
        if len(given) != 1:
            raise ValueError(f"exactly one of {', '.join(targets)} must be given, not {' and '.join(given) or 'none'}")
        if (from_uid is not None) != (given[0] in ("gid", "rid")):
            raise ValueError(f"from_uid must {'not ' if from_uid is not None else ''}be given with {given[0]}")
        self.using = using
        self._failed = 0
        self._post = _POSTS[given[0]]
        self._target = (targets[given[0]],) if from_uid is None else (from_uid, targets[given[0]])
        self._choice = _Choice(repeat_after, per_minute)
        self._waiting: dict[int, deque[None]] = {}

    @property
    def not_posted(self) -> int:
        """How many records were left out because there were too many, or because a post failed."""
        return self._failed + self._choice.over_limit

    def handle(self, record: logging.LogRecord) -> Any:
        """Filter a record and post it. Not under the handler's lock: posting may log, on this thread and on others."""
        passed: Any = self.filter(record)
        if isinstance(passed, logging.LogRecord):  # from Python 3.12 on a filter may replace it
            record = passed
        if passed:
            self.emit(record)
        return passed

    def emit(self, record: logging.LogRecord) -> None:
        """Post a record, or count it as one more. Whatever goes wrong is told as `logging` does: on stderr."""
        if record.name.partition(".")[0] in _OWN or getattr(_posting, "now", False):
            return
        _posting.now = True
        try:
            self.acquire()
            try:
                before = self._choice.take(_identity(record), monotonic())
            finally:
                self.release()
            if before is not None:
                self._send(_text(self.format(record), before))
        except Exception:
            self.handleError(record)
        finally:
            _posting.now = False

    def _send(self, text: str) -> None:
        client = chat[self.using]
        waiting = self._waiting.setdefault(os.getpid(), deque())  # what the parent waits for comes to the parent
        if threads_are_off():
            _, error_code = self._post(client, self._target, text, None)
            self._answered(error_code)
        elif len(waiting) >= MAX_WAITING or client.outstanding.count >= client.outstanding.limit:
            self._failed += 1
        else:
            waiting.append(None)  # only the length matters: append and pop need no lock

            def done(result: Any, error_code: ErrorCode) -> None:
                waiting.pop()
                self._answered(error_code)

            try:
                self._post(client, self._target, text, done)
            except BaseException:
                waiting.pop()
                raise

    def _answered(self, error_code: ErrorCode) -> None:
        if error_code:
            self._failed += 1
            log.warning("an error could not be posted with %r: %s", self.using, error_code)


class _Choice:
    """Which records are posted."""

    def __init__(self, repeat_after: float, per_minute: int) -> None:
        if isinstance(per_minute, bool) or not isinstance(per_minute, int) or per_minute < 1:
            raise ValueError(f"per_minute must be a positive int, not {per_minute!r}")
        if isinstance(repeat_after, bool) or not isinstance(repeat_after, (int, float)) or not repeat_after >= 0:
            raise ValueError(f"repeat_after must be a number of seconds, not {repeat_after!r}")
        self.repeat_after = repeat_after
        self.over_limit = 0
        self._known: OrderedDict[tuple[Any, ...], tuple[float, int]] = OrderedDict()
        self._times: deque[float] = deque(maxlen=per_minute)
        self._dropped = 0

    def take(self, identity: tuple[Any, ...], now: float) -> tuple[int, int] | None:
        """Decide on a record.

        Args:
            identity: equal for records that are the same error.
            now: a monotonic time.

        Returns:
            None when it is not posted; otherwise how many of the same, and how many others, were not posted before.
        """
        posted, same = self._known.pop(identity, (None, 0))
        if posted is not None and now - posted < self.repeat_after:
            self._known[identity] = posted, same + 1
            return None
        if len(self._times) == self._times.maxlen and now - self._times[0] < _MINUTE:
            self._dropped += 1
            self.over_limit += 1
            if posted is not None:
                self._known[identity] = posted, same
            return None
        self._times.append(now)
        self._known[identity] = now, 0
        if len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)
        others, self._dropped = self._dropped, 0
        return same, others


def _identity(record: logging.LogRecord) -> tuple[Any, ...]:
    """What is equal for records of the same error."""
    error = record.exc_info[1] if record.exc_info else None
    place = error.__traceback__ if error is not None else None
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    raised = None if place is None else (place.tb_frame.f_code.co_filename, place.tb_lineno)
    return record.name, record.levelno, record.pathname, record.lineno, str(record.msg)[:200], type(error), raised


def _text(text: str, before: tuple[int, int]) -> str:
    same, others = before
    counts = [f"{same} more like this one"] if same else []
    counts += [f"{others} other errors"] if others else []
    if len(text) > MAX_TEXT:
        text = f"{text[: MAX_TEXT // 2]}\n...\n{text[-MAX_TEXT // 2 :]}"
    return f"{text}\n(not posted before this: {', '.join(counts)})" if counts else text


def _quoted(text: str) -> str:
    """As a block of code, in which what a stranger has put into the error formats nothing and mentions nobody."""
    for mark in ("```", "<users/", "@<", "<http"):
        text = text.replace(mark, f"{mark[:1]}\N{ZERO WIDTH SPACE}{mark[1:]}")
    return f"```\n{text}\n```"


def _to_group(client: Any, target: tuple[Any, ...], text: str, callback: Any) -> Any:
    return client.send_group_chat(*target, text, callback=callback, timeout=TIMEOUT)


def _to_room(client: Any, target: tuple[Any, ...], text: str, callback: Any) -> Any:
    return client.send_room_chat(*target, text, callback=callback, timeout=TIMEOUT)


def _to_space(client: Any, target: tuple[Any, ...], text: str, callback: Any) -> Any:
    return client.create_message(*target, {"text": _quoted(text)}, callback=callback, timeout=TIMEOUT)


def _to_conversation(client: Any, target: tuple[Any, ...], text: str, callback: Any) -> Any:
    return client.create_message(*target, _quoted(text), callback=callback, timeout=TIMEOUT)


_POSTS: dict[str, Callable[[Any, tuple[Any, ...], str, Any], Any]] = {
    "gid": _to_group,
    "rid": _to_room,
    "space": _to_space,
    "vchannel_id": _to_conversation,
}
