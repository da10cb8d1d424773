from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm_sdk.gate.googlechat.filters import (
    AllOf,
    AnyOf,
    Call,
    Comparison,
    FilterError,
    Node,
    Not,
    alternatives,
    field_of,
    parse,
    terms,
    time_of,
)


def shape(node: Node | None) -> object:
    """A tree without places."""
    if isinstance(node, Comparison):
        return (node.field, node.operator, node.value)
    if isinstance(node, Call):
        return (node.name, node.argument)
    if isinstance(node, Not):
        return {"NOT": shape(node.node)}
    if isinstance(node, AllOf):
        return {"AND": [shape(each) for each in node.nodes]}
    if isinstance(node, AnyOf):
        return {"OR": [shape(each) for each in node.nodes]}
    return None


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        (" \t\r\n", None),
        ('a = "x"', ("a", "=", "x")),
        ('a="x"', ("a", "=", "x")),
        ('\n a\t>\r"x" ', ("a", ">", "x")),
        ("thread.name = spaces/A_-/threads/1.2", ("thread.name", "=", "spaces/A_-/threads/1.2")),
        ('a:"x"', ("a", ":", "x")),
        ('a != "x"', ("a", "!=", "x")),
        ('a <= "x" AND b >= 1', {"AND": [("a", "<=", "x"), ("b", ">=", "1")]}),
        (r'a = "say \"hi\" \\ now"', ("a", "=", 'say "hi" \\ now')),
        ('a = "AND" OR b = "OR"', {"OR": [("a", "=", "AND"), ("b", "=", "OR")]}),
        ('a="1" AND b="2" OR c="3"', {"AND": [("a", "=", "1"), {"OR": [("b", "=", "2"), ("c", "=", "3")]}]}),
        ('(a="1" AND b="2") OR c="3"', {"OR": [{"AND": [("a", "=", "1"), ("b", "=", "2")]}, ("c", "=", "3")]}),
        ('creator("users/me")', ("creator", "users/me")),
        ('NOT creator("users/me")', {"NOT": ("creator", "users/me")}),
        ('emoji.unicode = "🙂"', ("emoji.unicode", "=", "🙂")),
    ],
)
def test_trees(text: str, tree: object) -> None:
    assert shape(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("a", 1, "one of = != < <= > >= : expected at the end"),
        ("a =", 3, "a value expected at the end"),
        ('= "x"', 0, "a field expected at character 1"),
        ('a = "x', 4, "a double quote without its second one at character 5"),
        ("a = 'x'", 4, "a sign without meaning at character 5"),
        ("a > 2012-04-21T11:30:00Z", 4, "the value at character 5 of the filter: 2012-04-21T11:30:00Z must be in"),
        ('a = "x" b = "y"', 8, "AND, OR or the end expected at character 9"),
        ('a = "x" and b = "y"', 8, "AND, OR or the end expected"),
        ('AND a = "x"', 0, "a field expected"),
        ('a = "x" AND', 11, "a field expected at the end"),
        ('a = "x" AND AND b = "y"', 12, "a field expected"),
        ('(a = "x"', 8, "AND, OR or ) expected at the end"),
        ('a = "x")', 7, "AND, OR or the end expected"),
        ("()", 1, "a field expected"),
        ("a = AND", 4, "a value expected"),
        ("a == 1", 3, "a value expected"),
        ("creator(users/me)", 8, "a text in double quotes expected"),
        ('creator("x"', 11, ") expected at the end"),
        ("NOT", 3, "a field expected at the end"),
        ('NOT NOT a = "x"', 4, "a field expected"),
        ("(" * 21 + 'a = "x"' + ")" * 21, 20, "too many parentheses"),
        ("a = \\", 4, "a sign without meaning"),
    ],
)
def test_what_is_no_filter_is_refused_at_its_place(text: str, place: int, says: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse(text)
    assert says in str(refused.value)
    assert refused.value.place == place


def test_a_long_filter_is_shown_in_part() -> None:
    with pytest.raises(FilterError, match=r"^AND, OR or the end expected at character 7 of the filter: x{20}\.\.\.$"):
        parse("a = b " + "x" * 500)


WORDS = st.from_regex(r"[a-zA-Z_.]{1,8}", fullmatch=True).filter(lambda word: word not in ("AND", "OR", "NOT"))
COMPARISONS = st.tuples(WORDS, st.sampled_from(["=", "!=", "<", ">", "<=", ">=", ":"]), st.text(max_size=8))


def written(tree: object) -> str:
    if isinstance(tree, tuple):
        field, operator, value = map(str, tree)
        return f"{field} {operator} " + '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    assert isinstance(tree, dict)
    ((word, parts),) = tree.items()
    return f" {word} ".join(f"({written(part)})" for part in parts)


def joined(trees: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    parts = st.lists(trees, min_size=2, max_size=3)
    return parts.flatmap(lambda nodes: st.sampled_from([{"AND": nodes}, {"OR": nodes}]))


@given(st.recursive(COMPARISONS, joined, max_leaves=8))
def test_every_tree_that_is_written_reads_back(tree: object) -> None:
    assert shape(parse(written(tree))) == tree


@given(st.text(alphabet=st.sampled_from("ab=<>!:\"() \\\n'ANDORT"), max_size=30))
def test_any_text_is_a_tree_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        tree = parse(text)
    except FilterError as refused:
        assert 0 <= refused.place <= len(text)
    else:
        assert (tree is None) == (not text.strip())


@given(st.text(max_size=30))
def test_any_unicode_is_a_tree_or_refused(text: str) -> None:
    try:
        json.dumps(shape(parse(text)))
    except FilterError as refused:
        assert 0 <= refused.place <= len(text)


def test_what_methods_ask_of_a_tree() -> None:
    both = parse('a = "1" AND (b = "2" OR b = "3")')
    first, second = terms(both)
    assert isinstance(first, Comparison) and not first.grouped
    assert second.grouped and [each.value for each in alternatives(second)] == ["2", "3"]
    assert terms(first) == [first] and terms(None) == []
    assert field_of(first, {"a": "field"}) == "field"
    with pytest.raises(FilterError, match="the field 'a' at character 1 of the filter is unknown; known: b, c"):
        field_of(first, {"b": "b", "c": "c"})
    with pytest.raises(FilterError, match="a at character 1 of the filter may be compared with < > only"):
        field_of(first, {"a": "time"}, {"time": "< >"})
    with pytest.raises(FilterError, match="a comparison expected at character 1"):
        alternatives(Not(first, 0))


def test_times_stand_in_double_quotes() -> None:
    (term,) = terms(parse('start_time = "1970-01-01T01:00:00+01:00"'))
    assert isinstance(term, Comparison) and time_of(term) == 0
    for text, says in (("t = 5", "must be in double quotes"), ('t = "5"', "not an RFC 3339 time")):
        (term,) = terms(parse(text))
        assert isinstance(term, Comparison)
        with pytest.raises(FilterError, match=f"the value at character 5 of the filter.*{says}"):
            time_of(term)
