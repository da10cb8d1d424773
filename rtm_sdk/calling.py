"""One definition for each operation, and two drivers that decide who waits for it.

An operation is a generator method of a client. It yields the steps it needs (a quest, a request), is sent the answer
to each, and returns its result. `operation` makes two styles of it: without `callback` the calling thread runs the
steps and gets `(result, error_code)`; with `callback` the steps run without holding a thread, and the callback gets the
outcome on a worker.
"""

from __future__ import annotations

import contextvars
import functools
import inspect
import logging
from collections.abc import Callable, Generator
from os import getpid
from time import monotonic
from types import FunctionType
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, overload

from .deadline import Deadline
from .errors import FPNN_ERROR, OK, CallFailed, ErrorCode
from .watching import are_logged, watch_call
from .workers import Outstanding

if TYPE_CHECKING:
    from .events import Event

__all__ = [
    "Callback",
    "CallbackArgument",
    "CallbackFor",
    "Caller",
    "Operation",
    "operation",
    "receiver_of",
    "seconds_of",
]

log = logging.getLogger("rtm_sdk.calling")

R = TypeVar("R")
P = ParamSpec("P")

Operation = Generator[Any, Any, R]
"""How an operation's generator declares itself: it yields steps, is sent answers and returns an `R`."""


class Callback:
    """A callback object: override `callback`. It runs on a worker, once for each call it was given to."""

    def callback(self, result: Any, error_code: ErrorCode) -> None:
        """Take the outcome of a call.

        Args:
            result: what the synchronous form returns first; None on failure.
            error_code: 0 on success.
        """
        raise NotImplementedError(f"{type(self).__name__} must define callback(result, error_code)")


class _HasCallback(Protocol):
    @property
    def callback(self) -> Callable[..., Any]: ...


CallbackArgument = _HasCallback | Callable[[Any, ErrorCode], Any] | None
"""What `callback=` takes: an object with a `callback` method, or a plain callable for `(result, error_code)`."""

CallbackFor = _HasCallback | Callable[[R | None, ErrorCode], object]
"""What `callback=` of an operation with the result `R` takes."""


class Caller(Protocol):
    """What a client offers to the drivers."""

    timeout: float
    outstanding: Outstanding
    on_callback_error: Callable[[str, BaseException], None] | None
    on_event: Callable[[Event], object] | None

    def _target(self, step: Any) -> str:
        """Where a step goes, for events and logs; None stands for one that never came."""

    def _perform(self, step: Any, deadline: Deadline) -> Any:
        """Carry out one step in this thread and return the answer, or raise `CallFailed`."""

    def _begin(self, step: Any, deadline: Deadline, resume: Callable[[Any], None]) -> None:
        """Carry out one step without holding this thread; `resume` gets the answer or a `CallFailed`, once."""


@overload
def operation(function: Callable[P, Operation[R]]) -> Callable[P, tuple[R | None, ErrorCode]]: ...
@overload
def operation(
    *, default_timeout: float
) -> Callable[[Callable[P, Operation[R]]], Callable[P, tuple[R | None, ErrorCode]]]: ...
def operation(function: Callable[..., Operation[Any]] | None = None, *, default_timeout: float = 0.0) -> Any:
    """Make a client method of an operation's generator.

    The generator function declares `callback=None, timeout=0` and never reads them. Arguments are checked before its
    first `yield`, so that misuse raises in the caller's thread in both styles.

    Args:
        function: the generator function.
        default_timeout: seconds; for slow operations, the timeout when none is given and the client's own is shorter.
    """
    if function is None:
        return functools.partial(operation, default_timeout=default_timeout)
    generator_function = function
    name = function.__name__
    callback_at, timeout_at = (_position(function, parameter) for parameter in ("callback", "timeout"))

    @functools.wraps(generator_function)
    def method(client: Caller, *args: Any, **kwargs: Any) -> tuple[Any, ErrorCode] | None:
        generator = generator_function(client, *args, **kwargs)
        given = len(args)
        callback = args[callback_at] if given > callback_at else kwargs.get("callback")
        timeout = args[timeout_at] if given > timeout_at else kwargs.get("timeout", 0)
        if timeout != 0:
            seconds = seconds_of(timeout)
        else:
            seconds = client.timeout if client.timeout > default_timeout else default_timeout
        if callback is not None:
            _CallbackRun(client, name, generator, seconds, receiver_of(callback)).start()
            return None
        watch = watch_call(client, name) if client.on_event is not None or are_logged() else None
        deadline = Deadline(seconds)
        try:
            step = generator.send(None)
            if watch is not None:
                watch.started(step)
            while True:
                try:
                    answer = client._perform(step, deadline)
                except CallFailed as failure:
                    step = generator.throw(failure)
                else:
                    step = generator.send(answer)
        except StopIteration as stop:
            outcome = stop.value, OK
        except CallFailed as failure:
            outcome = None, failure.error_code
        except BaseException as error:
            if watch is not None:
                watch.broke_off(error)
            raise
        finally:
            generator.close()
        if watch is not None:
            watch.ended(outcome[1])
        return outcome

    method.generator = generator_function  # type: ignore[attr-defined]
    method.default_timeout = default_timeout  # type: ignore[attr-defined]
    return method


def _position(function: Callable[..., Any], parameter: str) -> int:
    """Where a parameter stands among the positional ones after `self`; far beyond them when it is by name only."""
    positional = [
        each.name
        for each in inspect.signature(function).parameters.values()
        if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    return positional.index(parameter) - 1 if parameter in positional else 1_000_000


def seconds_of(timeout: Any) -> float:
    """Check the argument `timeout` of a call, when it is not 0."""
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise TypeError(f"timeout must be a number of seconds, not {type(timeout).__name__}; 0 means the default")
    if not 0 < timeout < 1e9:
        raise ValueError(f"timeout must be a positive, finite number of seconds, or 0 for the default, not {timeout}")
    return float(timeout)


def receiver_of(callback: Any) -> Callable[[Any, ErrorCode], Any]:
    """The callable behind the argument `callback` of a call."""
    if type(callback) is FunctionType and not callback.__code__.co_flags & inspect.CO_COROUTINE:
        return callback
    receiver = getattr(callback, "deliver", None) or getattr(callback, "callback", None) or callback
    if isinstance(callback, type) and receiver is not callback:
        raise TypeError(f"callback must be an object: pass {callback.__name__}(), not the class itself")
    if not callable(receiver):
        raise TypeError(
            f"callback must be a callable or an object with a callback method, not {type(callback).__name__}"
        )
    if inspect.iscoroutinefunction(receiver):
        raise TypeError("callback must be a plain function, not an async one: it is called on a worker thread")
    return receiver  # type: ignore[no-any-return]


class _CallbackRun(Deadline):
    """One call in the callback style.

    It is the deadline of its steps, and what their answers are given to, as well: of thousands of calls in flight each
    object costs the garbage collector time.
    """

    __slots__ = ("client", "context", "error_code", "generator", "name", "receiver", "result", "unclaimed", "watch")

    def __init__(
        self,
        client: Caller,
        name: str,
        generator: Operation[Any],
        seconds: float,
        receiver: Callable[[Any, ErrorCode], Any],
    ) -> None:
        self.seconds = seconds
        self.at = monotonic() + seconds
        self.client = client
        self.name = name
        self.generator = generator
        self.receiver = receiver
        self.watch = watch_call(client, name) if client.on_event is not None or are_logged() else None

    def start(self) -> None:
        outcome = step = None
        try:
            step = self.generator.send(None)
        except StopIteration as stop:
            outcome = stop.value, OK
        except CallFailed as failure:
            outcome = None, failure.error_code
        self.context = contextvars.copy_context()
        if self.watch is not None:
            self.context.run(self.watch.started, step)
        outstanding = self.client.outstanding
        self.unclaimed = True
        room = outstanding.add(self)
        try:
            if not room:
                self.generator.close()
                full = f"{outstanding.limit} callbacks are outstanding already; nothing was sent"
                outcome = None, ErrorCode(FPNN_ERROR.FPNN_EC_CORE_WORK_QUEUE_FULL, full)
            if outcome is not None:
                self.finish(*outcome)
                return
            self.client._begin(step, self, self)
        except CallFailed as failure:
            self(failure)
        except BaseException as error:  # what cannot be packed, or Ctrl-C, and then the step may be on its way already
            if self.claim():
                self.generator.close()
                outstanding.done()
                if self.watch is not None:
                    self.context.run(self.watch.broke_off, error)
            raise

    def claim(self) -> bool:
        """Settle who goes on after a step: the thread with its answer, or `start`, which gives the call up."""
        try:
            del self.unclaimed  # atomic: done by one thread only
        except AttributeError:
            return False
        return True

    def __call__(self, answer: Any) -> None:
        """Go on with the answer to the last step, on whatever thread it came: only code of the SDK runs here."""
        if not self.claim():
            return
        try:
            if isinstance(answer, CallFailed):
                step = self.generator.throw(answer)
            else:
                step = self.generator.send(answer)
            self.unclaimed = True
            try:
                self.client._begin(step, self, self)
            except CallFailed as failure:
                self(failure)
        except StopIteration as stop:
            self.finish(stop.value, OK)
        except CallFailed as failure:
            self.finish(None, failure.error_code)
        except Exception as error:
            log.exception("%s failed inside the SDK", self.name)
            self.generator.close()
            self.finish(None, ErrorCode(FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_ERROR, f"{type(error).__name__}: {error}"))

    def finish(self, result: Any, error_code: ErrorCode) -> None:
        self.result = result
        self.error_code = error_code
        if self.watch is not None:
            self.watch.stop()
        self.client.outstanding.workers.submit(self.deliver)

    def deliver(self) -> None:
        client = self.client
        process = client.outstanding.pid
        if self.watch is not None:
            self.context.run(self.watch.ended_on_worker, self.error_code)
        try:
            self.context.run(self.receiver, self.result, self.error_code)
        except BaseException as error:
            log.exception("the callback of %s raised", self.name)
            if client.on_callback_error is not None:
                try:
                    client.on_callback_error(self.name, error)
                except BaseException:
                    log.exception("on_callback_error raised")
        finally:
            if getpid() == process:  # not so when the callback forked and this is the child
                client.outstanding.done()
