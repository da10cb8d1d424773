"""Going through the history: each message once, whatever the order of the pages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm_sdk import RTMException
from rtm_sdk.bearychat import BearyChatClient
from rtm_sdk.bearychat.history import messages_in_order
from rtm_sdk.bearychat.resources import Message
from rtm_sdk.errors import BEARYCHAT_ERROR, FPNN_ERROR, OK, ErrorCode
from rtm_sdk.gate import Gate

T = 1485236262000


@pytest.fixture(scope="module")
def client() -> Iterator[BearyChatClient]:
    """Of a gate with messages 0 to 29, three in each millisecond."""
    gate = Gate()
    gate.bearychat.add_channel("talk", id="=talk")
    for number in range(30):
        gate.bearychat.add_message("=talk", str(number), key=f"{T + number // 3}.{number:04}")
    with gate, BearyChatClient(gate.bearychat.token, base_url=gate.bearychat.base_url, timeout=5) as client:
        yield client


def numbers(messages: Iterator[Message]) -> list[int]:
    return [int(message["text"]) for message in messages]


@pytest.mark.parametrize("page_size", [1, 2, 7, 30, 100])
@pytest.mark.parametrize("desc", [False, True])
def test_each_message_once(client: BearyChatClient, desc: bool, page_size: int) -> None:
    everything = list(range(30))
    found = numbers(client.iter_messages("=talk", desc, page_size=page_size))
    assert found == (everything[::-1] if desc else everything)


@pytest.mark.parametrize("page_size", [3, 4, 100])
@pytest.mark.parametrize("desc", [False, True])
@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        (T + 2, None, range(6, 30)),
        (None, T + 2, range(9)),
        (T + 2, T + 4, range(6, 15)),
        (T + 4, T + 2, range(0)),
        (0, 2 * T, range(30)),
        (2 * T, None, range(0)),
        (None, 0, range(0)),
    ],
)
def test_between_two_times(
    client: BearyChatClient, desc: bool, page_size: int, begin: int | None, end: int | None, expected: range
) -> None:
    found = numbers(client.iter_messages("=talk", desc, begin, end, page_size))
    assert found == (list(expected)[::-1] if desc else list(expected))


def test_a_page_is_asked_for_when_it_is_needed(client: BearyChatClient) -> None:
    def remaining() -> int:
        assert client.rate_limit is not None
        return client.rate_limit.remaining

    client.get_me()
    before = remaining()
    messages = client.iter_messages("=talk", page_size=10)
    next(messages)
    assert before - remaining() == 1
    for _ in range(10):
        next(messages)
    assert before - remaining() == 2


def test_a_failed_page_raises(client: BearyChatClient) -> None:
    messages = client.iter_messages("=nowhere")
    with pytest.raises(RTMException) as failure:
        next(messages)
    assert failure.value.error_code == BEARYCHAT_ERROR.NOT_FOUND


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"vchannel_id": ""}, ValueError, "^vchannel_id"),
        ({"desc": 1}, TypeError, "^desc"),
        ({"begin": "1"}, TypeError, "^begin"),
        ({"end": 1.5}, TypeError, "^end"),
        ({"page_size": 0}, ValueError, "^page_size must be from 1 to 100"),
        ({"page_size": 101}, ValueError, "^page_size"),
    ],
)
def test_arguments_are_checked_at_once(
    client: BearyChatClient, arguments: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        client.iter_messages(**{"vchannel_id": "=talk", **arguments})


# --- services that answer in their own way ---------------------------------------------------------------------------


def message(place: int) -> Message:
    return {"key": f"{T + place // 3}.{place:04}", "text": str(place)}


def place_of(key: str) -> int:
    return int(key.partition(".")[2])


@given(st.sets(st.integers(0, 60)), st.integers(1, 10), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_a_page_does_not_matter(
    places: set[int], page_size: int, desc: bool, chance: random.Random
) -> None:
    def read(query: dict[str, dict[str, Any]]) -> tuple[list[Message] | None, ErrorCode]:
        ((algorithm, members),) = query.items()
        found = sorted(places)
        if algorithm == "since" and "key" in members:
            at = place_of(members["key"])
            found = [place for place in found if (place < at if desc else place > at)]
        chosen = found[-page_size:] if desc else found[:page_size]
        chance.shuffle(chosen)
        return [message(place) for place in chosen], OK

    assert numbers(messages_in_order(read, desc, None, None, page_size)) == sorted(places, reverse=desc)


@pytest.mark.parametrize("desc", [False, True])
def test_a_service_that_includes_the_position(desc: bool) -> None:
    def read(query: dict[str, dict[str, Any]]) -> tuple[list[Message] | None, ErrorCode]:
        start = query.get("since", {}).get("key")
        at = (5 if desc else 0) if start is None else place_of(start)
        return [message(place) for place in ((at - 1, at) if desc else (at, at + 1)) if 0 <= place <= 5], OK

    assert numbers(messages_in_order(read, desc, None, None, 2)) == ([5, 4, 3, 2, 1, 0] if desc else list(range(6)))


@pytest.mark.parametrize(
    ("desc", "begin", "end", "queries"),
    [
        (False, None, None, [{"ts": 0, "forward": 2}, {"key": message(1)["key"], "forward": 2}]),
        (False, 7, None, [{"ts": 7, "forward": 2}, {"key": message(1)["key"], "forward": 2}]),
        (True, 7, 2 * T, [{"ts": 2 * T, "backward": 2}, {"key": message(0)["key"], "backward": 2}]),
        (True, None, None, [{"limit": 2}, {"key": message(0)["key"], "backward": 2}]),
    ],
)
def test_what_is_asked_for(desc: bool, begin: int | None, end: int | None, queries: list[Any]) -> None:
    asked: list[Any] = []

    def read(query: dict[str, dict[str, Any]]) -> tuple[list[Message] | None, ErrorCode]:
        asked.extend(query.values())
        return [message(0), message(1)] if len(asked) == 1 else [], OK

    assert len(list(messages_in_order(read, desc, begin, end, 2))) == 2
    assert asked == queries


@pytest.mark.parametrize("broken", [{}, {"key": 5}, {"key": "x.y"}, {"key": "1485236262000"}])
def test_a_message_without_a_key(broken: Any) -> None:
    with pytest.raises(RTMException) as failure:
        next(messages_in_order(lambda query: ([broken], OK), False, None, None, 5))
    assert failure.value.error_code == FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE
