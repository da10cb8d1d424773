# ruff: noqa: E402, F403, F405, RUF059, UP031
# mypy: ignore-errors
"""A program that was written for the public Python SDK, moved over with `rtm_sdk.compat`.

Try it with a gate of its own::

    python samples/old_program_with_compat.py --gate

Without ``--gate`` it takes RTM_ENDPOINT, RTM_PID and RTM_SECRET of the environment.

Only the two lines below are new. Everything after them stands as it did: the imports, the callback class, tuples with
the error last, a path as a file. ``client.modern`` is the client underneath, for the parts that are moved on
(docs/migration.md).
"""

import rtm_sdk.compat

rtm_sdk.compat.install()

import os
import sys
import tempfile

from rtm import *

SHOP, BUYER, STAFF = 1000, 2001, 500


class MyMonitor(RTMServerPushMonitor):
    def push_group_chat(self, message):
        print("heard in %d: %s" % (message.to_id, message.message))


class MySendMessageCallback(SendMessageCallback):
    def callback(self, mid, mtime, error):
        if error == FPNN_ERROR.FPNN_EC_OK:
            print("sent in the background, mid", mid)
        else:
            print("not sent:", error)


def run(pid, secret, endpoint):
    config = RTMServerConfig()
    config.global_quest_timeout = 10
    RTMServerConfigCenter.init(config)

    client = RTMServerClient(pid, secret, endpoint)
    client.set_quest_processor(MyMonitor())

    error = client.add_group_members(STAFF, [SHOP, BUYER])
    if error != FPNN_ERROR.FPNN_EC_OK:
        print("no group:", error)
        return 1
    client.set_listen([STAFF], None, None, None)

    mid, mtime, error = client.send_chat(SHOP, BUYER, "Your parcel is on its way.")
    if error != FPNN_ERROR.FPNN_EC_OK:
        print("not sent:", error)
        return 1
    print("sent, mid", mid, "at", mtime)

    client.send_group_chat(SHOP, STAFF, "A-17 was shipped.", callback=MySendMessageCallback())

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bill.txt")
        with open(path, "w") as bill:
            bill.write("A-17: 42.00\n")
        mtime, error = client.send_file(SHOP, BUYER, 50, path)
        print("file sent at", mtime)

    history, error = client.get_p2p_chat(BUYER, SHOP, True, 10)
    for message in history.messages:
        print("history:", message.message)

    # A part that is moved on already:
    result, error_code = client.modern.send_chat(SHOP, BUYER, "It has arrived.")
    print("sent, mid", result.mid)

    client.destory()
    ClientEngine.destory()
    return 0


def main():
    if "--gate" in sys.argv:
        from rtm_sdk.gate import Gate

        with Gate() as gate:
            return run(gate.pid, gate.secret, gate.endpoint)
    return run(int(os.environ["RTM_PID"]), os.environ["RTM_SECRET"], os.environ["RTM_ENDPOINT"])


if __name__ == "__main__":
    sys.exit(main())
