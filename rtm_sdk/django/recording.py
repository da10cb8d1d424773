"""The back ends ``locmem`` and ``console``: calls are checked and answered, and put into a list or printed."""

from __future__ import annotations

import inspect
import reprlib
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from ..http.request import Request, Response
from ..rtm.quests import Quest
from ..workers import Job, WorkerPool

if TYPE_CHECKING:
    from ..deadline import Deadline

    Base = Any
else:
    Base = object

__all__ = ["Recording", "RunHere", "Sent", "outbox", "recorders", "recording"]


class Sent(NamedTuple):
    """A call that was recorded instead of made.

    Attributes:
        alias: of the client in the setting.
        method: the name of the client's method.
        arguments: what was given, by name.
    """

    alias: str
    method: str
    arguments: dict[str, Any]

    @classmethod
    def of(cls, alias: str, method: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Sent:
        """Name the arguments of a call.

        Args:
            alias: of the client.
            method: of its class.
            args: the positional arguments, the client first.
            kwargs: those by name.

        Raises:
            TypeError: the method cannot be called so.
        """
        found = dict(_signature(method.generator).bind(*args, **kwargs).arguments)
        del found["self"]
        return cls(alias, method.__name__, found)


outbox: list[Sent] = []
"""What the back end ``locmem`` was given, oldest first. Empty it before each test: ``outbox.clear()``."""


def _print(sent: Sent) -> None:
    lines = [f'chat["{sent.alias}"].{sent.method}']
    lines += [f"    {name}: {_short.repr(value)}" for name, value in sent.arguments.items()]
    sys.stdout.write("\n".join(lines) + "\n")  # at once, so that lines of several threads do not mix
    sys.stdout.flush()


_short = reprlib.Repr()
_short.maxstring = _short.maxother = 500

recorders: dict[str, Callable[[Sent], object]] = {"locmem": outbox.append, "console": _print}
"""What takes the calls, by the name of the back end."""


_RTM = Quest.__module__.rpartition(".")[0]

_now = threading.local()
"""`sent`: the call that this thread makes, until its first step."""


class RunHere(WorkerPool):
    """Callbacks run in the thread that makes the call, before it goes on: a test sees what they did."""

    def submit(self, job: Job) -> None:
        """Run a job."""
        job()


class Recording(Base):  # type: ignore[misc]
    """What makes a client one that connects to nothing. It answers what sends and changes something, and no reads."""

    alias: str
    backend: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._perform = self._answer
        self._begin = lambda step, deadline, resume: resume(self._answer(step, deadline))

    def _record(self, sent: Sent) -> None:
        recorders[self.backend](sent)

    def _answer(self, step: Any, deadline: Deadline) -> Any:
        if isinstance(step, Request):
            self._connection.encode(step)  # what cannot be JSON raises here, too
        sent, _now.sent = getattr(_now, "sent", None), None
        if sent is not None:  # here: arguments are good, and what the callback sends comes after this
            self._record(sent)
        if isinstance(step, Quest):
            if not step.method.endswith("listen"):
                return {"mtime": time.time_ns() // 1_000_000, "token": "none", "endpoint": "localhost:1"}
        elif step.method != "GET":
            return Response(200, {}, step.body or {})
        raise NotImplementedError(_refusal(self.backend, repr(step)))


def _refusal(backend: str, what: str) -> str:
    return f'the back end {backend!r} takes what is sent and has no answer to {what}; with "backend": "gate" it has one'


def recording(client_class: Any) -> dict[str, Any]:
    """The methods of a class, such that each call is recorded."""
    return {
        name: _recorded(method) for name, method in inspect.getmembers(client_class) if hasattr(method, "generator")
    }


def _recorded(method: Any) -> Any:
    result = str(method.generator.__annotations__["return"]).removeprefix("Operation[").removesuffix("]")
    if method.__module__.startswith(_RTM):
        answered = result in ("None", "SendResult")
    else:  # resources have the names of their classes; pages, lists and plain values are results of reads
        answered = result == "None" or (result.isidentifier() and result[0].isupper() and result[-8:] != "Response")

    @wraps(method)
    def recorded(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not answered:
            raise NotImplementedError(_refusal(self.backend, method.__name__))
        _now.sent = Sent.of(self.alias, method, (self, *args), kwargs)
        try:
            return method(self, *args, **kwargs)
        finally:
            _now.sent = None

    return recorded


@cache
def _signature(function: Any) -> inspect.Signature:
    return inspect.signature(function)
