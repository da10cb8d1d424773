"""Who calls: tokens of users, service accounts, and the token endpoint."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from ...errors import Code
from ..clock import Clock
from ..http import Answer, HTTPCall, Refused
from ..store import Store
from . import directory
from .api import SCOPE_PREFIX, SCOPES
from .methods import Caller, canonical, error_info, failure

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

__all__ = ["APP_SCOPES", "TABLES", "USER_SCOPES", "Credentials", "ServiceAccount"]

TABLES = """
CREATE TABLE IF NOT EXISTS google_accounts (
    email TEXT PRIMARY KEY, key_id TEXT NOT NULL, pem TEXT NOT NULL) WITHOUT ROWID;
"""

APP_SCOPES = frozenset(scope for scope in SCOPES if scope == "chat.bot" or scope.startswith("chat.app."))
"""What an app can be allowed."""

USER_SCOPES = SCOPES - APP_SCOPES
"""What a user can allow."""

TOKEN_SECONDS = 3599
"""How long an access token is good."""

_LEEWAY = 60
"""Seconds by which the clocks of client and gate may differ."""
_MAX_LIFE = 3600
_KEY_BITS = 2048
_BEGINNING = "ya29."
_TAG_BYTES = 16
_AUDIENCE = "https://oauth2.googleapis.com/token"
_SELF_SIGNED_AUDIENCE = "https://chat.googleapis.com/"
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class ServiceAccount(NamedTuple):
    """The account of an app.

    Attributes:
        email: its name.
        user: the user it is in Chat, ``users/<id>``.
        public_key: verifies its signatures; None when the gate makes the key.
    """

    email: str
    user: str
    public_key: RSAPublicKey | None


class _BadToken(Exception):
    """The OAuth error that a token request is answered with."""

    def __init__(self, error: str, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.answer = Answer(status, {"error": error, "error_description": text}, {"Cache-Control": "no-store"})


class _BadJWT(Exception):
    pass


def token_failure(status: int, text: str, *, code: int = 0) -> Answer:
    """An error of the token endpoint that has nothing to do with what was sent."""
    status = status or canonical(code, status).http
    if status >= 500:
        return _BadToken("server_error" if status == 500 else "temporarily_unavailable", text, status).answer
    return _BadToken("invalid_request", text, status).answer


class Credentials:
    """The tokens and accounts that a gate knows.

    Attributes:
        open: whether any token is taken, and none: such a caller is `anyone`.
        anyone: the user such a caller is.

    Args:
        clock: the time of the gate.
        anyone: the user who calls in open mode.
    """

    def __init__(self, clock: Clock, anyone: str) -> None:
        self._clock = clock
        self.open = False
        self.anyone = anyone
        self._changing = threading.Lock()
        self._tokens: dict[str, Caller] = {}
        self._refresh_tokens: dict[str, Caller] = {}
        self._accounts: dict[str, ServiceAccount] = {}

    # --- what is known, from any thread ----------------------------------------------------------------------

    def add_token(self, token: str, user: str, scopes: frozenset[str]) -> None:
        """Know a token of a user, for ever."""
        with self._changing:
            self._tokens = {**self._tokens, token: _user(user, scopes)}

    def add_refresh_token(self, token: str, user: str, scopes: frozenset[str]) -> None:
        """Know a refresh token of a user."""
        with self._changing:
            self._refresh_tokens = {**self._refresh_tokens, token: _user(user, scopes)}

    def revoke(self, token: str) -> None:
        """Know a token no longer."""
        with self._changing:
            self._tokens = {known: caller for known, caller in self._tokens.items() if known != token}
            self._refresh_tokens = {known: user for known, user in self._refresh_tokens.items() if known != token}

    def add_account(self, account: ServiceAccount) -> None:
        """Know a service account."""
        with self._changing:
            self._accounts = {**self._accounts, account.email: account}

    def account(self, email: str) -> ServiceAccount | None:
        """A service account, None when it is not known."""
        return self._accounts.get(email)

    def key(self, store: Store, email: str) -> tuple[str, str]:
        """The id and the PEM of the private key that the gate made for an account. On the gate's thread."""
        row = store.execute("SELECT key_id, pem FROM google_accounts WHERE email = ?", (email,)).fetchone()
        if row is None:
            row = (secrets.token_hex(20), _new_key())
            store.execute("INSERT INTO google_accounts VALUES (?, ?, ?)", (email, *row))
        return row[0], row[1]

    # --- calls -----------------------------------------------------------------------------------------------

    def caller(self, call: HTTPCall, store: Store) -> Caller:
        """Who makes a call. `Refused` (401) when that cannot be told."""
        token = _sent(call)
        if token is not None:
            found = self._tokens.get(token) or self._issued(token, store)
            if found is None and token.count(".") == 2 and not self.open:
                found = self._self_signed(token, call, store)
            if found is not None:
                return found
        if self.open:
            return Caller(self.anyone, True, True, SCOPES, f"open {self.anyone}")
        if token is None:
            raise _unauthenticated(
                "the call has no token; send it in the header Authorization: Bearer", "CREDENTIALS_MISSING"
            )
        raise _unauthenticated("the token is unknown or has expired", "ACCESS_TOKEN_EXPIRED")

    def _issued(self, token: str, store: Store) -> Caller | None:
        """The caller of a token that `issue` made; None when it is another one, or has expired."""
        if not token.startswith(_BEGINNING):
            return None
        try:
            data = _decode(token[len(_BEGINNING) :])
        except ValueError:
            return None
        tag, text = data[:_TAG_BYTES], data[_TAG_BYTES:]
        if not hmac.compare_digest(tag, _tag(store, text)):
            return None
        name, app, scopes, credential, expires = json.loads(text)
        if expires <= self._clock.seconds():
            return None
        return Caller(name, app, not app, frozenset(scopes), credential)

    def _self_signed(self, token: str, call: HTTPCall, store: Store) -> Caller:
        try:
            account, claims = self._verified(token, store)
            if claims.get("sub") != account.email:
                raise _BadJWT("iss and sub must both be the account")
            scope, audience = claims.get("scope"), claims.get("aud")
            if (scope is None) == (audience is None):
                raise _BadJWT("exactly one of aud and scope must be given")
            if scope is None and audience not in (_SELF_SIGNED_AUDIENCE, f"http://{call.headers.get('Host', '')}/"):
                raise _BadJWT(f"aud must be {_SELF_SIGNED_AUDIENCE}")
            scopes = APP_SCOPES if scope is None else _scopes(scope)
        except (_BadJWT, _BadToken) as fault:
            raise _unauthenticated(f"the self-signed token is refused: {fault}", "ACCESS_TOKEN_EXPIRED") from None
        return Caller(account.user, True, False, scopes & APP_SCOPES, account.email)

    # --- the token endpoint ----------------------------------------------------------------------------------

    def answer(self, call: HTTPCall, store: Store) -> Answer:
        """Answer a token request."""
        try:
            form = dict(parse_qsl(call.body.decode(), keep_blank_values=True))
            grant = form.get("grant_type", "")
            if grant == _JWT_GRANT:
                caller = self._asserted(form.get("assertion", ""), call, store)
            elif grant == "refresh_token":
                caller = self._refreshed(form)
            else:
                raise _BadToken("unsupported_grant_type", f"grant_type must be {_JWT_GRANT} or refresh_token")
        except UnicodeDecodeError:
            return _BadToken("invalid_request", "the body must be a form in UTF-8").answer
        except _BadJWT as fault:
            return _BadToken("invalid_grant", f"Invalid JWT: {fault}").answer
        except _BadToken as fault:
            return fault.answer
        token = self.issue(caller, store)
        data = {"access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer"}
        if grant == "refresh_token":
            data["scope"] = " ".join(sorted(SCOPE_PREFIX + scope for scope in caller.scopes))
        return Answer(200, data, {"Cache-Control": "no-store"})

    def issue(self, caller: Caller, store: Store) -> str:
        """An access token."""
        expires = self._clock.seconds() + TOKEN_SECONDS
        what = [caller.name, caller.app, sorted(caller.scopes), caller.credential, expires]
        text = json.dumps(what, separators=(",", ":")).encode()
        return _BEGINNING + base64.urlsafe_b64encode(_tag(store, text) + text).rstrip(b"=").decode()

    def _asserted(self, assertion: str, call: HTTPCall, store: Store) -> Caller:
        account, claims = self._verified(assertion, store)
        audience = claims.get("aud")
        if audience != _AUDIENCE and not _is_here(audience, call):
            raise _BadJWT(f"aud must be {_AUDIENCE} or the address of this endpoint")
        scope = claims.get("scope")
        if not isinstance(scope, str) or not scope.strip():
            raise _BadToken("invalid_scope", "the claim scope must name at least one scope")
        scopes = _scopes(scope)
        subject = claims.get("sub")
        if subject is None or subject == account.email:
            return Caller(account.user, True, False, scopes, account.email)
        user = directory.find_user(store, f"users/{subject}") if isinstance(subject, str) else None
        if user is None:
            raise _BadToken("invalid_grant", "Invalid email or User ID: the claim sub names no user")
        if scopes & APP_SCOPES:
            raise _BadToken("unauthorized_client", "scopes of apps cannot be used in the name of a user", 401)
        return Caller(user.name, False, True, scopes, f"{account.email} {user.name}")

    def _refreshed(self, form: Mapping[str, str]) -> Caller:
        caller = self._refresh_tokens.get(form.get("refresh_token", ""))
        if caller is None:
            raise _BadToken("invalid_grant", "the refresh token is unknown or was revoked")
        return caller

    def _verified(self, token: str, store: Store) -> tuple[ServiceAccount, dict[str, Any]]:
        """The account that signed a JWT, and its claims; signature and times are right."""
        try:
            first, second, third = token.split(".")
            header, claims = json.loads(_decode(first)), json.loads(_decode(second))
            signature = _decode(third)
            algorithm, issuer = header.get("alg"), claims.get("iss")
        except (ValueError, AttributeError, RecursionError):
            raise _BadJWT("it cannot be read") from None
        if algorithm != "RS256":
            raise _BadJWT("alg must be RS256")
        account = self._accounts.get(issuer) if isinstance(issuer, str) else None
        if account is None:
            raise _BadJWT("iss is no known service account")
        if not self._signed(account, f"{first}.{second}".encode(), signature, store):
            raise _BadJWT("the signature is wrong")
        self._check_times(claims)
        return account, claims

    def _signed(self, account: ServiceAccount, text: bytes, signature: bytes, store: Store) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        key = account.public_key or _public_key(self.key(store, account.email)[1])
        try:
            key.verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def _check_times(self, claims: dict[str, Any]) -> None:
        issued, expires = claims.get("iat"), claims.get("exp")
        if not isinstance(issued, int | float) or not isinstance(expires, int | float):
            raise _BadJWT("iat and exp must be numbers")
        now = self._clock.seconds()
        if issued > now + _LEEWAY:
            raise _BadJWT(f"iat is {issued - now:.0f} s in the future; check the clock")
        if expires <= now - _LEEWAY:
            raise _BadJWT(f"exp was {now - expires:.0f} s ago; check the clock")
        if not 0 < expires - issued <= _MAX_LIFE:
            raise _BadJWT(f"exp must be at most {_MAX_LIFE} s behind iat")


def load_key(pem: str) -> RSAPrivateKey:
    """A private key of RSA. ValueError when it is another one."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the key is no RSA key")
    return key


@lru_cache(maxsize=16)
def _public_key(pem: str) -> RSAPublicKey:
    """The public key of a private one; to load it takes tens of milliseconds, since that looks whether it is sound."""
    return load_key(pem).public_key()


def known_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """Scopes without the common prefix. ValueError when there is no such scope."""
    if isinstance(scopes, str):
        raise TypeError("scopes must be a list of texts, not one text")
    found = frozenset(scope.removeprefix(SCOPE_PREFIX) for scope in scopes)
    for scope in found - SCOPES:
        raise ValueError(f"there is no scope {scope!r}")
    return found


def _new_key() -> str:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _user(name: str, scopes: frozenset[str]) -> Caller:
    return Caller(name, False, True, scopes, name)


def _sent(call: HTTPCall) -> str | None:
    scheme, _, token = call.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return next((value for name, value in call.query if name in ("access_token", "oauth_token") and value), None)


def _unauthenticated(text: str, reason: str) -> Refused:
    return Refused(failure(Code.UNAUTHENTICATED, text, error_info(reason)))


def _scopes(text: Any) -> frozenset[str]:
    if not isinstance(text, str):
        raise _BadToken("invalid_scope", "the claim scope must be a text")
    try:
        return known_scopes(text.split())
    except ValueError as fault:
        raise _BadToken("invalid_scope", str(fault)) from None


def _is_here(address: object, call: HTTPCall) -> bool:
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    return parts.path == call.path and parts.netloc in (call.headers.get("Host"), str(call.reached))


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _tag(store: Store, text: bytes) -> bytes:
    return hmac.digest(store.key, b"token\0" + text, hashlib.sha256)[:_TAG_BYTES]
