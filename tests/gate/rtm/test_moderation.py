from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rtm_sdk.gate import Gate

from ..raw_client import RawClient, Refused

got: list[tuple[Any, ...]] = []
"""What the functions of these tests were called with."""


def check(*args: Any) -> list[int]:
    got.append(args)
    return [200, 5] if "bad" in str(args[0]) else []


@pytest.fixture(scope="module")
def client() -> Iterator[RawClient]:
    functions: dict[str, Callable[..., Any] | str] = {"icheck": check, "acheck": f"{__name__}:check", "vcheck": check}
    words = {"bad": 300, "evil": 100}
    with Gate(words=words, functions=functions, max_message=100) as gate, RawClient(gate) as client:
        yield client


def function_failing_with(fault: BaseException) -> Any:
    def fail(*args: Any) -> Any:
        raise fault

    return fail


class TestTexts:
    def test_check(self, client: RawClient) -> None:
        assert client.call("tcheck", text="Evil is BAD, evil", uid=5) == {
            "result": 2,
            "text": "**** is ***, ****",
            "tags": ["100", "300"],
            "wlist": ["evil", "bad"],
        }
        assert client.call("tcheck", text="good") == {"result": 0, "tags": [], "wlist": []}
        assert client.call("tcheck", text="") == {"result": 0, "tags": [], "wlist": []}

    def test_profanity(self, client: RawClient) -> None:
        assert client.call("profanity", text="a bad day") == {"text": "a *** day", "classification": []}
        assert client.call("profanity", text="a bad day", classify=True, uid=0) == {
            "text": "a *** day",
            "classification": ["300"],
        }
        assert client.call("profanity", text="a day", classify=True) == {"text": "a day", "classification": []}

    @pytest.mark.parametrize("method", ["tcheck", "profanity"])
    def test_parameters(self, client: RawClient, method: str) -> None:
        assert client.code(method) == 10009
        assert client.code(method, text=5) == 10010
        assert client.code(method, text="x", uid="5") == 10010
        assert client.code(method, text=b"\xff") == 200034
        assert client.code(method, text=b"x") == 0
        assert client.code(method, text="ü" * 50) == 0
        assert client.code(method, text="ü" * 51) == 200030
        assert client.code("profanity", text="x", classify=1) == 10010

    def test_an_empty_list_lets_everything_pass(self) -> None:
        with Gate(words=[]) as gate, RawClient(gate) as client:
            assert client.call("tcheck", text="bad")["result"] == 0

    @pytest.mark.parametrize("method", ["tcheck", "profanity"])
    def test_without_a_list(self, method: str) -> None:
        with Gate() as gate, RawClient(gate) as client:
            assert client.code(method, text="bad") == 200060


MEDIA: dict[str, dict[str, Any]] = {
    "icheck": {"image": "http://x/good.jpg", "type": 1},
    "acheck": {"audio": "http://x/good.amr", "type": 1, "lang": "en-US"},
    "vcheck": {"video": "http://x/good.mp4", "type": 1, "videoName": ""},
}
MORE: dict[str, tuple[Any, ...]] = {"icheck": (), "acheck": ("en-US", "AMR_WB", 16000), "vcheck": ("",)}
"""What a function gets after the content."""


@pytest.mark.parametrize("method", MEDIA)
class TestMedia:
    def test_what_passes(self, client: RawClient, method: str) -> None:
        assert client.call(method, **MEDIA[method], uid=5) == {"result": 0, "tags": []}
        assert got[-1] == (next(iter(MEDIA[method].values())), *MORE[method])

    def test_what_does_not(self, client: RawClient, method: str) -> None:
        name = next(iter(MEDIA[method]))
        params = {**MEDIA[method], name: "http://x/bad"}
        assert client.call(method, **params) == {"result": 2, "tags": ["200", "5"]}

    @pytest.mark.parametrize("content", [b"\xff bad", "bad"])
    def test_a_content_is_bytes(self, client: RawClient, method: str, content: Any) -> None:
        name = next(iter(MEDIA[method]))
        params = {**MEDIA[method], name: content, "type": 2, "videoName": "x.mp4"}
        assert client.call(method, **params)["result"] == 2
        assert got[-1][0] == (content if isinstance(content, bytes) else content.encode())

    def test_parameters(self, client: RawClient, method: str) -> None:
        params = MEDIA[method]
        media = next(iter(params))
        for name in params:
            assert client.code(method, **{key: value for key, value in params.items() if key != name}) == 10009
            assert client.code(method, **{**params, name: []}) == 10010
        assert client.code(method, **{**params, media: ""}) == 200033
        assert client.code(method, **{**params, media: b"\xff"}) == 200034
        assert client.code(method, **{**params, "type": 3}) == 200034
        assert client.code(method, **{**params, "uid": "5"}) == 10010

    def test_without_a_function(self, method: str) -> None:
        with Gate(words=[]) as gate, RawClient(gate) as client:
            assert client.code(method, **MEDIA[method]) == 200060

    @pytest.mark.parametrize(
        ("function", "logged"),
        [
            (function_failing_with(KeyError("deep inside")), "KeyError: 'deep inside'"),
            (function_failing_with(SystemExit(3)), "SystemExit: 3"),
            (function_failing_with(KeyboardInterrupt()), "KeyboardInterrupt"),
            (function_failing_with(CancelledError()), "CancelledError"),
            (lambda *args: None, "must return the categories it found, as ints, not None"),
            (lambda *args: "300", "must return the categories"),
            (lambda *args: ["300"], "must return its categories as ints"),
            (lambda *args: [1 << 63], "must return its categories as ints of at most 64 bits"),
            (lambda *args: False, "must return the categories"),
        ],
    )
    def test_a_function_that_fails(
        self, method: str, function: Any, logged: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        with Gate(functions={method: function}) as gate, RawClient(gate) as client:
            with pytest.raises(Refused, match=f"the function for {method} failed with") as refused:
                client.call(method, **MEDIA[method])
            assert refused.value.code == 200999
            assert client.call("getfriends", uid=1) == {"uids": []}
        assert logged in caplog.text


def test_codec_and_rate(client: RawClient) -> None:
    client.call("acheck", **{**MEDIA["acheck"], "codec": "PCM", "srate": 8000})
    assert got[-1][2:] == ("PCM", 8000)
    client.call("acheck", **{**MEDIA["acheck"], "codec": "", "srate": 0})
    assert got[-1][2:] == ("AMR_WB", 16000)
    assert client.code("acheck", **{**MEDIA["acheck"], "srate": -1}) == 200034
    assert client.code("acheck", **{**MEDIA["acheck"], "lang": "xx"}) == 200050
    assert client.code("acheck", **{**MEDIA["acheck"], "lang": "zh_CN"}) == 0


def test_a_film_needs_a_name(client: RawClient) -> None:
    assert client.code("vcheck", video=b"x", type=2, videoName="") == 200033
    assert client.code("vcheck", video=b"x", type=2, videoName="x.mp4") == 0
    assert got[-1] == (b"x", "x.mp4")
