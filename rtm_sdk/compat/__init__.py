"""The names of the public Python SDK for RTM servers (2.2.6), for programs that were written for it.

Either `import rtm_sdk.compat as rtm`, or call `install()` before the program's own imports: then `import rtm` and
`import fpnn` mean this package. What is different is listed in docs/migration.md. Everything is done by
`rtm_sdk.RTMServerClient`; only names, arguments and the form of the outcome are the public SDK's.
"""

from __future__ import annotations

from ..errors import FPNN_ERROR, RTM_ERROR
from ..rtm import callbacks as _callbacks
from ..rtm.callbacks import *  # noqa: F403 (the named callback classes are the public SDK's, all of them)
from ..rtm.handlers import RTMConnectionCallback, RTMServerPushMonitor
from ..rtm.results import (
    AdministratorCommand,
    ChatMessageType,
    CheckResult,
    FileInfo,
    GetDevicePushOptionResult,
    GetMessageNumResult,
    GetRTCRoomListResult,
    GetRTCRoomMemberCountResult,
    GetRTCRoomMembersResult,
    HistoryMessage,
    HistoryMessageResult,
    ListenStatusInfo,
    MessageType,
    RetrievedMessage,
    RTMMessage,
    SpeechToTextResult,
    TextCheckResult,
    TranslateResult,
)
from .client import ClientEngine, RTMServerClient
from .modules import install
from .settings import (
    RTM_INTERFACE_VERSION,
    RTM_SDK_VERSION,
    RegressiveStrategy,
    RTMServerConfig,
    RTMServerConfigCenter,
)

__all__ = [
    "FPNN_ERROR",
    "RTM_ERROR",
    "RTM_INTERFACE_VERSION",
    "RTM_SDK_VERSION",
    "AdministratorCommand",
    "ChatMessageType",
    "CheckResult",
    "ClientEngine",
    "FileInfo",
    "GetDevicePushOptionResult",
    "GetMessageNumResult",
    "GetRTCRoomListResult",
    "GetRTCRoomMemberCountResult",
    "GetRTCRoomMembersResult",
    "HistoryMessage",
    "HistoryMessageResult",
    "ListenStatusInfo",
    "MessageType",
    "RTMConnectionCallback",
    "RTMMessage",
    "RTMServerClient",
    "RTMServerConfig",
    "RTMServerConfigCenter",
    "RTMServerPushMonitor",
    "RegressiveStrategy",
    "RetrievedMessage",
    "SpeechToTextResult",
    "TextCheckResult",
    "TranslateResult",
    "install",
]
__all__ += _callbacks.__all__
