"""Calls that are made when the transaction around them commits, and never when it is rolled back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from copy import deepcopy
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from django.db import transaction  # type: ignore[import-untyped]

from ..calling import Operation, operation, receiver_of, seconds_of
from ..errors import CallFailed
from ..http.request import Request
from .recording import Sent

if TYPE_CHECKING:
    from .clients import DjangoClient

__all__ = ["OnCommit"]

log = logging.getLogger("rtm_sdk.django")


class OnCommit:
    """The methods of a client, to be carried out when the transaction commits: ``chat["default"].on_commit``.

    The arguments are checked, and taken as they are, when the method is called; it returns None. Outside of a
    transaction the call is made at once. After the commit it runs in the same thread; with `callback` it does not wait
    for the answer. A failure is logged by ``rtm_sdk.django``, or handed to the callback, and keeps no other function
    from running that waits for the commit. The `timeout` of the call begins with the commit.

    ``on_commit("other")`` waits for a transaction of the database of that name.

    Args:
        client: of the setting.
        using: the name of the database; None is the default one.
    """

    def __init__(self, client: DjangoClient, using: str | None = None) -> None:
        self._client = client
        self._using = using

    def __call__(self, using: str) -> OnCommit:
        """The same for another database."""
        return OnCommit(self._client, using)

    def __getattr__(self, name: str) -> Callable[..., None]:
        method = getattr(type(self._client), name, None)
        if not hasattr(method, "generator"):
            raise AttributeError(f"on_commit has no {name!r}: only calls of the service can wait for the commit")
        return partial(self._call, name, method)

    def __repr__(self) -> str:
        return f"<OnCommit of {self._client!r}>"

    def _call(self, name: str, method: Any, /, *args: Any, **kwargs: Any) -> None:
        client = self._client
        sent = Sent.of(client.alias, method, (client, *args), kwargs)
        callback, timeout = sent.arguments.get("callback"), sent.arguments.get("timeout", 0)
        seconds = seconds_of(timeout) if timeout != 0 else max(client.timeout, method.default_timeout)
        if callback is not None:
            receiver_of(callback)
        generator: Operation[Any] = method.generator(client, *args, **kwargs)
        try:
            step = generator.send(None)
        except StopIteration:  # there is nothing to ask the service for
            finish = partial(method, client, *args, **kwargs)
        else:
            if isinstance(step, Request):
                client._connection.encode(step)  # raises now what would otherwise raise after the commit
                step = step._replace(body=deepcopy(step.body))
            finish = partial(_rest(name), client, generator, step, callback=callback, timeout=seconds)

        def call() -> None:
            client._record(sent)
            outcome = finish()
            if outcome is not None and outcome[1]:
                log.error("%s of %r, made when the transaction committed, failed: %s", name, client.alias, outcome[1])

        transaction.on_commit(call, using=self._using, robust=True)


@cache
def _rest(name: str) -> Callable[..., Any]:
    """The operation that does the rest of one that waits at its first step."""

    def rest(
        client: Any, generator: Operation[Any], step: Any, callback: Any = None, timeout: float = 0
    ) -> Operation[Any]:
        try:
            while True:
                try:
                    answer = yield step
                except CallFailed as failure:
                    step = generator.throw(failure)
                else:
                    step = generator.send(answer)
        except StopIteration as stop:
            return stop.value
        finally:
            generator.close()

    rest.__name__ = name  # what logs call it
    return operation(rest)
