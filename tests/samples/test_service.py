from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import pytest

from rtm_sdk.gate import Gate

from .programs import PATIENCE, run, running

SHOP, STAFF = 1000, 500


class Caller:
    def __init__(self, shown: str) -> None:
        self.address = shown.split("http://")[1].strip()

    def shipped(self, order: str, buyer: str) -> tuple[int, dict[str, Any]]:
        connection = HTTPConnection(self.address, timeout=PATIENCE)
        try:
            connection.request("POST", f"/orders/{order}/shipped", f"buyer={buyer}")
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture(scope="module")
def service(gate: Gate) -> Iterator[Caller]:
    with running(gate, "service", "--port", "0", until="listening on") as (process, shown):
        yield Caller(shown)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors


def test_each_order_is_told_once(gate: Gate, service: Caller) -> None:
    gate.reset()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: service.shipped(str(number % 20 + 1), "2001"), range(40)))
    assert {status for status, _ in answers} == {200}
    told = [body["told"] for _, body in answers]
    assert told.count("now") == told.count("before") == 20
    messages = gate.messages(to_id=2001)
    assert sorted(each.mid for each in messages) == list(range(1, 21))
    assert messages[0].message == f"Order {messages[0].mid} is on its way."


def test_what_the_service_answers_when_it_does_not_work(gate: Gate, service: Caller) -> None:
    gate.reset()
    gate.faults.add("sendmsg", code=200044)
    assert service.shipped("1", "2001") == (502, {"order": 1, "error": "RTM_EC_BANNED_IN_GROUP"})
    gate.faults.add("sendmsg", code=200010)
    assert service.shipped("1", "2001") == (503, {"order": 1, "error": "RTM_EC_FREQUENCY_LIMITED"})
    for order, buyer, status in (("1", "", 400), ("1", "nobody", 400), ("1", "9" * 30, 400), ("one", "2001", 404)):
        assert service.shipped(order, buyer)[0] == status
    assert gate.messages() == []


def test_its_one_line_runs_and_the_end_waits_for_the_background() -> None:
    with running(None, "service", "--gate", "--port", "0", until="listening on") as (process, shown):
        assert Caller(shown).shipped("17", "2001") == (200, {"order": 17, "told": "now"})
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert "was not told" not in errors


def test_without_settings_it_says_what_to_do() -> None:
    done = run(None, "service")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "set RTM_PID, RTM_SECRET, RTM_ENDPOINT in the environment" in done.stderr
    assert "--gate" in done.stderr


def test_a_port_that_is_taken(service: Caller) -> None:
    done = run(None, "service", "--gate", "--port", service.address.rpartition(":")[2])
    assert done.returncode == 2
    assert "Address already in use" in done.stderr and "Traceback" not in done.stderr
