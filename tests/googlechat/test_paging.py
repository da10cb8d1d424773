from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.errors import FPNN_ERROR, Code, RTMException
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.client import GoogleChatClient
from tests.http.peer import HTTPPeer, Reply

from .chat import Space

TOKEN = "token-of-a-user"


def test_the_same_token_again_ends() -> None:
    page = Reply(200, {"messages": [{"name": "a"}], "nextPageToken": "same"})
    with HTTPPeer(always=page) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        found: list[Any] = []
        with pytest.raises(RTMException, match="the same page again and again") as caught:
            found.extend(client.iter_messages("spaces/A"))
        assert caught.value.error_code == FPNN_ERROR.FPNN_EC_PROTO_UNKNOWN_ERROR
        assert len(peer.requests) == 2


def test_a_page_that_fails(space: Space, gate: Gate) -> None:
    space.fill(4)
    found = space.client.iter_messages(space, page_size=2)
    assert [next(found)["text"], next(found)["text"]] == ["0", "1"]
    gate.faults.add("spaces.messages.list", "error", status=403)
    with pytest.raises(RTMException) as caught:
        next(found)
    assert caught.value.error_code == Code.PERMISSION_DENIED
    assert list(found) == []


def test_nothing_is_sent_before_the_first_item_is_wanted() -> None:
    with HTTPPeer() as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        found = client.iter_messages("spaces/A")
        assert peer.requests == []
        assert list(found) == []
        assert len(peer.requests) == 1
        with pytest.raises(ValueError, match="^parent must look like"):
            client.iter_messages("A")


def test_the_timeout_is_for_each_page(space: Space, gate: Gate) -> None:
    space.fill(3)
    gate.faults.add("spaces.messages.list", "delay", seconds=0.15, count=3)
    assert len(list(space.client.iter_messages(space, page_size=1, timeout=0.4))) == 3
    gate.faults.add("spaces.messages.list", "drop_reply", count=2)
    with pytest.raises(RTMException) as caught:
        list(space.client.iter_messages(space, timeout=0.1))
    assert caught.value.error_code == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT


def test_a_large_space(space: Space) -> None:
    space.fill(1001)
    assert [int(message["text"]) for message in space.client.iter_messages(space)] == list(range(1001))
    newest_first = space.client.iter_messages(space, order_by="DESC", page_size=1000)
    assert [int(message["text"]) for message in newest_first] == list(reversed(range(1001)))
