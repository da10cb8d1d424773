"""What programs for the public SDK set: once for all clients, and how to connect again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = [
    "RTM_INTERFACE_VERSION",
    "RTM_SDK_VERSION",
    "RTMServerConfig",
    "RTMServerConfigCenter",
    "RegressiveStrategy",
]

RTM_SDK_VERSION = "2.2.6"
"""The release of the public SDK whose names these are. The version of this one is `rtm_sdk.__version__`."""

RTM_INTERFACE_VERSION = "2.7.0"
"""The interface of the service that this release was made for."""


class RTMServerConfig:
    """What `RTMServerConfigCenter.init` takes: set what is to be different.

    Attributes:
        global_connect_timeout: seconds for one attempt to connect.
        global_quest_timeout: seconds for a call that does not say otherwise.
        file_client_holding_seconds: how long a connection to a file gate is kept without use.
        error_recorder: an object with `record_error(text)`, see `RTMServerClient.set_error_recorder`.
    """

    global_connect_timeout: float = 30
    global_quest_timeout: float = 30
    file_client_holding_seconds: float = 150
    error_recorder: Any = None


class RTMServerConfigCenter:
    """Where clients look when they are made."""

    conf: Any = RTMServerConfig()

    @classmethod
    def init(cls, conf: Any = None) -> None:
        """Set the configuration for all clients that are made from now on.

        Args:
            conf: an `RTMServerConfig`; None goes back to its defaults.
        """
        cls.conf = RTMServerConfig() if conf is None else conf


@dataclass
class RegressiveStrategy:
    """How long to wait before connecting again; see `rtm_sdk.RegressiveStrategy`, which cannot be changed once made.

    Attributes:
        connect_failed_max_interval_milliseconds: a connection that lives shorter than this (ms) counts as a failure.
        start_connect_failed_count: so many failures are followed by a try at once.
        first_interval_seconds: the first pause.
        max_interval_seconds: the longest pause.
        linear_regressive_count: steps from the first pause to the longest.
    """

    connect_failed_max_interval_milliseconds: int = 1500
    start_connect_failed_count: int = 5
    first_interval_seconds: float = 2
    max_interval_seconds: float = 120
    linear_regressive_count: int = 5
