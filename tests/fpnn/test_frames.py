from __future__ import annotations

import gc
import json
import math
import struct
import threading
import time
import tracemalloc
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgpack import ExtType, Timestamp, packb  # type: ignore[import-untyped]

from rtm_sdk.fpnn.frames import (
    DEFAULT_MAX_FRAME,
    FLAG_JSON,
    FLAG_MSGPACK,
    MAX_CONTAINERS,
    Frame,
    FrameError,
    FrameReader,
    Kind,
    encode_answer,
    encode_quest,
    pack,
    pack_json,
    unpack,
)

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))

# Frames of other peers that mean the same as ours but are written in another way.
OTHER_BYTES = {
    "cpp_twoway_binary_in_str": "bytes in a msgpack str; we send them as bin",
    "cpp_twoway_floats": "one float32; we send float64",
    "cpp_twoway_json": "a space between the members of the JSON",
    "cpp_answer_json_ok": "a space between the members of the JSON",
    "cpp_answer_json_error": "a space between the members of the JSON",
    "go_twoway_mixed": "signed formats for positive integers, and a float32",
}
NOT_JSON = "cpp_answer_json_bin"

REASONS = {
    "wrong_magic": "unknown magic",
    "flag_none": "neither msgpack nor JSON",
    "flag_both": "both msgpack and JSON",
    "mtype_3": "unknown mtype 3",
    "empty_method": "without a method",
    "empty_payload": "an empty payload",
    "root_array": "not a map",
    "truncated_msgpack": "not valid msgpack",
    "bad_json": "not valid JSON",
    "json_array": "not a map",
    "answer_psize_0": "an empty payload",
    "oversize_header": "a frame of 8388609 bytes, the limit is 8388608",
}


def unmark(value: Any) -> Any:
    """The value that the marks of the vectors stand for."""
    if isinstance(value, list):
        return [unmark(each) for each in value]
    if isinstance(value, dict):
        if "$bin_hex" in value or "$str_hex" in value:
            return bytes.fromhex(value.get("$bin_hex") or value.get("$str_hex") or "")
        if "$float32" in value or "$float64" in value:
            return value["$float32" if "$float32" in value else "$float64"]
        if "$ext" in value:
            data = bytes.fromhex(value["$hex"])
            return Timestamp.from_bytes(data) if value["$ext"] == -1 else ExtType(value["$ext"], data)
        if "$map" in value:
            return {unmark(key): unmark(each) for key, each in value["$map"]}
        return {key: unmark(each) for key, each in value.items()}
    return value


def read(data: bytes, max_frame: int = DEFAULT_MAX_FRAME) -> Frame:
    reader = FrameReader(max_frame)
    (frame,) = reader.feed(data)
    assert not reader.pending
    return frame


def encode(frame: Frame, payload: bytes) -> bytes:
    if frame.kind == Kind.ANSWER:
        return encode_answer(frame.seq, payload, status=frame.status, flag=frame.flag, version=frame.version)
    seq = None if frame.kind == Kind.ONEWAY else frame.seq
    return encode_quest(frame.method, payload, seq, flag=frame.flag, version=frame.version)


def names(part: str) -> list[Any]:
    return [pytest.param(vector, id=vector["name"]) for vector in VECTORS[part]]


# ----------------------------------------------------------------------------------------------------- vectors


@pytest.mark.parametrize("vector", names("plain"))
def test_plain_vectors(vector: dict[str, Any]) -> None:
    fields, data = vector["fields"], bytes.fromhex(vector["hex"])
    frame = read(data)
    assert (frame.version, frame.flag, frame.kind) == (fields["version"], fields["flag"], fields["mtype"])
    assert frame.payload == bytes.fromhex(fields["payload_hex"])
    assert frame.seq == fields.get("seq", 0)
    assert frame.status == (fields["ss"] if frame.kind == Kind.ANSWER else 0)
    assert frame.method.encode("utf-8", "surrogateescape") == bytes.fromhex(fields.get("method_hex", ""))
    assert encode(frame, frame.payload) == data
    if vector["name"] == NOT_JSON:
        with pytest.raises(FrameError, match="not valid JSON"):
            unpack(frame.payload, frame.flag)
        return
    params = unpack(frame.payload, frame.flag)
    expected = unmark(fields["payload"])
    assert params == expected
    assert repr(params) == repr(expected)  # also true, 1 and 1.0 apart, 0.0 and -0.0, and the order of the keys
    again = pack_json(params) if frame.flag & FLAG_JSON else pack(params)
    assert unpack(again, frame.flag) == params
    assert (encode(frame, again) == data) is (vector["name"] not in OTHER_BYTES)


@pytest.mark.parametrize("vector", names("tolerated"))
def test_tolerated_vectors(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    frame = read(data)
    assert type(unpack(frame.payload, frame.flag)) is dict
    assert encode(frame, frame.payload) == data


@pytest.mark.parametrize("vector", [each for each in names("rejected") if each.id != "oneway_ping"])
def test_rejected_vectors(vector: dict[str, Any]) -> None:
    with pytest.raises(FrameError, match=REASONS[vector["name"]]):
        for frame in FrameReader().feed(bytes.fromhex(vector["hex"])):
            unpack(frame.payload, frame.flag)


def test_a_oneway_ping_is_a_proper_frame() -> None:
    (vector,) = (each for each in VECTORS["rejected"] if each["name"] == "oneway_ping")
    assert read(bytes.fromhex(vector["hex"])).method == "*ping"


def test_the_answer_carries_version_and_flag_of_the_quest() -> None:
    quest = read(encode_quest("m", b"\x80", 5, flag=0xA0, version=0))
    answer = read(encode_answer(quest.seq, b"\x80", status=77, flag=quest.flag, version=quest.version))
    assert answer == Frame(Kind.ANSWER, "", 77, 5, b"\x80", 0xA0, 0)


# ------------------------------------------------------------------------------------------------------ frames


@pytest.mark.parametrize("seq", [None, 0, 1, 0xFFFFFFFF])
def test_a_method_has_1_to_255_bytes(seq: int | None) -> None:
    for method in ("a", "é" * 127 + "a", "a" * 255, "方" * 85):
        assert read(encode_quest(method, b"\x80", seq)).method == method
    for method in ("", "é" * 128, "a" * 256, "方" * 86):
        with pytest.raises(ValueError, match="1 to 255 bytes"):
            encode_quest(method, b"\x80", seq)


def test_an_empty_payload_is_refused() -> None:
    with pytest.raises(ValueError, match="has 0"):
        encode_quest("m", b"", 1)
    with pytest.raises(ValueError, match="has 0"):
        encode_answer(1, b"")
    with pytest.raises(ValueError, match="has 4294967296"):
        encode_quest("m", b"\x80", 1, extra=0xFFFFFFFF)


def test_the_rest_of_a_payload_may_follow() -> None:
    payload = pack({"text": "x" * 1000})
    data = encode_quest("m", payload[:10], 3, extra=len(payload) - 10) + payload[10:]
    assert data == encode_quest("m", payload, 3)


@pytest.mark.parametrize("seq", [None, 7])
def test_the_limit_counts_the_whole_frame(seq: int | None) -> None:
    data = encode_quest("m", pack({"text": "x" * 1000}), seq)
    assert read(data, len(data)).method == "m"
    with pytest.raises(FrameError, match=f"a frame of {len(data)} bytes, the limit is {len(data) - 1}"):
        FrameReader(len(data) - 1).feed(data[:12])


def test_the_limit_counts_the_whole_answer() -> None:
    data = encode_answer(1, b"\x80" * 100)
    assert read(data, len(data)).payload == b"\x80" * 100
    with pytest.raises(FrameError, match="a frame of 116 bytes, the limit is 115"):
        FrameReader(115).feed(data[:12])


def test_less_than_a_header_waits() -> None:
    reader = FrameReader()
    for byte in b"GET / HTTP/":
        assert reader.feed(bytes([byte])) == []
    with pytest.raises(FrameError, match="unknown magic"):
        reader.feed(b"1")


def test_frames_before_the_fault_are_kept() -> None:
    good = encode_quest("m", b"\x80", 1) + encode_answer(2, b"\x80")
    with pytest.raises(FrameError) as caught:
        FrameReader().feed(good + b"x" * 12)
    assert [frame.seq for frame in caught.value.events] == [1, 2]
    assert caught.value.reason == "unknown magic"


def test_the_reader_can_stop_after_a_frame() -> None:
    reader = FrameReader()
    data = encode_quest("a", b"\x80", 1)
    assert [frame.method for frame in reader.feed(data * 3 + b"rest", 1)] == ["a"]
    assert [frame.method for frame in reader.feed(b"", 1)] == ["a"]
    assert reader.take() == data + b"rest"
    assert reader.pending == 0
    assert [frame.method for frame in reader.feed(data)] == ["a"]


def test_a_method_that_is_not_utf8_comes_back() -> None:
    data = encode_quest("x", b"\x80", 1).replace(b"x", b"\xff")
    frame = read(data)
    assert frame.method == "\udcff"
    assert encode(frame, frame.payload) == data


def spent(size: int, step: int) -> float:
    data = encode_answer(1, b"\x80" * size)
    reader = FrameReader(len(data))
    start = time.process_time()
    frames = [frame for at in range(0, len(data), step) for frame in reader.feed(data[at : at + step])]
    assert [len(frame.payload) for frame in frames] == [size]
    return time.process_time() - start


def test_a_frame_that_comes_byte_by_byte_takes_linear_time() -> None:
    spent(1 << 13, 1)
    assert spent(1 << 19, 1) < 512 * min(spent(1 << 13, 1) for _ in range(5))  # 64 times the bytes


def test_many_frames_in_one_chunk_take_linear_time() -> None:
    def spent_on(count: int) -> float:
        data = encode_answer(1, b"\x80") * count
        gc.disable()  # its rounds take longer with every object that is there
        try:
            start = time.process_time()
            assert len(FrameReader().feed(data + data[:5])) == count
            return time.process_time() - start
        finally:
            gc.enable()

    spent_on(100)
    assert min(spent_on(64000) for _ in range(3)) < 512 * min(spent_on(1000) for _ in range(5))  # 64 times the frames


# ---------------------------------------------------------------------------------------------------- payloads


def test_text_and_bytes_keep_their_types() -> None:
    params = {"text": "方", "bytes": b"\x00\xff", "": "", "inner": {"a": [b"", "", None, True, False]}}
    assert unpack(pack(params)) == params
    assert pack({"a": "x", "b": b"x"}) == b"\x82\xa1a\xa1x\xa1b\xc4\x01x"


@pytest.mark.parametrize("number", [0, 127, 128, 2**63 - 1, 2**63, 2**64 - 1, -1, -32, -33, -(2**63)])
def test_the_whole_range_of_integers_travels(number: int) -> None:
    assert unpack(pack({"n": number})) == {"n": number}


def test_only_strs_that_are_not_utf8_become_bytes() -> None:
    raw, text = b"\xa4\x00\xff\x80\xfe", b"\xa3\xe6\x96\xb9"
    payload = b"\x85" + b"\xa3msg" + raw + b"\xa5attrs" + text + b"\xa1l\x92" + raw + text + b"\xa1m\x82" + raw + text
    payload += text + raw + b"\xa2\xff\xfe" + b"\xc4\x01\xff"
    bad = b"\x00\xff\x80\xfe"
    expected = {"msg": bad, "attrs": "方", "l": [bad, "方"], "m": {bad: "方", "方": bad}, b"\xff\xfe": b"\xff"}
    assert unpack(payload) == expected
    large = b"\x86" + payload[1:] + b"\xa4many" + pack({"": ["x" * 40] * 200})[2:]
    assert unpack(large) == {**expected, "many": ["x" * 40] * 200}
    assert unpack(payload + b"trailing") == expected


def test_surrogates_in_utf8_are_bytes() -> None:
    assert unpack(b"\x81\xa1a\xa3\xed\xb2\x80") == {"a": b"\xed\xb2\x80"}


def test_a_root_with_integer_keys_is_kept() -> None:
    params: Any = unpack(b"\x82\x01\x02\xff\x03")
    assert params == {1: 2, -1: 3}


def test_extensions_are_kept() -> None:
    params = {"e": ExtType(5, b"x"), "t": Timestamp(1, 2)}
    assert unpack(pack(params)) == params
    assert unpack(pack({**params, "x": "y" * 5000}))["e"] == ExtType(5, b"x")


@pytest.mark.parametrize("size", [0, 5000])
def test_trailing_bytes_are_ignored(size: int) -> None:
    params = {"a": "x" * size}
    assert unpack(pack(params) + b"\x80\xff") == params


def deep(depth: int) -> bytes:
    return b"\x81\xa1a" + b"\x91" * depth + b"\xc0"


@pytest.mark.parametrize(
    "payload",
    [
        b"\xc1",
        b"\x81",
        b"\x81\xa1a",
        b"\x81\xa1a\xc1",
        b"\x81\xa1a\xdd\xff\xff\xff\xff",
        b"\x81\xa1a\xdf\xff\xff\xff\xff",
        b"\x81\xa1a\xdb\xff\xff\xff\xff",
        b"\x81\xa1a\xc6\xff\xff\xff\xff",
        b"\x81\xa1a\xc9\xff\xff\xff\xff\x05",
        b"\x81\x90\x01",
        b"\x81\x80\x01",
        b"\x81\xa1a\xd4\xff\x00",
        b"\x81\xa1\xff",
        b"\x82\xa1\xff\x90\x90\x01",
        b"\x81\xa1a\xc7\x0c\xff" + b"\xff" * 12,
        deep(2000),
        deep(500_000),
        b"\x81\xa1\xff" + b"\x91" * 2000,
    ],
)
def test_broken_msgpack(payload: bytes) -> None:
    with pytest.raises(FrameError, match="not valid msgpack"):
        unpack(payload)


@pytest.mark.parametrize("payload", [b"\xc0", b"\x01", b"\x90", b"\xa1a", b"\xa1\xff", b"\xc4\x00", b"\x90\x80"])
def test_a_root_that_is_no_map(payload: bytes) -> None:
    with pytest.raises(FrameError, match="not a map"):
        unpack(payload)


def test_some_depth_is_served() -> None:
    assert unpack(deep(400))["a"] != []
    params: Any = unpack(b"\x81\xa1\xff" + deep(400)[3:])
    assert list(params) == [b"\xff"]


def peak_of(payload: bytes, flag: int = FLAG_MSGPACK) -> int:
    """How many bytes a refusal took at most."""
    tracemalloc.start()
    try:
        with pytest.raises(FrameError):
            unpack(payload, flag)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [4096, 5000, 60_000, 4_000_000])
@pytest.mark.parametrize("head", [b"", b"\xa1\xff\xa1\xff"])
def test_claims_take_no_memory(size: int, head: bytes) -> None:
    header = b"\xdd" + struct.pack(">I", size - 10) if size > 65535 else b"\xdc" + struct.pack(">H", size - 10)
    for step in (header, header + b"\x90", header + b"\x80"):
        payload = (b"\x82" + head if head else b"\x81") + b"\xa1a" + step * min(900, size // 6)
        assert peak_of(payload.ljust(size, b"\xc0")) < 40_000_000


@pytest.mark.parametrize("empty", [b"\x90", b"\x80", b"\xd4\x05\x00", b"\x81\xa0\xc0", b"\x81\xa1\xff\xc0"])
def test_the_number_of_containers_is_bounded(empty: bytes) -> None:
    head = b"\x81\xa1a\xdd"
    most = MAX_CONTAINERS - 2
    assert len(unpack(head + struct.pack(">I", most) + empty * most)["a"]) == most
    with pytest.raises(FrameError, match=f"more than {MAX_CONTAINERS} containers"):
        unpack(head + struct.pack(">I", most + 1) + empty * (most + 1))


# -------------------------------------------------------------------------------------------------------- JSON


def test_json_is_decoded() -> None:
    text = (
        '{"a": 1, "b": [1.5, null, true, "方", "\\ud83d\\ude00"], "c": 18446744073709551615, "d": -9223372036854775808}'
    )
    expected = {"a": 1, "b": [1.5, None, True, "方", "😀"], "c": 2**64 - 1, "d": -(2**63)}
    assert unpack(text.encode(), FLAG_JSON) == expected


@pytest.mark.parametrize(
    "payload",
    [
        b"{",
        b"{}x",
        b"\x80",
        b'{"a": "\xff"}',
        b'{"a": nan}',
        b'{"a": ' + b"[" * 100_000,
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": ' + b'{"a": ' * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": -' + b"9" * 1_000_000 + b"}",
        b'{"a": "\\ud800"}',
        b'{"\\uDFFF": 1}',
        b"",
        b"\xef\xbb\xbf{}",
        '{"a": 1}'.encode("utf-16"),
    ],
)
def test_broken_json(payload: bytes) -> None:
    with pytest.raises(FrameError, match="not valid JSON"):
        unpack(payload, FLAG_JSON)


@pytest.mark.parametrize("payload", [b"[]", b"1", b'"a"', b"null"])
def test_a_json_root_that_is_no_map(payload: bytes) -> None:
    with pytest.raises(FrameError, match="not a map"):
        unpack(payload, FLAG_JSON)


def test_the_number_of_json_containers_is_bounded() -> None:
    peak = peak_of(b'{"a":[' + b"[]," * 2_000_000 + b"[]]}", FLAG_JSON)
    assert peak < 1_000_000


def test_a_large_float_is_infinity() -> None:
    assert unpack(b'{"a": 1e999}', FLAG_JSON) == {"a": math.inf}


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"a": 1, "b": "方"}, '{"a":1,"b":"方"}'),
        ({"a": b"text", "b": [b"\xff"]}, '{"a":"text","b":["\ufffd"]}'),
        ({"a": "\ud800"}, '{"a":"?"}'),
        ({1: {2: b"x"}}, '{"1":{"2":"x"}}'),
        ({b"k": {b"\xff": [1, (b"x",)]}}, '{"k":{"\ufffd":[1,["x"]]}}'),
        ({"a": {(1, 2): Timestamp(1)}}, '{"a":{"(1, 2)":"Timestamp(seconds=1, nanoseconds=0)"}}'),
    ],
)
def test_json_is_encoded_whatever_it_holds(params: Any, text: str) -> None:
    assert pack_json(params).decode() == text


# -------------------------------------------------------------------------------------------------------- pack


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ({1, 2}, TypeError, "parameter 'it' cannot be packed|parameter 'it': .*set"),
        ([object()], TypeError, "parameter 'it'"),
        (2**64, ValueError, "parameter 'it'"),
        (-(2**63) - 1, ValueError, "parameter 'it'"),
        ("\ud800", ValueError, "parameter 'it'"),
    ],
)
def test_what_cannot_be_packed(value: object, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind, match=text):
        pack({"fine": 1, "it": value, "after": 2})
    assert pack({"fine": 1}) == b"\x81\xa4fine\x01"


def test_too_deep_to_pack() -> None:
    value: list[Any] = []
    for _ in range(2000):
        value = [value]
    with pytest.raises(ValueError, match="parameter 'it'"):
        pack({"it": value})


def test_any_mapping_can_be_packed() -> None:
    from types import MappingProxyType

    assert pack(MappingProxyType({"a": 1})) == b"\x81\xa1a\x01"
    with pytest.raises(TypeError, match="parameter 'it'"):
        pack(MappingProxyType({"it": {1}}))


def test_pack_in_many_threads() -> None:
    failures = []

    def run(number: int) -> None:
        params = {"n": number, "text": str(number) * 50}
        expected = packb(params)
        for _ in range(500):
            if pack(params) != expected:
                failures.append(number)
            with pytest.raises(TypeError):
                pack({"n": number, "bad": {1}})

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


# -------------------------------------------------------------------------------------------------- properties

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.binary(max_size=20)
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))
maps = st.dictionaries(texts, values, max_size=5)
methods = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=63)
quests = st.builds(
    encode_quest,
    methods,
    maps.map(pack),
    st.none() | st.integers(0, 0xFFFFFFFF),
    flag=st.sampled_from([0x80, 0xA0, 0x9F]),
    version=st.integers(0, 255),
)
answers = st.builds(
    encode_answer,
    st.integers(0, 0xFFFFFFFF),
    maps.map(pack),
    status=st.integers(0, 255),
    version=st.integers(0, 255),
)


@given(maps)
def test_what_is_packed_comes_back(params: dict[str, Any]) -> None:
    assert unpack(pack(params)) == params


@given(st.lists(quests | answers, max_size=6), st.lists(st.integers(0, 2000), max_size=12))
def test_frames_come_back_however_they_are_cut(encoded: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(encoded)
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    reader = FrameReader()
    frames = [frame for a, b in pairwise(places) for frame in reader.feed(stream[a:b])]
    assert [encode(frame, frame.payload) for frame in frames] == encoded
    assert frames == FrameReader().feed(stream)


@settings(max_examples=500)
@given(st.binary(max_size=200), st.sampled_from([FLAG_MSGPACK, FLAG_JSON]))
def test_random_payloads_raise_nothing_but_frame_errors(payload: bytes, flag: int) -> None:
    try:
        assert type(unpack(payload, flag)) is dict
    except FrameError as fault:
        assert fault.reason


@given(st.binary(max_size=300), st.booleans())
def test_random_bytes_raise_nothing_but_frame_errors(data: bytes, magic: bool) -> None:
    try:
        FrameReader(1000).feed((b"FPNN" if magic else b"") + data)
    except FrameError as fault:
        assert fault.reason
