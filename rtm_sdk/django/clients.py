"""The clients of the setting: made when first used, one of each for a process and its forked children."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured  # type: ignore[import-untyped]
from django.core.signals import setting_changed  # type: ignore[import-untyped]

from . import settings, uwsgi
from .commit import OnCommit
from .services import Service
from .settings import Entry, aliases, entry_of
from .workers import DjangoWorkers, django_workers

if TYPE_CHECKING:
    from ..client import Client

    Base = Client
else:
    Base = object

__all__ = ["Chats", "DjangoClient", "chat", "client_of"]


class DjangoClient(Base):
    """What every client of the setting has besides the methods of its service.

    Attributes:
        alias: its name in the setting.
    """

    alias: str
    backend: str
    _connection: Any

    @property
    def on_commit(self) -> OnCommit:
        """The same methods, carried out when the transaction commits; see `OnCommit`."""
        return OnCommit(self)

    def _record(self, sent: Any) -> None:
        """Take note of a call that was made; for back ends that do nothing else."""


class Chats:
    """The clients of the setting by name: ``chat["default"]``.

    A client is made with its first use. It is an `RTMServerClient`, a `GoogleChatClient` or a `BearyChatClient` that
    has `on_commit` as well. All threads share it; a forked child goes on with it on a connection of its own.
    """

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}

    def __getitem__(self, alias: str) -> Any:
        """The client of that name.

        Raises:
            ImproperlyConfigured: the setting has none, or a wrong one; the text says what is wrong.
        """
        client = self._clients.get(alias)
        if client is None:  # making one has no effect, so of two threads at once one may do it in vain: no lock to fork
            client = self._clients.setdefault(alias, client_of(entry_of(alias)))
        return client

    def __contains__(self, alias: object) -> bool:
        return alias in aliases()

    def close(self) -> None:
        """Wait for the callbacks of all clients, then close and forget them; the next use makes new ones."""
        clients, self._clients = self._clients, {}
        for client in clients.values():
            with client:
                pass
            workers = client.outstanding.workers
            if workers is not django_workers():
                workers.close()

    def __repr__(self) -> str:
        try:
            names = ", ".join(aliases())
        except ImproperlyConfigured:  # an error page that shows this says why already
            names = "of a setting that cannot be used"
        return f"<Chats {names}>"


chat = Chats()
"""The clients of the setting ``RTM_SDK``."""


def client_of(entry: Entry) -> Any:
    """Make a client.

    Raises:
        ImproperlyConfigured: an option is missing or wrong.
    """
    service = entry.service
    place = f'{settings.SETTING}["{entry.alias}"]'
    options = _options(entry)
    missing = service.missing(options)
    if missing:
        raise ImproperlyConfigured(f"{place} needs {' and '.join(missing)}")
    try:
        if entry.backend in settings.RECORDING:
            from .recording import RunHere

            options["workers"] = RunHere()
        else:
            options["workers"] = _workers(options.get("workers"))
        client: Any = service.make(_class_of(service, entry.backend), options)
    except (OSError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{place}: {error}") from None
    client.alias, client.backend = entry.alias, entry.backend
    if entry.backend not in settings.RECORDING:
        for module in service.loads:
            importlib.import_module(module)
        if service.name == "rtm":
            client._pushes._workers = DjangoWorkers(1, "rtm-push")  # handlers use the database, too
        if uwsgi.threads_are_off():
            uwsgi.watch_callbacks(client)
    return client


def _options(entry: Entry) -> dict[str, Any]:
    service = entry.service
    if entry.backend == "service":
        return entry.options()
    if entry.backend in settings.RECORDING:
        return {**entry.options(["on_callback_error"]), **service.of_nowhere()}
    try:
        return _of_gate(entry)
    except ImportError as error:
        message = f'the back end "gate" needs the extra gate: pip install "rtm-sdk[gate]" ({error})'
        raise ImproperlyConfigured(message) from None


def _of_gate(entry: Entry) -> dict[str, Any]:
    service = entry.service
    if service.address in entry.given:
        return {**({} if service.has_credentials(entry.given) else service.of_demo()), **entry.options()}
    from .local_gate import local_gate

    return {**entry.options(service.without_credentials(entry.given)), **service.of_gate(local_gate())}


def _workers(size: Any) -> DjangoWorkers:
    if size is None:
        return django_workers()
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise ValueError(f"workers must be a number of threads, not {size!r}")
    return DjangoWorkers(size)


@cache
def _class_of(service: Service, backend: str) -> Callable[..., Client]:
    base = service.client_class
    if backend in settings.RECORDING:
        from .recording import Recording, recording

        return type(base.__name__, (Recording, DjangoClient, base), recording(base))
    return type(base.__name__, (DjangoClient, base), {})


def _forget(*, setting: str, **about: Any) -> None:
    if setting == settings.SETTING:
        chat.close()


setting_changed.connect(_forget, dispatch_uid="rtm_sdk.django")
