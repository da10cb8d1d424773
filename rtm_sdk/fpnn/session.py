"""One FPNN connection without its socket: bytes in, events out, as the client or as the server.

A session numbers quests, opens the encryption and turns received bytes into events. It holds no lock: `receive` is for
one thread at a time, everything that makes bytes to write is for one thread at a time, and these two may run at once.
Bytes must be written in the order in which the session made them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import FPNN_ERROR, ErrorCode
from .frames import (
    DEFAULT_MAX_FRAME,
    FLAG_JSON,
    HEADER_SIZE,
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

if TYPE_CHECKING:
    from .encryption import Encryption, ServerKey, SessionKeys

__all__ = ["Answer", "Event", "QuestArrived", "Reply", "Session", "error_of"]

_KEY = "*key"
_MAX_SEQ = 0xFFFFFFFF
_ANSWER = int(Kind.ANSWER)
_EMPTY = b"\x80"
_PREFIX = Struct("<I")
_PLAIN_ANSWER = b"FPNN\x01\x80\x02\x00"
"""How a successful answer in msgpack begins: version 1, status 0."""
_unpack_size_and_seq = Struct("<8xII").unpack_from
_UNKNOWN_FATE = (FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED, FPNN_ERROR.FPNN_EC_CORE_TIMEOUT)
"""As the answer of a gate: its own quest to a server behind it may have been carried out."""

_new_tuple: Any = tuple.__new__


class Answer(NamedTuple):
    """Event: the answer to a quest of this side.

    Attributes:
        seq: the number of the quest; ignore an answer whose number is not known.
        status: 0 is success, anything else an error (see `error_of`).
        params: the decoded payload.
    """

    seq: int
    status: int
    params: dict[str, Any]


class QuestArrived(NamedTuple):
    """Event: a quest of the peer.

    Attributes:
        method: the method; bytes that are not UTF-8 are kept as surrogate escapes.
        params: the decoded payload.
        seq: the number to answer with; None in a oneway quest, which gets no answer.
        flag: the flag byte, repeated in the answer.
        version: the version byte, repeated in the answer.
    """

    method: str
    params: dict[str, Any]
    seq: int | None
    flag: int
    version: int


class Reply(NamedTuple):
    """Event of a server: bytes to write as they stand, before everything that the session makes later."""

    data: bytes


Event = Answer | QuestArrived | Reply


class Session:
    """The state of one connection; `Session.client()` or `Session.server()` makes it.

    Attributes:
        in_flight: the numbers of the quests that wait for an answer; `quest` skips them when the numbers start again
            after 2**32 - 1. The owner sets it once, for example to its own dict of waiting calls.
    """

    __slots__ = (
        "_accepting",
        "_dead",
        "_encrypt",
        "_encryption",
        "_feed",
        "_is_server",
        "_key",
        "_key_seq",
        "_keys",
        "_max_frame",
        "_package",
        "_plain",
        "_reader",
        "_seq",
        "in_flight",
    )

    def __init__(self, max_frame: int, is_server: bool, encryption: Encryption | None, key: ServerKey | None) -> None:
        self.in_flight: Container[int] = ()
        self._max_frame = max_frame
        self._is_server = is_server
        self._encryption = encryption
        self._key = key
        self._plain = encryption is None and not is_server
        self._keys: SessionKeys | None = None
        self._key_seq = 0
        self._accepting = key is not None
        self._seq = 0
        self._dead = ""
        self._reader = FrameReader(max_frame)
        self._feed: Callable[[bytes], list[Frame]] = self._reader.feed
        self._encrypt: Callable[[bytes], bytes] | None = None
        self._package: Callable[[bytes], bytes] | None = None

    @classmethod
    def client(cls, *, max_frame: int = DEFAULT_MAX_FRAME, encryption: Encryption | None = None) -> Session:
        """The session of the side that connects.

        Args:
            max_frame: bytes of the largest frame to receive or to send, header included.
            encryption: how to encrypt the connection; None leaves it plain.
        """
        return cls(max_frame, False, encryption, None)

    @classmethod
    def server(cls, *, max_frame: int = DEFAULT_MAX_FRAME, key: ServerKey | None = None) -> Session:
        """The session of the side that accepts.

        Args:
            max_frame: bytes of the largest frame to receive or to send, header included.
            key: the key for clients that encrypt; without it they are refused. Plain clients are served either way.
        """
        return cls(max_frame, True, None, key)

    @property
    def ready(self) -> bool:
        """True when the connection is open: at once without encryption, else when the server has proved its key."""
        return self._encryption is None or (self._keys is not None and not self._key_seq)

    # ------------------------------------------------------------------------------------------------- sending

    def opening(self) -> bytes:
        """What a client writes first: the `*key` quest with a new key pair, or `b""` without encryption.

        All later bytes are encrypted. The answer is not an event; it makes the session `ready`.

        Raises:
            RuntimeError: if the session has opened its encryption before.
        """
        encryption = self._encryption
        if encryption is None:
            return b""
        if self._keys is not None:
            raise RuntimeError("the session is open already")
        public_key, keys = encryption.start()
        stream = encryption.mode == "stream"
        params = {"publicKey": public_key, "streamMode": stream, "bits": encryption.bits}
        self._key_seq, data = self.quest(_KEY, pack(params))
        self._switch(keys, stream)
        return data

    def quest(self, method: str, payload: bytes, extra: int = 0) -> tuple[int, bytes]:
        """Number and encode a twoway quest.

        Args:
            method: the method, 1 to 255 bytes in UTF-8.
            payload: the packed parameters, or the beginning of them.
            extra: how many more bytes of payload go through `more`, right after this and before any other frame.

        Returns:
            The sequence number and the bytes to write.

        Raises:
            ValueError: if the method is not allowed or the frame is larger than `max_frame`; nothing has happened then.
        """
        seq = self._seq + 1
        while seq > _MAX_SEQ or seq in self.in_flight:
            seq = 1 if seq >= _MAX_SEQ else seq + 1
        frame = encode_quest(method, payload, seq, extra=extra)
        size = len(frame) + extra
        if size > self._max_frame:
            raise self._too_large(size)
        self._seq = seq
        return seq, frame if self._keys is None else self._seal(frame, size)

    def oneway(self, method: str, payload: bytes) -> bytes:
        """Encode a oneway quest.

        Args:
            method: the method, 1 to 255 bytes in UTF-8.
            payload: the packed parameters.

        Raises:
            ValueError: if the method is not allowed or the frame is larger than `max_frame`.
        """
        return self._finish(encode_quest(method, payload, None))

    def more(self, data: bytes) -> bytes:
        """Encode the next bytes of a payload whose quest announced them as `extra`; as many come out as go in."""
        if self._encrypt is not None:
            return self._encrypt(data)
        return data if self._package is None else self._package(data)

    def answer(self, quest: QuestArrived, params: Mapping[str, Any]) -> bytes:
        """Encode the answer to a quest, in its encoding and version.

        Args:
            quest: the twoway quest.
            params: the result.

        Raises:
            TypeError: if a value has a type that cannot travel.
            ValueError: if a value or the frame is too large, or the quest is oneway.
        """
        return self._answer(quest, params, 0)

    def error_answer(self, quest: QuestArrived, code: int, ex: str) -> bytes:
        """Encode the answer to a quest that failed.

        Args:
            quest: the twoway quest.
            code: the error code.
            ex: the text for people; what cannot be UTF-8 is replaced.

        Raises:
            ValueError: if the frame is too large, or the quest is oneway.
        """
        return self._answer(quest, {"code": int(code), "ex": ex.encode("utf-8", "replace").decode()}, 1)

    def _answer(self, quest: QuestArrived, params: Mapping[str, Any], status: int) -> bytes:
        seq, flag = quest.seq, quest.flag
        if seq is None:
            raise ValueError("a oneway quest gets no answer")
        if flag & FLAG_JSON:
            payload = pack_json(params)
        else:
            payload = pack(params) if params else _EMPTY
        return self._finish(encode_answer(seq, payload, status=status, flag=flag, version=quest.version))

    def _finish(self, frame: bytes) -> bytes:
        size = len(frame)
        if size > self._max_frame:
            raise self._too_large(size)
        return frame if self._keys is None else self._seal(frame, size)

    def _too_large(self, size: int) -> ValueError:
        return ValueError(f"a frame of {size} bytes, the limit is {self._max_frame}")

    def _seal(self, frame: bytes, size: int) -> bytes:
        if self._encrypt is not None:
            return self._encrypt(frame)
        assert self._keys is not None
        self._package = self._keys.encryptor()
        return _PREFIX.pack(size) + self._package(frame)

    def _switch(self, keys: SessionKeys, stream: bool) -> None:
        self._keys = keys
        if stream:
            self._encrypt = keys.encryptor()
            self._feed = _StreamReader(self._max_frame, keys).feed
        else:
            self._feed = _PackageReader(self._max_frame, keys).feed

    # ----------------------------------------------------------------------------------------------- receiving

    def receive(self, data: bytes) -> list[Event]:
        """Take received bytes, hand out the events that they complete, in order.

        Args:
            data: the bytes as they came.

        Raises:
            FrameError: if the peer breaks the protocol. The events before the fault are in `events`. Close the
                connection: the session is dead, and each further call raises again.
        """
        events: list[Event] = []
        if self._plain and not self._reader.pending:
            # Whole answers, one or many: what callers wait for. Anything else is left to the code below.
            start = 0
            size = len(data)
            while size - start > 16 and data.startswith(_PLAIN_ANSWER, start):
                psize, seq = _unpack_size_and_seq(data, start)
                end = start + 16 + psize
                if end > size or not 0 < psize <= self._max_frame - 16:
                    break
                try:
                    events.append(_new_tuple(Answer, (seq, 0, unpack(data[start + 16 : end]))))
                except FrameError:
                    break
                start = end
            if start == size > 0:
                return events
            data = data[start:]
        if self._dead:
            raise FrameError(self._dead)
        try:
            if self._accepting:
                data = self._accept(data, events)
            try:
                frames = self._feed(data)
            except FrameError as fault:
                self._take(fault.events, events)
                raise
            self._take(frames, events)
        except FrameError as fault:
            self._dead = fault.reason
            self._plain = False
            if self._key_seq:
                self._dead = f"no proper answer to *key, is this the public key of the server? ({fault.reason})"
            raise FrameError(self._dead, events) from None
        return events

    def _take(self, frames: list[Frame], events: list[Event]) -> None:
        for kind, method, status, seq, payload, flag, version in frames:
            params = unpack(payload, flag)
            if kind != _ANSWER:
                if method == _KEY and self._is_server:
                    raise FrameError("*key without a configured key" if self._key is None else "*key is not the first")
                events.append(_new_tuple(QuestArrived, (method, params, seq if kind else None, flag, version)))
            elif not self._key_seq:
                events.append(_new_tuple(Answer, (seq, status, params)))
            elif seq == self._key_seq and not status:
                self._key_seq = 0
            else:
                raise FrameError(f"seq {seq} and status {status} instead of {self._key_seq} and 0")

    def _accept(self, data: bytes, events: list[Event]) -> bytes:
        """Look at the first frame: if it is `*key`, encrypt from here on. Returns the bytes that are left to read."""
        frames = self._reader.feed(data, 1)
        if not frames:
            return b""
        self._accepting = False
        if frames[0].method == _KEY:
            events.append(Reply(self._agree(frames[0])))
        else:
            self._take(frames, events)
        return self._reader.take()

    def _agree(self, quest: Frame) -> bytes:
        if quest.kind != Kind.TWOWAY or quest.flag & FLAG_JSON:
            raise FrameError("*key is not a twoway quest in msgpack")
        params = unpack(quest.payload)
        public_key, bits = params.get("publicKey"), params.get("bits")
        if isinstance(public_key, str):
            public_key = public_key.encode()
        if not isinstance(public_key, bytes):
            raise FrameError("*key without a public key")
        assert self._key is not None
        try:
            keys = self._key.accept(public_key, bits if type(bits) is int else 128)
        except ValueError as fault:
            raise FrameError(f"*key: {fault}") from None
        self._switch(keys, params.get("streamMode") is True)
        return self._finish(encode_answer(quest.seq, pack({}), flag=quest.flag, version=quest.version))


class _StreamReader:
    """Frames of a peer that encrypts its direction as one endless stream."""

    __slots__ = ("_decrypt", "_reader")

    def __init__(self, max_frame: int, keys: SessionKeys) -> None:
        self._reader = FrameReader(max_frame)
        self._decrypt = keys.decryptor()

    def feed(self, data: bytes) -> list[Frame]:
        return self._reader.feed(self._decrypt(data))


class _PackageReader:
    """Frames of a peer that encrypts each frame for itself and sends its length before it."""

    __slots__ = ("_buffer", "_keys", "_max_frame", "_needed", "_reader")

    def __init__(self, max_frame: int, keys: SessionKeys) -> None:
        self._max_frame = max_frame
        self._keys = keys
        self._reader = FrameReader(max_frame)
        self._buffer = bytearray()
        self._needed = _PREFIX.size

    def feed(self, data: bytes) -> list[Frame]:
        buffer = self._buffer
        if buffer:
            buffer += data
            if len(buffer) < self._needed:
                return []
            data = bytes(buffer)
            buffer.clear()
        frames: list[Frame] = []
        start = 0
        left = len(data)
        needed = _PREFIX.size
        while left >= _PREFIX.size:
            (size,) = _PREFIX.unpack_from(data, start)
            if not HEADER_SIZE < size <= self._max_frame:
                raise FrameError(f"a package of {size} bytes, the limit is {self._max_frame}", frames)
            needed = _PREFIX.size + size
            if left < needed:
                break
            try:
                inside = self._reader.feed(self._keys.decryptor()(data[start + _PREFIX.size : start + needed]))
            except FrameError as fault:
                raise FrameError(fault.reason, frames) from None
            if len(inside) != 1 or self._reader.pending:
                raise FrameError("a package that does not hold exactly one frame", frames)
            frames += inside
            start += needed
            left -= needed
            needed = _PREFIX.size
        if left:
            buffer += data[start:]
            self._needed = needed
        return frames


def error_of(answer: Answer) -> ErrorCode:
    """Read an error answer.

    Args:
        answer: an answer whose status is not 0.

    Returns:
        The code, with the text of the peer as message; 10001 (`FPNN_EC_PROTO_UNKNOWN_ERROR`) if there is no code.
    """
    code, ex = answer.params.get("code"), answer.params.get("ex")
    if isinstance(ex, bytes):
        ex = ex.decode("utf-8", "replace")
    if type(code) is not int or not code:
        code = FPNN_ERROR.FPNN_EC_PROTO_UNKNOWN_ERROR
    return ErrorCode(code, "" if ex is None else str(ex), maybe_delivered=code in _UNKNOWN_FATE)
