from __future__ import annotations

import logging
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction  # type: ignore[import-untyped]

from rtm_sdk import Callback
from rtm_sdk.deadline import Deadline
from rtm_sdk.django import Sent, chat
from rtm_sdk.gate import Gate

from .conftest import of_gate


class Cancelled(Exception):
    """Rolls a transaction back."""


@pytest.fixture
def texts(gate: Gate, with_settings: Any) -> Iterator[Any]:
    with_settings(default=of_gate(gate))
    gate.reset()
    yield lambda: [message.message for message in gate.messages()]


def test_sent_when_the_outermost_transaction_commits(texts: Any) -> None:
    with transaction.atomic():
        with transaction.atomic():
            assert chat["default"].on_commit.send_chat(1, 2, "hello") is None
        assert texts() == []
    assert texts() == ["hello"]


def test_nothing_is_sent_on_rollback(texts: Any) -> None:
    with pytest.raises(Cancelled), transaction.atomic():
        chat["default"].on_commit.send_chat(1, 2, "hello")
        raise Cancelled
    with transaction.atomic():
        with pytest.raises(Cancelled), transaction.atomic():
            chat["default"].on_commit.send_chat(1, 2, "inner")
            raise Cancelled
        chat["default"].on_commit.send_chat(1, 2, "outer")
    assert texts() == ["outer"]


def test_outside_of_a_transaction_at_once(texts: Any) -> None:
    assert chat["default"].on_commit.send_chat(1, 2, "hello") is None
    assert texts() == ["hello"]


def test_another_database(texts: Any) -> None:
    with transaction.atomic(using="other"):
        chat["default"].on_commit.send_chat(1, 2, "at once")
        chat["default"].on_commit("other").send_chat(1, 2, "later")
        assert texts() == ["at once"]
    assert texts() == ["at once", "later"]


def test_arguments_are_taken_when_the_method_is_called(texts: Any) -> None:
    receivers = [2, 3]
    with transaction.atomic():
        chat["default"].on_commit.send_chats(1, receivers, "hello")
        chat["default"].on_commit.send_chats(1, (uid for uid in (4, 5)), "hello")
        receivers.append(9)
    assert len(texts()) == 4


def test_resources_are_taken_when_the_method_is_called(recorded: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    client = chat["google"]
    perform = client._perform

    def noticed(step: Any, deadline: Deadline) -> Any:
        sent.append(step.body)
        return perform(step, deadline)

    monkeypatch.setattr(client, "_perform", noticed)
    message = {"text": "hello", "cardsV2": [{"cardId": "one"}]}
    with transaction.atomic():
        client.on_commit.create_message("spaces/A", message)
        message["cardsV2"][0]["cardId"] = "two"  # type: ignore[index]
        with pytest.raises(TypeError, match="JSON"):
            client.on_commit.create_message("spaces/A", {"text": {1, 2}})
    assert sent == [{"text": "hello", "cardsV2": [{"cardId": "one"}]}]


def test_misuse_raises_at_once(texts: Any) -> None:
    on_commit = chat["default"].on_commit
    with transaction.atomic():
        with pytest.raises(TypeError, match="message must be"):
            on_commit.send_chat(1, 2, 3)
        with pytest.raises(TypeError, match="argument: 'message'"):
            on_commit.send_chat(1, 2)
        with pytest.raises(TypeError, match="callback must be"):
            on_commit.send_chat(1, 2, "hello", callback=7)
        with pytest.raises(TypeError, match="timeout must be"):
            on_commit.send_chat(1, 2, "hello", timeout="7")
        with pytest.raises(TypeError, match="timeout must be"):
            on_commit.send_chat(1, 2, "hello", timeout=None)
        for name in ("iter_group_messages", "close", "nothing"):
            with pytest.raises(AttributeError, match=f"on_commit has no '{name}'"):
                getattr(on_commit, name)
    assert texts() == []


def test_a_failure_is_logged_and_the_others_are_sent(texts: Any, gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    gate.faults.add("sendmsg", code=200999)
    with caplog.at_level(logging.ERROR), transaction.atomic():
        chat["default"].on_commit.send_chat(1, 2, "refused")
        chat["default"].on_commit.send_chat(1, 2, "hello")
    assert texts() == ["hello"]
    (record,) = caplog.records
    assert record.name == "rtm_sdk.django"
    assert record.getMessage().startswith("send_chat of 'default', made when the transaction committed, failed: 200999")


def test_an_exception_keeps_no_other_function_from_running(
    texts: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(step: Any, deadline: Deadline) -> None:
        raise RuntimeError("broken")

    done: list[str] = []
    with caplog.at_level(logging.ERROR), transaction.atomic():
        chat["default"].on_commit.send_chat(1, 2, "hello")
        transaction.on_commit(lambda: done.append("other"))
        monkeypatch.setattr(chat["default"], "_perform", broken)
    assert done == ["other"]
    assert "broken" in caplog.text


def test_callback(texts: Any) -> None:
    class Done(Callback):
        outcomes: list[tuple[Any, int]]

        def callback(self, result: Any, error_code: int) -> None:
            self.outcomes.append((result, error_code))

    done = Done()
    done.outcomes = []
    with transaction.atomic():
        chat["default"].on_commit.send_chat(1, 2, "hello", "", 17, done)
        assert chat["default"].outstanding.count == 0
    assert chat["default"].flush(5) == 0
    ((result, error_code),) = done.outcomes
    assert (result.mid, error_code) == (17, 0)
    assert texts() == ["hello"]


def test_the_timeout_begins_with_the_commit(texts: Any, gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    fault = gate.faults.add("sendmsg", "delay", seconds=0.5)
    with transaction.atomic():
        chat["default"].on_commit.send_chat(1, 2, "hello", timeout=0.1)
    assert fault.hits == 1
    assert "20003" in caplog.text


def test_a_file_is_opened_at_once_sent_on_commit_and_closed_on_rollback(texts: Any, gate: Gate, tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("a,b\n")
    with transaction.atomic():
        chat["default"].on_commit.send_file(1, 2, 50, path)
        chat["default"].on_commit.send_file(1, 2, 50, BytesIO(b"more"))
        path.unlink()
        assert texts() == []
    assert len(texts()) == 2
    path.write_text("a,b\n")
    with pytest.raises(Cancelled), transaction.atomic():
        chat["default"].on_commit.send_file(1, 2, 50, path)
        raise Cancelled  # that nothing is left open is what the fixture of all tests looks for


def test_files_have_their_longer_timeout(texts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    client = chat["default"]
    perform = client._perform

    def noticed(step: Any, deadline: Deadline) -> Any:
        seen.append(deadline.seconds)
        return perform(step, deadline)

    monkeypatch.setattr(client, "_perform", noticed)
    client.on_commit.send_file(1, 2, 50, b"content")
    client.on_commit.send_chat(1, 2, "hello")
    assert seen == [120, 120, 30]


def test_recorded_on_commit_only(recorded: list[Sent]) -> None:
    with transaction.atomic():
        chat["default"].on_commit.send_chat(1, 2, "one")
        chat["google"].on_commit.create_message("spaces/A", {"text": "two"})
        chat["beary"].on_commit.create_message("=A", "three")
        assert recorded == []
    assert [sent.alias for sent in recorded] == ["default", "google", "beary"]
    with pytest.raises(Cancelled), transaction.atomic():
        chat["default"].on_commit.send_chat(1, 2, "one")
        raise Cancelled
    assert len(recorded) == 3


def test_repr(texts: Any, gate: Gate) -> None:
    assert (
        repr(chat["default"].on_commit) == f"<OnCommit of <RTMServerClient of project {gate.pid} at {gate.endpoint}>>"
    )
