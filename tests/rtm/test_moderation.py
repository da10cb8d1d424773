from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.rtm.results import CheckResult, MediaType, TextCheckResult

from .contract import drive, start

MEDIA: list[tuple[str, tuple[Any, ...], str]] = [
    ("image_check", (), "image"),
    ("audio_check", ("en",), "audio"),
    ("video_check", ("cat.mp4",), "video"),
    ("speech_to_text", ("en",), "audio"),
]
each_media = pytest.mark.parametrize(("name", "others", "argument"), MEDIA, ids=[name for name, *_ in MEDIA])


@each_media
def test_content_is_binary_on_the_wire(name: str, others: tuple[Any, ...], argument: str) -> None:
    for content in (b"\xff\xd8", bytearray(b"\xff\xd8"), memoryview(b"\xff\xd8")):
        quest = next(start(name, content, MediaType.CONTENT, *others))
        assert (quest.params[argument], quest.params["type"]) == (b"\xff\xd8", 2)
        assert type(quest.params[argument]) is bytes


@each_media
def test_address_and_content_are_not_mixed_up(name: str, others: tuple[Any, ...], argument: str) -> None:
    with pytest.raises(TypeError, match=f"^{argument} must be bytes"):
        next(start(name, "http://h/x", MediaType.CONTENT, *others))
    with pytest.raises(TypeError, match=f"^{argument} must be a str"):
        next(start(name, b"\xff\xd8", MediaType.URL, *others))


def test_tags_are_numbers_however_they_come() -> None:
    answer = {"result": 2, "tags": ["100", 102], "text": "you ***", "wlist": ["bad"]}
    assert drive(start("text_check", "you bad"), answer)[1] == TextCheckResult(2, [100, 102], "you ***", ["bad"])
    assert drive(start("image_check", "http://h/x", 1), answer)[1] == CheckResult(2, [100, 102])


def test_text_that_passes() -> None:
    assert drive(start("text_check", "hello"), {"result": 0})[1] == TextCheckResult(0, [], None, [])
