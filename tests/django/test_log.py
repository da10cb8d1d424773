from __future__ import annotations

import logging
import logging.config
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from rtm_sdk.django import Sent, chat
from rtm_sdk.django.log import MAX_KNOWN, MAX_TEXT, ChatHandler, _Choice
from rtm_sdk.gate import Gate

from .conftest import of_gate

log = logging.getLogger("tests.shop")


@pytest.fixture
def attached() -> Iterator[Any]:
    """Attach a handler to the root logger."""
    handlers: list[logging.Handler] = []
    root = logging.getLogger()

    def attach(*args: Any, **options: Any) -> ChatHandler:
        handler = ChatHandler(*args, **options)
        root.addHandler(handler)
        handlers.append(handler)
        return handler

    yield attach
    for handler in handlers:
        root.removeHandler(handler)
        handler.close()


def fail(what: str = "no tea") -> None:
    try:
        raise ValueError(what)
    except ValueError:
        log.exception("an order failed")


def test_where_to(recorded: list[Sent], attached: Any) -> None:
    attached(gid=500, from_uid=1000)
    attached(rid=7, from_uid=1000)
    attached("google", space="spaces/A")
    attached("beary", vchannel_id="=A")
    log.error("no %s", "tea")
    log.warning("little tea")
    assert [(sent.alias, sent.method) for sent in recorded] == [
        ("default", "send_group_chat"),
        ("default", "send_room_chat"),
        ("google", "create_message"),
        ("beary", "create_message"),
    ]
    group, room, google, beary = (sent.arguments for sent in recorded)
    assert (group["from_uid"], group["gid"], group["message"]) == (1000, 500, "no tea")
    assert (room["from_uid"], room["rid"], room["message"]) == (1000, 7, "no tea")
    assert (google["parent"], google["message"]) == ("spaces/A", {"text": "```\nno tea\n```"})
    assert (beary["vchannel_id"], beary["text"]) == ("=A", "```\nno tea\n```")


def test_with_traceback_and_formatter(recorded: list[Sent], attached: Any) -> None:
    handler = attached(gid=500, from_uid=1000)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    fail()
    message = recorded[0].arguments["message"]
    assert message.startswith("ERROR tests.shop: an order failed\nTraceback")
    assert message.endswith("ValueError: no tea")


def test_long_texts_lose_their_middle(recorded: list[Sent], attached: Any) -> None:
    attached(gid=500, from_uid=1000)
    log.error("begin%send", 100_000 * "x")
    message = recorded[0].arguments["message"]
    assert len(message) <= MAX_TEXT + 5
    assert message.startswith("begin")
    assert message.endswith("end")


def test_strangers_mention_nobody(recorded: list[Sent], attached: Any) -> None:
    attached("google", space="spaces/A")
    attached("beary", vchannel_id="=A")
    log.error("not found: /```<users/all>@<=everybody=>")
    for text in (recorded[0].arguments["message"]["text"], recorded[1].arguments["text"]):
        assert text.count("```") == 2
        assert "<users/" not in text
        assert "@<" not in text


def test_the_same_error_is_posted_once(recorded: list[Sent], attached: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("rtm_sdk.django.log.monotonic", lambda: now[0])
    attached(gid=500, from_uid=1000, repeat_after=300)

    def trouble() -> int:
        for number in range(9):
            log.error("order %d failed", number)
            fail(str(number))
        log.error("another")
        return len(recorded)

    assert trouble() == 3
    assert trouble() == 3
    now[0] += 301
    assert trouble() == 6


def test_those_that_are_not_posted_are_counted(
    recorded: list[Sent], attached: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("rtm_sdk.django.log.monotonic", lambda: now[0])
    attached(gid=500, from_uid=1000, repeat_after=300)
    for number in range(43):
        now[0] += 301 if number == 42 else 0
        log.error("order %d failed", number)
    messages = [sent.arguments["message"] for sent in recorded]
    assert messages == ["order 0 failed", "order 42 failed\n(not posted before this: 41 more like this one)"]


def test_the_rate_is_limited(recorded: list[Sent], attached: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("rtm_sdk.django.log.monotonic", lambda: now[0])
    handler = attached(gid=500, from_uid=1000, per_minute=3)
    for number in range(9):
        log.error(f"error {number}")  # noqa: G004 (texts that differ)
    assert len(recorded) == 3
    assert handler.not_posted == 6
    now[0] += 61
    log.error("error 9")
    assert recorded[3].arguments["message"] == "error 9\n(not posted before this: 6 other errors)"


def test_memory_is_bounded() -> None:
    choice = _Choice(300, per_minute=1)
    for number in range(3 * MAX_KNOWN):
        choice.take((number,), 100.0 * number)
    assert len(choice._known) == MAX_KNOWN
    assert choice.take((3 * MAX_KNOWN - 1,), 300.0 * MAX_KNOWN) is None


def test_what_the_sdk_logs_is_not_posted(recorded: list[Sent], attached: Any) -> None:
    attached(gid=500, from_uid=1000)
    for name in ("rtm_sdk", "rtm_sdk.django", "urllib3.connectionpool"):
        logging.getLogger(name).error("broken")
    assert recorded == []


def test_it_does_not_post_what_is_logged_while_it_posts(
    recorded: list[Sent], attached: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    attached(gid=500, from_uid=1000)
    send = chat["default"].send_group_chat

    def logging_send(*args: Any, **options: Any) -> Any:
        log.error("logged inside")
        return send(*args, **options)

    monkeypatch.setattr(chat["default"], "send_group_chat", logging_send)
    log.error("outside")
    log.error("outside again")
    assert [sent.arguments["message"] for sent in recorded] == ["outside", "outside again"]


def test_it_never_raises(attached: Any, capsys: pytest.CaptureFixture[str]) -> None:
    attached("nobody", gid=500, from_uid=1000)
    log.error("broken")
    assert "RTM_SDK is not in the settings" in capsys.readouterr().err


def test_a_post_that_fails_is_told_to_the_other_handlers(
    gate: Gate, with_settings: Any, attached: Any, caplog: pytest.LogCaptureFixture
) -> None:
    gate.reset()
    gate.faults.add("sendgroupmsg", code=200999)
    with_settings(default=of_gate(gate))
    handler = attached(gid=500, from_uid=1000)
    log.error("no tea")
    assert chat["default"].flush(5) == 0
    assert handler.not_posted == 1
    assert "an error could not be posted with 'default': 200999" in caplog.text
    log.error("no milk")
    assert chat["default"].flush(5) == 0
    assert [message.message for message in gate.messages()] == ["no milk"]


def test_posts_that_wait_are_bounded(gate: Gate, with_settings: Any, attached: Any) -> None:
    gate.reset()
    with_settings(default=of_gate(gate))
    handler = attached(gid=500, from_uid=1000, per_minute=1000)
    held = gate.faults.add("sendgroupmsg", "delay", count=None, seconds=0.3)
    for number in range(50):
        log.error(f"error {number}")  # noqa: G004 (texts that differ)
    assert held.wait(1)
    assert handler.not_posted == 30
    assert chat["default"].flush(5) == 0
    assert len(gate.messages()) == 20


def test_under_uwsgi_without_threads_it_starts_none(
    gate: Gate, with_settings: Any, attached: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.reset()
    module: Any = ModuleType("uwsgi")
    module.has_threads = 0
    monkeypatch.setitem(sys.modules, "uwsgi", module)
    with_settings(default=of_gate(gate))
    attached(gid=500, from_uid=1000)
    threads = threading.active_count()
    log.error("no tea")
    assert threading.active_count() == threads
    assert [message.message for message in gate.messages()] == ["no tea"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "exactly one of gid, rid, space, vchannel_id must be given, not none"),
        ({"gid": 1, "space": "spaces/A", "from_uid": 1}, "not gid and space"),
        ({"gid": 1}, "from_uid must be given with gid"),
        ({"space": "spaces/A", "from_uid": 1}, "from_uid must not be given with space"),
        ({"space": "spaces/A", "per_minute": 0}, "per_minute must be a positive int, not 0"),
        ({"space": "spaces/A", "repeat_after": "5"}, "repeat_after must be a number of seconds, not '5'"),
    ],
)
def test_misuse(options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ChatHandler(**options)


PROGRAM = """
import logging, os, threading
from django.conf import settings
handler = {"class": "rtm_sdk.django.log.ChatHandler", "gid": 500, "from_uid": 1000}
settings.configure(
    INSTALLED_APPS=["rtm_sdk.django"],
    LOGGING={"version": 1, "handlers": {"chat": handler}, "root": {"handlers": ["chat"]}},
    RTM_SDK={"default": {"client": "rtm", "pid": {"env": "RTM_PID"}, "secret": {"env": "RTM_SECRET"},
                         "endpoint": {"env": "RTM_ENDPOINT"}}},
)
import django
django.setup()
import sys
assert threading.active_count() == 1 and "requests" not in sys.modules and "rtm_sdk.rtm.client" not in sys.modules
logging.error("parent")
if os.fork() == 0:
    logging.error("child")
    from rtm_sdk.django import chat
    os._exit(chat["default"].flush(5))
assert os.wait()[1] == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_setup_starts_nothing_and_a_child_posts_too(gate: Gate) -> None:
    gate.reset()
    environment = {
        **os.environ,
        "RTM_PID": str(gate.pid),
        "RTM_SECRET": gate.secret,
        "RTM_ENDPOINT": gate.endpoint,
    }
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert sorted(str(message.message) for message in gate.messages()) == ["child", "parent"]
