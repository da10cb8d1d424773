"""Operations on what is said in chats: translation, and speech into text.

`callback` and `timeout` of every operation are explained at `RTMServerClient`.
"""

from __future__ import annotations

from ..calling import CallbackArgument, Operation, operation
from . import answers, arguments
from .quests import Quest
from .results import SpeechToTextResult, TranslateResult

__all__ = ["Chat"]

_TIMEOUT = 120


class Chat:
    """Help people understand each other."""

    @operation
    def translate(
        self,
        text: str,
        dst: str,
        src: str | None = None,
        ttype: str = "chat",
        profanity: str = "off",
        uid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
        *,
        post_profanity: bool | None = None,
    ) -> Operation[TranslateResult]:
        """Translate a text.

        Args:
            text: the text.
            dst: the language code of the translation, such as `en` or `zh-CN`.
            src: the language code of the text; None lets the service find out.
            ttype: `chat`, which may change white space, or `mail`, which keeps it.
            profanity: `off`; `censor` stars sensitive words; `stop` fails when there are any.
            uid: the user it is counted for; None for nobody.
            post_profanity: treat the translation likewise; None leaves it to the service. Only the newest services
                know it.

        Returns:
            TranslateResult(source, target, source_text, target_text).

        Errors:
            200050 when a language is not supported, 200051 when there is nothing to translate, 200056 when the
            translation failed, 200057 when `stop` found sensitive words, 200060 when the project is not configured for
            it.

        Wire: translate.
        """
        params = {
            "text": arguments.text("text", text),
            "dst": arguments.text("dst", dst),
            **arguments.optional("src", src, arguments.text),
            "type": arguments.text("ttype", ttype),
            "profanity": arguments.text("profanity", profanity),
            **arguments.optional("post_profanity", post_profanity, arguments.flag, "postProfanity"),
            **arguments.optional("uid", uid, arguments.int64),
        }
        answer = yield Quest("translate", params, repeatable=True)
        return TranslateResult(
            answers.text(answer, "source"),
            answers.text(answer, "target"),
            answers.text(answer, "sourceText"),
            answers.text(answer, "targetText"),
        )

    @operation(default_timeout=_TIMEOUT)
    def speech_to_text(
        self,
        audio: str | bytes,
        audio_type: int,
        lang: str,
        codec: str | None = None,
        srate: int | None = None,
        uid: int | None = None,
        callback: CallbackArgument = None,
        timeout: float = 0,
    ) -> Operation[SpeechToTextResult]:
        """Write down what is said.

        Args:
            audio: a `str` is the address where the service downloads it, `bytes` are the content itself, at most one
                frame (`max_frame` of the client, 8 MiB when not set).
            audio_type: says which of the two, `MediaType`: 1 address, 2 content.
            lang: the language code of the speech, such as `en` or `zh-CN`.
            codec: the audio codec; None for AMR_WB.
            srate: the sample rate in Hz; None for 16000.
            uid: the user it is counted for; None for nobody.
            timeout: seconds; 0 means 120, or the client's default when that is longer.

        Returns:
            SpeechToTextResult(text, lang).

        Errors:
            200050 when the language is not supported, 200060 when the project is not configured for it, 200061 when
            audio of this type cannot be written down.

        Wire: speech2text.
        """
        params = arguments.speech(audio, audio_type, lang, codec, srate, uid)
        answer = yield Quest("speech2text", params, repeatable=True)
        return SpeechToTextResult(answers.text(answer, "text"), answers.text(answer, "lang"))
