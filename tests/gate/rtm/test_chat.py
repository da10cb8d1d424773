from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rtm_sdk.gate import Gate

from ..raw_client import RawClient

got: list[tuple[Any, ...]] = []
"""What the functions of these tests were called with."""


def translate(text: str, source: str | None, target: str) -> Any:
    got.append((text, source, target))
    if text == "nothing":
        return ""
    translated = text.upper() if text != "good" else "bad"
    return translated if source else ("en", translated)


def listen(*args: Any) -> Any:
    got.append(args)
    return "heard" if args[1] == "en" else ("fr-FR", "heard")


@pytest.fixture(scope="module")
def client() -> Iterator[RawClient]:
    functions = {"translate": translate, "speech2text": listen}
    with Gate(words=["bad"], functions=functions, max_message=100) as gate, RawClient(gate) as client:
        yield client


class TestTranslating:
    def test_from_a_language(self, client: RawClient) -> None:
        assert client.call("translate", text="hello", dst="zh-CN", src="EN", type="mail", uid=5) == {
            "source": "EN",
            "target": "zh-CN",
            "sourceText": "hello",
            "targetText": "HELLO",
        }
        assert got[-1] == ("hello", "en", "zh-CN")

    @pytest.mark.parametrize("src", [{}, {"src": "", "uid": 0}])
    def test_from_a_language_that_is_found(self, client: RawClient, src: dict[str, Any]) -> None:
        assert client.call("translate", text="hello", dst="fr", **src)["source"] == "en"
        assert got[-1] == ("hello", None, "fr")

    @pytest.mark.parametrize(
        ("code", "passed"),
        [("zh-CN", "zh-CN"), ("zh_cn", "zh-CN"), ("ZH-TW", "zh-TW"), ("zh_tw", "zh-TW"), ("Fr", "fr"), ("tl", "tl")],
    )
    def test_both_spellings(self, client: RawClient, code: str, passed: str) -> None:
        assert client.call("translate", text="hello", dst=code, src=code)["target"] == code
        assert got[-1][1:] == (passed, passed)

    @pytest.mark.parametrize("wrong", [{"dst": "xx"}, {"dst": "zh"}, {"dst": ""}, {"dst": "en-US"}, {"src": "zh-HK"}])
    def test_unknown_languages(self, client: RawClient, wrong: dict[str, str]) -> None:
        assert client.code("translate", **{"text": "hello", "dst": "en", **wrong}) == 200050

    def test_nothing_to_translate(self, client: RawClient) -> None:
        assert client.code("translate", text=" ", dst="en") == 200051
        assert client.code("translate", text="nothing", dst="en") == 200051

    @pytest.mark.parametrize(
        ("options", "source", "target"),
        [
            ({}, "bad day", "BAD DAY"),
            ({"profanity": "off", "postProfanity": True}, "bad day", "BAD DAY"),
            ({"profanity": "censor"}, "*** day", "*** DAY"),
        ],
    )
    def test_sensitive_words(self, client: RawClient, options: dict[str, Any], source: str, target: str) -> None:
        answer = client.call("translate", text="bad day", dst="en", **options)
        assert (answer["sourceText"], answer["targetText"]) == (source, target)
        assert got[-1][0] == source

    def test_sensitive_words_in_the_translation(self, client: RawClient) -> None:
        params = {"text": "good", "dst": "en"}
        assert client.call("translate", **params, profanity="censor")["targetText"] == "bad"
        assert client.call("translate", **params, profanity="censor", postProfanity=True)["targetText"] == "***"
        assert client.code("translate", **params, profanity="stop") == 0
        assert client.code("translate", **params, profanity="stop", postProfanity=True) == 200057

    def test_stop(self, client: RawClient) -> None:
        assert client.code("translate", text="a bad day", dst="en", profanity="stop") == 200057
        assert client.code("translate", text="a day", dst="en", profanity="stop") == 0

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"type": "letter"}, 200034),
            ({"profanity": "on"}, 200034),
            ({"postProfanity": 1}, 10010),
            ({"text": 5}, 10010),
            ({"text": b"\xff"}, 200034),
            ({"text": "x" * 101}, 200030),
            ({"uid": "5"}, 10010),
        ],
    )
    def test_parameters(self, client: RawClient, wrong: dict[str, Any], code: int) -> None:
        assert client.code("translate", **{"text": "hello", "dst": "en", **wrong}) == code
        for name in ("text", "dst"):
            params = {"text": "hello", "dst": "en"}
            del params[name]
            assert client.code("translate", **params) == 10009

    def test_what_is_not_configured(self) -> None:
        with Gate() as gate, RawClient(gate) as client:
            assert client.code("translate", text="hello", dst="en") == 200060
        with Gate(functions={"translate": translate}) as gate, RawClient(gate) as client:
            assert client.code("translate", text="hello", dst="en") == 0
            assert client.code("translate", text="hello", dst="en", profanity="censor") == 200060

    @pytest.mark.parametrize("result", [None, 5, ("en",), ("en", None), ["en", "text"]])
    def test_a_function_that_returns_something_else(self, result: Any, caplog: pytest.LogCaptureFixture) -> None:
        with Gate(functions={"translate": lambda *args: result}) as gate, RawClient(gate) as client:
            assert client.code("translate", text="hello", dst="en") == 200056
        assert "the function must return a text, or a language and a text" in caplog.text


class TestListening:
    def test_text_and_language(self, client: RawClient) -> None:
        params = {"audio": b"\xff", "type": 2, "codec": "PCM", "srate": 8000}
        assert client.call("speech2text", **params, lang="en") == {"text": "heard", "lang": "en"}
        assert client.call("speech2text", **params, lang="de") == {"text": "heard", "lang": "fr-FR"}
        assert client.call("speech2text", audio="http://x/y", type=1, lang="en") == {"text": "heard", "lang": "en"}
        assert got[-3:] == [
            (b"\xff", "en", "PCM", 8000),
            (b"\xff", "de", "PCM", 8000),
            ("http://x/y", "en", "AMR_WB", 16000),
        ]

    def test_parameters(self, client: RawClient) -> None:
        params = {"audio": b"x", "type": 2, "lang": "en"}
        for name in params:
            assert client.code("speech2text", **{key: value for key, value in params.items() if key != name}) == 10009
            assert client.code("speech2text", **{**params, name: []}) == 10010
        assert client.code("speech2text", **{**params, "lang": "xx"}) == 200050
        assert client.code("speech2text", **{**params, "audio": b""}) == 200033

    def test_what_is_not_configured(self) -> None:
        with Gate(functions={"translate": translate}) as gate, RawClient(gate) as client:
            assert client.code("speech2text", audio=b"x", type=2, lang="en") == 200060
