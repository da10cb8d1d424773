from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rtm_sdk.calling import CallbackArgument, Operation, operation
from rtm_sdk.compat import FPNN_ERROR, RTMServerClient, SendMessageCallback
from rtm_sdk.compat.shapes import in_public_style
from rtm_sdk.gate import Gate
from rtm_sdk.rtm import results


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture
def client(gate: Gate) -> Iterator[RTMServerClient]:
    client = RTMServerClient(gate.pid, gate.secret, gate.endpoint)
    yield client
    client.destory()


class Anything(NamedTuple):
    one: int
    two: int


def test_result_that_nobody_has_said_anything_about_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    Anything.__module__ = results.__name__

    @operation
    def get_anything(self: Any, callback: CallbackArgument = None, timeout: float = 0) -> Operation[Anything]:
        yield
        return Anything(1, 2)

    with pytest.raises(TypeError, match=r"get_anything returns Operation\[Anything\]"):
        in_public_style(get_anything)


def test_declares_itself() -> None:
    method = vars(RTMServerClient)["send_chat"]
    assert (method.__name__, method.__qualname__) == ("send_chat", "RTMServerClient.send_chat")
    assert method.__doc__ is not None
    assert "(mid, mtime, error_code)" in method.__doc__
    assert not hasattr(method, "generator")


class TestCallbacks:
    def test_object_of_no_class_and_callable(self, client: RTMServerClient) -> None:
        outcomes: queue.Queue[tuple[Any, ...]] = queue.Queue()

        class Anyone:
            def callback(self, *outcome: Any) -> None:
                outcomes.put(outcome)

        def function(*outcome: Any) -> None:
            outcomes.put(outcome)

        for callback in (Anyone(), function):
            client.send_chat(1, 2, "hi", "", 0, callback)
            mid, mtime, error = outcomes.get(timeout=5)
            assert mid > 0
            assert mtime > 0
            assert error is FPNN_ERROR.FPNN_EC_OK

    @pytest.mark.parametrize("callback", [SendMessageCallback, 7, "callback"])
    def test_what_is_none_is_refused(self, client: RTMServerClient, callback: Any) -> None:
        with pytest.raises(TypeError, match="^callback must be an object"):
            client.send_chat(1, 2, "hi", callback=callback)


class TestPaths:
    @pytest.mark.parametrize("form", [str, Path, lambda path: str(path).encode()])
    def test_forms(self, gate: Gate, client: RTMServerClient, tmp_path: Path, form: Callable[[Path], Any]) -> None:
        path = tmp_path / "gr\u00fc\u00df.txt"
        path.write_bytes(b"")
        before = len(gate.messages(from_uid=1))
        mtime, error = client.send_file(1, 2, 50, form(path))
        assert error == 0
        *_, message = gate.messages(from_uid=1)
        assert (len(gate.messages(from_uid=1)), message.mtime) == (before + 1, mtime)

    def test_path_of_nothing(self, client: RTMServerClient, tmp_path: Path) -> None:
        for callback in (None, SendMessageCallback()):
            with pytest.raises(FileNotFoundError):
                client.send_file(1, 2, 50, str(tmp_path / "none"), callback)

    def test_only_paths(self, client: RTMServerClient, tmp_path: Path) -> None:
        with pytest.raises(TypeError, match="PathLike"):
            client.send_file(1, 2, 50, 7)
        with pytest.raises(TypeError, match="file_path"):
            client.send_file(1, 2, 50)
        with pytest.raises(TypeError, match="'?file'?"):
            client.send_file(1, 2, 50, file=b"content")

    def test_more_than_the_public_sdk_could(self, gate: Gate, client: RTMServerClient, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"content")
        client.send_file(1, 2, 50, str(path), attrs="about", filename="b.txt", mid=77)
        info, _ = client.get_p2p_message_info(77, 1, 2)
        assert info.attrs == "about"
