"""What `rtm demo` does: the main job, for real, with every result checked. Each client has a file."""

from .bearychat import BearyChatDemo
from .chat import ChatDemo
from .googlechat import GoogleChatDemo
from .process import GateDidNotStart, Settings, gate_process
from .report import Report, Unreachable
from .rtm import RTMDemo

__all__ = [
    "BearyChatDemo",
    "ChatDemo",
    "GateDidNotStart",
    "GoogleChatDemo",
    "RTMDemo",
    "Report",
    "Settings",
    "Unreachable",
    "gate_process",
]
