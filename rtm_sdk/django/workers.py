"""Threads for callbacks that leave no database connection open behind them."""

from __future__ import annotations

import logging
from functools import partial

from django.db import close_old_connections  # type: ignore[import-untyped]

from ..workers import Job, WorkerPool

__all__ = ["DjangoWorkers", "django_workers"]

log = logging.getLogger("rtm_sdk.django")


class DjangoWorkers(WorkerPool):
    """A pool that does around each job what Django does around each request.

    Connections of the worker that are broken or older than ``CONN_MAX_AGE`` are closed before and after.
    """

    def submit(self, job: Job) -> None:
        """Queue a job; it must not raise. From any thread."""
        super().submit(partial(_run, job))


def _run(job: Job) -> None:
    _close_old_connections()
    try:
        job()
    finally:
        _close_old_connections()


def _close_old_connections() -> None:
    try:
        close_old_connections()
    except Exception:
        log.exception("a database connection could not be closed")


_shared = DjangoWorkers()


def django_workers() -> DjangoWorkers:
    """The pool of all clients in the setting that have no `workers` of their own."""
    return _shared
