"""The filter language of Google's list methods: text to a tree. What a tree may hold is decided by each method.

    filter      = factor *( "AND" factor )
    factor      = item *( "OR" item )                  ; OR binds tighter than AND
    item        = "(" filter ")" / [ "NOT" ] ( comparison / call )
    comparison  = field ( "=" / "!=" / "<" / "<=" / ">" / ">=" / ":" ) ( string / word )
    call        = field "(" string ")"

Strings stand in double quotes, with ``\\"`` and ``\\\\`` for these two signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, NoReturn

from .times import instant

__all__ = [
    "AllOf",
    "AnyOf",
    "Call",
    "Comparison",
    "FilterError",
    "Node",
    "Not",
    "alternatives",
    "field_of",
    "in_quotes",
    "parse",
    "terms",
    "time_of",
    "wrong_value",
]

MAX_DEPTH = 20
"""How deep parentheses may be nested."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<operator>!=|<=|>=|[=<>:])|(?P<sign>[(),])"""
    r"""|(?P<word>[^\s"'=<>!:(),\\]+)|(?P<end>\Z))""",
    re.DOTALL,
)
_JOINING = ("AND", "OR", "NOT")
_SHOWN = 20
_NONE: Mapping[str, str] = {}


class FilterError(ValueError):
    """A filter that means nothing.

    Attributes:
        place: where it stops making sense, counted in characters from 0.
    """

    def __init__(self, text: str, place: int) -> None:
        super().__init__(text)
        self.place = place


class Comparison(NamedTuple):
    """A field compared with a value; `place` and `value_place` say where they are in the text."""

    field: str
    operator: str
    value: str
    quoted: bool
    place: int
    value_place: int
    grouped: bool = False


class Call(NamedTuple):
    """A function of one string, such as ``creator("users/me")``."""

    name: str
    argument: str
    place: int
    grouped: bool = False


class Not(NamedTuple):
    """The opposite of something."""

    node: Node
    place: int
    grouped: bool = False


class AllOf(NamedTuple):
    """What AND joins, two or more."""

    nodes: tuple[Node, ...]
    place: int
    grouped: bool = False


class AnyOf(NamedTuple):
    """What OR joins, two or more."""

    nodes: tuple[Node, ...]
    place: int
    grouped: bool = False


Node = Comparison | Call | Not | AllOf | AnyOf
"""A part of a filter. ``place`` is where it begins, ``grouped`` whether it stands in parentheses of its own."""


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


def parse(text: str) -> Node | None:
    """Read a filter.

    Args:
        text: the filter.

    Returns:
        the tree; None when the text is blank.

    Raises:
        FilterError: it is no filter.
    """
    reader = _Reader(text)
    if reader.token.kind == "end":
        return None
    node = reader.filter()
    if reader.token.kind != "end":
        reader.wrong("AND, OR or the end")
    return node


class _Reader:
    """Reads a filter by recursive descent, one token ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()
        self._depth = 0
        self.token = next(self._tokens)

    def _split(self) -> Iterator[_Token]:
        place = 0
        while True:
            match = _TOKEN.match(self._text, place)
            if match is None or match.lastgroup is None:
                place += len(self._text[place:]) - len(self._text[place:].lstrip())
                what = "a double quote without its second one" if self._text[place] == '"' else "a sign without meaning"
                raise FilterError(f"{what} {at(self._text, place)}", place)
            kind = match.lastgroup
            yield _Token(kind, match[kind], match.start(kind))
            place = match.end()

    def advance(self) -> _Token:
        token = self.token
        if token.kind != "end":
            self.token = next(self._tokens)
        return token

    def wrong(self, wanted: str) -> NoReturn:
        raise FilterError(f"{wanted} expected {at(self._text, self.token.place)}", self.token.place)

    def filter(self) -> Node:
        place = self.token.place
        nodes = [self.factor()]
        while self.token.text == "AND":
            self.advance()
            nodes.append(self.factor())
        return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes), place)

    def factor(self) -> Node:
        place = self.token.place
        nodes = [self.item()]
        while self.token.text == "OR":
            self.advance()
            nodes.append(self.item())
        return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes), place)

    def item(self) -> Node:
        token = self.token
        if token.text == "(":
            if self._depth == MAX_DEPTH:
                raise FilterError(f"too many parentheses {at(self._text, token.place)}", token.place)
            self._depth += 1
            self.advance()
            node = self.filter()
            if self.token.text != ")":
                self.wrong("AND, OR or )")
            self.advance()
            self._depth -= 1
            return node._replace(grouped=True)
        if token.text == "NOT":
            self.advance()
            return Not(self.term(), token.place)
        return self.term()

    def term(self) -> Node:
        if self.token.kind != "word" or self.token.text in _JOINING:
            self.wrong("a field")
        field = self.advance()
        if self.token.text == "(":
            self.advance()
            if self.token.kind != "string":
                self.wrong("a text in double quotes")
            argument = _unquoted(self.advance())
            if self.token.text != ")":
                self.wrong(")")
            self.advance()
            return Call(field.text, argument, field.place)
        if self.token.kind != "operator":
            self.wrong("one of = != < <= > >= :")
        operator = self.advance()
        if self.token.kind not in ("string", "word") or self.token.text in _JOINING:
            self.wrong("a value")
        value = self.advance()
        if value.kind == "word" and self.token.kind == "operator":  # such as a time: its colons are operators
            raise FilterError(f"the value {at(self._text, value.place)} must be in double quotes", value.place)
        quoted = value.kind == "string"
        text = _unquoted(value) if quoted else value.text
        return Comparison(field.text, operator.text, text, quoted, field.place, value.place)


def _unquoted(token: _Token) -> str:
    return re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)


def at(text: str, place: int) -> str:
    """Where a place in a filter is, for people."""
    if place >= len(text):
        return "at the end of the filter"
    shown = text[place : place + _SHOWN]
    dots = "..." if len(text) > place + _SHOWN else ""
    return f"at character {place + 1} of the filter: {shown}{dots}"


# --- what methods do with a tree ---------------------------------------------------------------------------------


def terms(node: Node | None) -> list[Node]:
    """What AND joins, in order; the node itself when there is no AND."""
    if node is None:
        return []
    return list(node.nodes) if isinstance(node, AllOf) else [node]


def alternatives(node: Node) -> list[Comparison]:
    """What OR joins, in order; the node itself when there is no OR.

    Raises:
        FilterError: one of them is no comparison.
    """
    found = []
    for each in node.nodes if isinstance(node, AnyOf) else (node,):
        if not isinstance(each, Comparison):
            raise FilterError(f"a comparison expected at character {each.place + 1} of the filter", each.place)
        found.append(each)
    return found


def field_of(term: Comparison, fields: Mapping[str, str], operators: Mapping[str, str] = _NONE) -> str:
    """Which field a comparison is about.

    Args:
        term: the comparison.
        fields: what each spelling means.
        operators: those that a meaning may have, with spaces between; left out, ``=``.

    Returns:
        the meaning.

    Raises:
        FilterError: the field or the operator is another one.
    """
    meaning = fields.get(term.field)
    where = f"at character {term.place + 1} of the filter"
    if meaning is None:
        known = ", ".join(fields)
        raise FilterError(f"the field {term.field[:64]!r} {where} is unknown; known: {known}", term.place)
    allowed = operators.get(meaning, "=")
    if term.operator not in allowed.split():
        raise FilterError(f"{term.field} {where} may be compared with {allowed} only", term.place)
    return meaning


def time_of(term: Comparison) -> int:
    """The time a field is compared with, nanoseconds since 1970 UTC.

    Raises:
        FilterError: it is no RFC 3339 time with offset in double quotes.
    """
    if not term.quoted:
        raise wrong_value(term, "must be in double quotes")
    try:
        return instant(term.value)
    except ValueError as fault:
        raise wrong_value(term, f"is wrong: {fault}") from None


def in_quotes(values: Iterable[str]) -> str:
    """Values as they stand in a filter, with commas between."""
    return ", ".join(f'"{value}"' for value in values)


def wrong_value(term: Comparison, text: str) -> FilterError:
    """What a field is compared with makes no sense.

    Args:
        term: the comparison.
        text: what is wrong, or what it must be.
    """
    return FilterError(f"the value at character {term.value_place + 1} of the filter {text}", term.value_place)
