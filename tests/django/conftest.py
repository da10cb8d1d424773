"""A Django project in this process: two SQLite databases, and no clients until a test says which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("django", reason="Django is not installed")

from rtm_sdk.gate import Gate

RECORDED = {
    "default": {"client": "rtm", "backend": "locmem"},
    "google": {"client": "googlechat", "backend": "locmem"},
    "beary": {"client": "bearychat", "backend": "locmem"},
}


@pytest.fixture(autouse=True, scope="package")
def project(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Django can be set up once in a process."""
    import django  # type: ignore[import-untyped]
    from django.conf import settings  # type: ignore[import-untyped]

    if settings.configured:
        return
    folder = tmp_path_factory.mktemp("django")
    engine = "django.db.backends.sqlite3"
    settings.configure(
        INSTALLED_APPS=["rtm_sdk.django"],
        DATABASES={name: {"ENGINE": engine, "NAME": folder / f"{name}.sqlite3"} for name in ("default", "other")},
        SECRET_KEY="only-for-tests",
        USE_TZ=True,
    )
    django.setup()


@pytest.fixture(autouse=True, scope="module")
def nothing_stays_open(project: None) -> Iterator[None]:
    from django.db import connections  # type: ignore[import-untyped]

    from rtm_sdk.django.workers import django_workers

    yield
    connections.close_all()
    django_workers().close()


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture
def with_settings() -> Iterator[Any]:
    """Set `RTM_SDK` for the rest of the test."""
    from django.test import override_settings  # type: ignore[import-untyped]

    overrides = []

    def put(**entries: Any) -> None:
        override = override_settings(RTM_SDK=entries)
        override.enable()
        overrides.append(override)

    yield put
    for override in reversed(overrides):
        override.disable()


@pytest.fixture
def recorded(with_settings: Any) -> Iterator[list[Any]]:
    """All three clients, and the list they write to."""
    from rtm_sdk.django import outbox

    outbox.clear()
    with_settings(**RECORDED)
    yield outbox
    outbox.clear()


def of_gate(gate: Gate, **options: Any) -> dict[str, Any]:
    """The entry of a client of RTM at a gate."""
    return {"client": "rtm", "pid": gate.pid, "secret": gate.secret, "endpoint": gate.endpoint, **options}
