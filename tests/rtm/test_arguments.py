from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import pytest

from rtm_sdk.rtm import arguments
from rtm_sdk.rtm.results import MediaType

INTEGERS: list[tuple[Callable[[str, Any], int], int, int]] = [
    (arguments.int64, -(1 << 63), (1 << 63) - 1),
    (arguments.int32, -(1 << 31), (1 << 31) - 1),
    (arguments.int16, -(1 << 15), (1 << 15) - 1),
    (arguments.int8, -128, 127),
    (arguments.mtype, 0, 127),
    (arguments.file_mtype, 40, 50),
]


class Color(IntEnum):
    RED = 42


@pytest.mark.parametrize(("check", "low", "high"), INTEGERS)
def test_integers_have_the_range_of_the_wire(check: Callable[[str, Any], int], low: int, high: int) -> None:
    assert (check("x", low), check("x", high)) == (low, high)
    for beyond in (low - 1, high + 1):
        with pytest.raises(ValueError, match=f"^x must be from {low} to {high}, not {beyond}$"):
            check("x", beyond)


@pytest.mark.parametrize("wrong", [True, None, "5", 5.0, b"5", [5]])
def test_integers_are_integers(wrong: Any) -> None:
    for check, _, _ in INTEGERS:
        with pytest.raises(TypeError, match=f"^uid must be an int, not {type(wrong).__name__}$"):
            check("uid", wrong)


def test_integer_of_a_subclass_becomes_a_plain_one() -> None:
    assert type(arguments.int64("x", Color.RED)) is int


@pytest.mark.parametrize("given", [[1, 2], (1, 2), {1: "a", 2: "b"}.keys(), range(1, 3), iter([1, 2])])
def test_ids_take_any_iterable(given: Any) -> None:
    assert arguments.ids("uids", given) == [1, 2]


def test_ids_take_a_set_and_an_empty_list() -> None:
    assert sorted(arguments.ids("uids", {3, 1})) == [1, 3]
    assert arguments.ids("uids", []) == []


@pytest.mark.parametrize("wrong", ["12", b"12", bytearray(b"12"), {1: 2}, OrderedDict({1: 2}), 12, None])
def test_ids_refuse_what_only_looks_like_a_list(wrong: Any) -> None:
    for check in (arguments.ids, arguments.mtypes):
        with pytest.raises(TypeError, match="^uids must be a list or another iterable of integers, not "):
            check("uids", wrong)


def test_ids_name_the_element() -> None:
    with pytest.raises(TypeError, match=r"^uids\[1\] must be an int, not str$"):
        arguments.ids("uids", [1, "2"])
    with pytest.raises(TypeError, match=r"^uids\[0\] must be an int, not bool$"):
        arguments.ids("uids", [True])
    with pytest.raises(ValueError, match=r"^uids\[2\] must be from"):
        arguments.ids("uids", [1, 2, 1 << 63])
    with pytest.raises(ValueError, match=r"^mtypes\[1\] must be from 0 to 127, not 128$"):
        arguments.mtypes("mtypes", [127, 128])
    assert arguments.ids("uids", [Color.RED]) == [42]


def test_texts() -> None:
    assert arguments.texts("events", ("login", "logout")) == ["login", "logout"]
    with pytest.raises(TypeError, match=r"^events must be a list or another iterable of texts, not str$"):
        arguments.texts("events", "login")
    with pytest.raises(TypeError, match=r"^events\[1\] must be a str, not int$"):
        arguments.texts("events", ["login", 5])


def test_text() -> None:
    assert arguments.text("attrs", "grüß 🐱") == "grüß 🐱"
    for wrong in (b"x", None, 5):
        with pytest.raises(TypeError, match="^attrs must be a str, not "):
            arguments.text("attrs", wrong)
    with pytest.raises(ValueError, match=r"^attrs cannot be sent as UTF-8: .* at position 1$"):
        arguments.text("attrs", "a\ud800")


def test_body() -> None:
    assert arguments.body("message", "x") == "x"
    for binary in (b"\xff", bytearray(b"\xff"), memoryview(b"\xff")):
        assert arguments.body("message", binary) == b"\xff"
        assert type(arguments.body("message", binary)) is bytes
    with pytest.raises(TypeError, match="^message must be a str or bytes, not dict$"):
        arguments.body("message", {})
    with pytest.raises(ValueError, match="^message cannot be sent as UTF-8"):
        arguments.body("message", "\udcff")


def test_flag() -> None:
    assert arguments.flag("desc", True) is True
    with pytest.raises(TypeError, match="^desc must be True or False, not int$"):
        arguments.flag("desc", 1)


def test_info() -> None:
    assert arguments.info("a", None) == {"oinfo": "a"}
    assert arguments.info(None, "") == {"pinfo": ""}
    assert arguments.info("a", "b") == {"oinfo": "a", "pinfo": "b"}
    with pytest.raises(ValueError, match="oinfo or pinfo"):
        arguments.info(None, None)


def test_text_map() -> None:
    assert arguments.text_map("infos", OrderedDict(nick="Anna", level="")) == {"nick": "Anna", "level": ""}
    assert type(arguments.text_map("infos", OrderedDict())) is dict
    others: list[Any] = ["nick", [("nick", "Anna")], None]
    for wrong in others:
        with pytest.raises(TypeError, match="^infos must be a dict or another mapping of texts, not "):
            arguments.text_map("infos", wrong)
    with pytest.raises(TypeError, match=r"^infos\['level'\] must be a str, not int$"):
        arguments.text_map("infos", {"nick": "Anna", "level": 5})
    with pytest.raises(TypeError, match=r"^a key of infos must be a str, not int$"):
        arguments.text_map("infos", {5: "Anna"})


def test_user() -> None:
    assert arguments.user(5) == {"uid": 5}
    with pytest.raises(TypeError, match="^uid must be an int, not str$"):
        arguments.user("5")


def test_optional() -> None:
    assert arguments.optional("uid", None, arguments.int64) == {}
    assert arguments.optional("uid", 0, arguments.int64) == {"uid": 0}
    assert arguments.optional("voice_range", 5, arguments.int32, "voiceRange") == {"voiceRange": 5}
    with pytest.raises(TypeError, match="^voice_range must be an int, not str$"):
        arguments.optional("voice_range", "5", arguments.int32, "voiceRange")


@pytest.mark.parametrize(("given", "kind"), [("http://h/cat.jpg", 1), (b"\xff\xd8", 2), ("", 3), (b"", 3)])
def test_media(given: Any, kind: int) -> None:
    assert arguments.media("image", given, kind) == {"image": given, "type": kind}


def test_media_and_type_must_fit() -> None:
    assert arguments.media("image", bytearray(b"\xff"), MediaType.CONTENT) == {"image": b"\xff", "type": 2}
    with pytest.raises(TypeError, match="^image must be a str, the address, when image_type is 1; it is bytes$"):
        arguments.media("image", b"\xff\xd8", MediaType.URL)
    with pytest.raises(TypeError, match="^audio must be bytes, the content, when audio_type is 2; it is a str$"):
        arguments.media("audio", "http://h/hello.amr", MediaType.CONTENT)


def test_speech_leaves_out_what_the_service_knows() -> None:
    assert arguments.speech(b"\xff", 2, "en", None, None, None) == {"audio": b"\xff", "type": 2, "lang": "en"}
    assert arguments.speech("u", 1, "en", "PCM", 8000, 7) == {
        "audio": "u",
        "type": 1,
        "lang": "en",
        "codec": "PCM",
        "srate": 8000,
        "uid": 7,
    }
