"""The setting ``RTM_SDK``: which clients there are. It is read when a client is made, not when this is imported."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.conf import settings  # type: ignore[import-untyped]
from django.core.exceptions import ImproperlyConfigured  # type: ignore[import-untyped]

from ..secret import Secret
from .services import SERVICES, Service

__all__ = ["BACKENDS", "RECORDING", "SETTING", "Entry", "MissingVariable", "aliases", "entry_of", "is_reference"]

SETTING = "RTM_SDK"
"""The name of the setting."""

BACKENDS = ("service", "locmem", "console", "gate")
"""Where calls may go: to the service, into a list, to standard output, to a local gate."""

RECORDING = frozenset(("locmem", "console"))
"""Those that connect to nothing."""

_NOT_OPTIONS = frozenset(("client", "backend"))
_SECRETS = frozenset[str]().union(*(service.secrets for service in SERVICES.values()))


class MissingVariable(ImproperlyConfigured):  # type: ignore[misc]
    """A variable of the environment that an option refers to is not set."""


class Entry(NamedTuple):
    """One client of the setting.

    Attributes:
        alias: its name.
        service: which client it is.
        backend: one of `BACKENDS`.
        given: the options as they stand in the setting, secrets as `Secret`.
    """

    alias: str
    service: Service
    backend: str
    given: Mapping[str, Any]

    def place(self, key: str) -> str:
        """Where an option stands."""
        return f'{SETTING}["{self.alias}"]["{key}"]'

    def options(self, keys: Iterable[str] | None = None) -> dict[str, Any]:
        """The options with what the environment holds.

        Args:
            keys: only these, where they are given.

        Raises:
            ImproperlyConfigured: a variable is missing, or cannot be understood.
        """
        return {key: self.value(key) for key in (self.given if keys is None else keys) if key in self.given}

    def value(self, key: str) -> Any:
        """One option, as in `options`."""
        value = self.given[key]
        if not is_reference(value):
            return value
        name = value["env"]
        if not isinstance(name, str) or not name:
            raise ImproperlyConfigured(f"{self.place(key)}: env must be the name of a variable of the environment")
        text = Secret(os.environ.get(name, ""))
        if not text:
            raise MissingVariable(f"{self.place(key)}: set {name} in the environment")
        try:
            return _READERS[self.service.kind_of(key)](text)
        except KeyError:
            raise ImproperlyConfigured(f"{self.place(key)} cannot come from the environment") from None
        except ValueError:
            expected = "JSON" if key == "service_account_info" else "a number"
            raise ImproperlyConfigured(f"{self.place(key)}: {name} in the environment must be {expected}") from None

    def __repr__(self) -> str:
        return f"<Entry {self.alias}: {self.service.name}, {self.backend}>"


_READERS: dict[str, Any] = {"int": int, "float": float, "text": Secret, "json": json.loads}


def is_reference(value: Any) -> bool:
    """Whether an option is ``{"env": NAME}``."""
    return isinstance(value, Mapping) and value.keys() == {"env"}


def aliases() -> list[str]:
    """The names of the clients that the setting has.

    Raises:
        ImproperlyConfigured: it is no dict of dicts.
    """
    return list(_setting())


def entry_of(alias: str) -> Entry:
    """What the setting says of one client.

    Raises:
        ImproperlyConfigured: there is no such client, or an option that does not exist; the text names it.
    """
    entries = _setting()
    if alias not in entries:
        raise ImproperlyConfigured(f"{SETTING} has no {alias!r}, only {_listed(entries)}")
    given = entries[alias]
    place = f'{SETTING}["{alias}"]'
    if not isinstance(given, Mapping):
        raise ImproperlyConfigured(f"{place} must be a dict, not {type(given).__name__}")
    service = _choice(place, given, "client", SERVICES)
    backend = _choice(place, {"backend": "service", **given}, "backend", {each: each for each in BACKENDS})
    known = service.options() | _NOT_OPTIONS
    unknown = [key for key in given if key not in known]
    if unknown:
        raise ImproperlyConfigured(f"{place} has the unknown key {unknown[0]!r}; it knows {_listed(sorted(known))}")
    return Entry(alias, service, backend, {key: value for key, value in given.items() if key not in _NOT_OPTIONS})


def _setting() -> Mapping[str, Any]:
    entries = getattr(settings, SETTING, None)
    if entries is None:
        raise ImproperlyConfigured(f'{SETTING} is not in the settings; write {SETTING} = {{"default": {{...}}}}')
    if not isinstance(entries, Mapping):
        raise ImproperlyConfigured(f"{SETTING} must be a dict, not {type(entries).__name__}")
    return {alias: _masked(given) for alias, given in entries.items()}


def _masked(given: Any, keys: Iterable[str] = _SECRETS) -> Any:
    """The same such that no secret shows in an error page of Django, which prints the variables of each frame."""
    if not isinstance(given, Mapping):
        return given
    masked = dict(given)
    for key in keys & given.keys():
        value = given[key]
        if isinstance(value, str):
            masked[key] = Secret(value)
        elif not is_reference(value):
            masked[key] = _masked(value, getattr(value, "keys", tuple)())
    return masked


def _choice(place: str, given: Mapping[str, Any], key: str, choices: Mapping[str, Any]) -> Any:
    value = given.get(key)
    if not isinstance(value, str) or value not in choices:
        raise ImproperlyConfigured(f'{place}["{key}"] must be {_listed(choices, " or ")}, not {value!r}')
    return choices[value]


def _listed(names: Any, joint: str = ", ") -> str:
    return joint.join(repr(name) for name in names) or "nothing"
