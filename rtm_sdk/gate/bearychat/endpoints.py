"""The table of endpoints, and what each of them gets to work with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..endpoint import Address
from ..http import Inside
from .conversations import Conversation, Conversations
from .people import People, Resource
from .records import Record, Records
from .refusals import forbidden, not_found
from .sockets import Sockets

__all__ = ["ENDPOINTS", "Call", "Endpoint", "endpoint"]


class Call:
    """One call of an endpoint.

    Attributes:
        params: the parameters, of the query or of the body, without the token.
        user: the token's user; empty where no token is needed.
        inside: what the gate has.
        store: the gate's store.
        people: the team and its users.
        conversations: all conversations.
        sockets: the connections of RTM.
        records: all messages.
        reached: where the client reached the gate.
        tombstones: whether deleted messages are shown.
    """

    def __init__(
        self,
        params: dict[str, Any],
        user: Resource,
        inside: Inside,
        sockets: Sockets,
        *,
        reached: Address,
        tombstones: bool,
    ) -> None:
        self.params = params
        self.user = user
        self.inside = inside
        self.store = inside.store
        self.people = People(self.store)
        self.conversations = Conversations(self.store)
        self.sockets = sockets
        self.records = Records(self.store, sockets.tell)
        self.reached = reached
        self.tombstones = tombstones

    @property
    def uid(self) -> str:
        """The id of the token's user."""
        return str(self.user["id"])

    @property
    def team_id(self) -> str:
        """The id of the team."""
        return str(self.user["team_id"])

    def visible(self, vchannel_id: str, *kinds: str) -> Conversation:
        """A conversation that the user can see, of one of some kinds; without kinds of any."""
        found = self.conversations.get(vchannel_id)
        if found is None or (kinds and found.type not in kinds):
            raise not_found("conversation")
        if found.private and not self.conversations.is_member(vchannel_id, self.uid):
            raise not_found("conversation")
        return found

    def joined(self, vchannel_id: str, *kinds: str) -> Conversation:
        """A conversation that the user can see and is in."""
        found = self.visible(vchannel_id, *kinds)
        if not self.conversations.is_member(vchannel_id, self.uid):
            raise forbidden("the user of the token is not in this conversation")
        return found

    def open_for(self, vchannel_id: str) -> Conversation:
        """A conversation that the user may write to."""
        found = self.joined(vchannel_id)
        if not found.is_active:
            raise forbidden("this conversation is archived")
        return found

    def message(self, vchannel_id: str, position: int) -> Record:
        """A message in a conversation that the user can see."""
        conversation = self.visible(vchannel_id)
        found = self.records.get(conversation.id, position)
        if found is None or (found.deleted and not self.tombstones):
            raise not_found("message")
        return found

    def living_message(self, vchannel_id: str, position: int) -> Record:
        """One that was not deleted."""
        found = self.message(vchannel_id, position)
        if found.deleted:
            raise forbidden("this message was deleted")
        return found

    def shown(self, conversation: Conversation) -> Resource:
        """A conversation as this user sees it now."""
        now = self.conversations.get(conversation.id) or conversation
        return self.conversations.resource(now, self.uid, self.team_id)


class Endpoint(NamedTuple):
    """What answers under one name.

    Attributes:
        name: the endpoint.
        verbs: the HTTP methods that it takes.
        answer: gives the body; None is no body. An `Answer` is taken as it is.
        status: the HTTP status of success.
        anonymous: whether it answers without a token.
    """

    name: str
    verbs: tuple[str, ...]
    answer: Callable[[Call], Any]
    status: int
    anonymous: bool


ENDPOINTS: dict[str, Endpoint] = {}
"""All endpoints by name."""


def endpoint(
    name: str, *verbs: str, status: int = 200, anonymous: bool = False
) -> Callable[[Callable[[Call], Any]], Callable[[Call], Any]]:
    """Let a function answer under a name. See `Endpoint`."""

    def enter(function: Callable[[Call], Any]) -> Callable[[Call], Any]:
        ENDPOINTS[name] = Endpoint(name, verbs, function, status, anonymous)
        return function

    return enter
