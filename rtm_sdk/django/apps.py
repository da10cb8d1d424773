"""The app."""

from __future__ import annotations

from django.apps import AppConfig  # type: ignore[import-untyped]

__all__ = ["RTMConfig"]


class RTMConfig(AppConfig):  # type: ignore[misc]
    """Registers the checks. It starts nothing: no thread, no connection, no client."""

    name = "rtm_sdk.django"
    label = "rtm_sdk"
    verbose_name = "rtm_sdk"

    def ready(self) -> None:
        """Register the checks."""
        from . import checks

        checks.register()
