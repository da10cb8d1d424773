"""`message.query`, rule by rule: what the gate finds, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm_sdk.bearychat import BearyChatClient
from rtm_sdk.errors import BEARYCHAT_ERROR
from rtm_sdk.gate import Gate
from rtm_sdk.gate.bearychat.conversations import CHANNEL, Conversation
from rtm_sdk.gate.bearychat.formats import COUNTERS, message_key
from rtm_sdk.gate.bearychat.query import parse_query
from rtm_sdk.gate.bearychat.records import Records
from rtm_sdk.gate.bearychat.tables import TABLES
from rtm_sdk.gate.clock import Clock
from rtm_sdk.gate.store import Store

from .raw import Raw

T1, T2, T3, T5, T6 = 1485236260000, 1485236261000, 1485236262000, 1485236264000, 1485236265000
T4 = T3
K1, K2, K3, K4, K5, K6 = (f"{ts}.{counter:04}" for counter, ts in enumerate((T1, T2, T3, T4, T5, T6), start=1))
KEYS = {"m1": K1, "m2": K2, "m3": K3, "m4": K4, "m5": K5, "m6": K6}
ALL = ["m1", "m2", "m3", "m4", "m5", "m6"]
V, X = "=testV", "=testX"
ERROR = None


class Rule(NamedTuple):
    """A rule of the specification with its example.

    Attributes:
        name: of the rule.
        query: the example.
        found: the messages that it finds; None when it is refused.
        asked: whether the client sends such a query; otherwise it refuses to, and the gate gets it from elsewhere.
    """

    name: str
    query: Any
    found: list[str] | None
    asked: bool = True


RULES = [
    Rule("G2", {"window": {"from_ts": T1, "to_ts": T6}}, ALL),
    Rule("G3", {"latest": {"limit": 1}}, ["m6"]),
    Rule("G4", {"since": {"key": K6, "forward": 5}}, []),
    Rule("G5", {"since": {"key": K6, "backward": 3}}, ["m3", "m4", "m5"]),
    Rule("G6", {"window": {"from_ts": T1, "to_ts": T2}, "latest": {"limit": 1}}, ["m1", "m2"], False),
    Rule("G7", {"latest": {"limit": 1}, "since": {"key": K1, "forward": 1}}, ["m2"], False),
    Rule("G8", {"thread": {"key": K1}}, ERROR, False),
    Rule("G9", {"latest": 5}, ERROR, False),
    Rule("G10", {"latest": {"limit": "2"}}, ERROR, False),
    Rule("G11", {"latest": {"limit": 101}}, ERROR, False),
    Rule("G12", {"since": {"key": K1, "forward": -1}}, ERROR, False),
    Rule("G13", {"since": {"key": K3, "forward": 0, "backward": 1}}, ["m2"]),
    Rule("G14", {"since": {"key": K3, "forward": 1}}, ["m4"]),
    Rule("G15", {"window": {"from_ts": T4, "to_ts": T4}}, ["m3", "m4"]),
    Rule("G16", {"since": {"key": "1485236263000.0000", "forward": 1}}, ["m5"]),
    Rule("G17", {"since": {"key": "abc", "forward": 1}}, ERROR, False),
    Rule("G18", {"since": {"ts": 1485236263000, "forward": 1}}, ["m5"]),
    Rule("G19", {"since": {"ts": "1485236263000", "forward": 1}}, ERROR, False),
    Rule("G20", {"latest": {"limit": 2, "colour": 1}}, ["m5", "m6"], False),
    Rule("G21", {"window": {"from_ts": T5, "to_ts": T2, "forward": 101}}, ERROR, False),
    Rule("L1", {"latest": {"limit": 2}}, ["m5", "m6"]),
    Rule("L2", {"latest": {}}, ALL),
    Rule("L3", {"latest": {"limit": 100}}, ALL),
    Rule("L4", {"latest": {"limit": 50}}, ALL),
    Rule("L5", {"latest": {"limit": 3}}, ["m4", "m5", "m6"]),
    Rule("L6", {"latest": {"limit": 0}}, []),
    Rule("S1", {"since": {"key": K3, "forward": 2}}, ["m4", "m5"]),
    Rule("S2", {"since": {"key": K3, "backward": 2}}, ["m1", "m2"]),
    Rule("S3", {"since": {"ts": T2, "forward": 2}}, ["m2", "m3"]),
    Rule("S4", {"since": {"ts": T2, "backward": 2}}, ["m1", "m2"]),
    Rule("S5", {"since": {"ts": T3, "forward": 2}}, ["m3", "m4"]),
    Rule("S6", {"since": {"key": K1, "forward": 2}}, ["m2", "m3"]),
    Rule("S7", {"since": {"key": K6, "backward": 2}}, ["m4", "m5"]),
    Rule("S8", {"since": {"key": K3, "forward": 1, "backward": 1}}, ["m2", "m4"]),
    Rule("S9", {"since": {"ts": T2, "forward": 2, "backward": 2}}, ["m1", "m2", "m3"]),
    Rule("S10", {"since": {"key": K2}}, ["m3", "m4", "m5", "m6"]),
    Rule("S11", {"since": {"key": K4, "backward": 1}}, ["m3"]),
    Rule("S12", {"since": {"key": K4, "forward": 1}}, ["m5"]),
    Rule("S13", {"since": {"key": K4, "ts": T1, "forward": 1}}, ["m5"], False),
    Rule("S14", {"since": {"forward": 2}}, ERROR, False),
    Rule("S15", {"since": {"key": K3, "forward": 100, "backward": 100}}, ["m1", "m2", "m4", "m5", "m6"]),
    Rule("S16", {"since": {"key": K1, "backward": 5}}, []),
    Rule("S17", {"since": {"key": K2, "forward": 2}}, ["m3", "m4"]),
    Rule("S18", {"since": {"ts": T4, "forward": 1}}, ["m3"]),
    Rule("W1", {"window": {"from_key": K2, "to_key": K5}}, ["m3", "m4"]),
    Rule("W2", {"window": {"from_ts": T2, "to_ts": T5}}, ["m2", "m3", "m4", "m5"]),
    Rule("W3", {"window": {"from_ts": T2}}, ERROR, False),
    Rule("W4", {"window": {"forward": 2}}, ERROR, False),
    Rule("W5", {"window": {"from_key": K1, "to_key": K3, "from_ts": T1, "to_ts": T6}}, ["m2"], False),
    Rule("W6", {"window": {"from_key": K1, "to_ts": T6}}, ERROR, False),
    Rule("W7", {"window": {"from_ts": T1, "to_ts": T6, "forward": 2}}, ["m1", "m2"]),
    Rule("W8", {"window": {"from_ts": T1, "to_ts": T6, "backward": 2}}, ["m5", "m6"]),
    Rule("W9", {"window": {"from_ts": T1, "to_ts": T6, "forward": 1, "backward": 1}}, ERROR, False),
    Rule("W10", {"window": {"from_key": K1, "to_key": K6}}, ["m2", "m3", "m4", "m5"]),
    Rule("W11", {"window": {"from_ts": T5, "to_ts": T2}}, []),
    Rule("W12", {"window": {"from_key": K5, "to_key": K2}}, []),
    Rule("W13", {"window": {"from_ts": T3, "to_ts": T3}}, ["m3", "m4"]),
    Rule("W14", {"window": {"from_key": K3, "to_key": K3}}, []),
    Rule("W15", {"window": {"from_ts": 0, "to_ts": T1}}, ["m1"]),
    Rule("W16", {"window": {"from_key": K1, "to_key": K6, "forward": 3}}, ["m2", "m3", "m4"]),
    Rule("W17", {"window": {"from_key": K1, "to_key": K6, "backward": 1}}, ["m5"]),
]
ELSEWHERE = {"G1", "G22"}
"""The rules that are no examples of a query on V; they have tests of their own."""


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    """V holds m1 to m6, sent by nobody in particular, and X a message that must never show up."""
    with Gate() as gate:
        door = gate.bearychat
        for name, vchannel_id in (("vvvv", V), ("xxxx", X)):
            door.add_channel(name, id=vchannel_id)
        for text, key in KEYS.items():
            door.add_message(V, text, key=key)
        door.add_message(X, "x1", key="1485236263000.0001")
        yield gate


@pytest.fixture(scope="module")
def client(gate: Gate) -> Iterator[BearyChatClient]:
    with BearyChatClient(gate.bearychat.token, base_url=gate.bearychat.base_url, timeout=5) as client:
        yield client


@pytest.fixture(scope="module")
def raw(gate: Gate) -> Iterator[Raw]:
    with Raw(gate) as raw:
        yield raw


def test_all_rules_are_there() -> None:
    names = {rule.name for rule in RULES} | ELSEWHERE
    counts = {"G": 22, "L": 6, "S": 18, "W": 17}
    assert names == {f"{letter}{number}" for letter, count in counts.items() for number in range(1, count + 1)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule(client: BearyChatClient, raw: Raw, rule: Rule) -> None:
    if rule.asked:
        messages, error_code = client.query_messages(V, **rule.query)
        assert not error_code
        assert messages is not None
        assert [message["text"] for message in messages] == rule.found
    else:
        with pytest.raises((TypeError, ValueError)):
            client.query_messages(V, **rule.query)
    reply = raw.post("message.query", vchannel_id=V, query=rule.query)
    if rule.found is None:
        assert (reply.status, reply.code) == (400, BEARYCHAT_ERROR.INVALID_PARAMETER)
    else:
        assert reply.status == 200
        assert reply.data.keys() == {"messages"}
        assert [message["text"] for message in reply.data["messages"]] == rule.found
        assert [message["key"] for message in reply.data["messages"]] == [KEYS[name] for name in rule.found]


def test_rule_G1(client: BearyChatClient, raw: Raw) -> None:
    with pytest.raises(TypeError, match="^latest, since or window must be given"):
        client.query_messages(V)
    with pytest.raises(TypeError, match="vchannel_id"):
        client.query_messages(latest={})  # type: ignore[call-overload]
    assert raw.post("message.query", vchannel_id=V).status == 400
    assert raw.post("message.query", query={"latest": {}}).status == 400


def test_the_rank_of_the_algorithms(raw: Raw) -> None:
    algorithms = {"latest": {"limit": 1}, "since": {"key": K1, "forward": 1}, "window": {"from_ts": T1, "to_ts": T1}}
    for query in (algorithms, dict(reversed(algorithms.items()))):
        reply = raw.post("message.query", vchannel_id=V, query=query)
        assert [message["text"] for message in reply.data["messages"]] == ["m1"]
    del algorithms["latest"]
    for query in (algorithms, dict(reversed(algorithms.items()))):
        reply = raw.post("message.query", vchannel_id=V, query=query)
        assert [message["text"] for message in reply.data["messages"]] == ["m1"]


def test_rule_G22(client: BearyChatClient) -> None:
    messages, error_code = client.query_messages("=nope", latest={})
    assert messages is None
    assert error_code == BEARYCHAT_ERROR.NOT_FOUND
    assert error_code.http_status == 404


def test_a_private_conversation_of_others_is_unknown(gate: Gate, client: BearyChatClient) -> None:
    other = gate.bearychat.add_user("somebody")
    hidden = gate.bearychat.add_channel("hidden", private=True, creator=other)
    assert client.query_messages(hidden, latest={})[1] == BEARYCHAT_ERROR.NOT_FOUND


def test_without_limit_the_newest_20(gate: Gate, client: BearyChatClient) -> None:
    gate.bearychat.add_channel("many", id="=many")
    for number in range(25):
        gate.bearychat.add_message("=many", str(number))
    messages, error_code = client.query_messages("=many", latest={})
    assert not error_code
    assert messages is not None
    assert [message["text"] for message in messages] == [str(number) for number in range(5, 25)]


@pytest.mark.parametrize(
    "query",
    [
        None,
        "latest",
        [{"latest": {}}],
        {},
        {"window": None, "latest": {}},
        {"latest": {"limit": 2.0}},
        {"latest": {"limit": True}},
        {"latest": {"limit": None}},
        {"latest": {"limit": -1}},
        {"since": {"key": None}},
        {"since": {"key": K1, "forward": 101}},
        {"since": {"key": K1, "backward": 101}},
        {"since": {"key": 1485236260000.0001}},
        {"since": {"key": "1485236260000"}},
        {"since": {"key": "1485236260000.001"}},
        {"since": {"key": "1485236260000.0001\n"}},
        {"since": {"key": "\u0661485236260000.0001"}},
        {"since": {"ts": 1485236260000.5}},
        {"since": {"ts": True}},
        {"window": {"from_key": K1}},
        {"window": {"to_key": K1, "from_ts": T1, "to_ts": T6}},
        {"window": {"from_ts": T1, "to_ts": T6, "forward": "1"}},
    ],
)
def test_refuses(raw: Raw, query: Any) -> None:
    reply = raw.post("message.query", vchannel_id=V, query=query)
    assert (reply.status, reply.code) == (400, BEARYCHAT_ERROR.INVALID_PARAMETER)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"since": {"ts": -(10**30), "forward": 100}}, ALL),
        ({"since": {"ts": 10**30, "backward": 100}}, ALL),
        ({"since": {"ts": 10**30, "forward": 100}}, []),
        ({"since": {"key": "9" * 200 + ".0000", "backward": 100}}, ALL),
        ({"since": {"key": "0.0000", "forward": 100}}, ALL),
        ({"window": {"from_ts": -(10**30), "to_ts": 10**30}}, ALL),
    ],
)
def test_positions_far_away(raw: Raw, query: Any, found: list[str]) -> None:
    reply = raw.post("message.query", vchannel_id=V, query=query)
    assert [message["text"] for message in reply.data["messages"]] == found


# --- what holds for all messages and queries: section 9.6 of the specification --------------------------------------

STAMPS = st.integers(T1, T1 + 30)
PLACES = st.sets(st.integers(T1 * COUNTERS, (T1 + 30) * COUNTERS + 20), max_size=25) | st.sets(
    st.builds(lambda ts, counter: ts * COUNTERS + counter, STAMPS, st.integers(0, 3)), max_size=60
)
COUNTS = st.integers(0, 100)


class History:
    """Conversations in a store: one with messages at some positions, and one beside it."""

    def __init__(self, places: set[int]) -> None:
        self.places = sorted(places)
        self.keys = [message_key(place) for place in self.places]
        self.store = Store(None, Clock())
        self.store.create(TABLES)
        self._records = Records(self.store, lambda event, uids: None)
        for vchannel_id, chosen in ((V, places), (X, {place + 1 for place in places})):
            conversation = Conversation(
                vchannel_id, CHANNEL, vchannel_id, None, None, False, False, True, latest_ts=0, last_position=0
            )
            for place in sorted(chosen, reverse=True):
                assert self._records.add(
                    conversation, "=team", "", uid="=user", position=place, message_id=f"{vchannel_id}{place}"
                )

    def query(self, **query: Any) -> list[str]:
        """The keys that a query finds."""
        found = self._records.select(V, parse_query(query), tombstones=False)
        assert all(record.vchannel_id == V for record in found)
        keys = [str(record.resource["key"]) for record in found]
        assert keys == [message_key(place) for place in sorted({record.position for record in found})]
        return keys


@given(PLACES, COUNTS)
def test_latest_is_the_end_of_the_list(places: set[int], count: int) -> None:
    history = History(places)
    assert history.query(latest={"limit": count}) == history.keys[max(0, len(places) - count) :]
    history.store.close()


@given(PLACES, STAMPS, st.integers(0, 3), COUNTS, COUNTS)
def test_both_sides_of_a_key_are_disjoint(places: set[int], ts: int, counter: int, forward: int, backward: int) -> None:
    history = History(places)
    key = message_key(ts * COUNTERS + counter)
    newer = history.query(since={"key": key, "forward": forward})
    older = history.query(since={"key": key, "backward": backward})
    assert newer == [each for each in history.keys if each > key][:forward]
    assert older == [each for each in history.keys if each < key][::-1][:backward][::-1]
    assert history.query(since={"key": key, "forward": forward, "backward": backward}) == older + newer
    history.store.close()


@given(PLACES, st.integers(1, 100))
def test_walking_visits_each_message_once(places: set[int], count: int) -> None:
    history = History(places)
    walked: list[str] = []
    while page := history.query(since={"key": walked[-1] if walked else "0.0000", "forward": count}):
        walked += page
    assert walked == history.keys
    back: list[str] = []
    while page := history.query(since={"key": back[-1] if back else f"{'9' * 14}.0000", "backward": count}):
        back += page[::-1]
    assert back == history.keys[::-1]
    history.store.close()


@given(PLACES, STAMPS, STAMPS, COUNTS)
def test_window_is_the_list_between_its_bounds(places: set[int], from_ts: int, to_ts: int, count: int) -> None:
    history = History(places)
    bounds = {"from_ts": from_ts, "to_ts": to_ts}
    inside = [message_key(place) for place in history.places if from_ts <= place // COUNTERS <= to_ts]
    assert history.query(window=bounds) == inside[:100]
    assert history.query(window={**bounds, "forward": count}) == inside[:count]
    assert history.query(window={**bounds, "backward": count}) == inside[max(0, len(inside) - count) :]
    history.store.close()


@given(PLACES, STAMPS, STAMPS)
def test_what_describes_the_same_finds_the_same(places: set[int], from_ts: int, to_ts: int) -> None:
    history = History(places)
    open_keys = {"from_key": message_key(from_ts * COUNTERS - 1), "to_key": message_key((to_ts + 1) * COUNTERS)}
    assert history.query(window=open_keys) == history.query(window={"from_ts": from_ts, "to_ts": to_ts})
    assert history.query(since={"ts": from_ts}) == history.query(since={"key": open_keys["from_key"]})
    assert history.query(since={"ts": from_ts, "backward": 7}) == history.query(
        since={"key": message_key((from_ts + 1) * COUNTERS), "backward": 7}
    )
    assert history.query(latest={"limit": 9}) == history.query(since={"key": f"{'9' * 14}.0000", "backward": 9})
    history.store.close()
