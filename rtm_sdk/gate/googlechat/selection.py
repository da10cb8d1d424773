"""The parameter ``fields``: which parts of an answer a client wants.

fields = part *( "," part ) ; part = name *( "/" name ) [ "(" fields ")" ] ; name = letters, digits, "_" or "*"
"""

from __future__ import annotations

import re
from typing import Any

from .bodies import InvalidField, camel_case

__all__ = ["Wish", "selected", "wish_of"]

MAX_DEPTH = 50
"""How deep parts may be nested."""

_TOKEN = re.compile(r"\s*(?:(\w+|\*)|([,/()]))", re.ASCII)

Wish = dict[str, "Wish"]
"""The names that are wanted, and what is wanted of each; nothing there is all of it."""


def wish_of(text: str) -> Wish:
    """Read the parameter. `InvalidField` with the place when it is malformed."""
    tokens: list[tuple[str, int]] = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise _wrong(place + len(text[place:]) - len(text[place:].lstrip()))
        tokens.append((match[1] or match[2], match.end() - 1))
        place = match.end()
    tokens.append(("", len(text)))
    wish, at = _parts(tokens, 0, 0)
    if tokens[at][0]:
        raise _wrong(tokens[at][1])
    return wish


def _parts(tokens: list[tuple[str, int]], at: int, depth: int) -> tuple[Wish, int]:
    if depth > MAX_DEPTH:
        raise _wrong(tokens[at][1])
    wish: Wish = {}
    while True:
        at = _part(tokens, at, depth, wish)
        if tokens[at][0] != ",":
            return wish, at
        at += 1


def _part(tokens: list[tuple[str, int]], at: int, depth: int, wish: Wish) -> int:
    """Read one part into a wish; where it ends."""
    inner = wish
    while True:
        name, place = tokens[at]
        if name in ("", ",", "/", "(", ")"):
            raise _wrong(place)
        inner = inner.setdefault(name if name == "*" else camel_case(name), {})
        at += 1
        if tokens[at][0] != "/":
            break
        at += 1
    if tokens[at][0] != "(":
        return at
    parts, at = _parts(tokens, at + 1, depth + 1)
    if tokens[at][0] != ")":
        raise _wrong(tokens[at][1])
    inner.update(parts)
    return at + 1


def _wrong(place: int) -> InvalidField:
    return InvalidField("fields", f"wrong from character {place + 1}")


def selected(value: Any, wish: Wish) -> Any:
    """The wanted parts of an answer."""
    if not wish or ("*" in wish and not wish["*"]):
        return value
    if isinstance(value, list):
        return [selected(each, wish) for each in value]
    if not isinstance(value, dict):
        return value
    everything = wish.get("*")
    found = {}
    for name, part in value.items():
        inner = wish.get(name, everything)
        if inner is not None:
            found[name] = selected(part, inner)
    return found
