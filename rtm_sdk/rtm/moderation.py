"""Operations that judge texts, images, audio and video.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from typing import Any

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest
from .results import CheckResult, ProfanityResult, TextCheckResult

__all__ = ["Moderation"]

_TIMEOUT = 120


class Moderation:
    """Find out whether something may be shown. The checks take long.

    The checks of images, audio and video share these arguments:

    Args:
        image, audio, video: a `str` is the address where the service downloads it, `bytes` are the content itself, at
            most one frame (`max_frame` of the client, 8 MiB when not set).
        image_type, audio_type, video_type: says which of the two, `MediaType`: 1 address, 2 content.
        uid: the user it is counted for; None for nobody.
        timeout: seconds; 0 means 120, or the client's default when that is longer.
    """

    @operation(default_timeout=_TIMEOUT)
    def text_check(
        self, text: str, uid: int | None = None, callback: CallbackArgument = None, timeout: float = 0
    ) -> Operation[TextCheckResult]:
        """Check a text. When it did not pass, send the starred text if there is one, and nothing otherwise.

        Args:
            text: the text.
            uid: the user it is counted for; None for nobody.
            timeout: see `Moderation`.

        Returns:
            TextCheckResult(result, tags, text, wlist).

        Errors:
            200060 when the project is not configured for it.

        Wire: tcheck.
        """
        params = {"text": arguments.text("text", text), **arguments.optional("uid", uid, arguments.int64)}
        answer = yield Quest("tcheck", params, repeatable=True)
        return TextCheckResult(
            answers.int32(answer, "result"),
            _tags(answer),
            answers.text(answer, "text") if "text" in answer else None,
            answers.texts(answer, "wlist") if "wlist" in answer else [],
        )

    @operation(default_timeout=_TIMEOUT)
    def image_check(
        self,
        image: str | bytes,
        image_type: int,
        uid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[CheckResult]:
        """Check an image.

        Args:
            image, image_type, uid, timeout: see `Moderation`.

        Returns:
            CheckResult(result, tags).

        Errors:
            200060 when the project is not configured for it.

        Wire: icheck.
        """
        params = {
            **arguments.media("image", image, image_type),
            **arguments.optional("uid", uid, arguments.int64),
        }
        answer = yield Quest("icheck", params, repeatable=True)
        return _result(answer)

    @operation(default_timeout=_TIMEOUT)
    def audio_check(
        self,
        audio: str | bytes,
        audio_type: int,
        lang: str,
        codec: str | None = None,
        srate: int | None = None,
        uid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[CheckResult]:
        """Check speech.

        Args:
            audio, audio_type, uid, timeout: see `Moderation`.
            lang: the language code of the speech, such as `en` or `zh-CN`.
            codec: the audio codec; None for AMR_WB.
            srate: the sample rate in Hz; None for 16000.

        Returns:
            CheckResult(result, tags).

        Errors:
            200050 when the language is not supported, 200060 when the project is not configured for it.

        Wire: acheck.
        """
        answer = yield Quest("acheck", arguments.speech(audio, audio_type, lang, codec, srate, uid), repeatable=True)
        return _result(answer)

    @operation(default_timeout=_TIMEOUT)
    def video_check(
        self,
        video: str | bytes,
        video_type: int,
        video_name: str,
        uid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[CheckResult]:
        """Check a video.

        Args:
            video, video_type, uid, timeout: see `Moderation`.
            video_name: a file name; its extension tells the format of a content. May be empty with an address.

        Returns:
            CheckResult(result, tags).

        Errors:
            200060 when the project is not configured for it.

        Wire: vcheck.
        """
        params = {
            **arguments.media("video", video, video_type),
            "videoName": arguments.text("video_name", video_name),
            **arguments.optional("uid", uid, arguments.int64),
        }
        answer = yield Quest("vcheck", params, repeatable=True)
        return _result(answer)

    @operation(default_timeout=_TIMEOUT)
    def profanity(
        self,
        text: str,
        classify: bool = False,
        uid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[ProfanityResult]:
        """Star the sensitive words of a text: the older form of `text_check`.

        Args:
            text: the text.
            classify: also say what kind of text it is.
            uid: the user it is counted for; None for nobody.
            timeout: see `Moderation`.

        Returns:
            ProfanityResult(text, classification).

        Errors:
            200060 when the project is not configured for it.

        Wire: profanity.
        """
        params = {
            "text": arguments.text("text", text),
            "classify": arguments.flag("classify", classify),
            **arguments.optional("uid", uid, arguments.int64),
        }
        answer = yield Quest("profanity", params, repeatable=True)
        classification = answers.texts(answer, "classification") if "classification" in answer else []
        return ProfanityResult(answers.text(answer, "text"), classification)


def _result(answer: dict[str, Any]) -> CheckResult:
    return CheckResult(answers.int32(answer, "result"), _tags(answer))


def _tags(answer: dict[str, Any]) -> list[int]:
    return answers.numbers(answer, "tags") if "tags" in answer else []
