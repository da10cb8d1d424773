from __future__ import annotations

import logging
import os
import threading
from typing import Any

import pytest

import rtm_sdk
from rtm_sdk import calling
from rtm_sdk.errors import FPNN_ERROR, Code, ErrorCode, unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.gate.store import MessageKind
from rtm_sdk.googlechat.client import GoogleChatClient
from rtm_sdk.googlechat.resources import Message
from rtm_sdk.workers import WorkerPool
from tests.http.peer import SILENCE, HTTPPeer
from tests.scripts import run_script

from .chat import Space

TOKEN = "token-of-a-user"


def test_public_names() -> None:
    from rtm_sdk.errors import BEARYCHAT_ERROR
    from rtm_sdk.googlechat.webhook import GoogleChatWebhook

    assert rtm_sdk.GoogleChatClient is GoogleChatClient
    assert rtm_sdk.GoogleChatWebhook is GoogleChatWebhook
    assert rtm_sdk.Code is Code
    assert rtm_sdk.BEARYCHAT_ERROR is BEARYCHAT_ERROR


def test_importing_and_making_a_client_is_light() -> None:
    script = """
        import sys
        from rtm_sdk import GoogleChatClient, GoogleChatWebhook
        from rtm_sdk.googlechat import filters, resources
        GoogleChatClient("token")
        GoogleChatWebhook("https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t")
        heavy = {"requests", "urllib3", "cryptography", "aiohttp", "rtm_sdk.gate"} & set(sys.modules)
        assert not heavy, heavy
        """
    ended = run_script(script)
    assert ended.returncode == 0, ended.stderr


def test_both_styles(space: Space) -> None:
    outcomes: list[Any] = []

    class Callback(calling.Callback):
        def callback(self, result: Any, error_code: Any) -> None:
            outcomes.append((threading.current_thread().name, result, error_code))

    client = space.client
    assert client.create_message(space, {"text": "x"}, callback=Callback()) is None
    assert client.flush() == 0
    ((thread, message, error),) = outcomes
    assert thread.startswith("rtm-worker")
    assert (message["text"], error) == ("x", 0)
    assert unwrap(client.get_message(message["name"])) == message


def test_messages_are_in_the_store_of_all_systems(space: Space, gate: Gate) -> None:
    space.post("for all to see")
    (stored,) = [each for each in gate.messages() if each.to_id == str(space)]
    assert (stored.kind, stored.from_uid, stored.message) == (MessageKind.GOOGLE_CHAT, "users/1", "for all to see")


def test_no_service() -> None:
    with HTTPPeer() as peer:
        peer.stop_listening()
        with GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
            result, error = client.create_message("spaces/A", {"text": "x"}, timeout=0.3)
    assert result is None
    assert error == FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
    assert not error.maybe_delivered


def test_no_answer() -> None:
    with HTTPPeer(always=SILENCE) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        result, error = client.create_message("spaces/A", {"text": "x"}, timeout=0.2)
    assert result is None
    assert error == FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
    assert error.maybe_delivered


def test_secrets_do_not_show(gate: Gate, space: Space, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    info = gate.google.service_account_info()
    shown = []
    with GoogleChatClient.from_service_account_info(info, base_url=gate.google.base_url) as client:
        shown += [repr(client), repr(client.get_space(space)), repr(vars(client)), repr(vars(client._connection))]
        (token,) = {client._connection._credentials.token(None, client._connection)}  # type: ignore[arg-type, union-attr]
    with GoogleChatClient(gate.google.token, base_url=gate.google.base_url) as user:
        shown += [repr(user), repr(user.get_space("spaces/nowhere")), repr(vars(user._connection))]
    key = info["private_key"].splitlines()[1]
    for text in [*shown, caplog.text]:
        assert not [secret for secret in (token, gate.google.token, key) if secret in text]
    assert token not in repr([token])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_client_made_before_a_fork(gate: Gate) -> None:
    space = gate.google.add_space()
    script = """
        import os, sys
        from rtm_sdk import GoogleChatClient, unwrap
        token, url, space = sys.argv[1:]
        with GoogleChatClient(token, base_url=url) as client:
            unwrap(client.create_message(space, {"text": "parent"}))
            pid = os.fork()
            if not pid:
                unwrap(client.create_message(space, {"text": "child"}))
                client.close()
                os._exit(0)
            assert os.waitpid(pid, 0)[1] == 0
            unwrap(client.create_message(space, {"text": "parent again"}))
        """
    ended = run_script(script, str(gate.google.token), gate.google.base_url, space)
    assert ended.returncode == 0, ended.stderr
    with GoogleChatClient(gate.google.token, base_url=gate.google.base_url) as client:
        assert [message["text"] for message in client.iter_messages(space)] == ["parent", "child", "parent again"]


def test_a_pool_of_one_s_own(gate: Gate, space: Space) -> None:
    pool = WorkerPool(2)
    try:
        with GoogleChatClient(gate.google.token, base_url=gate.google.base_url, workers=pool) as client:
            texts: list[str] = []

            def done(message: Message | None, error_code: ErrorCode) -> None:
                texts.append(message["text"] if message else str(error_code))

            for number in range(10):
                client.create_message(space, {"text": str(number)}, callback=done)
            assert client.flush() == 0
        assert sorted(texts) == sorted(map(str, range(10)))
    finally:
        pool.close()


def test_misuse() -> None:
    for options in ({"timeout": 0}, {"base_url": "chat.googleapis.com"}, {"max_response": 1}):
        with pytest.raises(ValueError, match=f"^{next(iter(options))} "):
            GoogleChatClient(TOKEN, **options)
    with GoogleChatClient(TOKEN) as client:
        with pytest.raises(TypeError, match="^timeout must be a number of seconds"):
            client.list_spaces(timeout="5")  # type: ignore[call-overload]
        with pytest.raises(TypeError, match="^callback must be a callable"):
            client.list_spaces(callback=5)  # type: ignore[call-overload]
