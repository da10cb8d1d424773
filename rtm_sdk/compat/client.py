"""The client with the public SDK's methods. Each is made of the method of `rtm_sdk.RTMServerClient` with its name."""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING, Any

from ..errors import FPNN_ERROR
from ..fpnn import strategy as fpnn_strategy
from ..rtm.client import RTMServerClient as ModernClient
from .settings import RTMServerConfigCenter
from .shapes import in_public_style

__all__ = ["ClientEngine", "RTMServerClient"]

_clients: weakref.WeakKeyDictionary[ModernClient, None] = weakref.WeakKeyDictionary()


class RTMServerClient:
    """A business server's client of one RTM project, called as in the public SDK.

    Timeouts and the error recorder are those of `RTMServerConfigCenter` at this moment.

    Args:
        pid: the project id.
        secret: the project's secret.
        endpoint: `host:port` of the server gate.

    Attributes:
        modern: the `rtm_sdk.RTMServerClient` that does the work, with the same connection and subscriptions. What is
            moved to the calls of `rtm_sdk` can use it already.
    """

    def __init__(self, pid: int, secret: str, endpoint: str) -> None:
        conf = RTMServerConfigCenter.conf
        self.modern = ModernClient(
            pid,
            secret,
            endpoint,
            timeout=conf.global_quest_timeout,
            connect_timeout=conf.global_connect_timeout,
            file_gate_idle=conf.file_client_holding_seconds,
        )
        self._reports: _ErrorReports | None = None
        _clients[self.modern] = None
        if conf.error_recorder is not None:
            self.set_error_recorder(conf.error_recorder)

    if TYPE_CHECKING:  # the methods of the service are made below

        def __getattr__(self, name: str) -> Any: ...

    def set_auto_connect(self, auto_connect: bool) -> None:
        """Say whether calls open the connection; otherwise only `reconnect()` does."""
        self.modern.set_auto_connect(bool(auto_connect))

    def set_quest_timeout(self, seconds: float) -> None:
        """Change the seconds that a call may take when it does not say otherwise."""
        self.modern.set_quest_timeout(seconds)

    def set_connect_timeout(self, seconds: float) -> None:
        """Change the seconds for one attempt to connect."""
        self.modern.set_connect_timeout(seconds)

    def set_regressive_strategy(self, strategy: Any) -> None:
        """Change how long to wait between attempts to connect.

        Args:
            strategy: a `RegressiveStrategy`, as it is now: later changes of its attributes do nothing.
        """
        fields = fpnn_strategy.RegressiveStrategy._fields
        self.modern.set_regressive_strategy(
            fpnn_strategy.RegressiveStrategy(*(getattr(strategy, field) for field in fields))
        )

    def set_connection_callback(self, callback: Any) -> None:
        """Have an `RTMConnectionCallback` told what becomes of the connection, instead of the one before."""
        self.modern.set_connection_callback(callback)

    def set_quest_processor(self, processor: Any) -> None:
        """Have an `RTMServerPushMonitor` told what is heard, instead of the one before."""
        self.modern.set_quest_processor(processor)

    def set_error_recorder(self, recorder: Any) -> None:
        """Have an object told, in words, of what goes wrong outside of calls, instead of the one before.

        That is: a connection broke or could not be opened, a callback or a handler raised.

        Args:
            recorder: an object with `record_error(text)`; None ends it.
        """
        if self._reports is not None:
            self._reports.end(self.modern)
        self._reports = None if recorder is None else _ErrorReports(self.modern, recorder)

    def enable_encryptor_by_pem_file(
        self, pem_pub_file: str | os.PathLike[str], curve_name: str = "secp256k1", strength: int = 128
    ) -> None:
        """Encrypt the connection to the server gate from its next opening on.

        Args:
            pem_pub_file: the path of a file with the gate's public key.
            curve_name: the curve that the key is on.
            strength: the length of the AES key, 128 or 256 bits.

        Raises:
            OSError: the file cannot be read.
            ValueError: it holds no public key, or one of another curve.
        """
        self.modern.enable_encryptor_by_pem_file(pem_pub_file, curve_name, strength)

    def reconnect(self) -> int:
        """Close the connection, if there is one, and connect anew. Returns the error code."""
        _, error_code = self.modern.reconnect()
        return error_code or FPNN_ERROR.FPNN_EC_OK

    def close(self) -> None:
        """Close all connections; calls that wait are answered with 20002. A later call opens them again."""
        self.modern.close()

    def destory(self) -> None:
        """Wait until the callbacks of this client have run, as long as one call may take, then close it."""
        with self.modern:
            pass

    def __repr__(self) -> str:
        modern = vars(self).get("modern")  # not there yet when the arguments were refused
        of = f" of project {modern.pid} at {modern.endpoint}" if modern is not None else ""
        return f"<rtm_sdk.compat.RTMServerClient{of}>"


class ClientEngine:
    """What all clients of the process have in common."""

    @staticmethod
    def destory() -> None:
        """Wait until the callbacks of all clients have run, as long as one call may take, and close the clients."""
        known = [reference() for reference in _clients.keyrefs()]  # a copy: callbacks may make clients meanwhile
        for client in known * 2:  # again: callbacks and hooks of one may have made calls of another that was closed
            if client is not None:
                with client:
                    pass


class _ErrorReports:
    """Tells a recorder what goes wrong with a client.

    Args:
        client: whose hooks are used.
        recorder: has `record_error(text)`.
    """

    def __init__(self, client: ModernClient, recorder: Any) -> None:
        self._record: Any = getattr(recorder, "record_error", None)
        if not callable(self._record):
            raise TypeError(f"recorder must be an object with record_error(text), not {type(recorder).__name__}")
        client.on("connected", self._connected)
        client.on("closed", self._closed)
        client.on_callback_error = self._raised

    def end(self, client: ModernClient) -> None:
        """Tell it no more."""
        client.off("connected", self._connected)
        client.off("closed", self._closed)
        client.on_callback_error = None

    def _connected(self, connection_id: int, endpoint: str, success: bool, is_reconnect: bool) -> None:
        if not success:
            self._record(f"connection {connection_id} to {endpoint} could not be opened")

    def _closed(self, connection_id: int, endpoint: str, caused_by_error: bool, is_reconnect: bool) -> None:
        if caused_by_error:
            self._record(f"connection {connection_id} to {endpoint} broke")

    def _raised(self, name: str, error: BaseException) -> None:
        self._record(f"the callback or handler of {name} raised {type(error).__name__}: {error}")


def _add_methods() -> None:
    for domain in ModernClient.__mro__[1:]:
        for name, value in vars(domain).items():
            if hasattr(value, "generator"):
                setattr(RTMServerClient, name, in_public_style(value))


_add_methods()
