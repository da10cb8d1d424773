"""The SDK of chat back ends, with one calling convention: `(result, error_code)`, or a callback on a worker pool."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .bearychat.client import BearyChatClient as BearyChatClient
    from .bearychat.webhook import BearyChatWebhook as BearyChatWebhook
    from .calling import Callback as Callback
    from .errors import BEARYCHAT_ERROR as BEARYCHAT_ERROR
    from .errors import FPNN_ERROR as FPNN_ERROR
    from .errors import RTM_ERROR as RTM_ERROR
    from .errors import Code as Code
    from .errors import ErrorCode as ErrorCode
    from .errors import RTMException as RTMException
    from .errors import unwrap as unwrap
    from .fpnn.encryption import Encryption as Encryption
    from .fpnn.strategy import KeepAlive as KeepAlive
    from .fpnn.strategy import RegressiveStrategy as RegressiveStrategy
    from .googlechat.client import GoogleChatClient as GoogleChatClient
    from .googlechat.webhook import GoogleChatWebhook as GoogleChatWebhook
    from .rtm.client import RTMServerClient as RTMServerClient
    from .rtm.handlers import RTMConnectionCallback as RTMConnectionCallback
    from .rtm.handlers import RTMServerPushMonitor as RTMServerPushMonitor
    from .rtm.results import RTMMessage as RTMMessage
    from .workers import WorkerPool as WorkerPool

_HOMES = {
    "BEARYCHAT_ERROR": "errors",
    "BearyChatClient": "bearychat.client",
    "BearyChatWebhook": "bearychat.webhook",
    "Callback": "calling",
    "Code": "errors",
    "Encryption": "fpnn.encryption",
    "ErrorCode": "errors",
    "FPNN_ERROR": "errors",
    "GoogleChatClient": "googlechat.client",
    "GoogleChatWebhook": "googlechat.webhook",
    "KeepAlive": "fpnn.strategy",
    "RTMConnectionCallback": "rtm.handlers",
    "RTMException": "errors",
    "RTMMessage": "rtm.results",
    "RTMServerClient": "rtm.client",
    "RTMServerPushMonitor": "rtm.handlers",
    "RTM_ERROR": "errors",
    "RegressiveStrategy": "fpnn.strategy",
    "WorkerPool": "workers",
    "unwrap": "errors",
}

__all__ = [
    "BEARYCHAT_ERROR",
    "FPNN_ERROR",
    "RTM_ERROR",
    "BearyChatClient",
    "BearyChatWebhook",
    "Callback",
    "Code",
    "Encryption",
    "ErrorCode",
    "GoogleChatClient",
    "GoogleChatWebhook",
    "KeepAlive",
    "RTMConnectionCallback",
    "RTMException",
    "RTMMessage",
    "RTMServerClient",
    "RTMServerPushMonitor",
    "RegressiveStrategy",
    "WorkerPool",
    "__version__",
    "unwrap",
]


def __getattr__(name: str) -> Any:
    """Load a public name with its first use, so that `import rtm_sdk` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
