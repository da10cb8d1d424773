"""The door of Google Chat: its addresses and credentials, what is to be there, and the way from a request to a handler.

How a domain hangs in is in ``methods.py``; how a door hangs in, in ``gate/http.py``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import quote

from ...errors import Code
from ...secret import Secret
from ..clock import Clock
from ..http import Answer, Door, HTTPCall, Inside, Later, Refused, Route
from . import auth, directory, media, stored, tables
from .access import APP
from .api import COMMON_QUERY, ApiMethod
from .auth import USER_SCOPES, Credentials, ServiceAccount
from .bodies import InvalidField
from .directory import Member, Space, SpaceType, ThreadingState, User, named
from .filters import FilterError
from .methods import (
    METHODS,
    Call,
    Caller,
    canonical,
    error_info,
    failure,
    find_method,
    invalid,
    read_json,
    read_query,
    refusal,
)
from .selection import selected, wish_of

__all__ = ["GoogleChatDoor"]

DEMO_USER = User("users/1", "user@example.com", "Demo User", "HUMAN", True)
"""Whom `GoogleChatDoor.token` belongs to."""

DEMO_APP = User(APP, None, "Demo App", "BOT", False)
"""The app of `GoogleChatDoor.service_account_info`."""

DEMO_ACCOUNT = "demo-app@demo-project.iam.gserviceaccount.com"
DEMO_TOKEN = "demo-google-token"
"""The token of `DEMO_USER` while only this machine can reach the gate; otherwise a random one is made."""

DEMO_WEBHOOK_KEY = "demo-webhook-key"

_SPACE_SEED = ("name", "display_name", "space_type", "import_mode", "threading_state", "members")
_UPLOAD = re.compile("(?:resumable/)?upload/(v1/.*)")


class GoogleChatDoor(Door):
    """Google Chat on the gate's HTTP port: ``gate.google``.

    There are a user, whose `token` is ready to be used, and an app with a service account. All methods work before and
    after the start of the gate and from any thread, unless they say otherwise. Names may be given with or without
    ``spaces/`` and ``users/``.

    Attributes:
        user: the user that is always there, ``users/1``.
        app: the user that the app is, ``users/1000``.
        token: the token of `user`, with all scopes of users.
    """

    prefixes = ("/v1/", "/upload/", "/resumable/", "/token")
    tables = auth.TABLES + tables.TABLES + stored.TABLES + media.TABLES

    def __init__(self, clock: Clock, *, loopback: bool) -> None:
        super().__init__(clock, loopback=loopback)
        self.user = DEMO_USER.name
        self.app = DEMO_APP.name
        self.token = Secret(DEMO_TOKEN if loopback else secrets.token_urlsafe(32))
        self._webhook_key = Secret(DEMO_WEBHOOK_KEY if loopback else secrets.token_urlsafe(24))
        self._webhooks: dict[str, tuple[str, str]] = {}
        self._credentials = Credentials(clock, self.user)
        self._credentials.add_token(self.token, self.user, USER_SCOPES)
        self._credentials.add_account(ServiceAccount(DEMO_ACCOUNT, self.app, None))
        for user in (DEMO_USER, DEMO_APP):
            self._add(user)

    # --- addresses and credentials ---------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """What a client takes for ``https://chat.googleapis.com``. RuntimeError unless the gate runs."""
        return self.inside.url

    @property
    def token_uri(self) -> str:
        """The address of the token endpoint. RuntimeError unless the gate runs."""
        return f"{self.inside.url}/token"

    @property
    def open(self) -> bool:
        """Whether any token is taken, and none: such a caller is `user` and may do everything."""
        return self._credentials.open

    @open.setter
    def open(self, value: bool) -> None:
        self._credentials.open = value

    def service_account_info(self, email: str = DEMO_ACCOUNT) -> dict[str, str]:
        """What the key file of a service account holds; the gate has made the key. RuntimeError unless it runs.

        Args:
            email: the account, from `add_app`; left out, that of `app`.

        Raises:
            ValueError: there is no such account, or its key is not the gate's.
        """
        account = self._credentials.account(email)
        if account is None or account.public_key is not None:
            raise ValueError(f"email: the gate has no key for {email!r}")
        inside = self.inside
        key_id, pem = inside.do(lambda: inside.store.turn(lambda: self._credentials.key(inside.store, email)))
        return {
            "type": "service_account",
            "project_id": "demo-project",
            "private_key_id": key_id,
            "private_key": pem,
            "client_email": email,
            "client_id": account.user.partition("/")[2],
            "token_uri": self.token_uri,
        }

    def add_token(self, user: str, scopes: Iterable[str] | None = None, *, token: str | None = None) -> str:
        """Give a user a token that does not expire.

        Args:
            user: who it is for.
            scopes: what it allows, with or without ``https://www.googleapis.com/auth/``; left out, all that users can
                allow.
            token: the token; left out, a random one.

        Returns:
            the token.

        Raises:
            ValueError: there is no such scope.
        """
        _check(str, token=token)
        token = token or secrets.token_urlsafe(32)
        allowed = USER_SCOPES if scopes is None else auth.known_scopes(scopes)
        self._credentials.add_token(token, named(user, "users"), allowed)
        return token

    def authorized_user_info(self, user: str, scopes: Iterable[str] | None = None) -> dict[str, str]:
        """What google.auth keeps of a user who has agreed: a refresh token and where to use it.

        RuntimeError unless the gate runs.

        Args:
            user: the user.
            scopes: as for `add_token`.
        """
        token = f"1//{secrets.token_urlsafe(32)}"
        allowed = USER_SCOPES if scopes is None else auth.known_scopes(scopes)
        self._credentials.add_refresh_token(token, named(user, "users"), allowed)
        return {
            "type": "authorized_user",
            "client_id": "demo-client",
            "client_secret": "demo-client-secret",
            "refresh_token": token,
            "token_uri": self.token_uri,
        }

    def revoke(self, token: str) -> None:
        """Let a token or refresh token of a user be unknown from now on."""
        self._credentials.revoke(token)

    # --- what is to be there ---------------------------------------------------------------------------------

    def add_user(
        self, name: str | None = None, *, email: str | None = None, display_name: str = "", admin: bool = False
    ) -> str:
        """Have a person.

        Args:
            name: the name; left out, a random one.
            email: the address, which names the person as well.
            display_name: for people; left out, the name.
            admin: whether calls with ``useAdminAccess`` are allowed.

        Returns:
            ``users/<id>``.

        Raises:
            ValueError: somebody else has that address.
        """
        _check(str, email=email, display_name=display_name)
        _check(bool, admin=admin)
        name = named(name or directory.new_id(), "users")
        self._add(User(name, email and email.lower(), display_name or name.partition("/")[2], "HUMAN", admin))
        return name

    def add_app(
        self,
        name: str | None = None,
        *,
        email: str | None = None,
        display_name: str = "",
        key_file: str | os.PathLike[str] | None = None,
    ) -> str:
        """Have a Chat app with a service account.

        Args:
            name: the name of the user it is; left out, a random one.
            email: the service account; left out, one is made up from the name, or taken from `key_file`.
            display_name: for people; left out, the name.
            key_file: the key file of a service account of yours; left out, the gate makes a key, see
                `service_account_info`.

        Returns:
            the email of the service account.

        Raises:
            ValueError: the file is no key file.
            OSError: it cannot be read.
        """
        _check(str, email=email, display_name=display_name)
        name = named(name or directory.new_id(), "users")
        plain = name.partition("/")[2]
        key = None
        if key_file is not None:
            info = _key_file(Path(key_file))
            key, email = auth.load_key(info["private_key"]).public_key(), email or info["client_email"]
        email = email or f"app-{plain.lower()}@demo-project.iam.gserviceaccount.com"
        self._add(User(name, None, display_name or plain, "BOT", False))
        self._credentials.add_account(ServiceAccount(email, name, key))
        return email

    def add_space(
        self,
        name: str | None = None,
        *,
        display_name: str = "",
        space_type: SpaceType = "SPACE",
        members: Collection[str] | None = None,
        import_mode: bool = False,
        threading_state: ThreadingState | None = None,
    ) -> str:
        """Have a space.

        Args:
            name: the name; left out, a random one.
            display_name: for a SPACE; left out, the name.
            space_type: ``SPACE``, ``GROUP_CHAT`` or ``DIRECT_MESSAGE``.
            members: who has joined, the first one as its owner; left out, `user` and `app`.
            import_mode: whether it waits for an import to be completed.
            threading_state: ``THREADED_MESSAGES``, ``GROUPED_MESSAGES`` or ``UNTHREADED_MESSAGES``; left out, the first
                one for a SPACE, the last one for others.

        Returns:
            ``spaces/<id>``.

        Raises:
            ValueError: an argument is out of range.
        """
        _check(str, display_name=display_name)
        _check(bool, import_mode=import_mode)
        if isinstance(members, str):
            raise TypeError("members must be a list of users, not one text")
        name = named(name or directory.new_id(), "spaces")
        if space_type not in ("SPACE", "GROUP_CHAT", "DIRECT_MESSAGE"):
            raise ValueError(f"space_type must be SPACE, GROUP_CHAT or DIRECT_MESSAGE, not {space_type!r}")
        if threading_state not in (None, *get_args(ThreadingState)):
            raise ValueError(f"threading_state must be one of {', '.join(get_args(ThreadingState))}")
        kept = {} if threading_state is None else {"spaceThreadingState": threading_state}
        joined = [named(member, "users") for member in ((self.user, self.app) if members is None else members)]
        if space_type == "DIRECT_MESSAGE" and len(joined) != 2:
            raise ValueError("members: a DIRECT_MESSAGE has two")
        shown = (display_name or name.partition("/")[2]) if space_type == "SPACE" else None

        def add(inside: Inside) -> None:
            if directory.find_space(inside.store, name) is None:
                now = _now(inside)
                until = now + directory.IMPORT_US if import_mode else None
                pair = joined if space_type == "DIRECT_MESSAGE" else ()
                _check_free(inside, shown, pair)
                directory.add_space(inside.store, Space(0, name, space_type, shown, now, None, until, kept), pair)
                for place, member in enumerate(joined):
                    _join(inside, name, member, "ROLE_MEMBER" if place or space_type != "SPACE" else "ROLE_MANAGER")

        self.seed(add)
        return name

    def add_member(
        self,
        space: str,
        user: str,
        *,
        role: directory.Role = "ROLE_MEMBER",
        state: Literal["JOINED", "INVITED"] = "JOINED",
    ) -> None:
        """Let somebody have joined a space, or be invited to it; who is a member already stays what he is.

        Args:
            space: the space, which is there already.
            user: the user or app.
            role: ``ROLE_MEMBER``, ``ROLE_MANAGER`` (owner) or ``ROLE_ASSISTANT_MANAGER`` (manager).
            state: ``JOINED``, or ``INVITED``: such a user joins with ``spaces.members.create`` of ``users/me``.

        Raises:
            ValueError: an argument is out of range.
        """
        space, user = named(space, "spaces"), named(user, "users")
        if role not in get_args(directory.Role):
            raise ValueError(f"role must be one of {', '.join(get_args(directory.Role))}, not {role!r}")
        if state not in ("JOINED", "INVITED"):
            raise ValueError(f"state must be JOINED or INVITED, not {state!r}")
        self.seed(lambda inside: _join(inside, space, user, role, state))

    def add_webhook(self, space: str, *, display_name: str = "Webhook", token: str | None = None) -> str:
        """Have an incoming webhook; its address is `webhook_url`.

        Args:
            space: where it posts.
            display_name: the sender's name for people.
            token: its secret; left out, a random one.

        Returns:
            the secret.
        """
        _check(str, display_name=display_name, token=token)
        token = token or secrets.token_urlsafe(32)
        space, sender = named(space, "spaces"), f"users/webhook-{hashlib.sha256(token.encode()).hexdigest()[:16]}"
        self._add(User(sender, None, display_name, "BOT", False))
        with self._seeding:
            self._webhooks = {**self._webhooks, token: (space, sender)}
        return token

    def webhook_url(self, token: str) -> str:
        """The address of a webhook, which is a secret. RuntimeError unless the gate runs.

        Args:
            token: from `add_webhook`.

        Raises:
            ValueError: there is no such webhook.
        """
        if token not in self._webhooks:
            raise ValueError("token: there is no such webhook")
        space = self._webhooks[token][0]
        return f"{self.inside.url}/v1/{space}/messages?key={quote(self._webhook_key)}&token={quote(token)}"

    def load(self, seed: Mapping[str, Any]) -> None:
        """Have what a JSON object says, with these members, all of them optional::

            {"users": [{"name": "users/7", "email": "ann@example.com", "display_name": "Ann", "admin": false,
                        "token": "anns-token", "scopes": ["chat.messages"]}],
             "apps": [{"name": "users/2000", "email": "...", "display_name": "Bot", "key_file": "bot.json"}],
             "spaces": [{"name": "spaces/A", "display_name": "Team", "space_type": "SPACE", "import_mode": false,
                         "threading_state": "THREADED_MESSAGES",
                         "members": ["users/7", "users/1000"]}],
             "members": [{"space": "spaces/A", "user": "users/8", "role": "ROLE_MANAGER", "state": "JOINED"}],
             "webhooks": [{"space": "spaces/A", "display_name": "Alarm", "token": "secret"}],
             "open": false}

        Raises:
            ValueError: something else is in it; the text names the place.
            OSError: a key file cannot be read.
        """
        _check_names(seed, "google", ("users", "apps", "spaces", "members", "webhooks", "open"))
        if not isinstance(seed.get("open", False), bool):
            raise ValueError("seed: google.open must be true or false")
        self.open = seed.get("open", self.open)
        for place, user in _items(seed, "users", ("name", "email", "display_name", "admin", "token", "scopes")):
            token, scopes = user.pop("token", None), user.pop("scopes", None)
            name = _do(place, self.add_user, **user)
            if token is not None:
                _do(place, self.add_token, name, scopes, token=token)
            elif scopes is not None:
                raise ValueError(f"seed: {place}: scopes need a token")
        for place, app in _items(seed, "apps", ("name", "email", "display_name", "key_file")):
            _do(place, self.add_app, **app)
        for place, space in _items(seed, "spaces", _SPACE_SEED):
            _do(place, self.add_space, **space)
        for place, member in _items(seed, "members", ("space", "user", "role", "state")):
            _do(place, self.add_member, **member)
        for place, webhook in _items(seed, "webhooks", ("space", "display_name", "token")):
            _do(place, self.add_webhook, **webhook)

    def _add(self, user: User) -> None:
        def add(inside: Inside) -> None:
            there = directory.find_user(inside.store, f"users/{user.email}") if user.email else None
            if there is not None and there.name != user.name:
                raise ValueError(f"email: {user.email!r} belongs to {there.name} already")
            directory.add_user(inside.store, user)

        self.seed(add)

    # --- from a request to its answer ------------------------------------------------------------------------

    def route(self, call: HTTPCall) -> Route:
        path = call.path[1:].replace("%3A", ":").replace("%3a", ":")
        if path == "token":
            if call.verb != "POST":
                raise Refused(Answer(405, {"error": "invalid_request", "error_description": "use POST"}))
            return Route(
                "token", lambda call: self._credentials.answer(call, self.inside.store), failure=auth.token_failure
            )
        upload = _UPLOAD.fullmatch(path)
        verb = "POST" if upload and call.verb == "PUT" else call.verb
        found = find_method(verb, upload[1] if upload else path)
        if found is None or (upload and found[0].id != "media.upload"):
            raise refusal(Code.NOT_FOUND, f"there is no method {call.verb} {path[:200]}")
        method, variables = found
        if upload and call.verb == "PUT":
            return Route(method.id, self._resume, media.MAX_REQUEST, spooled=True)
        if upload:
            return Route(method.id, lambda call: self._handle(method, variables, call), media.MAX_REQUEST, spooled=True)
        return Route(method.id, lambda call: self._handle(method, variables, call))

    def failure(self, status: int, text: str, *, code: int = 0) -> Answer:
        return failure(canonical(code, status), text, status=status)

    def _handle(self, method: ApiMethod, variables: dict[str, str], http: HTTPCall) -> Answer | Later:
        query = read_query(method, http.query, COMMON_QUERY | media.QUERY if http.file else COMMON_QUERY)
        caller = self._caller(method, variables, query, http)
        handler = METHODS.get(method.id)
        if handler is None:
            raise refusal(Code.UNIMPLEMENTED, f"the gate does not do {method.id}")
        body = read_json(http.body) if method.verb in ("POST", "PUT", "PATCH") else {}
        call = Call(method, variables, query, body, caller, self.inside, http)
        try:
            wish = wish_of(call.text("fields")) if call.text("fields") else None
            answer = handler(call)
        except InvalidField as fault:
            raise invalid(fault.field, fault.text) from None
        except FilterError as fault:
            raise invalid("filter", str(fault)) from None
        if isinstance(answer, dict):
            return Answer(200, answer if wish is None else selected(answer, wish))
        return answer

    def _resume(self, http: HTTPCall) -> Answer | Later:
        try:
            return media.resume(http, self.inside)
        except InvalidField as fault:
            raise invalid(fault.field, fault.text) from None

    def _caller(
        self, method: ApiMethod, variables: dict[str, str], query: dict[str, list[str]], http: HTTPCall
    ) -> Caller:
        webhook = self._webhook(method, variables, query, http)
        if webhook is not None:
            return webhook
        caller = self._credentials.caller(http, self.inside.store)
        allowed = method.scopes
        if "useAdminAccess" in method.query:
            admin = query.get("useAdminAccess", [""])[-1].lower() == "true"
            allowed = frozenset(scope for scope in allowed if scope.startswith("chat.admin.") == admin)
        if not caller.scopes & allowed:
            needed = ", ".join(sorted(allowed))
            raise refusal(
                Code.PERMISSION_DENIED,
                f"the token does not allow this; it needs one of the scopes {needed}",
                error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", method=method.id),
            )
        if not ((caller.app and "app" in method.callers) or (caller.user and "user" in method.callers)):
            only = " or ".join(sorted(method.callers))
            raise refusal(Code.PERMISSION_DENIED, f"{method.id} needs the credentials of a {only}")
        return caller

    def _webhook(
        self, method: ApiMethod, variables: dict[str, str], query: dict[str, list[str]], http: HTTPCall
    ) -> Caller | None:
        """The webhook that calls; None when it is somebody else."""
        sent = query.get("key")
        if method.id != "spaces.messages.create" or sent is None or "Authorization" in http.headers:
            return None
        if "access_token" in query or "oauth_token" in query:
            return None
        token = query.get("token", [""])[-1]
        if self.open and token not in self._webhooks:
            return None
        if not secrets.compare_digest(sent[-1].encode(), self._webhook_key.encode()):
            raise refusal(Code.INVALID_ARGUMENT, "the key of the webhook is not valid", error_info("API_KEY_INVALID"))
        space, sender = self._webhooks.get(token, ("", ""))
        if space != variables["parent"]:
            raise refusal(Code.PERMISSION_DENIED, "the token of the webhook is not valid in this space")
        return Caller(sender, True, False, frozenset(), sender, webhook=True)


def _now(inside: Inside) -> int:
    """The time, microseconds since 1970 UTC."""
    return int(inside.clock.seconds() * 1_000_000)


def _check_free(inside: Inside, display_name: str | None, pair: Collection[str]) -> None:
    if display_name is not None and directory.display_name_taken(inside.store, display_name):
        raise ValueError(f"display_name: there is a space {display_name!r} already")
    there = directory.direct_message(inside.store, *pair) if pair else None
    if there is not None:
        raise ValueError(f"members: these two have a direct message already, {there.name}")


def _join(inside: Inside, space: str, user: str, role: directory.Role, state: directory.State = "JOINED") -> None:
    known = directory.find_user(inside.store, user)
    name, kind = (known.name, known.type) if known else (user, "HUMAN")
    now = _now(inside)
    if directory.find_member(inside.store, space, name) is None:
        directory.add_member(inside.store, Member(space, name, kind, role, state, now))


def _check(kind: type, **values: Any) -> None:
    for name, value in values.items():
        if value is not None and not isinstance(value, kind):
            raise TypeError(f"{name} must be a {kind.__name__}, not {type(value).__name__}")


def _key_file(path: Path) -> dict[str, str]:
    try:
        info = json.loads(path.read_text(encoding="utf-8"))
        return {name: str(info[name]) for name in ("client_email", "private_key")}
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{path} is no key file of a service account") from None


def _check_names(seed: Mapping[str, Any], place: str, known: tuple[str, ...]) -> None:
    for name in seed:
        if name not in known:
            raise ValueError(f"seed: {place} has no {name!r}, only {', '.join(known)}")


def _items(seed: Mapping[str, Any], name: str, known: tuple[str, ...]) -> Iterable[tuple[str, dict[str, Any]]]:
    items = seed.get(name, [])
    if not isinstance(items, list):
        raise ValueError(f"seed: google.{name} must be a list")
    for number, item in enumerate(items):
        place = f"google.{name}[{number}]"
        if not isinstance(item, Mapping):
            raise ValueError(f"seed: {place} must be an object")
        _check_names(item, place, known)
        yield place, dict(item)


def _do(place: str, work: Any, *args: Any, **named: Any) -> Any:
    try:
        return work(*args, **named)
    except (TypeError, ValueError, AttributeError) as fault:
        raise ValueError(f"seed: {place}: {fault}") from None
