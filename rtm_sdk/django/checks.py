"""System checks: ``manage.py check``, and with ``--deploy`` whether the services answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core import checks  # type: ignore[import-untyped]
from django.core.exceptions import ImproperlyConfigured  # type: ignore[import-untyped]

from . import settings, uwsgi
from .clients import client_of
from .settings import Entry, MissingVariable, aliases, entry_of, is_reference

__all__ = ["TAG", "check_reachable", "check_settings", "check_threads", "register"]

TAG = "rtm_sdk"
"""For ``manage.py check --tag``."""

REACH_SECONDS = 5.0
"""How long `check_reachable` waits for each service."""


def register() -> None:
    """Register the checks."""
    checks.register(check_settings, TAG)
    checks.register(check_threads, TAG)
    checks.register(check_reachable, TAG, deploy=True)


def check_settings(app_configs: Any = None, **about: Any) -> list[Any]:
    """E001: the setting is wrong. E002: a variable of the environment is missing. W001: a secret is written down."""
    found = []
    try:
        names = aliases()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="rtm_sdk.E001")]
    for alias in names:
        try:
            entry = entry_of(alias)
            found += [
                checks.Warning(
                    f"{entry.place(key)} is a secret that stands in the settings.",
                    hint=f'Write {{"env": "NAME"}}, and put the secret into the variable NAME of the environment. '
                    f"If it comes from elsewhere already, silence this: SILENCED_SYSTEM_CHECKS = [{'rtm_sdk.W001'!r}].",
                    id="rtm_sdk.W001",
                )
                for key, value in entry.given.items()
                if key in entry.service.secrets and entry.backend == "service" and not is_reference(value)
                if not callable(value)
            ]
            if entry.backend == "service" or entry.service.address in entry.given:
                client_of(entry).close()  # a client that was not used holds nothing
        except MissingVariable as error:
            found.append(checks.Error(str(error), id="rtm_sdk.E002"))
        except ImproperlyConfigured as error:
            found.append(checks.Error(str(error), id="rtm_sdk.E001"))
    return found


def check_reachable(app_configs: Any = None, **about: Any) -> list[Any]:
    """W002: a service does not answer. Only with ``check --deploy``."""
    found = []
    for entry in _good_entries():
        if entry.backend != "service":
            continue
        try:
            client = client_of(entry)
        except ImproperlyConfigured:  # which `check_settings` tells
            continue
        try:
            error_code = entry.service.reach(client, REACH_SECONDS)
        finally:
            client.close()
        if error_code and error_code.family is None:  # no answer of the service itself, which may well say no
            message = f'{settings.SETTING}["{entry.alias}"]: the service cannot be reached: {error_code}.'
            hint = f"Look at {entry.service.address}, at firewalls, and whether the service runs."
            found.append(checks.Warning(message, hint=hint, id="rtm_sdk.W002"))
    return found


def check_threads(app_configs: Any = None, **about: Any) -> list[Any]:
    """W003: callbacks are used, but this is uWSGI without threads."""
    if not uwsgi.threads_are_off() or not _callbacks_are_used():
        return []
    return [
        checks.Warning(f"{uwsgi.PROBLEM}.", hint=f"{uwsgi.ADVICE[:1].upper()}{uwsgi.ADVICE[1:]}.", id="rtm_sdk.W003")
    ]


def _callbacks_are_used() -> bool:
    if uwsgi.callbacks_were_used():
        return True
    about_callbacks = {"workers", "on_callback_error"}
    return any(about_callbacks & entry.given.keys() for entry in _good_entries())


def _good_entries() -> Iterator[Entry]:
    """Those that can be understood; `check_settings` tells of the others."""
    try:
        names = aliases()
    except ImproperlyConfigured:
        return
    for alias in names:
        try:
            yield entry_of(alias)
        except ImproperlyConfigured:
            continue
