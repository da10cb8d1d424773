"""A bot that listens in a group and answers.

Try it with a gate of its own::

    python samples/bot.py --gate

It prints a line for another terminal. Paste it there, then talk to it::

    rtm send --from 2001 --group 500 "help"
    rtm history --uid 2001 --group 500

Without ``--gate`` it takes RTM_ENDPOINT, RTM_PID and RTM_SECRET of the environment.

An answer has the id of its question. So each question is answered once: also when it is heard twice, or two of these
bots run. What was asked while the connection was lost is read from the history as soon as it is back.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import time
from contextlib import ExitStack

from rtm_sdk import RTM_ERROR, ErrorCode, RTMException, RTMMessage, RTMServerClient, unwrap
from rtm_sdk.rtm.results import HistoryMessage

BOT, STAFF = 900, 500
CHAT = 30

log = logging.getLogger("bot")


class Bot:
    """Answers in one group.

    Args:
        client: the client; it may do other things as well.
    """

    def __init__(self, client: RTMServerClient) -> None:
        self.client = client
        self.heard_until = int(time.time() * 1000)
        client.on("group_chat", self.hear)
        client.on("connected", self.connected)

    def start(self) -> None:
        """Begin to listen. From now on the client holds its connection, and opens it again when it breaks."""
        unwrap(self.client.add_listen(gids=[STAFF]))

    def hear(self, message: RTMMessage | HistoryMessage) -> None:
        """Called for each chat in the group, one after the other, on a thread of the client."""
        self.heard_until = max(self.heard_until, message.modified_time)
        answer = self.answer_to(str(message.message))
        if message.from_uid == BOT or not answer:  # a bot hears itself, too
            return
        self.client.send_group_chat(BOT, STAFF, answer, mid=message.message_id, callback=self.sent)

    def answer_to(self, question: str) -> str:
        word, _, rest = question.strip().partition(" ")
        match word.lower():
            case "help":
                return "I know: help, time, count WORDS"
            case "time":
                return time.strftime("It is %H:%M.")
            case "count":
                return f"{len(rest.split())} words"
        return ""

    def sent(self, result: object, error_code: ErrorCode) -> None:
        if error_code and error_code != RTM_ERROR.RTM_EC_DUPLICATED_MID:  # that one: it has been answered
            log.error("an answer was not sent: %s", error_code)

    def connected(self, connection_id: int, endpoint: str, success: bool, is_reconnect: bool) -> None:
        """Called when a connection is up, or could not be opened."""
        if not (success and is_reconnect):
            return
        log.info("connected again, reading what was missed")
        try:
            for message in self.client.iter_group_messages(BOT, STAFF, begin=self.heard_until, mtypes=[CHAT]):
                self.hear(message)
        except RTMException as error:
            log.error("could not read what was missed: %s", error)


def main() -> int:
    """Answer until Control-C or SIGTERM. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Answer in a group.")
    parser.add_argument("--gate", action="store_true", help="try it with a gate of its own")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO)

    stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: stop.append(number))
    with ExitStack() as stack:
        try:
            if chosen.gate:
                from rtm_sdk.gate import Gate

                gate = stack.enter_context(Gate())
                print(f"export RTM_ENDPOINT={gate.endpoint} RTM_PID={gate.pid} RTM_SECRET={gate.secret}")
                client = RTMServerClient(gate.pid, gate.secret, gate.endpoint)
            else:
                client = RTMServerClient.from_env()
        except ValueError as error:
            print(f"{error} (`rtm gate` prints all three), or try it with --gate", file=sys.stderr)
            return 2
        stack.enter_context(client)
        try:
            unwrap(client.add_group_members(STAFF, [BOT]))
            Bot(client).start()
        except RTMException as error:
            print(f"the bot cannot listen: {error}; `rtm doctor` says more", file=sys.stderr)
            return 1
        print(f"listening in the group {STAFF}; Control-C ends it", flush=True)
        while not stop:
            time.sleep(0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
