"""Errors as values: what a call answers when it did not work, and why.

int
├── ErrorCode            what every call returns second; 0 (falsy) is success
├── FPNN_ERROR           codes of the transport, local ones included (20002, 20003, 20012 ...), of all clients
├── RTM_ERROR            codes of the RTM service
├── Code                 codes of Google Chat: the 17 canonical codes of Google's services
└── BEARYCHAT_ERROR      codes of BearyChat
Exception
├── RTMException         what `unwrap` raises, for people who prefer exceptions
└── CallFailed           inside the SDK: a step of an operation failed
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = [
    "BEARYCHAT_ERROR",
    "FPNN_ERROR",
    "OK",
    "RTM_ERROR",
    "CallFailed",
    "Code",
    "ErrorCode",
    "RTMException",
    "unwrap",
]

R = TypeVar("R")


class _Code(IntEnum):
    meaning: str

    def __new__(cls, code: int, meaning: str = "") -> Self:
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member


class FPNN_ERROR(_Code):
    """Codes of the FPNN layer. `member.meaning` says in words what happened."""

    FPNN_EC_OK = 0, "success"

    FPNN_EC_PROTO_UNKNOWN_ERROR = 10001, "unspecified protocol error"
    FPNN_EC_PROTO_NOT_SUPPORTED = 10002, "this protocol feature is not supported"
    FPNN_EC_PROTO_INVALID_PACKAGE = 10003, "a frame was malformed"
    FPNN_EC_PROTO_JSON_CONVERT = 10004, "conversion to or from JSON failed"
    FPNN_EC_PROTO_STRING_KEY = 10005, "a map key is not a string"
    FPNN_EC_PROTO_MAP_VALUE = 10006, "the payload is not a map"
    FPNN_EC_PROTO_METHOD_TYPE = 10007, "wrong kind of frame"
    FPNN_EC_PROTO_PROTO_TYPE = 10008, "wrong payload encoding"
    FPNN_EC_PROTO_KEY_NOT_FOUND = 10009, "a required key is missing"
    FPNN_EC_PROTO_TYPE_CONVERT = 10010, "a value has the wrong type"
    FPNN_EC_PROTO_FILE_SIGN = 10011, "the signature of a file is wrong"
    FPNN_EC_PROTO_FILE_NOT_EXIST = 10012, "a file does not exist"

    FPNN_EC_CORE_UNKNOWN_ERROR = 20001, "unspecified error of the peer"
    FPNN_EC_CORE_CONNECTION_CLOSED = 20002, "the connection closed while the call was waiting"
    FPNN_EC_CORE_TIMEOUT = 20003, "no answer within the time allowed"
    FPNN_EC_CORE_UNKNOWN_METHOD = 20004, "the peer has no such method"
    FPNN_EC_CORE_ENCODING = 20005, "encoding failed"
    FPNN_EC_CORE_DECODING = 20006, "decoding failed"
    FPNN_EC_CORE_SEND_ERROR = 20007, "sending failed"
    FPNN_EC_CORE_RECV_ERROR = 20008, "receiving failed"
    FPNN_EC_CORE_INVALID_PACKAGE = 20009, "an unusable frame arrived"
    FPNN_EC_CORE_HTTP_ERROR = 20010, "HTTP error"
    FPNN_EC_CORE_WORK_QUEUE_FULL = 20011, "too much work is queued already"
    FPNN_EC_CORE_INVALID_CONNECTION = 20012, "could not connect; nothing was sent"
    FPNN_EC_CORE_FORBIDDEN = 20013, "not allowed on this connection"
    FPNN_EC_CORE_SERVER_STOPPING = 20014, "the peer is stopping"
    FPNN_EC_CORE_CANCELLED = 20015, "the call was cancelled"

    FPNN_EC_ZIP_COMPRESS = 30001, "compression failed"
    FPNN_EC_ZIP_DECOMPRESS = 30002, "decompression failed"


class RTM_ERROR(_Code):
    """Codes of the RTM service. `member.meaning` says in words what happened.

    The misspelt names of the public SDKs are aliases of the members with the right spelling.
    """

    RTM_EC_INVALID_PID_OR_UID = 200001, "unknown project, or a user id that cannot be used"
    RTM_EC_INVALID_PID_OR_SIGN = 200002, "unknown project, or a wrong signature: check pid and secret"
    RTM_EC_INVALID_FILE_OR_SIGN_OR_TOKEN = 200003, "file content, file signature and token do not fit together"
    RTM_EC_ATTRS_WITHOUT_SIGN_OR_EXT = 200004, "the attributes of a file lack its signature or extension"
    RTM_EC_INVALID_MTYPE = 200005, "this message type is not allowed here"
    RTM_EC_SAME_SIGN = 200006, "this signature was used before"
    RTM_EC_INVALID_FILE_MTYPE = 200007, "a file needs a message type from 40 to 50"
    RTM_EC_INVALID_SERVER_TIME = 200008, "the clocks of service and caller differ too much: check this machine's clock"
    RTM_EC_FREQUENCY_LIMITED = 200010, "too many calls; wait before the next one"
    RTM_EC_REFRESH_SCREEN_LIMITED = 200011, "too many messages in a short time; wait before the next one"
    RTM_EC_KICKOUT_SELF = 200012, "users cannot kick out themselves"
    RTM_EC_FORBIDDEN_METHOD = 200020, "this method is not allowed"
    RTM_EC_PERMISSION_DENIED = 200021, "no right to do this"
    RTM_EC_UNAUTHORIZED = 200022, "not logged in"
    RTM_EC_DUPLICATED_AUTH = 200023, "logged in already"
    RTM_EC_AUTH_DENIED = 200024, "the login was refused"
    RTM_EC_ADMIN_LOGIN = 200025, "an administrator cannot log in here"
    RTM_EC_ADMIN_ONLY = 200026, "for administrators only"
    RTM_EC_INVALID_AUTH_TOKEN = 200027, "the login token is not valid"
    RTM_EC_LARGE_MESSAGE_OR_ATTRS = 200030, "message or attributes are too large"
    RTM_EC_LARGE_FILE_OR_ATTRS = 200031, "file or attributes are too large"
    RTM_EC_TOO_MANY_ITEMS_IN_PARAMETERS = 200032, "a list is too long; split the call"
    RTM_EC_EMPTY_PARAMETER = 200033, "a required parameter is empty"
    RTM_EC_INVALID_PARAMETER = 200034, "a parameter has a value that is not allowed"
    RTM_EC_NOT_IN_ROOM = 200040, "the user is not in the room"
    RTM_EC_NOT_GROUP_MEMBER = 200041, "the user is not a member of the group"
    RTM_EC_MAX_GROUP_MEMBER_COUNT = 200042, "the group is full"
    RTM_EC_NOT_FRIEND = 200043, "the users are not friends"
    RTM_EC_BANNED_IN_GROUP = 200044, "the user is muted in the group"
    RTM_EC_BANNED_IN_ROOM = 200045, "the user is muted in the room"
    RTM_EC_EMPTY_GROUP = 200046, "the group has no members"
    RTM_EC_MAX_ROOM_COUNT = 200047, "the user is in too many rooms"
    RTM_EC_MAX_FRIEND_COUNT = 200048, "the user has too many friends"
    RTM_EC_BLOCKED_USER = 200049, "the receiver has blocked the sender"
    RTM_EC_UNSUPPORTED_LANGUAGE = 200050, "this language is not supported"
    RTM_EC_EMPTY_TRANSLATION = 200051, "there is nothing to translate, or the translation is empty"
    RTM_EC_SEND_TO_SELF = 200052, "sender and receiver are the same user"
    RTM_EC_DUPLICATED_MID = 200053, "this message id was used before"
    RTM_EC_SENSITIVE_WORDS = 200054, "the text holds sensitive words"
    RTM_EC_NOT_ONLINE = 200055, "the user is offline"
    RTM_EC_TRANSLATION_ERROR = 200056, "the translation failed"
    RTM_EC_PROFANITY_STOP = 200057, "stopped by the profanity filter"
    RTM_EC_NO_CONFIG_IN_CONSOLE = 200060, "this feature is not configured for the project"
    RTM_EC_UNSUPPORTED_TRANSCRIBE_TYPE = 200061, "this kind of audio cannot be transcribed"
    RTM_EC_MESSAGE_NOT_FOUND = 200070, "there is no such message"
    RTM_EC_UNKNOWN_ERROR = 200999, "unspecified error of the service"

    RTM_EC_INVALID_SERFVER_TIME = RTM_EC_INVALID_SERVER_TIME
    RTM_EC_API_FREQUENCY_LIMITED = RTM_EC_FREQUENCY_LIMITED
    RTM_EC_MESSAGE_FREQUENCY_LIMITED = RTM_EC_REFRESH_SCREEN_LIMITED
    RTM_EC_DUPLCATED_AUTH = RTM_EC_DUPLICATED_AUTH
    RTM_EC_INVALID_AUTH_TOEKN = RTM_EC_INVALID_AUTH_TOKEN
    RTM_EC_ENTER_TOO_MANY_ROOMS = RTM_EC_MAX_ROOM_COUNT
    RTM_EC_DUPLCATED_MID = RTM_EC_DUPLICATED_MID
    RTM_EC_UNSUPPORTED_TRASNCRIBE_TYPE = RTM_EC_UNSUPPORTED_TRANSCRIBE_TYPE


class Code(_Code):
    """The canonical codes of Google's services. `member.meaning` says what happened, `member.http` its HTTP status.

    Source: the page "Code" of google.rpc.
    """

    http: int

    def __new__(cls, code: int, meaning: str, http: int) -> Self:
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        member.http = http
        return member

    OK = 0, "success", 200
    CANCELLED = 1, "the caller cancelled the operation", 499
    UNKNOWN = 2, "unspecified error of the service", 500
    INVALID_ARGUMENT = 3, "an argument is wrong, whatever the state of the service", 400
    DEADLINE_EXCEEDED = 4, "the service did not finish in time; the operation may have been carried out", 504
    NOT_FOUND = 5, "what was asked for does not exist", 404
    ALREADY_EXISTS = 6, "what was to be created exists already", 409
    PERMISSION_DENIED = 7, "the caller is known, but has no right to do this", 403
    RESOURCE_EXHAUSTED = 8, "a quota is used up; wait before the next call", 429
    FAILED_PRECONDITION = 9, "not possible in the present state; repeating does not help until that changes", 400
    ABORTED = 10, "a conflict with another operation; read again, then change again", 409
    OUT_OF_RANGE = 11, "beyond the valid range in the present state", 400
    UNIMPLEMENTED = 12, "the service does not offer this operation", 501
    INTERNAL = 13, "something inside the service is broken", 500
    UNAVAILABLE = 14, "the service is unavailable at the moment; repeat the call", 503
    DATA_LOSS = 15, "data was lost or damaged, and cannot be recovered", 500
    UNAUTHENTICATED = 16, "no valid credentials for the operation", 401

    @classmethod
    def of_http(cls, status: int) -> Code:
        """The code for an HTTP status whose answer names none.

        Args:
            status: the HTTP status. Several codes share some of them; here is the one that claims least.
        """
        if status in _CODE_OF_HTTP:
            return _CODE_OF_HTTP[status]
        if 200 <= status < 300:
            return cls.OK
        if 400 <= status < 500:
            return cls.FAILED_PRECONDITION
        return cls.INTERNAL if 500 <= status < 600 else cls.UNKNOWN


_CODE_OF_HTTP = {
    400: Code.INVALID_ARGUMENT,
    401: Code.UNAUTHENTICATED,
    403: Code.PERMISSION_DENIED,
    404: Code.NOT_FOUND,
    405: Code.UNIMPLEMENTED,
    408: Code.DEADLINE_EXCEEDED,
    409: Code.ABORTED,
    412: Code.FAILED_PRECONDITION,
    413: Code.INVALID_ARGUMENT,
    414: Code.INVALID_ARGUMENT,
    416: Code.OUT_OF_RANGE,
    429: Code.RESOURCE_EXHAUSTED,
    499: Code.CANCELLED,
    500: Code.INTERNAL,
    501: Code.UNIMPLEMENTED,
    502: Code.UNAVAILABLE,
    503: Code.UNAVAILABLE,
    504: Code.DEADLINE_EXCEEDED,
}


class BEARYCHAT_ERROR(_Code):
    """Codes of BearyChat. `member.meaning` says in words what happened.

    The service has published two of them. Those from 1000 are the gate's own.
    """

    OK = 0, "success"
    FILE_NOT_FOUND = 6, "there is no such file"
    RATE_LIMIT = 13, "too many calls; wait before the next one"

    INVALID_PARAMETER = 1000, "a parameter is missing or has a value that is not allowed"
    UNAUTHORIZED = 1001, "the token is missing or unknown"
    FORBIDDEN = 1003, "not allowed"
    NOT_FOUND = 1004, "what was asked for does not exist"
    METHOD_NOT_ALLOWED = 1005, "this endpoint is called with another HTTP method"
    INTERNAL = 1050, "the gate failed"


_RETRYABLE: dict[type[_Code] | None, frozenset[int]] = {
    None: frozenset(
        (
            FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED,
            FPNN_ERROR.FPNN_EC_CORE_TIMEOUT,
            FPNN_ERROR.FPNN_EC_CORE_WORK_QUEUE_FULL,
            FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION,
            FPNN_ERROR.FPNN_EC_CORE_SERVER_STOPPING,
            RTM_ERROR.RTM_EC_SAME_SIGN,
            RTM_ERROR.RTM_EC_FREQUENCY_LIMITED,
            RTM_ERROR.RTM_EC_REFRESH_SCREEN_LIMITED,
        )
    ),
    Code: frozenset((Code.UNKNOWN, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED, Code.INTERNAL, Code.UNAVAILABLE)),
    BEARYCHAT_ERROR: frozenset((BEARYCHAT_ERROR.RATE_LIMIT,)),
}
_RETRYABLE_HTTP = frozenset((408, 429, 500, 502, 503, 504))


class ErrorCode(int):
    """The outcome of a call: an `int` (0 is success, and falsy) that knows more than its number.

    It compares equal to the members of `FPNN_ERROR`, `RTM_ERROR`, `Code` and `BEARYCHAT_ERROR` with the same number.

    Args:
        code: the number.
        message: the text the service gave, or what this side has to say.
        maybe_delivered: True when the request may have reached the service although no answer came.
        retry_after: seconds to wait before the next try, when the service said so.
        family: the enumeration that names the code: `Code` for answers of Google Chat, `BEARYCHAT_ERROR` for those of
            BearyChat; None for what has the same number in all clients, `FPNN_ERROR` and `RTM_ERROR`.
        http_status: the HTTP status of the answer; None when there was no HTTP answer.
        details: what Google Chat sent with its error, such as field violations; empty otherwise.
    """

    message: str
    maybe_delivered: bool
    retry_after: float | None
    family: type[Code] | type[BEARYCHAT_ERROR] | None
    http_status: int | None
    details: tuple[dict[str, Any], ...]

    if TYPE_CHECKING:  # comparing with members of the enumerations is meant, which strict type checkers doubt

        def __eq__(self, other: object, /) -> bool: ...
        def __hash__(self) -> int: ...

    def __new__(
        cls,
        code: int,
        message: str = "",
        *,
        maybe_delivered: bool = False,
        retry_after: float | None = None,
        family: type[Code] | type[BEARYCHAT_ERROR] | None = None,
        http_status: int | None = None,
        details: Iterable[dict[str, Any]] = (),
    ) -> ErrorCode:
        self = int.__new__(cls, code)
        self.message = message
        self.maybe_delivered = maybe_delivered
        self.retry_after = retry_after
        self.family = family
        self.http_status = http_status
        self.details = tuple(details)
        return self

    def replaced(self, message: str, **changes: Any) -> ErrorCode:
        """The same with another text, and whatever else is given, by the names of the arguments of the class."""
        known = {name: value for name, value in vars(self).items() if name != "message"}
        return ErrorCode(self, message, **{**known, **changes})

    @property
    def name(self) -> str:
        """The name of the code, such as `RTM_EC_INVALID_MTYPE`; `UNKNOWN_<number>` when it has none."""
        member = self._member()
        return member.name if member is not None else f"UNKNOWN_{int(self)}"

    @property
    def meaning(self) -> str:
        """What the code means, in words; empty for an unknown code."""
        member = self._member()
        return member.meaning if member is not None else ""

    @property
    def retryable(self) -> bool:
        """True when the same call may work later.

        After `maybe_delivered` repeat a send only with the same mid, or the same request id.
        """
        if int(self) in _RETRYABLE[self.family]:
            return True
        return self.http_status in _RETRYABLE_HTTP and self.family is not Code  # whose codes say it themselves

    def _member(self) -> _Code | None:
        families: tuple[type[_Code], ...] = (self.family,) if self.family else (FPNN_ERROR, RTM_ERROR)
        for family in families:
            try:
                return family(int(self))
            except ValueError:
                continue
        return None

    def __str__(self) -> str:
        if not self:
            return "0 (success)"
        text = f"{int(self)} {self.name}"
        member = self._member()
        if member is not None and not isinstance(member, FPNN_ERROR) and self.message:
            text += f": {member.meaning} ({self.message})"  # the service's own text rarely says what to do
        elif self.message or member:
            text += f": {self.message or self.meaning}"
        if self.retry_after is not None:
            text += f" (retry after {self.retry_after:g} s)"
        if self.maybe_delivered:
            text += " (maybe delivered)"
        return text

    def __repr__(self) -> str:
        return f"<ErrorCode {self}>"


OK = ErrorCode(0)


class _CarriesErrorCode(Exception):
    def __init__(self, error_code: ErrorCode) -> None:
        super().__init__(error_code)
        self.error_code = error_code

    def __str__(self) -> str:
        return str(self.error_code)


class RTMException(_CarriesErrorCode):
    """A failed call as an exception: raised by `unwrap` and by the iterators over history.

    Attributes:
        error_code: the `ErrorCode` of the failed call.
    """


class CallFailed(_CarriesErrorCode):
    """Inside the SDK: a step of an operation failed. Thrown into the operation where it waits for the answer."""


def unwrap(outcome: tuple[R | None, ErrorCode]) -> R:
    """Turn the `(result, error_code)` of a synchronous call into the result, or raise.

    Args:
        outcome: what the call returned.

    Returns:
        The result.

    Raises:
        RTMException: the call failed; its `error_code` says why.
    """
    result, error_code = outcome
    if error_code:
        raise RTMException(error_code)
    return result  # type: ignore[return-value]
