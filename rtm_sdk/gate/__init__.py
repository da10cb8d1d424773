"""The gate: a local server that speaks the wires of the SDK, to develop and test against.

Needs ``pip install "rtm-sdk[gate]"``.
"""

from .faults import Fault, Faults
from .refused import RefusedCall
from .server import DEMO_PID, DEMO_SECRET, Gate
from .settings import DEFAULT_STORED_MTYPES
from .store import MessageKind, StoredMessage

__all__ = [
    "DEFAULT_STORED_MTYPES",
    "DEMO_PID",
    "DEMO_SECRET",
    "Fault",
    "Faults",
    "Gate",
    "MessageKind",
    "RefusedCall",
    "StoredMessage",
]
