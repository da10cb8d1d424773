"""The language codes of the service."""

from __future__ import annotations

import re

from ...errors import RTM_ERROR
from ..refusal import Refusal

__all__ = ["check_spoken", "language"]

_PLAIN = re.compile("ar|nl|en|fr|de|el|id|it|ja|ko|no|pl|pt|ru|es|sv|tl|th|tr|vi")
_CHINESE = {"zh-cn": "zh-CN", "zh-tw": "zh-TW"}


def language(name: str, code: str) -> str:
    """A language in the one spelling functions get: ``en``, ``zh-CN``. 200050 when it is none of the service.

    Args:
        name: the parameter it came in.
        code: the code as any SDK spells it, ``zh-CN`` or ``zh_cn``.
    """
    plain = code.lower().replace("_", "-")
    if _PLAIN.fullmatch(plain):
        return plain
    if plain in _CHINESE:
        return _CHINESE[plain]
    raise _unknown(name, code)


def check_spoken(name: str, code: str) -> None:
    """Refuse (200050) what is no spoken language of the service; any region may follow: ``en-US``."""
    plain = code.lower().replace("_", "-").partition("-")[0]
    if plain != "zh" and not _PLAIN.fullmatch(plain):
        raise _unknown(name, code)


def _unknown(name: str, code: str) -> Refusal:
    return Refusal(RTM_ERROR.RTM_EC_UNSUPPORTED_LANGUAGE, f"the parameter {name!r} is no language: {code[:40]!r}")
