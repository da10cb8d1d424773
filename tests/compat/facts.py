"""The methods as the public SDK declares them (`methods.json`), and a gate on which all of them work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "translate": lambda text, source, target: (source or "en", f"{target}: {text}"),
    "speech2text": lambda audio, lang, codec, rate: (lang, f"{len(audio)} bytes"),
    **dict.fromkeys(("icheck", "acheck", "vcheck"), lambda content, *more: [300] if content == b"bad" else []),
}

GATE: dict[str, Any] = {
    "stored_mtypes": [30, 32, 40, 41, 50, 51],
    "words": {"bad": 300, "evil": 100},
    "functions": FUNCTIONS,
}
"""How to make that gate."""


class Method(NamedTuple):
    """One method. Those that only newer SDKs have got are not `public`, and described as they would be."""

    wire: str
    name: str
    signature: str
    values: tuple[str, ...]
    """What it returns before the error code."""
    callback: str
    """The class of its callback; empty when there is none for it."""
    callback_values: tuple[str, ...]
    """What the callback gets before the error code."""
    public: bool


def _methods() -> list[Method]:
    methods = []
    for fact in json.loads(Path(__file__).with_name("methods.json").read_text()):
        callback, _, parts = fact["callback"].partition("(")
        if callback == "":
            parts = parts.partition("(")[2]
        methods.append(
            Method(
                fact["wire"],
                fact["signature"].partition("(")[0],
                fact["signature"],
                _names(fact["returns"].strip("()")),
                callback,
                _names(parts.rstrip(")")),
                fact["public"],
            )
        )
    return methods


def _names(text: str) -> tuple[str, ...]:
    names = text.replace("[int,int]", "").split(", ")
    assert names[-1] in ("error", "error_code")
    return tuple(names[:-1])


METHODS = _methods()
