"""Asking a function of the user for an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from ...errors import RTM_ERROR
from ..refusal import Refusal
from ..words import WordList
from .methods import Answer, Aside, Call

__all__ = ["consult", "words_of"]

log = logging.getLogger("rtm_sdk.gate")

R = TypeVar("R")

_NO_CONFIG = RTM_ERROR.RTM_EC_NO_CONFIG_IN_CONSOLE


def consult(
    call: Call,
    name: str,
    args: tuple[Any, ...],
    understand: Callable[[Any], Answer],
    code: int = RTM_ERROR.RTM_EC_UNKNOWN_ERROR,
) -> Aside:
    """Have a function find the answer: 200060 when none is configured.

    Args:
        call: the call.
        name: its wire name.
        args: what the function gets.
        understand: makes the answer of what it returned; a TypeError says what that should have been.
        code: the error when it fails; the log of the gate has the traceback.
    """
    function = call.settings.functions.get(name)
    if function is None:
        raise Refusal(_NO_CONFIG, f"this gate has no function for {name}")

    def work() -> Answer:
        try:
            return understand(function(*args))
        except Refusal:
            raise
        except BaseException as fault:  # also what would end the gate if it came to its loop
            log.error("the function for %s failed", name, exc_info=fault)
            text = f"the function for {name} failed with {type(fault).__name__}, see the log of the gate"
            raise Refusal(code, text) from None

    return Aside(work)


def words_of(call: Call) -> WordList:
    """The sensitive words: 200060 when none are configured."""
    if call.settings.words is None:
        raise Refusal(_NO_CONFIG, "this gate has no word list")
    return call.settings.words
