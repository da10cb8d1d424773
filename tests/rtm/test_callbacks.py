from __future__ import annotations

from typing import Any

import pytest

from rtm_sdk.errors import OK, ErrorCode
from rtm_sdk.rtm import callbacks
from rtm_sdk.rtm.callbacks import SendFileCallback, SendMessageCallback
from rtm_sdk.rtm.results import SendResult

FAILED = ErrorCode(200005, "no")


def test_older_form_for_files() -> None:
    received: list[tuple[Any, ...]] = []

    class Mine(SendFileCallback):
        def callback(self, mtime: int | None, error_code: ErrorCode) -> None:
            received.append((mtime, error_code))

    Mine().deliver(SendResult(77, 5), OK)
    Mine().deliver(SendResult(77, 0), OK)
    Mine().deliver(None, FAILED)
    assert received == [(5, 0), (0, 0), (None, 200005)]


def test_error_code_arrives_with_all_it_knows() -> None:
    received: list[ErrorCode] = []

    class Mine(SendMessageCallback):
        def callback(self, mid: int | None, mtime: int | None, error: ErrorCode) -> None:
            received.append(error)

    Mine().deliver(None, FAILED)
    assert received[0] is FAILED


@pytest.mark.parametrize("name", callbacks.__all__)
def test_class_that_is_not_overridden_does_nothing(name: str) -> None:
    receiver = getattr(callbacks, name)()
    deliver = getattr(receiver, "deliver", None) or receiver.callback
    assert deliver(None, FAILED) is None
