"""The door of BearyChat: its addresses and tokens, what is to be there, and the way to each endpoint."""

from __future__ import annotations

import hmac
import json
import re
import secrets
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from ...bearychat.resources import User
from ...errors import BEARYCHAT_ERROR
from ...secret import Secret
from ..clock import Clock
from ..endpoint import Address
from ..files import safe_filename
from ..http import Answer, Door, HTTPCall, Inside, Refused, Route
from . import params as read
from . import rtm
from .conversations import CHANNEL, SESSION, Conversation, Conversations
from .endpoints import ENDPOINTS, Call, Endpoint
from .formats import known_id, message_key, next_position, time_text
from .p2p import open_p2p
from .people import People, Resource, digest_of
from .query import position_of_key
from .rates import Rates
from .records import Records
from .refusals import failure, not_found, refusal
from .sockets import Sockets
from .tables import TABLES
from .webhooks import BEARYBOT, Webhook, add_webhook, post_by_webhook

__all__ = ["DEMO_TOKEN", "BearyChatDoor"]

DEMO_TOKEN = "demo-bearychat-token"
"""The token of the robot `GATEBOT` while only this machine can reach the gate; otherwise a random one is made."""

GATEBOT = "gatebot"
"""The handle of the robot that the door's token stands for."""

GENERAL = "general"
"""The channel that everybody is in."""

TEAM_ID = known_id("team")

_API, _RTM = "/bearychat/v1/", "/bearychat/rtm/"
_HOOK = re.compile(r"/bearychat/hook/([^/]+)/incoming/([^/]+)")
_RTM_NAMES = "rtm_http."


class BearyChatDoor(Door):
    """BearyChat on the gate's HTTP port.

    There are a team, a robot (`token` is its token), the assistant BearyBot and the channel `general` that everybody is
    in. Whatever else is to be there is added by the methods `add_...`, before the gate starts or while it runs, from
    any thread. They can be called again with a store file that has it already. Users are given by id or handle,
    conversations by id or, channels only, by name.

    Attributes:
        rates: how many calls there may be in an hour: `calls` with a token (1000), `anonymous_calls` without (60).
        tombstones: whether messages that were deleted are shown by `message.query` and `message.info`, as tombstones.
            The service does not publish this.
    """

    prefixes = ("/bearychat/",)
    tables = TABLES

    def __init__(self, clock: Clock, *, loopback: bool) -> None:
        super().__init__(clock, loopback=loopback)
        self.rates = Rates(clock)
        self.tombstones = False
        self._sockets = Sockets(lambda: self.inside, self._take_frame)
        self._token = Secret(DEMO_TOKEN if loopback else secrets.token_hex(16))
        self._minting = threading.Lock()
        self._last_position = 0
        self._seeded = 0
        self.set_team()
        bot = self.add_user(GATEBOT, full_name="Gate Bot", type="hubot")
        self.add_user(BEARYBOT, full_name="BearyBot", type="assistant")
        self._seed_channel(known_id("channel", GENERAL), GENERAL, None, False, True, [bot])

    # --- what it is ------------------------------------------------------------------------------------------

    @property
    def token(self) -> str:
        """The token of the robot that is always there."""
        return self._token

    @property
    def base_url(self) -> str:
        """Where the OpenAPI is. RuntimeError while the gate does not run."""
        return self.inside.url + _API.rstrip("/")

    @property
    def rtm_base_url(self) -> str:
        """Where the RTM service is. RuntimeError while the gate does not run."""
        return self.inside.url + _RTM.rstrip("/")

    def webhook_url(self, secret: str) -> str:
        """Where a webhook is. RuntimeError while the gate does not run.

        Args:
            secret: from `add_webhook`.
        """
        return f"{self.inside.url}/bearychat/hook/{TEAM_ID}/incoming/{secret}"

    # --- what is to be there ---------------------------------------------------------------------------------

    def set_team(self, **members: Any) -> None:
        """Say what the team is.

        Args:
            members: members of the resource `Team`; the others have plain values.

        Raises:
            TypeError: there is no such member.
        """
        resource = {
            "id": TEAM_ID,
            "subdomain": "gate",
            "name": "Gate",
            "email_domain": None,
            "logo_url": None,
            "description": "",
            "plan": "basic",
            "created": time_text(self.clock.ms()),
        }
        _only("team", members, resource.keys() - {"id"})
        self.seed(lambda inside: People(inside.store).set_team(resource, members))

    def add_user(self, name: str, *, id: str = "", token: str = "", **members: Any) -> str:
        """Add a user. The user is in the channel `general`.

        Args:
            name: the handle.
            id: the id; left out, one that is made of the handle.
            token: a token that stands for the user.
            members: members of the resource `User`; the others have plain values.

        Returns:
            the id.

        Raises:
            TypeError: there is no such member.
            ValueError: another user has that handle.
        """
        _texts(name=name, id=id, token=token)
        uid = id or known_id("user", name)
        resource: Resource = {
            "id": uid,
            "team_id": TEAM_ID,
            "email": f"{name}@example.com",
            "mobile": None,
            "name": name,
            "full_name": None,
            "type": "normal",
            "role": "normal",
            "avatars": {"small": None, "medium": None, "large": None},
            "profile": {"bio": None, "position": None, "skype": None},
            "inactive": False,
            "created": time_text(self.clock.ms()),
        }
        _only("user", members, User.__annotations__.keys() - {"id", "team_id"})
        resource.update(members)

        def work(inside: Inside) -> None:
            people, conversations = People(inside.store), Conversations(inside.store)
            people.add(resource)
            if people.user(uid) is None:
                raise ValueError(f"another user has the name {name!r}")
            if token:
                people.add_token(token, uid)
            general = conversations.general()
            if general is not None:
                conversations.join(general.id, uid)

        self.seed(work)
        return uid

    def add_token(self, user: str) -> str:
        """Make a token for a user.

        Args:
            user: id or handle.

        Returns:
            the token.
        """
        token = Secret(secrets.token_hex(16))
        self.seed(lambda inside: People(inside.store).add_token(token, _uid(inside, user)))
        return token

    def add_channel(
        self,
        name: str,
        *,
        id: str = "",
        topic: str | None = None,
        private: bool = False,
        members: Iterable[str] = (),
        creator: str = GATEBOT,
    ) -> str:
        """Add a channel.

        Args:
            name: 2 to 20 Latin or 1 to 10 Chinese characters.
            id: the id; left out, one that is made of the name.
            topic: what it is about.
            private: whether only members see it.
            members: who is in it, beside its creator.
            creator: who made it.

        Returns:
            the id.

        Raises:
            ValueError: a user is unknown, or another channel has that name.
        """
        _texts(name=name, id=id, creator=creator)
        _check_members(members)
        if not isinstance(private, bool):
            raise TypeError(f"private must be a bool, not {type(private).__name__}")
        vchannel_id = id or known_id("channel", name)
        self._seed_channel(vchannel_id, name, topic, private, False, [creator, *members])
        return vchannel_id

    def _seed_channel(
        self, vchannel_id: str, name: str, topic: str | None, private: bool, general: bool, members: list[str]
    ) -> None:
        now = self.clock.ms()

        def work(inside: Inside) -> None:
            uids = [_uid(inside, each) for each in members]
            channel = Conversation.new(
                vchannel_id, CHANNEL, now, name=name, topic=topic, uid=uids[0], general=general, private=private
            )
            if general:
                uids += [each["id"] for each in People(inside.store).users()]
            conversations = Conversations(inside.store)
            conversations.add(channel, uids)
            if conversations.get(vchannel_id) is None:
                raise ValueError(f"another channel has the name {name!r}")

        self.seed(work)

    def add_session_channel(self, members: Iterable[str], *, id: str = "", name: str | None = None) -> str:
        """Add a discussion group.

        Args:
            members: who is in it.
            id: the id; left out, one that is made of the other arguments.
            name: its name.

        Returns:
            the id.

        Raises:
            ValueError: a user is unknown.
        """
        _check_members(members)
        who = list(members)
        _texts(id=id, name=name or "")
        vchannel_id = id or known_id("session", str(self._next_number()), name or "", *who)
        now = self.clock.ms()

        def work(inside: Inside) -> None:
            uids = [_uid(inside, each) for each in who]
            Conversations(inside.store).add(Conversation.new(vchannel_id, SESSION, now, name=name), uids)

        self.seed(work)
        return vchannel_id

    def add_p2p(self, user: str, other: str, *, id: str = "") -> str:
        """Add the conversation of two users.

        Args:
            user, other: the two.
            id: the id; left out, one that is made of the other arguments.

        Returns:
            the id.

        Raises:
            ValueError: a user is unknown, or they have a conversation with another id.
        """
        _texts(user=user, other=other, id=id)
        vchannel_id = id or known_id("p2p", "seeded", user, other)
        now = self.clock.ms()

        def work(inside: Inside) -> None:
            uid, other_uid = _uid(inside, user), _uid(inside, other)
            if open_p2p(Conversations(inside.store), uid, other_uid, now, vchannel_id).id != vchannel_id:
                raise ValueError(f"{user!r} and {other!r} have a conversation with another id")

        self.seed(work)
        return vchannel_id

    def add_message(
        self,
        vchannel: str,
        text: str,
        *,
        user: str = GATEBOT,
        key: str = "",
        attachments: Iterable[Mapping[str, Any]] = (),
    ) -> str:
        """Add a message.

        Args:
            vchannel: where; id, or name of a channel.
            text: the body.
            user: who sent it.
            key: its key, `<ms>.<4 digits>`; left out, it is sent now.
            attachments: its attachments.

        Returns:
            the key.

        Raises:
            ValueError: the conversation or the user is unknown, or the key is none.
        """
        _texts(vchannel=vchannel, text=text, user=user, key=key)
        with self._minting:
            try:
                position = position_of_key("key", key) if key else next_position(self._last_position, self.clock.ms())
            except Refused:
                raise ValueError(f"key must be a message key such as '1485236262366.0193', not {key!r}") from None
            self._last_position = max(self._last_position, position)
        message_id = known_id("message", str(self._next_number()), vchannel, user, key, text)
        blocks = [dict(each) for each in attachments]

        def work(inside: Inside) -> None:
            target = _vchannel(inside, vchannel)
            Records(inside.store, self._sockets.tell).add(
                target,
                TEAM_ID,
                text,
                uid=_uid(inside, user),
                attachments=blocks,
                position=position,
                message_id=message_id,
            )

        self.seed(work)
        return message_key(position)

    def add_emoji(self, name: str, url: str) -> None:
        """Add an emoji to those of the team.

        Args:
            name: without colons.
            url: of the picture.
        """
        _texts(name=name, url=url)
        now = time_text(self.clock.ms())
        resource = {
            "id": known_id("emoji", name),
            "uid": known_id("user", GATEBOT),
            "team_id": TEAM_ID,
            "name": name,
            "type": "emoji",
            "url": url,
            "created": now,
            "updated": now,
        }
        self._seed_row("bearychat_emojis (name, resource)", name, json.dumps(resource))

    def add_sticker_pack(self, pack: str, stickers: Iterable[Mapping[str, Any]]) -> None:
        """Add a pack of stickers.

        Args:
            pack: its name.
            stickers: each with `url`, `name`, `width` and `height`, in pixels.
        """
        _texts(pack=pack)
        resource = {"pack": pack, "stickers": [dict(each) for each in stickers]}
        self._seed_row("bearychat_sticker_packs (pack, resource)", pack, json.dumps(resource))

    def add_file(self, filename: str, content: bytes | str, *, key: str = "") -> str:
        """Add a file, whose place `file.location` tells.

        Args:
            filename: the name to show.
            content: the content; a text is stored as UTF-8.
            key: its key; left out, one that is made of the name.

        Returns:
            the key.
        """
        _texts(filename=filename, key=key)
        file_key = key or known_id("file", filename)
        data = content.encode() if isinstance(content, str) else bytes(content)

        def work(inside: Inside) -> None:
            where = (file_key,)
            if inside.store.execute("SELECT 1 FROM bearychat_files WHERE file_key = ?", where).fetchone() is None:
                file = inside.contents.new(safe_filename(filename))
                inside.contents.write(file, data)
                inside.store.add_file(file)
                inside.store.execute("INSERT INTO bearychat_files VALUES (?, ?, ?)", (file_key, *file))

        self.seed(work)
        return file_key

    def add_webhook(self, vchannel: str = GENERAL, *, creator: str = GATEBOT, secret: str = "") -> str:
        """Add an incoming webhook, the address of a robot.

        Args:
            vchannel: where it posts unless told otherwise; id, or name of a channel.
            creator: who made it; it posts to channels that this user sees.
            secret: the last part of the address; left out, a random one.

        Returns:
            the secret, see `webhook_url`.
        """
        _texts(vchannel=vchannel, creator=creator, secret=secret)
        secret = Secret(secret or secrets.token_hex(16))
        robot_id = known_id("robot", secret)

        def work(inside: Inside) -> None:
            webhook = Webhook(robot_id, _uid(inside, creator), _vchannel(inside, vchannel).id)
            add_webhook(inside, secret, webhook)

        self.seed(work)
        return secret

    def load(self, seed: Mapping[str, Any]) -> None:
        """Add what a file says: lists of objects whose members are the arguments of the methods `add_...`.

        They are called `users`, `channels`, `session_channels`, `p2ps`, `messages`, `emojis`, `sticker_packs`, `files`
        and `webhooks`, and are added in this order; `team` is one object, for `set_team`.

        Args:
            seed: the member `bearychat` of the file.

        Raises:
            ValueError: something is wrong; the text names the place.
        """
        kinds: dict[str, Callable[..., object]] = {
            "users": self.add_user,
            "channels": self.add_channel,
            "session_channels": self.add_session_channel,
            "p2ps": self.add_p2p,
            "messages": self.add_message,
            "emojis": self.add_emoji,
            "sticker_packs": self.add_sticker_pack,
            "files": self.add_file,
            "webhooks": self.add_webhook,
        }
        for name in seed:
            if name not in kinds and name != "team":
                raise ValueError(f"seed: bearychat has no {name!r}, only team, {', '.join(kinds)}")
        if "team" in seed:
            _add("seed: bearychat.team", self.set_team, seed["team"])
        for name, add in kinds.items():
            entries = seed.get(name, [])
            if not isinstance(entries, list):
                raise ValueError(f"seed: bearychat.{name} must be an array")
            for index, entry in enumerate(entries):
                _add(f"seed: bearychat.{name}[{index}]", add, entry)

    def _seed_row(self, table: str, name: str, resource: str) -> None:
        self.seed(lambda inside: inside.store.execute(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", (name, resource)))

    def _next_number(self) -> int:
        """Tells apart what is seeded twice; the same from run to run."""
        with self._minting:
            self._seeded += 1
            return self._seeded

    # --- calls -----------------------------------------------------------------------------------------------

    def reset(self) -> None:
        """Have the seeds in an emptied store, and count calls anew."""
        self.rates.forget()
        self._sockets.forget()
        super().reset()

    def route(self, call: HTTPCall) -> Route:
        """Find the endpoint of a path. Doubled slashes count as one."""
        path = re.sub("/{2,}", "/", unquote(call.path))
        hook = _HOOK.fullmatch(path)
        if hook is not None:
            _check_verb(call, ("POST",))
            team_id, secret = hook.groups()
            return Route(
                "webhook", lambda call: post_by_webhook(self.inside, self._sockets.tell, call, team_id, secret)
            )
        if path.startswith(rtm.SOCKET):
            _check_verb(call, ("GET",))
            ticket = path.removeprefix(rtm.SOCKET)
            return Route("socket", _no_socket, socket=lambda request, call: self._sockets.serve(request, ticket))
        if path.startswith(_API):
            name = path.removeprefix(_API)
            found = None if name.startswith(_RTM_NAMES) else ENDPOINTS.get(name)
        else:
            found = ENDPOINTS.get(_RTM_NAMES + path.removeprefix(_RTM)) if path.startswith(_RTM) else None
        if found is None:
            raise not_found("endpoint")
        _check_verb(call, found.verbs)
        endpoint = found
        return Route(endpoint.name, lambda call: self._answer(endpoint, call))

    def failure(self, status: int, text: str, *, code: int = 0) -> Answer:
        """An error: its code and text as JSON."""
        return failure(status, text, code)

    async def hang_up(self) -> None:
        """Close all sockets."""
        await self._sockets.close()

    def _user_of(self, token: str) -> Resource | None:
        people = People(self.inside.store)
        if hmac.compare_digest(digest_of(token), digest_of(self._token)):  # never stored: it is this gate's only
            return people.user(known_id("user", GATEBOT))
        return people.user_of(token)

    def _call(self, params: Resource, user: Resource, reached: Address) -> Call:
        return Call(params, user, self.inside, self._sockets, reached=reached, tombstones=self.tombstones)

    def _take_frame(self, uid: str, frame: Resource) -> None:
        user = People(self.inside.store).user(uid)
        assert user is not None
        rtm.take_frame(self._call(frame, user, self.inside.contents.http))

    def _answer(self, endpoint: Endpoint, call: HTTPCall) -> Answer:
        query = dict(call.query)
        params = query if call.verb == "GET" else read.json_object(call.body)
        token = query.get("token") or params.get("token")
        user = self._user_of(token) if isinstance(token, str) and token else None
        within, headers = self.rates.count("" if user is None else user["id"])
        try:
            if not within:
                raise refusal(BEARYCHAT_ERROR.RATE_LIMIT, "too many calls in this hour")
            if user is None and not endpoint.anonymous:
                raise refusal(
                    BEARYCHAT_ERROR.UNAUTHORIZED,
                    "the token is unknown" if token else "the parameter 'token' is missing",
                )
            data = endpoint.answer(self._call(params, user or {}, call.reached))
        except Refused as refused:
            raise Refused(_with(headers, refused.answer)) from None
        return _with(headers, data if isinstance(data, Answer) else Answer(endpoint.status, data))


def _no_socket(call: HTTPCall) -> Answer:
    raise not_found("endpoint: this address opens a WebSocket")


def _check_verb(call: HTTPCall, verbs: tuple[str, ...]) -> None:
    if call.verb not in verbs:
        answer = failure(405, f"this endpoint takes {' and '.join(verbs)}")
        raise Refused(_with({"Allow": ", ".join(verbs)}, answer))


def _with(headers: Mapping[str, str], answer: Answer) -> Answer:
    return answer._replace(headers={**answer.headers, **headers})


def _uid(inside: Inside, user: str) -> str:
    people = People(inside.store)
    found = people.user(user) or people.user_named(user)
    if found is None:
        raise ValueError(f"there is no user {user!r}")
    return str(found["id"])


def _vchannel(inside: Inside, vchannel: str) -> Conversation:
    conversations = Conversations(inside.store)
    found = conversations.get(vchannel) or conversations.named(vchannel)
    if found is None:
        raise ValueError(f"there is no conversation {vchannel!r}")
    return found


def _texts(**values: Any) -> None:
    for name, value in values.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a str, not {type(value).__name__}")


def _check_members(members: Any) -> None:
    if isinstance(members, str):
        raise TypeError("members must be a list of users, not one text")


def _only(what: str, members: Mapping[str, Any], known: Collection[str]) -> None:
    for member in members:
        if member not in known:
            raise TypeError(f"a {what} has no {member!r}, only {', '.join(sorted(known))}")


def _add(place: str, add: Callable[..., object], entry: Any) -> None:
    if not isinstance(entry, Mapping):
        raise ValueError(f"{place} must be an object")
    try:
        add(**entry)
    except (TypeError, ValueError) as fault:
        raise ValueError(f"{place}: {fault}") from None
