from __future__ import annotations

import logging
from queue import Queue
from typing import Any

import pytest
from django.db import connection  # type: ignore[import-untyped]

from rtm_sdk import unwrap
from rtm_sdk.django import chat
from rtm_sdk.django.workers import DjangoWorkers
from rtm_sdk.gate import Gate

from .conftest import of_gate


def query() -> Any:
    """Use the database in this thread; returns the connection of the driver that was used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.connection


def test_connections_are_closed_after_a_callback(gate: Gate, with_settings: Any) -> None:
    with_settings(default=of_gate(gate, workers=1))
    seen: Queue[Any] = Queue()

    def callback(result: Any, error_code: int) -> None:
        seen.put(connection.connection)
        seen.put(query())

    for _ in range(2):
        chat["default"].send_chat(1, 2, "hello", callback=callback)
        assert seen.get(timeout=5) is None
        assert seen.get(timeout=5) is not None


def test_a_connection_that_went_bad_is_replaced_before_a_callback() -> None:
    workers = DjangoWorkers(1)
    seen: Queue[Any] = Queue()

    def first() -> None:
        connection.settings_dict["CONN_MAX_AGE"] = None
        seen.put(query())

    def spoil() -> None:
        seen.put(query())
        connection.close_at = 0  # as if its time had come while the thread was idle

    def last() -> None:
        connection.settings_dict["CONN_MAX_AGE"] = 0  # what is opened now is closed behind this job
        seen.put(query())

    for job in (first, spoil, last):
        workers.submit(job)
    opened, kept, replaced = (seen.get(timeout=5) for _ in range(3))
    assert workers.close() == 0
    assert opened is kept
    assert replaced is not kept


def test_a_database_that_cannot_be_closed_keeps_no_callback_from_running(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("gone")

    monkeypatch.setattr("rtm_sdk.django.workers.close_old_connections", broken)
    workers = DjangoWorkers(1)
    done: Queue[str] = Queue()
    with caplog.at_level(logging.ERROR):
        workers.submit(lambda: done.put("ran"))
        assert done.get(timeout=5) == "ran"
        assert workers.close() == 0
    assert caplog.text.count("a database connection could not be closed") == 2


def test_connections_are_closed_after_a_handler(gate: Gate, with_settings: Any) -> None:
    with_settings(default=of_gate(gate))
    client = chat["default"]
    seen: Queue[Any] = Queue()

    @client.on("chat")  # type: ignore[untyped-decorator]
    def heard(message: Any) -> None:
        seen.put(connection.connection)
        seen.put(query())

    unwrap(client.set_all_listen(True, False, False, False))
    for _ in range(2):
        unwrap(client.send_chat(1, 2, "hello"))
        assert seen.get(timeout=5) is None
        assert seen.get(timeout=5) is not None
