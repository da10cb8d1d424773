"""Tokens for a service account of Google, signed with its key: exchanged at the token server, or used as they are."""

from __future__ import annotations

import base64
import json
import math
import os
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ..deadline import Deadline
from ..errors import FPNN_ERROR, CallFailed, Code, ErrorCode
from ..secret import Secret
from .clock import clock_skew
from .retries import retry_after
from .settings import checked_token, checked_url
from .tokens import TokenCache

if TYPE_CHECKING:
    from typing_extensions import Self

    from .connection import Answer, HTTPConnection

__all__ = ["CHAT_AUDIENCE", "ServiceAccount"]

CHAT_AUDIENCE = "https://chat.googleapis.com/"
"""Whom a self-signed token is for when it names no scopes."""

_GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFE = 3600
_SIGNED_EARLIER = 10
"""Seconds that the signing is dated back, for a server whose clock is a little late."""

_RETRY_STATUSES = frozenset((408, 429, 500, 503, 504))
_RETRY_ERRORS = frozenset(("internal_failure", "server_error", "temporarily_unavailable"))
_MOST_TEXT = 300
_JWT = re.compile(r"\beyJ[\w-]+\.[\w.-]*")


class ServiceAccount:
    """The credentials of a service account. They may be shared by clients and threads.

    Args:
        info: the content of its key file: `client_email`, `private_key`, `private_key_id`, `token_uri`.
        scopes: what the token is to be good for, such as `https://www.googleapis.com/auth/chat.bot`.
        subject: the email address of the user to act as (domain-wide delegation); None acts as the account itself.
        token_uri: the token server; None takes the one in `info`.
        self_signed: use the signed token as it is, without asking the token server.
        audience: whom the signed token is for; None takes the token server, or for a self-signed token without scopes
            `https://chat.googleapis.com/`.

    Raises:
        ValueError: a field is missing, the key cannot be read, or the arguments exclude each other.

    Source: google-chat 2.1 and 2.2, "Using OAuth 2.0 for Server to Server Applications".
    """

    def __init__(
        self,
        info: Mapping[str, Any],
        *,
        scopes: Iterable[str] = (),
        subject: str | None = None,
        token_uri: str | None = None,
        self_signed: bool = False,
        audience: str | None = None,
    ) -> None:
        if not isinstance(info, Mapping):
            raise TypeError(f"info must be a mapping, not {type(info).__name__}")
        if info.get("type", "service_account") != "service_account":
            raise ValueError(f"info is of type {info['type']!r}, not 'service_account'")
        self.client_email = _field(info, "client_email")
        self._key = _load_key(_field(info, "private_key"))
        self._key_id = _field(info, "private_key_id")
        self.scopes = _checked_scopes(scopes)
        for name, value in (("subject", subject), ("audience", audience)):
            if value is not None and (not isinstance(value, str) or not value):
                raise ValueError(f"{name} must be a text that is not empty, or None")
        if not isinstance(self_signed, bool):
            raise TypeError(f"self_signed must be a bool, not {type(self_signed).__name__}")
        if self_signed and subject is not None:
            raise ValueError(
                "subject cannot be used with self_signed: only the token server lets an account act as a user"
            )
        if self_signed and audience is not None and self.scopes:
            raise ValueError("audience and scopes exclude each other with self_signed")
        if not self_signed and not self.scopes:
            raise ValueError("scopes must name at least one scope")
        self.subject = subject
        self.self_signed = self_signed
        self.token_uri = checked_url("token_uri", _field(info, "token_uri") if token_uri is None else token_uri)
        self._audience = audience
        self._cache = TokenCache()

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], **options: Any) -> Self:
        """Read a key file.

        Args:
            path: of the JSON file.
            options: as for the class.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is not the key file of a service account.
        """
        try:
            info = json.loads(Path(path).read_text(encoding="utf-8"))
        except ValueError:
            raise ValueError(f"{os.fspath(path)!r} is not a JSON file") from None
        if not isinstance(info, dict):
            raise ValueError(f"{os.fspath(path)!r} is not the key file of a service account")
        return cls(info, **options)

    def token(self, deadline: Deadline, connection: HTTPConnection) -> str:
        """The token for a request, renewed when its end is near."""

        def renew(deadline: Deadline) -> tuple[str, float]:
            if self.self_signed:
                return self.signed(time.time()), float(_LIFE - _SIGNED_EARLIER)
            return self._fetch(deadline, connection)

        return self._cache.get(deadline, renew)

    def invalidate(self, token: str) -> None:
        """Renew it before the next request."""
        self._cache.invalidate(token)

    def signed(self, now: float) -> str:
        """A signed JWT: the assertion for the token server, or the self-signed token.

        Args:
            now: seconds since the epoch.
        """
        issued = int(now) - _SIGNED_EARLIER
        claims: dict[str, Any] = {"iss": self.client_email}
        if self.self_signed:
            claims["sub"] = self.client_email
            if self.scopes:
                claims["scope"] = " ".join(self.scopes)
            else:
                claims["aud"] = self._audience or CHAT_AUDIENCE
        else:
            claims["scope"] = " ".join(self.scopes)
            claims["aud"] = self._audience or self.token_uri
            if self.subject is not None:
                claims["sub"] = self.subject
        claims["iat"] = issued
        claims["exp"] = issued + _LIFE
        header = {"alg": "RS256", "typ": "JWT", "kid": self._key_id}
        signing_input = f"{_encoded(header)}.{_encoded(claims)}"
        return Secret(f"{signing_input}.{_base64(self._sign(signing_input.encode()))}")

    def _sign(self, data: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        signature: bytes = self._key.sign(data, PKCS1v15(), SHA256())
        return signature

    def _fetch(self, deadline: Deadline, connection: HTTPConnection) -> tuple[str, float]:
        assertion = self.signed(time.time())
        form = urlencode({"grant_type": _GRANT_TYPE, "assertion": assertion}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(form))}
        try:
            answer = connection.exchange("POST", self.token_uri, headers, form, deadline)
        except CallFailed as failure:
            error = failure.error_code
            raise CallFailed(ErrorCode(error, f"no token: {error.message}; nothing was sent")) from None
        fields = _json_object(answer.body)
        if answer.status != 200:
            raise CallFailed(_refusal(answer, fields))
        try:
            token = checked_token(fields.get("access_token"))
            life = float(fields.get("expires_in", _LIFE))
        except (TypeError, ValueError):
            life = math.nan
        if not math.isfinite(life):
            text = f"no token: the answer of the token server has none ({len(answer.body)} bytes)"
            raise CallFailed(ErrorCode(FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE, text, http_status=answer.status))
        return token, life

    def __repr__(self) -> str:
        return f"<ServiceAccount {self.client_email}>"


def _refusal(answer: Answer, fields: dict[str, Any]) -> ErrorCode:
    """The error code of a token server that gave no token."""
    kind = fields.get("error")
    said = fields.get("error_description", "")
    if isinstance(kind, dict):  # the shape of all other errors of Google
        kind, said = kind.get("status", ""), kind.get("message", "")
    text = ": ".join(str(part) for part in (kind, said) if part) or answer.body.decode("utf-8", "replace").strip()
    text = f"no token: HTTP {answer.status} of the token server: {_JWT.sub('<secret>', text)[:_MOST_TEXT]}"
    if answer.status in _RETRY_STATUSES or kind in _RETRY_ERRORS:
        code = Code.RESOURCE_EXHAUSTED if answer.status == 429 else Code.UNAVAILABLE
        after = retry_after(answer.headers)
        return ErrorCode(code, text, family=Code, http_status=answer.status, retry_after=after)
    return ErrorCode(Code.UNAUTHENTICATED, text + clock_skew(answer.headers), family=Code, http_status=answer.status)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _field(info: Mapping[str, Any], name: str) -> str:
    value = info.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"info has no {name}: it is not the key file of a service account")
    return value


def _load_key(pem: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        raise ValueError("private_key of info cannot be read: it must be a PEM text without a password") from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("private_key of info must be an RSA key")
    return key


def _checked_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    if isinstance(scopes, (str, bytes)):
        raise TypeError("scopes must be a list of texts, not one text")
    found = tuple(scopes)
    for scope in found:
        if not isinstance(scope, str) or not scope or " " in scope:
            raise ValueError(f"scopes must be texts without spaces, not {scope!r}")
    return found


def _encoded(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
