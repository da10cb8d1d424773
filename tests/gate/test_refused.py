from __future__ import annotations

import http.client

from rtm_sdk import RTMServerClient
from rtm_sdk.gate import Gate, RefusedCall
from rtm_sdk.gate.refused import MAX_REFUSED, RefusedCalls


def test_the_oldest_are_dropped() -> None:
    refused = RefusedCalls()
    calls = [RefusedCall("sendmsg", number, "", True) for number in range(MAX_REFUSED + 1)]
    for call in calls:
        refused.add(call)
    assert refused.take() == calls[1:]
    assert refused.take() == []


def get(gate: Gate, path: str) -> int:
    connection = http.client.HTTPConnection(gate.http_endpoint, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_what_a_gate_refuses() -> None:
    with Gate() as gate, RTMServerClient(gate.pid, gate.secret, gate.endpoint) as client:
        gate.faults.add("sendmsg", code=200044)
        client.send_chat(1, 2, "struck")
        client.send_chat(1, 2, "sent")
        assert gate.refused.take() == []
        client.call("sendmsgg", {})
        client.send_chat(0, 2, "from nobody")
        get(gate, "/v1/spaces?key=sesame")
        get(gate, "/bearychat/v1/user.me?token=sesame")
        get(gate, "/bearychat/hooks/x/incoming/sesame")
        get(gate, "/elsewhere")
        refused = gate.refused.take()
        assert [(call.method, call.code, call.known) for call in refused] == [
            ("sendmsgg", 20004, False),
            ("sendmsg", 200001, True),
            ("spaces.list", 401, True),
            ("user.me", 401, True),
            ("GET /bearychat/hooks/x", 404, False),
            ("GET /elsewhere", 404, False),
        ]
        assert "sesame" not in str(refused) and all(call.text for call in refused)
        client.call("sendmsgg", {})
        gate.reset()
        assert gate.refused.take() == []
