from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from rtm_sdk import Callback, unwrap
from rtm_sdk.django import Sent, chat
from rtm_sdk.rtm.callbacks import SendMessageCallback

from .conftest import RECORDED


def test_rtm(recorded: list[Sent]) -> None:
    result, error_code = chat["default"].send_group_chat(1000, 500, message="hello")
    assert not error_code
    assert result.mid > 0
    assert result.mtime > 1_700_000_000_000
    assert recorded == [Sent("default", "send_group_chat", {"from_uid": 1000, "gid": 500, "message": "hello"})]
    assert unwrap(chat["default"].add_group_members(500, [1000])) is None
    assert [sent.method for sent in recorded] == ["send_group_chat", "add_group_members"]


def test_a_file(recorded: list[Sent]) -> None:
    result, error_code = chat["default"].send_group_file(1000, 500, 50, BytesIO(b"abc"), filename="a.txt")
    assert not error_code
    assert result.mid
    (sent,) = recorded
    assert sent.arguments["filename"] == "a.txt"


def test_google_chat(recorded: list[Sent]) -> None:
    message = unwrap(chat["google"].create_message("spaces/A", {"text": "hello"}))
    assert message == {"text": "hello"}
    assert unwrap(chat["google"].delete_message("spaces/A/messages/B")) is None
    assert recorded[0] == ("google", "create_message", {"parent": "spaces/A", "message": {"text": "hello"}})
    assert recorded[1].method == "delete_message"


def test_bearychat(recorded: list[Sent]) -> None:
    message = unwrap(chat["beary"].create_message("=A", "hello"))
    assert message["text"] == "hello"
    assert recorded == [("beary", "create_message", {"vchannel_id": "=A", "text": "hello"})]


def test_callbacks_run_before_the_call_returns_and_record_in_order(recorded: list[Sent]) -> None:
    seen: list[Any] = []

    def then(result: Any, error_code: int) -> None:
        seen.append((type(result).__name__, int(error_code)))
        chat["beary"].create_message("=A", "second", callback=lambda *outcome: seen.append(outcome[0]["text"]))

    assert chat["default"].send_chat(1, 2, "first", callback=then) is None
    assert seen == [("SendResult", 0), "second"]
    assert [sent.method for sent in recorded] == ["send_chat", "create_message"]


def test_named_callbacks_get_their_own_arguments(recorded: list[Sent]) -> None:
    seen = []

    class Done(SendMessageCallback):
        def callback(self, mid: int | None, mtime: int | None, error_code: int) -> None:
            seen.append((mid, error_code))

    chat["default"].send_chat(1, 2, "first", mid=17, callback=Done())
    assert seen == [(17, 0)]


@pytest.mark.parametrize("alias", ["default", "google", "beary"])
def test_misuse_raises_and_is_not_recorded(recorded: list[Sent], alias: str) -> None:
    send = chat[alias].send_chat if alias == "default" else chat[alias].create_message
    for arguments in ((), (1, 2), (b"", b"", b"")):
        with pytest.raises((TypeError, ValueError)):
            send(*arguments)
    assert recorded == []


def test_what_is_no_json_raises_and_is_not_recorded(recorded: list[Sent]) -> None:
    with pytest.raises(TypeError, match="JSON"):
        chat["google"].create_message("spaces/A", {"text": {1, 2}})
    assert recorded == []


@pytest.mark.parametrize(
    ("alias", "method", "arguments"),
    [
        ("default", "get_group_chat", (1, 2, True, 10)),
        ("default", "get_group_members", (1,)),
        ("default", "add_listen", ([1],)),
        ("google", "list_messages", ("spaces/A",)),
        ("google", "get_message", ("spaces/A/messages/B",)),
        ("google", "download_media", ("A",)),
        ("beary", "query_messages", ("=A", {"limit": 3})),
        ("beary", "get_message", ("=A", "1485236262366.0193")),
    ],
)
def test_reads_have_no_answer(recorded: list[Sent], alias: str, method: str, arguments: tuple[Any, ...]) -> None:
    for style in ({}, {"callback": print}):
        with pytest.raises(NotImplementedError, match='"backend": "gate"'):
            getattr(chat[alias], method)(*arguments, **style)


def test_nothing_is_needed_from_the_environment(with_settings: Any) -> None:
    errors: list[str] = []
    entry = {
        "client": "rtm",
        "backend": "locmem",
        "pid": {"env": "T_NONE"},
        "secret": {"env": "T_NONE"},
        "on_callback_error": lambda operation, error: errors.append(f"{operation}: {error!r}"),
    }
    with_settings(default=entry)

    class Broken(Callback):
        def callback(self, result: Any, error_code: int) -> None:
            raise RuntimeError("broken")

    chat["default"].send_chat(1, 2, "hello", callback=Broken())
    assert errors == ["send_chat: RuntimeError('broken')"]


def test_console(with_settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with_settings(**{alias: {**entry, "backend": "console"} for alias, entry in RECORDED.items()})
    chat["default"].send_group_chat(1000, 500, "hello")
    chat["google"].create_message("spaces/A", {"text": "x" * 5000})
    first, second = capsys.readouterr().out.split('chat["')[1:]
    assert first == "default\"].send_group_chat\n    from_uid: 1000\n    gid: 500\n    message: 'hello'\n"
    assert second.startswith("google\"].create_message\n    parent: 'spaces/A'\n    message: {'text': 'xxx")
    assert len(second) < 1000
