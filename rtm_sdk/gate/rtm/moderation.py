"""What the gate answers when text, images, audio and video are checked.

Texts are checked with the word list of the gate, everything else by functions that the user supplies.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..store import MAX_INT64
from .consult import consult, words_of
from .languages import check_spoken
from .methods import Answer, Aside, Call, method
from .params import boolean, int32, int64, media, size, string

__all__ = ["checked_text", "spoken"]

_DEFAULT_CODEC, _DEFAULT_RATE = "AMR_WB", 16000

_PASSED, _NOT_PASSED = 0, 2


@method("tcheck")
def check_text(call: Call) -> Answer:
    """Without ``text`` when nothing was starred."""
    text = checked_text(call)
    int64(call.params, "uid", 0)
    found = words_of(call).search(text)
    tags = [str(category) for category in found.categories]
    if not found.words:
        return {"result": _PASSED, "tags": tags, "wlist": []}
    return {"result": _NOT_PASSED, "text": found.text, "tags": tags, "wlist": found.words}


@method("profanity")
def star_text(call: Call) -> Answer:
    """The older call. The categories come when ``classify`` is true."""
    text, classify = checked_text(call), boolean(call.params, "classify", False)
    int64(call.params, "uid", 0)
    found = words_of(call).search(text)
    return {"text": found.text, "classification": [str(each) for each in found.categories] if classify else []}


@method("icheck")
def check_image(call: Call) -> Aside:
    """By the function ``icheck(image)``."""
    return _check(call, "icheck", media(call.params, "image"))


@method("acheck")
def check_audio(call: Call) -> Aside:
    """By the function ``acheck(audio, lang, codec, srate)``."""
    return _check(call, "acheck", *spoken(call))


@method("vcheck")
def check_video(call: Call) -> Aside:
    """By the function ``vcheck(video, name)``. A content needs a name (200033)."""
    video, name = media(call.params, "video"), string(call.params, "videoName")
    if not name and isinstance(video, bytes):
        raise Refusal(RTM_ERROR.RTM_EC_EMPTY_PARAMETER, "the parameter 'videoName' is empty")
    return _check(call, "vcheck", video, name)


def checked_text(call: Call) -> str:
    """The text of the call: 200030 when it is longer than a message may be."""
    text = string(call.params, "text")
    most = call.settings.max_message
    if size(text) > most:
        raise Refusal(RTM_ERROR.RTM_EC_LARGE_MESSAGE_OR_ATTRS, f"'text' has {size(text)} bytes, the limit is {most}")
    return text


def spoken(call: Call) -> tuple[Any, str, str, int]:
    """What a function that listens gets: audio, lang, codec, srate."""
    params = call.params
    audio, lang = media(params, "audio"), string(params, "lang")
    codec, rate = string(params, "codec", ""), int32(params, "srate", 0)
    check_spoken("lang", lang)
    if rate < 0:
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, f"the parameter 'srate' must not be negative: {rate}")
    return audio, lang, codec or _DEFAULT_CODEC, rate or _DEFAULT_RATE


def _check(call: Call, name: str, *args: Any) -> Aside:
    int64(call.params, "uid", 0)
    return consult(call, name, args, _judge)


def _judge(categories: Any) -> Answer:
    if isinstance(categories, (str, bytes)) or not isinstance(categories, Collection):
        raise TypeError(f"a check must return the categories it found, as ints, not {categories!r}")
    if not all(type(category) is int and abs(category) <= MAX_INT64 for category in categories):
        raise TypeError(f"a check must return its categories as ints of at most 64 bits, not {categories!r}")
    return {"result": _NOT_PASSED if categories else _PASSED, "tags": [str(category) for category in categories]}
