from __future__ import annotations

import io
import json
from typing import Any

import pytest

from rtm_sdk.cli.showing import body_text, json_line, time_text, type_text
from rtm_sdk.rtm.results import FileInfo, RTMMessage


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ({"a": [1, "\N{SNOWMAN}", None]}, '{"a": [1, "\N{SNOWMAN}", null]}'),
        ({"a": b"\xff"}, '{"a": {"base64": "/w=="}}'),
        ({1: {2: [b""]}}, '{"1": {"2": [{"base64": ""}]}}'),
        (FileInfo("http://x", 1)._replace(language="en"), None),
    ],
)
def test_json(value: Any, line: str | None) -> None:
    found = json_line(value, io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert found == line or (line is None and json.loads(found)["language"] == "en")


def test_json_is_ascii_where_the_stream_is_not_unicode() -> None:
    assert json_line("\N{SNOWMAN}", io.TextIOWrapper(io.BytesIO(), encoding="latin-1")) == '"\\u2603"'


@pytest.mark.parametrize("sign", ["\x7f", "\x9b", "\x85", "\u2028", "\u202e", "\ud800", "\U000e0041", "\x1b", "\n"])
def test_what_does_not_print_is_escaped_in_json(sign: str) -> None:
    """Or it would end the line for some readers, or steer the terminal that shows it."""
    line = json_line({"a\N{SNOWMAN}": f"b{sign}c"}, io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert line.isprintable()
    assert "\N{SNOWMAN}" in line
    assert json.loads(line) == {"a\N{SNOWMAN}": f"b{sign}c"}


def message(body: Any, **more: Any) -> RTMMessage:
    return RTMMessage(1, 2, 30, 3, body, "", 0, **more)


def test_bodies() -> None:
    assert body_text(message("a\tb\x9b")) == r"a\tb\x9b"
    assert body_text(message(b"12345")) == "(5 B of binary data)"
    assert body_text(message({"sourceText": "hallo\n", "targetText": "hello"})) == r"hallo\n"
    assert body_text(message("{}", file_info=FileInfo("http://x/\x1b", 2048))) == r"http://x/\x1b (2.0 KiB)"


def test_types() -> None:
    assert [type_text(mtype) for mtype in (30, 32, 40, 43, 50, 51, 7)] == [
        "chat",
        "cmd",
        "image",
        "file",
        "file",
        "51",
        "7",
    ]


def test_times() -> None:
    assert len(time_text(1769860800000)) == len("2026-01-31 12:00:00")
    assert time_text(2**62) == str(2**62)
