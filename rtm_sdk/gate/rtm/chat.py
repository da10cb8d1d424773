"""What the gate answers when texts are translated and speech is written down: by functions of the user."""

from __future__ import annotations

from typing import Any

from ...errors import RTM_ERROR
from ..refusal import Refusal
from .consult import consult, words_of
from .languages import language
from .methods import Answer, Aside, Call, method
from .moderation import checked_text, spoken
from .params import boolean, int64, string

__all__: list[str] = []

_OFF, _STOP, _CENSOR = "off", "stop", "censor"


@method("translate")
def translate(call: Call) -> Aside:
    """By the function ``translate(text, source, target)``.

    ``profanity`` works on the text before, with ``postProfanity`` also on the translation: ``censor`` stars the
    sensitive words, ``stop`` makes the call fail (200057).
    """
    params = call.params
    text, dst, src = checked_text(call), string(params, "dst"), string(params, "src", "")
    style, profanity = string(params, "type", "chat"), string(params, "profanity", _OFF)
    post = boolean(params, "postProfanity", False)
    int64(params, "uid", 0)
    if style not in ("chat", "mail"):
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "the parameter 'type' must be 'chat' or 'mail'")
    if profanity not in (_OFF, _STOP, _CENSOR):
        raise Refusal(RTM_ERROR.RTM_EC_INVALID_PARAMETER, "the parameter 'profanity' must be 'off', 'stop' or 'censor'")
    target, source = language("dst", dst), language("src", src) if src else None
    if not text.strip():
        raise Refusal(RTM_ERROR.RTM_EC_EMPTY_TRANSLATION, "there is nothing to translate")
    if profanity != _OFF:
        text = _filtered(call, profanity, text)

    def understand(result: Any) -> Answer:
        detected, translated = _pair(result, src)
        if not translated:
            raise Refusal(RTM_ERROR.RTM_EC_EMPTY_TRANSLATION, "the translation is empty")
        if post and profanity != _OFF:
            translated = _filtered(call, profanity, translated)
        return {"source": detected, "target": dst, "sourceText": text, "targetText": translated}

    return consult(call, "translate", (text, source, target), understand, RTM_ERROR.RTM_EC_TRANSLATION_ERROR)


@method("speech2text")
def speech_to_text(call: Call) -> Aside:
    """By the function ``speech2text(audio, lang, codec, srate)``."""
    audio, lang, codec, rate = spoken(call)
    int64(call.params, "uid", 0)

    def understand(result: Any) -> Answer:
        heard, text = _pair(result, lang)
        return {"text": text, "lang": heard}

    return consult(call, "speech2text", (audio, lang, codec, rate), understand)


def _filtered(call: Call, profanity: str, text: str) -> str:
    found = words_of(call).search(text)
    if profanity == _STOP and found.words:
        raise Refusal(RTM_ERROR.RTM_EC_PROFANITY_STOP, "there are sensitive words in the text")
    return found.text


def _pair(result: Any, lang: str) -> tuple[str, str]:
    """What a function returned: a text, or the language it found and a text."""
    pair = (lang, result) if isinstance(result, str) else result
    if not isinstance(pair, tuple) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
        raise TypeError(f"the function must return a text, or a language and a text, not {type(result).__name__}")
    return pair
