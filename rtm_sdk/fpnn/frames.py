"""FPNN frames and their payloads: bytes in, values out, no I/O.

A frame is a header of 12 bytes (magic `FPNN`, version, flag, mtype, ss, psize), the sequence number (in twoway quests
and answers), the method (in quests) and the payload. A payload is a map, in msgpack or, with the JSON flag, in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import IntEnum
from struct import Struct
from typing import Any, NamedTuple

from msgpack import ExtraData, ExtType, Packer, Unpacker, unpackb  # type: ignore[import-untyped]

__all__ = [
    "DEFAULT_MAX_FRAME",
    "FLAG_JSON",
    "FLAG_MSGPACK",
    "HEADER_SIZE",
    "MAX_CONTAINERS",
    "Frame",
    "FrameError",
    "FrameReader",
    "Kind",
    "encode_answer",
    "encode_quest",
    "pack",
    "pack_json",
    "unpack",
]

DEFAULT_MAX_FRAME = 8 * 1024 * 1024
"""Bytes of the largest frame, header included; what the service itself accepts."""

HEADER_SIZE = 12
"""Bytes of the header up to psize, enough to know the size of the frame."""

FLAG_MSGPACK = 0x80
FLAG_JSON = 0x40

MAX_CONTAINERS = 1 << 18
"""How many maps, arrays and extensions a payload may hold: an empty array is one byte on the wire, but 72 in memory."""

_MAGIC = int.from_bytes(b"FPNN", "little")
_MAX_PSIZE = 0xFFFFFFFF
_ENCODINGS = FLAG_MSGPACK | FLAG_JSON
_ONEWAY, _TWOWAY, _ANSWER = range(3)
_SMALL_PAYLOAD = 4096
_KEPT_PACKER = 1 << 16
_LONGEST_INT = 40

_HEADER = Struct("<IBBBBI")
_HEADER_AND_SEQ = Struct("<IBBBBII")
_unpack_header = _HEADER.unpack_from
_unpack_seq = Struct("<I").unpack_from
_new_tuple: Any = tuple.__new__


class Kind(IntEnum):
    """The mtype byte of a frame."""

    ONEWAY = _ONEWAY
    TWOWAY = _TWOWAY
    ANSWER = _ANSWER


class FrameError(Exception):
    """The peer sent bytes that are not FPNN. There is no way to go on: the connection must be closed.

    Attributes:
        reason: what is wrong, in words; it never quotes the payload.
        events: what was complete before the fault: frames of a `FrameReader`, events of a session.
    """

    def __init__(self, reason: str, events: list[Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.events: list[Any] = [] if events is None else events


class Frame(NamedTuple):
    """One quest or answer, its payload not yet decoded.

    Attributes:
        kind: a value of `Kind`.
        method: the method of a quest, `""` in an answer; bytes that are not UTF-8 are kept as surrogate escapes.
        status: the status of an answer: 0 is success, anything else an error; 0 in a quest.
        seq: the sequence number; 0 in a oneway quest, which has none.
        payload: the encoded payload.
        flag: the flag byte.
        version: the version byte.
    """

    kind: int
    method: str
    status: int
    seq: int
    payload: bytes
    flag: int
    version: int


# ---------------------------------------------------------------------------------------------------- payloads

_packers: list[Packer] = []


def pack(params: Mapping[str, Any]) -> bytes:
    """Encode parameters as msgpack: text as str, bytes as bin, integers in the shortest form. Any thread may call it.

    Args:
        params: the parameters of a quest or of an answer; the keys should be `str`.

    Raises:
        TypeError: if a value has a type that cannot travel (a set, a date ...); names the parameter.
        ValueError: if an integer does not fit into 64 bits, a text holds a lone surrogate or the nesting is too deep;
            names the parameter.
    """
    try:
        packer = _packers.pop()
    except IndexError:
        packer = Packer()
    try:
        data: bytes = packer.pack(params)
    except (TypeError, ValueError, OverflowError, RecursionError) as fault:  # others are a signal handler's
        if isinstance(params, dict):
            raise _named(params, fault) from None
        return pack(dict(params))
    if len(data) < _KEPT_PACKER:
        _packers.append(packer)
    return data


def _named(params: dict[str, Any], fault: Exception) -> Exception:
    """The error of `pack`, with the name of the parameter that is to blame."""
    name = ""
    for key, value in params.items():
        try:
            Packer().pack({key: value})
        except Exception as caught:
            name, fault = f"parameter {key!r}: ", caught
            break
    return (TypeError if isinstance(fault, TypeError) else ValueError)(f"{name}{fault}")


def pack_json(params: Mapping[str, Any]) -> bytes:
    """Encode an answer as JSON, whatever it holds: bytes become text, and what is not UTF-8 in them is replaced.

    Args:
        params: the parameters of the answer.
    """
    try:
        text = json.dumps(params, ensure_ascii=False, separators=(",", ":"), default=_for_json)
    except TypeError:  # a key that JSON does not know
        text = json.dumps(_with_str_keys(params), ensure_ascii=False, separators=(",", ":"), default=_for_json)
    return text.encode("utf-8", "replace")


def _for_json(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return dict(value) if isinstance(value, Mapping) else str(value)


def _with_str_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k if isinstance(k, str) else str(_for_json(k)): _with_str_keys(v) for k, v in value.items()}
    return [_with_str_keys(each) for each in value] if isinstance(value, (list, tuple)) else value


def unpack(payload: bytes, flag: int = FLAG_MSGPACK) -> dict[str, Any]:
    """Decode a payload. Text is `str`; exactly those msgpack strs that are not UTF-8, values and keys, become `bytes`.

    Integer keys are kept, in the root too. Bytes after the root map are ignored. The depth and the number of containers
    are bounded.

    Args:
        payload: the payload of one frame.
        flag: the flag byte of the frame, which says whether it is msgpack or JSON.

    Raises:
        FrameError: if the payload is broken, exceeds the bounds, or its root is not a map.
    """
    try:
        if flag & FLAG_JSON:
            params = _unpack_json(payload)
        elif len(payload) <= _SMALL_PAYLOAD:
            params = unpackb(payload, strict_map_key=False)
        else:
            params = _unpack_large(payload)
    except ExtraData as extra:
        params = extra.unpacked
    except FrameError:
        raise
    except UnicodeDecodeError:
        params = _unpack_mixed(payload)
    except Exception as fault:
        raise _invalid("JSON" if flag & FLAG_JSON else "msgpack", fault) from None
    if type(params) is not dict:
        raise FrameError("the root of the payload is not a map")
    return params


def _invalid(encoding: str, fault: Exception) -> FrameError:
    return FrameError(f"the payload is not valid {encoding} ({type(fault).__name__})")


class _Count:
    """Counts the containers of one payload while they are decoded."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_CONTAINERS

    def container(self, value: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise _too_many()
        return value

    def extension(self, code: int, data: bytes) -> Any:
        return self.container(ExtType(code, data))


def _too_many() -> FrameError:
    return FrameError(f"the payload holds more than {MAX_CONTAINERS} containers")


def _unpack_large(payload: bytes) -> Any:
    # Some versions of msgpack allocate each array at the size that its header claims, before its elements are there.
    # A walk that makes no values finds out first whether all claims are true.
    walker = Unpacker(max_buffer_size=len(payload), strict_map_key=False)
    walker.feed(payload)
    walker.skip()
    if len(payload) <= MAX_CONTAINERS:
        return unpackb(payload, strict_map_key=False)
    count = _Count()
    return unpackb(
        payload,
        strict_map_key=False,
        list_hook=count.container,
        object_hook=count.container,
        ext_hook=count.extension,
    )


def _unpack_mixed(payload: bytes) -> Any:
    """Decode msgpack some of whose strs are not UTF-8: bytes for those, `str` for the others."""
    count = _Count()

    def array(values: list[Any]) -> Any:
        return count.container([_as_sent(value) for value in values])

    def pairs(values: list[tuple[Any, Any]]) -> Any:
        return count.container({_as_sent(key): _as_sent(value) for key, value in values})

    try:
        return unpackb(
            payload,
            strict_map_key=False,
            unicode_errors="surrogateescape",
            list_hook=array,
            object_pairs_hook=pairs,
            ext_hook=count.extension,
        )
    except ExtraData as extra:
        return extra.unpacked
    except FrameError:
        raise
    except Exception as fault:
        raise _invalid("msgpack", fault) from None


def _as_sent(value: Any) -> Any:
    if type(value) is str and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogateescape")
    return value


def _unpack_json(payload: bytes) -> Any:
    if payload.count(b"[") + payload.count(b"{") > MAX_CONTAINERS:
        raise _too_many()
    try:
        text = payload.decode()
    except UnicodeDecodeError as fault:
        raise _invalid("JSON", fault) from None
    params = json.loads(text, parse_int=_json_int)
    if "\\ud" in text or "\\uD" in text:
        # A lone surrogate, which \u can express, is no text: nothing could send it on. This raises if there is one.
        json.dumps(params, ensure_ascii=False).encode()
    return params


def _json_int(digits: str) -> int:
    if len(digits) > _LONGEST_INT:
        raise ValueError("a number of that many digits takes too long to read")
    return int(digits)


# ------------------------------------------------------------------------------------------------------ frames


def encode_quest(
    method: str, payload: bytes, seq: int | None, *, flag: int = FLAG_MSGPACK, version: int = 1, extra: int = 0
) -> bytes:
    """Encode one quest.

    Args:
        method: the method, 1 to 255 bytes in UTF-8.
        payload: the encoded parameters, or the beginning of them.
        seq: the sequence number, 0 to 2**32 - 1; None makes a oneway quest.
        flag: the flag byte.
        version: the version byte.
        extra: how many bytes of payload the caller will send after those that this function returns.

    Raises:
        ValueError: if the method is empty or too long, or if the payload is empty or has more than 2**32 - 1 bytes.
    """
    name = method.encode("utf-8", "surrogateescape")
    ss = len(name)
    if not 0 < ss < 256:
        raise ValueError(f"a method has 1 to 255 bytes in UTF-8, this one has {ss}")
    psize = len(payload) + extra
    if not 0 < psize <= _MAX_PSIZE:
        raise _wrong_size(psize)
    if seq is None:
        return _HEADER.pack(_MAGIC, version, flag, _ONEWAY, ss, psize) + name + payload
    return _HEADER_AND_SEQ.pack(_MAGIC, version, flag, _TWOWAY, ss, psize, seq) + name + payload


def encode_answer(seq: int, payload: bytes, *, status: int = 0, flag: int = FLAG_MSGPACK, version: int = 1) -> bytes:
    """Encode one answer.

    Args:
        seq: the sequence number of the quest.
        payload: the encoded result; of an error the encoded map with `code` and `ex`.
        status: 0 is success, 1 an error.
        flag: the flag byte of the quest.
        version: the version byte of the quest.

    Raises:
        ValueError: if the payload is empty or has more than 2**32 - 1 bytes.
    """
    psize = len(payload)
    if not 0 < psize <= _MAX_PSIZE:
        raise _wrong_size(psize)
    return _HEADER_AND_SEQ.pack(_MAGIC, version, flag, _ANSWER, status, psize, seq) + payload


def _wrong_size(psize: int) -> ValueError:
    return ValueError(f"a payload has 1 to {_MAX_PSIZE} bytes, this one has {psize}")


class FrameReader:
    """Cuts the byte stream of a peer into frames. The work is linear in the number of bytes, however they arrive.

    Args:
        max_frame: bytes of the largest frame that is accepted, header included. A larger one is refused on its header.
    """

    __slots__ = ("_buffer", "_max_frame", "_needed")

    def __init__(self, max_frame: int = DEFAULT_MAX_FRAME) -> None:
        self._max_frame = max_frame
        self._buffer = bytearray()
        self._needed = HEADER_SIZE

    @property
    def pending(self) -> int:
        """How many bytes of an unfinished frame wait in the reader."""
        return len(self._buffer)

    def take(self) -> bytes:
        """Hand out the bytes that wait after the last frame, and forget them."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def feed(self, data: bytes, limit: int = -1) -> list[Frame]:
        """Take received bytes, hand out the frames that they complete.

        Args:
            data: the bytes as they came.
            limit: stop after so many frames and let the rest wait; -1 is no limit.

        Raises:
            FrameError: if the bytes are not FPNN or announce too large a frame. The frames before are in `events`.
        """
        buffer = self._buffer
        if buffer:
            buffer += data
            if len(buffer) < self._needed:
                return []
            data = bytes(buffer)
            buffer.clear()
        frames: list[Frame] = []
        start = 0
        size = len(data)
        needed = HEADER_SIZE
        while size - start >= HEADER_SIZE and limit:
            magic, version, flag, mtype, ss, psize = _unpack_header(data, start)
            if mtype == _ANSWER:
                needed = 16 + psize
            elif mtype == _TWOWAY:
                needed = 16 + ss + psize
            else:
                needed = 12 + ss + psize
            encoding = flag & _ENCODINGS
            if (
                magic != _MAGIC
                or needed > self._max_frame
                or not psize
                or (encoding != FLAG_MSGPACK and encoding != FLAG_JSON)
                or (mtype != _ANSWER and (mtype > _ANSWER or not ss))
            ):
                raise FrameError(self._fault(magic, flag, mtype, ss, psize, needed), frames)
            end = start + needed
            if end > size:
                break
            body = end - psize
            if mtype == _ANSWER:
                fields = (mtype, "", ss, _unpack_seq(data, start + 12)[0], data[body:end], flag, version)
            else:
                method = data[body - ss : body].decode("utf-8", "surrogateescape")
                seq = _unpack_seq(data, start + 12)[0] if mtype else 0
                fields = (mtype, method, 0, seq, data[body:end], flag, version)
            frames.append(_new_tuple(Frame, fields))
            start = end
            needed = HEADER_SIZE
            limit -= 1
        if start < size:
            buffer += data[start:] if start else data
            self._needed = needed
        return frames

    def _fault(self, magic: int, flag: int, mtype: int, ss: int, psize: int, needed: int) -> str:
        if magic != _MAGIC:
            return "unknown magic"
        if mtype > _ANSWER:
            return f"unknown mtype {mtype}"
        if flag & _ENCODINGS == _ENCODINGS:
            return f"flag 0x{flag:02x} names both msgpack and JSON"
        if not flag & _ENCODINGS:
            return f"flag 0x{flag:02x} names neither msgpack nor JSON"
        if mtype != _ANSWER and not ss:
            return "a quest without a method"
        if not psize:
            return "an empty payload"
        return f"a frame of {needed} bytes, the limit is {self._max_frame}"
