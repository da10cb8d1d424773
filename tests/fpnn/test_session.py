from __future__ import annotations

import gc
import itertools
import json
import random
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm_sdk.fpnn.encryption import CURVES, Encryption, ServerKey, SessionKeys
from rtm_sdk.fpnn.frames import Frame, FrameError, FrameReader, Kind, encode_answer, encode_quest, pack, unpack
from rtm_sdk.fpnn.session import Answer, QuestArrived, Reply, Session, error_of

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
EMPTY = b"\x80"
KEYS = {curve: ServerKey.generate(curve) for curve in CURVES}
MODES = ["stream", "package"]


class FixedEncryption(Encryption):
    """Encryption with a known private key of the client."""

    def __init__(self, private: bytes, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        number = int.from_bytes(private, "big")
        self.private = ec.derive_private_key(number, getattr(ec, self.curve.upper())())

    def start(self) -> tuple[bytes, SessionKeys]:
        return self._agree(self.private)


def encrypted(
    mode: Any, curve: str = "secp256k1", bits: int = 256, max_frame: int = 1 << 20
) -> tuple[Session, Session]:
    """A client and a server that have exchanged their keys."""
    encryption = Encryption(KEYS[curve].public_raw, curve, bits=bits, mode=mode)
    client = Session.client(max_frame=max_frame, encryption=encryption)
    server = Session.server(max_frame=max_frame, key=KEYS[curve])
    (reply,) = server.receive(client.opening())
    assert type(reply) is Reply
    assert client.receive(reply.data) == []
    assert client.ready
    return client, server


def plain(max_frame: int = 1 << 20) -> tuple[Session, Session]:
    return Session.client(max_frame=max_frame), Session.server(max_frame=max_frame)


def arrive(session: Session, data: bytes) -> QuestArrived:
    (event,) = session.receive(data)
    assert type(event) is QuestArrived
    return event


def key_quest(seq: int | None = 1, flag: int = 0x80, **params: Any) -> bytes:
    params = {"publicKey": KEYS["secp192r1"].public_raw, "streamMode": True, "bits": 128, **params}
    payload = json.dumps({"publicKey": "x"}).encode() if flag == 0x40 else pack(params)
    return encode_quest("*key", payload, seq, flag=flag)


# ------------------------------------------------------------------------------------------------------- plain


def test_a_quest_and_its_answer() -> None:
    client, server = plain()
    assert client.ready
    assert server.ready
    assert client.opening() == b""
    seq, data = client.quest("sendmsg", pack({"a": 1}))
    assert seq == 1
    assert data == encode_quest("sendmsg", pack({"a": 1}), 1)
    quest = arrive(server, data)
    assert quest == QuestArrived("sendmsg", {"a": 1}, 1, 0x80, 1)
    assert client.receive(server.answer(quest, {"mtime": 5})) == [Answer(1, 0, {"mtime": 5})]


def test_an_error_answer() -> None:
    client, server = plain()
    quest = arrive(server, client.quest("\udcff", EMPTY)[1])
    (answer,) = client.receive(server.error_answer(quest, 20004, f"unknown method: {quest.method}"))
    assert answer == Answer(1, 1, {"code": 20004, "ex": "unknown method: ?"})
    error = error_of(answer)
    assert error == 20004
    assert error.message == "unknown method: ?"


def test_a_oneway_quest() -> None:
    client, server = plain()
    quest = arrive(server, client.oneway("*ping", EMPTY))
    assert quest == QuestArrived("*ping", {}, None, 0x80, 1)
    with pytest.raises(ValueError, match="a oneway quest gets no answer"):
        server.answer(quest, {})
    assert client.quest("m", EMPTY)[0] == 1


def test_pings_are_left_to_the_owner() -> None:
    client, server = plain()
    assert arrive(server, client.quest("*ping", EMPTY)[1]).method == "*ping"
    (vector,) = (each for each in VECTORS["rejected"] if each["name"] == "oneway_ping")
    assert arrive(server, bytes.fromhex(vector["hex"])).seq is None


def test_quests_of_the_server() -> None:
    client, server = plain()
    client.quest("m", EMPTY)
    quest = arrive(client, server.quest("pushmsg", pack({"text": "hi"}))[1])
    assert quest == QuestArrived("pushmsg", {"text": "hi"}, 1, 0x80, 1)
    assert server.receive(client.answer(quest, {})) == [Answer(1, 0, {})]
    assert arrive(client, server.quest("*key", EMPTY)[1]).method == "*key"


@pytest.mark.parametrize("version", [0, 1, 255])
@pytest.mark.parametrize("flag", [0x80, 0xA0, 0x40, 0x50])
def test_an_answer_repeats_version_and_flag(version: int, flag: int) -> None:
    payload = b'{"a": 1}' if flag & 0x40 else pack({"a": 1})
    server = Session.server()
    quest = arrive(server, encode_quest("m", payload, 9, flag=flag, version=version))
    assert quest.params == {"a": 1}
    data = server.answer(quest, {"a": b"x"}) + server.error_answer(quest, 5, "no")
    frames = FrameReader().feed(data)
    assert [(frame.version, frame.flag, frame.seq) for frame in frames] == [(version, flag, 9)] * 2
    assert Session.client().receive(data) == [
        Answer(9, 0, {"a": "x" if flag & 0x40 else b"x"}),
        Answer(9, 1, {"code": 5, "ex": "no"}),
    ]


def test_numbers_start_again_after_the_last() -> None:
    session = Session.client()
    session.in_flight = range(1, 0xFFFFFFFF)
    session._seq = 0xFFFFFFFE
    assert session.quest("m", EMPTY)[0] == 0xFFFFFFFF
    session.in_flight = {1: "call", 2: "call", 4: "call"}
    assert [session.quest("m", EMPTY)[0] for _ in range(3)] == [3, 5, 6]


def test_a_frame_over_the_limit_is_not_sent() -> None:
    client, server = plain(100)
    quest = arrive(server, client.quest("m", EMPTY)[1])
    fits, over = bytes(100 - 17), bytes(100 - 16)
    with pytest.raises(ValueError, match="a frame of 101 bytes, the limit is 100"):
        client.quest("m", over)
    with pytest.raises(ValueError, match="a frame of 101 bytes, the limit is 100"):
        client.quest("m", over[:-50], 50)
    with pytest.raises(ValueError, match="the limit is 100"):
        client.oneway("m", bytes(90))
    with pytest.raises(ValueError, match="the limit is 100"):
        server.answer(quest, {"a": bytes(100)})
    with pytest.raises(ValueError, match="1 to 255 bytes"):
        client.quest("", EMPTY)
    assert client.quest("m", fits)[0] == 2


@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        ({"code": 20004, "ex": "text"}, 20004, "text"),
        ({"code": 20004}, 20004, ""),
        ({"code": 555, "ex": 555}, 555, "555"),
        ({"code": 1, "ex": b"bad \xff"}, 1, "bad \ufffd"),
        ({"code": 1, "ex": None}, 1, ""),
        ({"ex": "no code"}, 10001, "no code"),
        ({}, 10001, ""),
        ({"code": 0, "ex": "success?"}, 10001, "success?"),
        ({"code": "20004", "ex": "x"}, 10001, "x"),
        ({"code": True}, 10001, ""),
        ({1: 2}, 10001, ""),
        ({"code": -1}, -1, ""),
    ],
)
def test_error_answers_are_read(params: dict[str, Any], code: int, message: str) -> None:
    error = error_of(Answer(1, 1, params))
    assert error == code
    assert error.message == message
    assert error


def test_events_before_the_fault_are_kept_and_the_session_is_dead() -> None:
    session = Session.client()
    good = encode_answer(1, EMPTY) + encode_quest("m", EMPTY, 2)
    for bad, reason in (
        (b"x" * 12, "unknown magic"),
        (encode_quest("m", b"\x90", 1), "not a map"),
        (encode_answer(1, b"\xc1"), "not valid msgpack"),
    ):
        session = Session.client()
        with pytest.raises(FrameError, match=reason) as caught:
            session.receive(good + bad + good)
        assert caught.value.events == [Answer(1, 0, {}), QuestArrived("m", {}, 2, 0x80, 1)]
        with pytest.raises(FrameError, match=reason) as again:
            session.receive(good)
        assert again.value.events == []


@pytest.mark.parametrize("vector", [pytest.param(each, id=each["name"]) for each in VECTORS["rejected"]])
@pytest.mark.parametrize("role", ["client", "server"])
def test_rejected_vectors(vector: dict[str, Any], role: str) -> None:
    session: Session = getattr(Session, role)()
    data = bytes.fromhex(vector["hex"])
    if vector["name"] == "oneway_ping":
        assert arrive(session, data).method == "*ping"
    else:
        with pytest.raises(FrameError):
            session.receive(data)


@pytest.mark.parametrize("part", ["plain", "tolerated"])
def test_accepted_vectors_in_one_stream(part: str) -> None:
    for session in (Session.client(), Session.server(), Session.server(key=KEYS["secp192r1"])):
        vectors = [each for each in VECTORS[part] if each["name"] != "cpp_answer_json_bin"]
        stream = b"".join(bytes.fromhex(each["hex"]) for each in vectors)
        events = [event for at in range(0, len(stream), 37) for event in session.receive(stream[at : at + 37])]
        assert len(events) == len(vectors)
        for event, vector in zip(events, vectors, strict=True):
            assert not isinstance(event, Reply)
            assert event.seq == vector.get("fields", {}).get("seq", event.seq)


# --------------------------------------------------------------------------------------------------- handshake


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("bits", [128, 256])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_all_curves_bits_and_modes(curve: str, bits: int, mode: Any, step: int) -> None:
    client = Session.client(encryption=Encryption(KEYS[curve].public_raw, curve, bits=bits, mode=mode))
    server = Session.server(key=KEYS[curve])

    def passed(session: Session, data: bytes) -> list[Any]:
        return [event for at in range(0, len(data), step) for event in session.receive(data[at : at + step])]

    opening = client.opening()
    early = client.quest("early", pack({"a": 1}))[1] + client.oneway("oneway", EMPTY)
    assert b"early" not in early
    reply, quest, oneway = passed(server, opening + early)
    assert quest == ("early", {"a": 1}, 2, 0x80, 1)
    assert oneway == ("oneway", {}, None, 0x80, 1)
    back = reply.data + server.answer(quest, {"b": 2}) + server.quest("push", EMPTY)[1]
    assert b"push" not in back
    assert [client.ready, passed(client, back), client.ready] == [
        False,
        [Answer(2, 0, {"b": 2}), QuestArrived("push", {}, 1, 0x80, 1)],
        True,
    ]
    push = QuestArrived("push", {}, 1, 0x80, 1)
    assert passed(server, client.error_answer(push, 20004, "unknown")) == [
        Answer(1, 1, {"code": 20004, "ex": "unknown"})
    ]


def replay_server(vector: dict[str, Any]) -> None:
    """The server's role: every wire byte of the capture is read, or made again."""
    server = Session.server(key=ServerKey(bytes.fromhex(vector["server_private_hex"]), vector["curve"]))
    (reply,) = server.receive(bytes.fromhex(vector["key_quest_clear_hex"]))
    assert type(reply) is Reply
    quests: dict[int, QuestArrived] = {}
    answered: Reply | None = reply
    for step in vector["steps"]:
        clear, wire = bytes.fromhex(step["clear_hex"]), bytes.fromhex(step["wire_hex"])
        (frame,) = FrameReader().feed(clear)
        if step["from"] == "client":
            (event,) = server.receive(wire)
            compare(event, frame)
            if isinstance(event, QuestArrived) and event.seq is not None:
                quests[event.seq] = event
        elif answered is not None:
            assert answered.data == wire
            answered = None
        elif frame.kind == Kind.ANSWER:
            assert again(server, quests[frame.seq], frame) == wire
        else:
            server._seq = frame.seq - 1
            assert server.quest(frame.method, pack(unpack(frame.payload))) == (frame.seq, wire)


def replay_client(vector: dict[str, Any]) -> None:
    """The client's role: every wire byte of the capture is made again, or read."""
    private = bytes.fromhex(vector["client_private_hex"])
    public = bytes.fromhex(vector["server_public_hex"])
    client = Session.client(
        encryption=FixedEncryption(private, public, vector["curve"], bits=vector["bits"], mode=vector["mode"])
    )
    assert client.opening().hex() == vector["key_quest_clear_hex"]
    quests: dict[int, QuestArrived] = {}
    for step in vector["steps"]:
        clear, wire = bytes.fromhex(step["clear_hex"]), bytes.fromhex(step["wire_hex"])
        (frame,) = FrameReader().feed(clear)
        if step["from"] == "server":
            events = client.receive(wire)
            if not quests and client.ready and frame.seq == 1 and frame.kind == Kind.ANSWER:
                assert events == []
                continue
            (event,) = events
            compare(event, frame)
            if isinstance(event, QuestArrived) and event.seq is not None:
                quests[event.seq] = event
        elif frame.kind == Kind.ANSWER:
            assert again(client, quests[frame.seq], frame) == wire
        elif frame.kind == Kind.ONEWAY:
            assert client.oneway(frame.method, frame.payload) == wire
        else:
            client._seq = frame.seq - 1
            assert client.quest(frame.method, frame.payload) == (frame.seq, wire)


def compare(event: object, frame: Frame) -> None:
    params = unpack(frame.payload, frame.flag)
    if frame.kind == Kind.ANSWER:
        assert event == Answer(frame.seq, frame.status, params)
    else:
        seq = frame.seq if frame.kind == Kind.TWOWAY else None
        assert event == QuestArrived(frame.method, params, seq, frame.flag, frame.version)


def again(session: Session, quest: QuestArrived, frame: Frame) -> bytes:
    params = unpack(frame.payload)
    return session.error_answer(quest, params["code"], params["ex"]) if frame.status else session.answer(quest, params)


@pytest.mark.parametrize("vector", [pytest.param(each, id=each["name"]) for each in VECTORS["encrypted"]])
def test_encrypted_vectors(vector: dict[str, Any]) -> None:
    replay_server(vector)
    if vector["client_private_hex"]:
        replay_client(vector)


def test_a_key_pair_per_session() -> None:
    encryption = Encryption(KEYS["secp256r1"].public_pem)
    assert Session.client(encryption=encryption).opening() != Session.client(encryption=encryption).opening()


def test_a_session_opens_once() -> None:
    session = Session.client(encryption=Encryption(KEYS["secp256r1"].public_pem))
    session.opening()
    with pytest.raises(RuntimeError, match="open already"):
        session.opening()


def test_the_public_key_may_be_a_str() -> None:
    public = KEYS["secp192r1"].public_raw
    payload = pack({"publicKey": public})
    assert payload[11:13] == b"\xc4\x30"
    server = Session.server(key=KEYS["secp192r1"])
    (reply,) = server.receive(encode_quest("*key", payload[:11] + b"\xd9" + payload[12:], 1))
    assert type(reply) is Reply


def expected_reply(bits: int, stream: bool) -> bytes:
    keys = KEYS["secp192r1"].accept(KEYS["secp192r1"].public_raw, bits)
    frame = encode_answer(1, EMPTY)
    return (b"" if stream else len(frame).to_bytes(4, "little")) + keys.encryptor()(frame)


@pytest.mark.parametrize(
    ("params", "bits", "stream"),
    [
        ({}, 128, True),
        ({"bits": 256, "streamMode": False}, 256, False),
        ({"bits": "256"}, 128, True),
        ({"bits": 256.0}, 128, True),
        ({"bits": None}, 128, True),
        ({"bits": True}, 128, True),
        ({"streamMode": 1}, 128, False),
        ({"streamMode": "true"}, 128, False),
        ({"streamMode": None, "bits": b""}, 128, False),
    ],
)
def test_bits_and_mode_of_another_type_are_the_defaults(params: dict[str, Any], bits: int, stream: bool) -> None:
    server = Session.server(key=KEYS["secp192r1"])
    assert server.receive(key_quest(**params)) == [Reply(expected_reply(bits, stream))]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (key_quest(None), "not a twoway quest"),
        (key_quest(flag=0x40), "not a twoway quest in msgpack"),
        (key_quest(bits=192), "bits must be 128 or 256"),
        (key_quest(bits=0), "bits must be 128 or 256"),
        (key_quest(publicKey=None), "without a public key"),
        (key_quest(publicKey=5), "without a public key"),
        (key_quest(publicKey=""), "has 48 bytes, not 0"),
        (key_quest(publicKey="x" * 48), "not a point"),
        (key_quest(publicKey=bytes(48)), "not a point"),
        (key_quest(publicKey=b"\xff" * 48), "not a point"),
        (key_quest(publicKey=bytes(49)), "has 48 bytes, not 49"),
        (key_quest(publicKey=bytes(64)), "has 48 bytes, not 64"),
        (encode_quest("*key", EMPTY, 1), "without a public key"),
        (encode_quest("*key", b"\xc1", 1), "not valid msgpack"),
        (encode_quest("*ping", EMPTY, 1) + key_quest(2), "not the first"),
        (encode_quest("m", EMPTY, None) + key_quest(), "not the first"),
        (encode_answer(1, EMPTY) + key_quest(), "not the first"),
        (b"x" * 12, "unknown magic"),
    ],
    ids=itertools.count(),  # the bytes hold random keys
)
@pytest.mark.parametrize("step", [1, 1000])
def test_a_bad_key_quest_is_the_end(data: bytes, reason: str, step: int) -> None:
    server = Session.server(key=KEYS["secp192r1"])
    with pytest.raises(FrameError, match=reason):
        for at in range(0, len(data), step):
            server.receive(data[at : at + step])
    with pytest.raises(FrameError, match=reason):
        server.receive(b"")


@pytest.mark.parametrize("mode", MODES)
def test_a_second_key_quest_is_the_end(mode: str) -> None:
    client, server = encrypted(mode)
    with pytest.raises(FrameError, match="not the first"):
        server.receive(client.oneway("*key", EMPTY))


def test_key_without_a_configured_key() -> None:
    with pytest.raises(FrameError, match="without a configured key"):
        Session.server().receive(key_quest())


def test_plain_clients_are_served_by_an_encrypting_server() -> None:
    client, server = Session.client(), Session.server(key=KEYS["secp256k1"])
    first, second = client.quest("a", EMPTY)[1], client.quest("b", EMPTY)[1]
    assert server.receive(first[:10]) == []
    assert [event.seq for event in server.receive(first[10:] + second) if isinstance(event, QuestArrived)] == [1, 2]


@pytest.mark.parametrize("mode", MODES)
def test_a_wrong_answer_to_the_key_quest(mode: Any) -> None:
    encryption = Encryption(KEYS["secp256k1"].public_pem, mode=mode)
    other = ServerKey.generate()
    for key, first in ((other, None), (KEYS["secp256k1"], (9, 0)), (KEYS["secp256k1"], (1, 1))):
        client, server = Session.client(encryption=encryption), Session.server(key=key)
        (reply,) = server.receive(client.opening())
        assert type(reply) is Reply
        data = reply.data
        if first is not None:
            seq, status = first
            client, server = Session.client(encryption=encryption), Session.server(key=key)
            server.receive(client.opening())
            stream = server._encrypt
            frame = encode_answer(seq, EMPTY, status=status)
            server._encrypt = None if stream is None else server._keys.encryptor()  # type: ignore[union-attr]
            data = server._finish(frame)
        with pytest.raises(FrameError, match=r"no proper answer to \*key, is this the public key of the server"):
            client.receive(data)
        assert not client.ready


def test_a_clear_answer_to_the_key_quest() -> None:
    client = Session.client(encryption=Encryption(KEYS["secp256k1"].public_pem))
    client.opening()
    with pytest.raises(FrameError, match="no proper answer"):
        client.receive(encode_answer(1, EMPTY))


# --------------------------------------------------------------------------------------------- encrypted bytes


@pytest.mark.parametrize("mode", ["plain", *MODES])
def test_a_payload_in_parts(mode: str) -> None:
    client, server = plain() if mode == "plain" else encrypted(mode)
    payload = pack({"file": bytes(range(256)) * 20})
    seq, data = client.quest("sendfile", payload[:20], len(payload) - 20)
    parts = [data] + [client.more(payload[at : at + 999]) for at in range(20, len(payload), 999)]
    after = client.quest("after", EMPTY)[1]
    first, second = server.receive(b"".join(parts) + after)
    assert first == QuestArrived("sendfile", {"file": bytes(range(256)) * 20}, seq, 0x80, 1)
    assert second == QuestArrived("after", {}, seq + 1, 0x80, 1)


def package(session: Session, clear: bytes, claim: int | None = None) -> bytes:
    assert session._keys is not None
    return (len(clear) if claim is None else claim).to_bytes(4, "little") + session._keys.encryptor()(clear)


@pytest.mark.parametrize(
    ("clear", "reason"),
    [
        (encode_quest("m", EMPTY, 1) * 2, "exactly one frame"),
        (encode_quest("m", EMPTY, 1) + b"x", "exactly one frame"),
        (encode_quest("m", EMPTY, 1)[:-1], "exactly one frame"),
        (encode_quest("m", EMPTY, 1)[:12], "a package of 12 bytes"),
        (b"", "a package of 0 bytes"),
        (b"x" * 20, "unknown magic"),
        (bytes(1001), "a package of 1001 bytes, the limit is 1000"),
        (encode_quest("m", bytes(1000), 1)[:500], "a frame of 1017 bytes, the limit is 1000"),
    ],
)
@pytest.mark.parametrize("step", [1, 10_000])
def test_a_package_holds_exactly_one_frame(clear: bytes, reason: str, step: int) -> None:
    client, server = encrypted("package", max_frame=1000)
    good = client.oneway("good", EMPTY)
    data = good + package(client, clear) + good
    events = []
    with pytest.raises(FrameError, match=reason) as caught:
        for at in range(0, len(data), step):
            events += server.receive(data[at : at + step])
    assert [event.method for event in events + caught.value.events] == ["good"]


def test_the_limit_of_a_package_is_decided_on_its_prefix() -> None:
    client, server = encrypted("package", max_frame=1000)
    assert server.receive(package(client, b"", 1000)) == []
    client, server = encrypted("package", max_frame=1000)
    with pytest.raises(FrameError, match="the limit is 1000"):
        server.receive((1001).to_bytes(4, "little"))


def test_the_limit_in_a_stream() -> None:
    client, server = encrypted("stream", max_frame=1000)
    client._max_frame = 2000
    assert arrive(server, client.oneway("m", bytes([0x80]) + bytes(986))).method == "m"
    with pytest.raises(FrameError, match="a frame of 1001 bytes, the limit is 1000"):
        server.receive(client.oneway("m", bytes([0x80]) + bytes(987))[:12])


@pytest.mark.parametrize("mode", ["plain", *MODES])
def test_a_large_frame_in_small_parts_takes_linear_time(mode: str) -> None:
    def spent(size: int) -> float:
        client, server = plain(1 << 23) if mode == "plain" else encrypted(mode, max_frame=1 << 23)
        data = client.quest("m", pack({"a": bytes(size)}))[1]
        start = time.process_time()
        events = [event for at in range(0, len(data), 16) for event in server.receive(data[at : at + 16])]
        assert len(events) == 1
        return time.process_time() - start

    spent(1 << 15)
    assert min(spent(1 << 21) for _ in range(3)) < 512 * min(spent(1 << 15) for _ in range(5))  # 64 times the bytes


@pytest.mark.parametrize("mode", ["plain", *MODES])
def test_many_small_frames_in_a_chunk_take_linear_time(mode: str) -> None:
    def spent(count: int) -> float:
        client, server = plain() if mode == "plain" else encrypted(mode)
        data = b"".join([client.oneway("m", EMPTY) for _ in range(count)])
        gc.disable()  # its rounds take longer with every object that is there
        try:
            start = time.process_time()
            assert len(server.receive(data)) == count
            return time.process_time() - start
        finally:
            gc.enable()

    spent(100)
    assert min(spent(32000) for _ in range(3)) < 512 * min(spent(500) for _ in range(5))  # 64 times the frames


def test_a_session_shows_no_keys() -> None:
    client, server = encrypted("stream")
    assert repr(client).startswith("<rtm_sdk.fpnn.session.Session object")
    assert repr(server).startswith("<rtm_sdk.fpnn.session.Session object")


# -------------------------------------------------------------------------------------------------- properties

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
params_of_quests = st.dictionaries(texts, st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=50) | texts, max_size=4)
methods = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(lambda name: name != "*key")


@settings(max_examples=60)
@given(
    st.sampled_from(["plain", *MODES]),
    st.sampled_from(sorted(CURVES)),
    st.sampled_from([128, 256]),
    st.lists(st.tuples(methods, params_of_quests, st.booleans()), min_size=1, max_size=8),
    st.lists(st.integers(0, 1500), max_size=10),
)
def test_two_sessions_talk(
    mode: str,
    curve: str,
    bits: int,
    quests: list[tuple[str, dict[str, Any], bool]],
    cuts: list[int],
) -> None:
    def cut(data: bytes) -> list[bytes]:
        places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
        return [data[a:b] for a, b in pairwise(places)]

    client, server = plain() if mode == "plain" else encrypted(mode, curve, bits)
    for one, other in ((client, server), (server, client)):
        sent = [
            one.quest(method, pack(params)) if twoway else (None, one.oneway(method, pack(params)))
            for method, params, twoway in quests
        ]
        arrived = [event for part in cut(b"".join(data for _, data in sent)) for event in other.receive(part)]
        assert arrived == [
            QuestArrived(method, params, seq, 0x80, 1)
            for (method, params, _), (seq, _) in zip(quests, sent, strict=True)
        ]
        back = [event for event in arrived if isinstance(event, QuestArrived) and event.seq is not None]
        answers = b"".join([other.answer(event, event.params) for event in back])
        got = [event for part in cut(answers) for event in one.receive(part)]
        assert got == [Answer(event.seq or 0, 0, event.params) for event in back]


FRAMES = [bytes.fromhex(each["hex"]) for part in ("plain", "tolerated", "rejected") for each in VECTORS[part]] + [
    bytes.fromhex(each["key_quest_clear_hex"]) for each in VECTORS["encrypted"]
]


def mutated(luck: random.Random) -> bytes:
    """A few frames of the vectors with some bytes changed, cut out or put in; now and then plain noise."""
    if luck.random() < 0.1:
        return (b"FPNN" if luck.random() < 0.5 else b"") + luck.randbytes(luck.randrange(60))
    data = bytearray(b"".join(luck.choices(FRAMES, k=luck.randrange(1, 3))))
    for _ in range(luck.randrange(4)):
        at = luck.randrange(len(data))
        way = luck.randrange(4)
        if way == 0:
            data[at] = luck.randrange(256)
        elif way == 1:
            data[at] ^= 1 << luck.randrange(8)
        elif way == 2:
            del data[at : at + luck.randrange(1, 9)]
            data += b"\x00"
        else:
            data[at:at] = luck.choice([b"\xdd\xff\xff\xff\xff", b"\xc1", b"\x91" * 20, b"\x81", b"FPNN", b"\xff"])
    return bytes(data)


@pytest.mark.parametrize("role", ["client", "server", "server with a key"])
def test_mutated_frames_raise_nothing_but_frame_errors(role: str) -> None:
    luck = random.Random(f"fpnn {role}")
    refused = events = 0
    for _ in range(33_000):
        data = mutated(luck)
        if role == "client":
            session = Session.client()
        else:
            session = Session.server(key=KEYS["secp256k1"] if role == "server with a key" else None)
        middle = luck.randrange(len(data) + 1)
        try:
            events += len(session.receive(data[:middle]))
            events += len(session.receive(data[middle:]))
        except FrameError as fault:
            events += len(fault.events)
            refused += 1
    assert refused > 5000
    assert events > 5000


@pytest.mark.parametrize("mode", MODES)
def test_mutated_encrypted_bytes_raise_nothing_but_frame_errors(mode: str) -> None:
    luck = random.Random(f"fpnn {mode}")
    for _ in range(300):
        client, server = encrypted(mode, "secp256r1")
        for _ in range(5):
            data = bytearray(client.quest("m", pack({"a": luck.randbytes(20)}))[1])
            data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
            try:
                server.receive(bytes(data))
            except FrameError:
                break
