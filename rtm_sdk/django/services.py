"""The three services: what their options are called, how their clients are made, and how to see whether one answers."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import ErrorCode

if TYPE_CHECKING:
    from ..client import Client
    from ..gate import Gate

__all__ = ["SERVICES", "Service"]


class Service(ABC):
    """One service.

    Attributes:
        name: what `client` in the setting is called.
        secrets: the options that should not stand in the setting itself.
        address: the option that says where the service is.
        loads: modules that its clients otherwise import on threads of their own. A child that is forked during an
            import never gets the module: it waits for a thread that it does not have.
    """

    name: str
    secrets: frozenset[str]
    address: str
    loads: tuple[str, ...]

    @property
    @abstractmethod
    def client_class(self) -> type[Client]:
        """The class of its clients; loaded with its first use."""

    @abstractmethod
    def missing(self, given: Mapping[str, Any]) -> list[str]:
        """The options without which there is no client, in words."""

    @abstractmethod
    def of_gate(self, gate: Gate) -> dict[str, Any]:
        """The options for a gate that runs in this process."""

    @abstractmethod
    def of_demo(self) -> dict[str, Any]:
        """Who may use a gate that was started without options."""

    @abstractmethod
    def of_nowhere(self) -> dict[str, Any]:
        """The options for a client that will not connect."""

    @abstractmethod
    def reach(self, client: Any, timeout: float) -> ErrorCode:
        """Try whether the service is there.

        Args:
            client: of the service.
            timeout: seconds.

        Returns:
            The error code of a call that changes nothing.
        """

    def make(self, client_class: Callable[..., Client], options: dict[str, Any]) -> Client:
        """Make a client of complete options."""
        return client_class(**options)

    def has_credentials(self, given: Mapping[str, Any]) -> bool:
        """Whether the options say who the caller is, at least in part: then a gate's own are not taken."""
        return any(key in given for key in self.of_demo())

    def without_credentials(self, given: Mapping[str, Any]) -> list[str]:
        """The options that say neither where the service is nor who the caller is."""
        about = {self.address, *self.of_demo()}
        return [key for key in given if key in _parameters(self.client_class.__init__) and key not in about]

    def options(self) -> frozenset[str]:
        """The options there are."""
        return frozenset(self._kinds)

    def kind_of(self, key: str) -> str:
        """How an option is read from the environment: ``int``, ``float``, ``text``, ``json``, or not at all."""
        kinds = self._kinds[key].split(" | ")
        if kinds[0] in ("int", "float"):
            return kinds[0]
        return "json" if kinds[0] == "Mapping[str, Any]" else "text" if "str" in kinds else "none"

    @cached_property
    def _kinds(self) -> dict[str, str]:
        """Options, and their types as they are written."""
        kinds = _parameters(self.client_class.__init__)
        kinds["workers"] = "int"
        return kinds


class RTM(Service):
    """RTM."""

    name = "rtm"
    secrets = frozenset(("secret",))
    address = "endpoint"
    loads = ("encodings.idna",)  # by `socket.getaddrinfo`

    @property
    def client_class(self) -> type[Client]:
        """The class of its clients."""
        from ..rtm.client import RTMServerClient

        return RTMServerClient

    def missing(self, given: Mapping[str, Any]) -> list[str]:
        """Project, secret and address."""
        return [key for key in ("pid", "secret", "endpoint") if key not in given]

    def of_gate(self, gate: Gate) -> dict[str, Any]:
        """Its project."""
        return {"pid": gate.pid, "secret": gate.secret, "endpoint": gate.endpoint}

    def of_demo(self) -> dict[str, Any]:
        """The project for demonstrations."""
        from ..gate import DEMO_PID, DEMO_SECRET

        return {"pid": DEMO_PID, "secret": DEMO_SECRET}

    def of_nowhere(self) -> dict[str, Any]:
        """A project that does not exist."""
        return {"pid": 1, "secret": "none", "endpoint": "localhost:1"}

    def reach(self, client: Any, timeout: float) -> ErrorCode:
        """Connect."""
        _, error_code = client.reconnect(timeout)
        return error_code  # type: ignore[no-any-return]


class GoogleChat(Service):
    """Google Chat."""

    name = "googlechat"
    secrets = frozenset(("token", "service_account_info"))
    address = "base_url"
    loads = ("encodings.idna", "rtm_sdk.http.session", "cryptography.hazmat.primitives.asymmetric.padding")

    _MAKERS = ("token", "service_account_file", "service_account_info", "credentials")
    """How the client may prove who it is: the classes' own `token`, and the rest of `from_...`."""

    @property
    def client_class(self) -> type[Client]:
        """The class of its clients."""
        from ..googlechat.client import GoogleChatClient

        return GoogleChatClient

    @cached_property
    def _kinds(self) -> dict[str, str]:
        from ..googlechat.client import GoogleChatClient

        kinds = dict(super()._kinds)
        account = _parameters(GoogleChatClient.from_service_account_file)
        kinds["service_account_file"] = account.pop("path")
        kinds["service_account_info"] = "Mapping[str, Any]"
        kinds["credentials"] = "Any"
        return {**kinds, **account}

    def missing(self, given: Mapping[str, Any]) -> list[str]:
        """One of the ways to prove who it is."""
        return [] if any(key in given for key in self._MAKERS) else [" or ".join(self._MAKERS)]

    def has_credentials(self, given: Mapping[str, Any]) -> bool:
        """Whether one of the ways is given."""
        return not self.missing(given)

    def make(self, client_class: Callable[..., Client], options: dict[str, Any]) -> Client:
        """Make a client by the way that is given."""
        ways = [key for key in self._MAKERS if key in options]
        if len(ways) != 1:
            raise ValueError(f"{' and '.join(ways)} exclude each other")
        way = options.pop(ways[0])
        if not ways[0].startswith("service_account"):
            for key in options.keys() - _parameters(self.client_class.__init__):
                raise ValueError(f"{key} must not be given with {ways[0]}")
        if ways[0] == "token":
            return client_class(way, **options)
        return getattr(client_class, f"from_{ways[0]}")(way, **options)  # type: ignore[no-any-return]

    def of_gate(self, gate: Gate) -> dict[str, Any]:
        """Its user."""
        return {"token": gate.google.token, "base_url": gate.google.base_url}

    def of_demo(self) -> dict[str, Any]:
        """The user for demonstrations."""
        from ..gate.googlechat.door import DEMO_TOKEN

        return {"token": DEMO_TOKEN}

    def of_nowhere(self) -> dict[str, Any]:
        """Nobody."""
        return {"token": "none", "base_url": "http://localhost:1"}

    def reach(self, client: Any, timeout: float) -> ErrorCode:
        """Ask for a space."""
        _, error_code = client.list_spaces(page_size=1, timeout=timeout)
        return error_code  # type: ignore[no-any-return]


class BearyChat(Service):
    """BearyChat."""

    name = "bearychat"
    secrets = frozenset(("token",))
    address = "base_url"
    loads = ("encodings.idna", "rtm_sdk.http.session")

    @property
    def client_class(self) -> type[Client]:
        """The class of its clients."""
        from ..bearychat.client import BearyChatClient

        return BearyChatClient

    def missing(self, given: Mapping[str, Any]) -> list[str]:
        """The token."""
        return [] if "token" in given else ["token"]

    def of_gate(self, gate: Gate) -> dict[str, Any]:
        """Its robot."""
        door = gate.bearychat
        return {"token": door.token, "base_url": door.base_url, "rtm_base_url": door.rtm_base_url}

    def of_demo(self) -> dict[str, Any]:
        """The robot for demonstrations."""
        from ..gate.bearychat.door import DEMO_TOKEN

        return {"token": DEMO_TOKEN}

    def of_nowhere(self) -> dict[str, Any]:
        """Nobody."""
        return {"token": "none", "base_url": "http://localhost:1/v1"}

    def reach(self, client: Any, timeout: float) -> ErrorCode:
        """Ask for the version."""
        _, error_code = client.get_meta(timeout=timeout)
        return error_code  # type: ignore[no-any-return]


def _parameters(function: Callable[..., Any]) -> dict[str, str]:
    """The parameters that can be given by name, and their types as they are written."""
    return {
        each.name: each.annotation
        for each in inspect.signature(function).parameters.values()
        if each.name != "self" and each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
    }


SERVICES: dict[str, Service] = {service.name: service for service in (RTM(), GoogleChat(), BearyChat())}
"""By the name in the setting."""
