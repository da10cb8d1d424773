"""The table of methods: which function of a domain file answers which call, and what it works on.

A domain file registers its handlers and is imported in ``door.py``::

    @method("spaces.members.get")
    def get_membership(call: Call) -> Resource:
        name = call.path["name"]                    # spaces/A/members/B
        ...
        raise refusal(Code.NOT_FOUND, f"there is no {name}")
        return {"name": name, ...}                  # 200; an `Answer` or `Later` of gate/http.py does as well

Before a handler runs, the door has checked the token, the kind of caller and the scopes, the names in the query, and
that a body is a JSON object. `InvalidField` and `FilterError` become INVALID_ARGUMENT with the field or the place.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import unquote

from ...errors import Code
from ..http import Answer, HTTPCall, Later, Refused
from .api import API, ApiMethod
from .bodies import InvalidField, Schema, camel_case, read

if TYPE_CHECKING:
    from ..http import Inside
    from ..store import Store

__all__ = ["METHODS", "Call", "Caller", "Handler", "Resource", "error_info", "failure", "method", "refusal"]

Resource = dict[str, Any]
"""A resource as it travels."""

T = TypeVar("T")

_MAX_INT32 = 2**31 - 1
_TAG_BYTES = 16
_DETAILS = "type.googleapis.com/google.rpc."


class Caller(NamedTuple):
    """Who calls.

    Attributes:
        name: the user it acts as, ``users/<id>``; of an app its own.
        app: whether it may do what only apps may.
        user: whether it may do what only users may. In open mode a caller without a known token may do both.
        scopes: what its token allows, without the common prefix.
        credential: names the credentials, for `requestId`.
        webhook: whether it is an incoming webhook, which can only create messages.
    """

    name: str
    app: bool
    user: bool
    scopes: frozenset[str]
    credential: str
    webhook: bool = False


class Call:
    """One call on its way through a handler.

    Attributes:
        method: the method; `ApiMethod.id` is its name.
        path: the variables of the path, decoded: ``{"name": "spaces/A"}``.
        json: the body; empty when there is none. Read it with `body`.
        caller: who calls.
        inside: what the gate has: ``store``, ``contents``, ``clock``, ``url``.
        http: the request.
    """

    __slots__ = ("_query", "caller", "http", "inside", "json", "method", "path")

    def __init__(
        self,
        method: ApiMethod,
        path: dict[str, str],
        query: dict[str, list[str]],
        body: Resource,
        caller: Caller,
        inside: Inside,
        http: HTTPCall,
    ) -> None:
        self.method = method
        self.path = path
        self._query = query
        self.json = body
        self.caller = caller
        self.inside = inside
        self.http = http

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self.inside.store

    def now(self) -> int:
        """The time, microseconds since 1970 UTC."""
        return int(self.inside.clock.seconds() * 1_000_000)

    # --- what was sent ---------------------------------------------------------------------------------------

    def body(self, schema: Schema) -> Resource:
        """The body, read as `bodies.read` does."""
        return read(schema, self.json)

    def text(self, name: str) -> str:
        """A query parameter by its camelCase name; empty when it is absent. The last one when it is repeated."""
        return self._query.get(name, [""])[-1]

    def texts(self, name: str) -> list[str]:
        """All values of a repeated query parameter."""
        return self._query.get(name, [])

    def flag(self, name: str) -> bool:
        """A boolean of the query; false when it is absent."""
        value = self.text(name)
        if value.lower() not in ("true", "false", ""):
            raise InvalidField(name, "must be true or false")
        return value.lower() == "true"

    def enum(self, name: str, names: tuple[str, ...]) -> str:
        """An enum of the query: its name, also for its number; the first of them when it is absent.

        Args:
            name: the parameter.
            names: in the order of their numbers.
        """
        value = self.text(name) or names[0]
        if re.fullmatch(r"[0-9]{1,3}", value) and int(value) < len(names):
            value = names[int(value)]
        if value not in names:
            raise InvalidField(name, f"must be one of {', '.join(names)}")
        return value

    def page_size(self, default: int, most: int, value: Any = None) -> int:
        """How many results a page may have.

        Args:
            default: when ``pageSize`` is absent or 0.
            most: larger values count as this.
            value: ``pageSize`` of a body; left out, that of the query is taken.
        """
        given = self.text("pageSize") if value is None else value
        if isinstance(given, str):
            if not re.fullmatch(r"\s*[+-]?[0-9]{1,20}\s*|", given):
                raise InvalidField("pageSize", "must be a whole number")
            given = int(given or 0)
        if not -_MAX_INT32 - 1 <= given <= _MAX_INT32:
            raise InvalidField("pageSize", "must be a number of 32 bits")
        if given < 0:
            raise InvalidField("pageSize", "must not be negative")
        return min(given or default, most)

    # --- page tokens -----------------------------------------------------------------------------------------

    def page_token(self, position: Any, *bound: object) -> str:
        """A token for the next page: opaque, signed, and good for the same parameters only.

        Args:
            position: where to go on; anything that JSON can hold.
            bound: the parameters that must stay the same.
        """
        text = json.dumps(position, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._tag(text, bound) + text).rstrip(b"=").decode()

    def position(self, *bound: object, value: str | None = None) -> Any:
        """The position in the token that was sent; None when there is none.

        Args:
            bound: as for `page_token`.
            value: ``pageToken`` of a body; left out, that of the query is taken.
        """
        token = self.text("pageToken") if value is None else value
        if not token:
            return None
        try:
            data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raise InvalidField("pageToken", "is none of this server") from None
        tag, text = data[:_TAG_BYTES], data[_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(text, bound)):
            raise InvalidField("pageToken", "is none of this server, or another parameter has changed")
        return json.loads(text)

    def page(
        self,
        name: str,
        found: list[T],
        limit: int,
        show: Callable[[T], Resource],
        position: Callable[[T], Any],
        *bound: object,
    ) -> Resource:
        """A page of a list, with the token for the next one; empty when there is nothing.

        Args:
            name: the field that holds the results.
            found: the results from the first of the page on; more than `limit` when another page follows.
            limit: how many the page may have.
            show: a result as answers show it.
            position: what `page_token` is to hold of a result.
            bound: as for `page_token`.
        """
        if not found:
            return {}
        answer: Resource = {name: [show(each) for each in found[:limit]]}
        if len(found) > limit:
            answer["nextPageToken"] = self.page_token(position(found[limit - 1]), *bound)
        return answer

    def _tag(self, text: bytes, bound: tuple[object, ...]) -> bytes:
        what = json.dumps([self.method.id, self.path, bound], separators=(",", ":")).encode()
        return hmac.digest(self.store.key, what + b"\0" + text, hashlib.sha256)[:_TAG_BYTES]


# --- errors ------------------------------------------------------------------------------------------------------


def failure(code: Code, text: str, *details: Resource, status: int = 0) -> Answer:
    """An error answer.

    Args:
        code: the canonical code.
        text: what is wrong.
        details: messages of google.rpc, see `error_info`.
        status: the HTTP status, 0 for that of the code.
    """
    status = status or code.http
    error: Resource = {"code": status, "message": text, "status": code.name}
    if details:
        error["details"] = list(details)
    headers = {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'} if status == 401 else {}
    return Answer(status, {"error": error}, headers)


def canonical(code: int, status: int) -> Code:
    """The canonical code of a number; the one that belongs to an HTTP status when that number is 0 or none of them."""
    return next((each for each in Code if each == code and code), Code.of_http(status))


def refusal(code: Code, text: str, *details: Resource) -> Refused:
    """The exception that refuses a call; arguments as for `failure`."""
    return Refused(failure(code, text, *details))


def error_info(reason: str, **metadata: str) -> Resource:
    """The detail that says why, for programs."""
    return {
        "@type": _DETAILS + "ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": "chat.googleapis.com", **metadata},
    }


def invalid(field: str, text: str) -> Refused:
    """INVALID_ARGUMENT with the field in its details."""
    violation = {"@type": _DETAILS + "BadRequest", "fieldViolations": [{"field": field, "description": text}]}
    return refusal(Code.INVALID_ARGUMENT, f"{field}: {text}" if field else text, violation)


# --- the table ---------------------------------------------------------------------------------------------------

Handler = Callable[[Call], "Resource | Answer | Later"]
H = TypeVar("H", bound=Handler)

METHODS: dict[str, Handler] = {}
"""What is answered for real; the other methods of `API` get UNIMPLEMENTED."""

_BY_VERB: dict[str, list[ApiMethod]] = {}
for _api_method in sorted(API, key=lambda each: ":" not in each.path.rpartition("/")[2]):
    _BY_VERB.setdefault(_api_method.verb, []).append(_api_method)


def method(method_id: str) -> Callable[[H], H]:
    """Register the handler of a method."""
    if all(method_id != each.id for each in API):
        raise ValueError(f"the API has no {method_id}")

    def register(handler: H) -> H:
        if method_id in METHODS:
            raise ValueError(f"two handlers for {method_id}")
        METHODS[method_id] = handler
        return handler

    return register


def find_method(verb: str, path: str) -> tuple[ApiMethod, dict[str, str]] | None:
    """The method of a request.

    Args:
        verb: the HTTP verb.
        path: percent-encoded, without the leading slash.

    Returns:
        the method, and the variables of its path, decoded; None when no method fits.
    """
    for each in _BY_VERB.get(verb, ()):
        match = each.pattern.fullmatch(path)
        if match is not None:
            return each, {name: unquote(value) for name, value in match.groupdict().items()}
    return None


def read_query(method: ApiMethod, query: list[tuple[str, str]], common: frozenset[str]) -> dict[str, list[str]]:
    """The query by camelCase names. `Refused` when it has a name that the method does not know."""
    found: dict[str, list[str]] = {}
    for given, value in query:
        name = given if given in method.query or given in common else camel_case(given)
        if name not in method.query and name not in common:
            raise invalid(given[:64], "there is no such parameter of this method")
        found.setdefault(name, []).append(value)
    return found


def read_json(body: bytes) -> Resource:
    """The JSON object of a body. `Refused` when it is something else."""
    if not body.strip():
        return {}
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as fault:
        raise refusal(Code.INVALID_ARGUMENT, f"the body of the request is not JSON: {fault}") from None
    if not isinstance(value, dict):
        raise refusal(Code.INVALID_ARGUMENT, "the body of the request must be a JSON object")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
