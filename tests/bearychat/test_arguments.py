"""The checks of arguments, through the operations that use them."""

from __future__ import annotations

from typing import Any

import pytest

from .contract import start

IMAGE = {"url": "http://example.com/a.png"}


@pytest.mark.parametrize(
    ("attachments", "error", "text"),
    [
        ("text", TypeError, "^attachments must be a list"),
        ({"text": "x"}, TypeError, "^attachments must be a list"),
        (5, TypeError, "^attachments must be a list"),
        (["x"], TypeError, r"^attachments\[0\] must be a dict"),
        ([{"text": "x"}, {}], ValueError, r"^attachments\[1\] must have a title or a text"),
        ([{"title": "", "text": ""}], ValueError, r"^attachments\[0\] must have a title or a text"),
        ([{"images": [IMAGE]}], ValueError, r"^attachments\[0\] must have a title or a text"),
        ([{"title": 5}], TypeError, r"^attachments\[0\]\['title'\] must be a str"),
        ([{"text": "x", "color": 5}], TypeError, r"^attachments\[0\]\['color'\] must be a str"),
        ([{"text": "\ud800"}], ValueError, r"^attachments\[0\]\['text'\] cannot be sent as UTF-8"),
        ([{"text": "x", 5: "y"}], TypeError, r"^a member of attachments\[0\] must be a str"),
        ([{"text": "x", "images": IMAGE}], TypeError, r"^attachments\[0\]\['images'\] must be a list"),
        ([{"text": "x", "images": ["u"]}], TypeError, r"^attachments\[0\]\['images'\]\[0\] must be a dict"),
        ([{"text": "x", "images": [IMAGE, {}]}], ValueError, r"^attachments\[0\]\['images'\]\[1\] must have a url"),
        ([{"text": "x", "images": [{"url": ""}]}], ValueError, r"\['url'\] must not be empty"),
        ([{"text": "x", "images": [{"url": 5}]}], TypeError, r"\['url'\] must be a str"),
    ],
)
def test_wrong_attachments(attachments: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        next(start("create_message", "=bw52O", "hi", attachments))
    with pytest.raises(error, match=text):
        next(start("rtm_send_message", "=bw52O", "hi", None, attachments))


def test_attachments_are_any_iterable_of_mappings() -> None:
    def blocks() -> Any:
        yield {"title": "a", "colour": "unknown members are kept"}
        yield {"text": "b", "images": iter([IMAGE])}

    body = next(start("create_message", "=bw52O", "hi", blocks())).body
    assert body["attachments"] == [
        {"title": "a", "colour": "unknown members are kept"},
        {"text": "b", "images": [IMAGE]},
    ]
    assert next(start("create_message", "=bw52O", "hi", [])).body["attachments"] == []


@pytest.mark.parametrize(
    "key", ["", "1485236262366", "1485236262366.19", "1485236262366.00193", "x.0193", "\u0661.0193"]
)
@pytest.mark.parametrize(
    ("method", "argument"),
    [
        ("get_message", "message_key"),
        ("delete_message", "message_key"),
        ("create_pin", "message_key"),
    ],
)
def test_wrong_keys(method: str, argument: str, key: str) -> None:
    with pytest.raises(ValueError, match=f"^{argument} must be a message key"):
        next(start(method, "=bw52O", key))


def test_texts_must_be_unicode() -> None:
    for method, arguments, name in (
        ("create_message", ("=bw52O", "\ud800"), "text"),
        ("create_channel", ("\ud800",), "name"),
        ("get_user", ("\ud800",), "user_id"),
        ("create_reaction", ("=bw52O", "1.0000", "\ud800"), "reaction"),
    ):
        with pytest.raises(ValueError, match=f"^{name} cannot be sent as UTF-8: .* position 0"):
            next(start(method, *arguments))


@pytest.mark.parametrize(
    ("uids", "text"),
    [("=bw52O", "^member_uids must be a list"), ({"=bw52O": 1}, "^member_uids"), ([5], r"^member_uids\[0\]")],
)
def test_wrong_members(uids: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        next(start("create_session_channel", uids))


def test_what_must_not_be_empty() -> None:
    for method, arguments, name in (
        ("create_channel", ("",), "name"),
        ("update_me", ("",), "name"),
        ("create_session_channel", (["=a", ""],), r"member_uids\[1\]"),
        ("get_file_location", ("",), "file_key"),
        ("create_reaction", ("=bw52O", "1.0000", ""), "reaction"),
    ):
        with pytest.raises(ValueError, match=f"^{name} must not be empty"):
            next(start(method, *arguments))
