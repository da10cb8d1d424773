from __future__ import annotations

from rtm_sdk.gate import Gate

from ..raw_client import RawClient


def test_old_and_new_tokens_are_good_until_removed(gate: Gate, client: RawClient) -> None:
    tokens = [client.call("gettoken", uid=1)["token"] for _ in range(3)]
    other = client.call("gettoken", uid=2, version="PYTHON-2.2.6")["token"]
    assert len({*tokens, other}) == 4
    assert all(gate.token_is_valid(1, token) for token in tokens)
    assert not gate.token_is_valid(2, tokens[0])
    assert not gate.token_is_valid(1, "")
    assert client.call("removetoken", uid=1) == {}
    assert not any(gate.token_is_valid(1, token) for token in tokens)
    assert gate.token_is_valid(2, other)
    assert client.call("removetoken", uid=1) == {}


def test_parameters(client: RawClient) -> None:
    for method in ("gettoken", "removetoken"):
        assert client.code(method) == 10009
        assert client.code(method, uid="1") == 10010
        assert client.code(method, uid=0) == 200001
