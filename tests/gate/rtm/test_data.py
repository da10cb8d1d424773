from __future__ import annotations

import pytest

from ..raw_client import RawClient


def test_it_is_kept(client: RawClient) -> None:
    assert client.call("dataget", uid=1, key="a") == {}
    assert client.call("dataset", uid=1, key="a", val="one") == {}
    client.call("dataset", uid=1, key="b", val="")
    client.call("dataset", uid=1, key="a", val="grüß 🐱")
    assert client.call("dataget", uid=1, key="a") == {"val": "grüß 🐱"}
    assert client.call("dataget", uid=1, key="b") == {"val": ""}
    assert client.call("dataget", uid=2, key="a") == {}
    assert client.call("datadel", uid=1, key="a") == {}
    assert client.call("datadel", uid=1, key="a") == {}
    assert client.call("dataget", uid=1, key="a") == {}


def test_limits(client: RawClient) -> None:
    assert client.code("dataset", uid=1, key="ü" * 64, val="x" * 65535) == 0
    assert client.call("dataget", uid=1, key="ü" * 64) == {"val": "x" * 65535}
    assert client.code("dataset", uid=1, key="x" * 129, val="") == 200032
    assert client.code("dataset", uid=1, key="x", val="x" * 65536) == 200032
    assert client.code("dataset", uid=1, key="", val="x") == 200033


@pytest.mark.parametrize("method", ["dataset", "dataget", "datadel"])
def test_parameters(client: RawClient, method: str) -> None:
    params = {"uid": 1, "key": "a", **({"val": "x"} if method == "dataset" else {})}
    assert client.code(method, **params) == 0
    assert client.code(method, **{**params, "uid": 0}) == 200001
    for name in params:
        assert client.code(method, **{key: value for key, value in params.items() if key != name}) == 10009
        assert client.code(method, **{**params, name: []}) == 10010
