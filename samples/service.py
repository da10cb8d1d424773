"""A service over HTTP that tells buyers where their order is.

Try it with a gate of its own, and call it from another terminal::

    python samples/service.py --gate
    curl -d buyer=2001 http://127.0.0.1:8080/orders/17/shipped

Without ``--gate`` it takes RTM_ENDPOINT, RTM_PID and RTM_SECRET of the environment, as ``rtm gate`` prints them.

The buyer's message has the number of the order as its id. So a request that is repeated, by an impatient user or a
proxy, tells the buyer once. The staff is told in the background: the answer does not wait for that.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import threading
import time
from contextlib import ExitStack
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from rtm_sdk import RTM_ERROR, ErrorCode, RTMServerClient

SHOP, STAFF = 1000, 500
PATIENCE = 5.0
MAX_BODY = 1000

log = logging.getLogger("shop")


class Shop(ThreadingHTTPServer):
    """One thread for each request; all of them share one client."""

    daemon_threads = False  # at the end they are waited for
    request_queue_size = 128

    def __init__(self, port: int, client: RTMServerClient) -> None:
        self.client = client
        super().__init__(("127.0.0.1", port), Request)


class Request(BaseHTTPRequestHandler):
    """POST /orders/NUMBER/shipped with buyer=UID."""

    server: Shop
    timeout = 10  # seconds that a caller may take for a request

    def do_POST(self) -> None:
        match self.path.split("/"):
            case ["", "orders", order, "shipped"] if number(order):
                self.shipped(number(order))
            case _:
                self.answer(HTTPStatus.NOT_FOUND, {"error": "POST /orders/NUMBER/shipped"})

    def shipped(self, order: int) -> None:
        size = min(number(self.headers.get("Content-Length", "")), MAX_BODY)
        form = parse_qs(self.rfile.read(size).decode("utf-8", "replace"))
        buyer = number(form.get("buyer", [""])[0])
        if not buyer:
            self.answer(HTTPStatus.BAD_REQUEST, {"error": "buyer must be the number of a user"})
            return

        client, text = self.server.client, f"Order {order} is on its way."
        _, error_code = client.send_chat(SHOP, buyer, text, mid=order, timeout=PATIENCE)
        if error_code == RTM_ERROR.RTM_EC_DUPLICATED_MID:
            self.answer(HTTPStatus.OK, {"order": order, "told": "before"})
        elif error_code:
            status = HTTPStatus.SERVICE_UNAVAILABLE if error_code.retryable else HTTPStatus.BAD_GATEWAY
            self.answer(status, {"order": order, "error": error_code.name})
        else:
            client.send_group_chat(SHOP, STAFF, f"Order {order} was shipped.", callback=log_failure)
            self.answer(HTTPStatus.OK, {"order": order, "told": "now"})

    def answer(self, status: HTTPStatus, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.send_header("Retry-After", "5")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, form: str, *values: Any) -> None:
        log.info(form, *values)


def number(text: str) -> int:
    """A positive number as it stands in a request; 0 when it is none that can be sent."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def log_failure(result: Any, error_code: ErrorCode) -> None:
    """What the staff could not be told stands in the log."""
    if error_code:
        log.error("the staff was not told: %s", error_code)


def main() -> int:
    """Serve until Control-C or SIGTERM. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Tell buyers where their order is.")
    parser.add_argument("--port", type=int, default=8080, help="default: %(default)s")
    parser.add_argument("--gate", action="store_true", help="try it with a gate of its own")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO)

    with ExitStack() as stack:
        try:
            if chosen.gate:
                from rtm_sdk.gate import Gate

                gate = stack.enter_context(Gate())
                client = RTMServerClient(gate.pid, gate.secret, gate.endpoint)
            else:
                client = RTMServerClient.from_env()
        except ValueError as error:
            print(f"{error} (`rtm gate` prints all three), or try it with --gate", file=sys.stderr)
            return 2
        stack.enter_context(client)  # at the end it waits for the callbacks, within its timeout
        try:
            shop = stack.enter_context(Shop(chosen.port, client))  # at the end it waits for the requests
        except (OSError, OverflowError) as error:
            print(f"the port {chosen.port} cannot be used: {error}; say --port", file=sys.stderr)
            return 2

        stop: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: stop.append(number))
        server = threading.Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.1})
        server.start()
        print(f"listening on http://127.0.0.1:{shop.server_port}", flush=True)
        while not stop:
            time.sleep(0.1)
        shop.shutdown()
        server.join()
    return 0


if __name__ == "__main__":
    sys.exit(main())
