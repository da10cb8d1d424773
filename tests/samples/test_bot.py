from __future__ import annotations

import shlex
import signal
from collections.abc import Iterator

import pytest

from rtm_sdk import RTMServerClient, unwrap
from rtm_sdk.testing import TestGate

from .programs import PATIENCE, load, run, running

BOT, STAFF, ANNA = 900, 500, 2001


@pytest.fixture
def gate() -> Iterator[TestGate]:
    with TestGate() as gate:
        yield gate


@pytest.fixture
def client(gate: TestGate) -> Iterator[RTMServerClient]:
    with RTMServerClient(gate.pid, gate.secret, gate.endpoint) as client:
        yield client


def answers(gate: TestGate, count: int) -> list[str]:
    return [str(each.message) for each in gate.wait_for(count, from_uid=BOT, to_id=STAFF)]


def test_it_answers_what_it_knows(gate: TestGate, client: RTMServerClient) -> None:
    with running(gate, "bot", until="listening") as (process, _):
        for question in ("hello", "help", "count one two three", "count"):
            unwrap(client.send_group_chat(ANNA, STAFF, question))
        unwrap(client.send_group_chat(ANNA, STAFF + 1, "help"))
        unwrap(client.send_group_chat(ANNA, STAFF, "HELP"))
        helped = "I know: help, time, count WORDS"
        assert answers(gate, 4) == [helped, "3 words", "0 words", helped]
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE)
        assert (process.returncode, errors) == (0, "")


def test_what_was_asked_while_it_was_away_is_answered_once(gate: TestGate, client: RTMServerClient) -> None:
    bot = load("bot")
    with RTMServerClient(gate.pid, gate.secret, gate.endpoint) as ear:
        bot.Bot(ear).start()
        unwrap(client.send_group_chat(ANNA, STAFF, "count a"))
        answers(gate, 1)
        ear.close()  # subscriptions end; the bot hears nothing
        unwrap(client.send_group_chat(ANNA, STAFF, "count a b"))
        second = bot.Bot(ear)
        second.heard_until = 0
        second.connected(1, gate.endpoint, True, True)
        second.connected(2, gate.endpoint, True, True)
        assert ear.flush() == 0
    assert answers(gate, 2) == ["1 words", "2 words"]


def test_its_one_line_runs_and_prints_what_to_paste() -> None:
    with running(None, "bot", "--gate", until="listening") as (process, shown):
        (line,) = [line for line in shown.splitlines() if line.startswith("export ")]
        pasted = dict(word.split("=", 1) for word in shlex.split(line)[1:])
        with RTMServerClient.from_env(pasted) as client:
            unwrap(client.send_group_chat(ANNA, STAFF, "help"))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0


def test_without_settings_it_says_what_to_do() -> None:
    done = run(None, "bot")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "set RTM_PID, RTM_SECRET, RTM_ENDPOINT in the environment" in done.stderr
    assert "--gate" in done.stderr
