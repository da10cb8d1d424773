"""How the outcome of an operation is handed over in the public SDK's way, found out from the operation itself."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from pathlib import Path
from types import NoneType
from typing import Any, get_args

from ..errors import FPNN_ERROR, ErrorCode
from ..rtm import results
from ..rtm.callbacks import SendMessageCallback

__all__ = ["Shape", "in_public_style"]

_SPREAD = (results.SendResult, results.FileToken, results.Info, results.ProfanityResult, results.InviteGrant)
"""Results that the public SDK hands over part by part."""

_WHOLE = (
    results.CheckResult,
    results.GetDevicePushOptionResult,
    results.GetMessageNumResult,
    results.GetRTCRoomListResult,
    results.GetRTCRoomMemberCountResult,
    results.GetRTCRoomMembersResult,
    results.HistoryMessageResult,
    results.RetrievedMessage,
    results.SpeechToTextResult,
    results.TextCheckResult,
    results.TranslateResult,
)
"""Results that it has a structure for."""


class Shape:
    """What comes before the error code.

    Args:
        names: of the values.
        spread: makes them of a result.
    """

    def __init__(self, names: tuple[str, ...], spread: Callable[[Any], tuple[Any, ...]]) -> None:
        self.names = names
        self._spread = spread
        self._nothing = (None,) * len(names)

    def values(self, result: Any, error_code: ErrorCode) -> tuple[Any, ...]:
        """The values and the error code: success is the member of the enumeration, failure an `ErrorCode`."""
        if error_code:
            return (*self._nothing, error_code)
        return (*self._spread(result), FPNN_ERROR.FPNN_EC_OK)

    def receiver(self, callback: Any) -> Callable[[Any, ErrorCode], Any]:
        """What calls a callback object, or a callable, with the values and the error code."""
        receive = getattr(callback, "callback", callback)
        if isinstance(callback, type):
            raise TypeError(f"callback must be an object: pass {callback.__name__}(), not the class itself")
        if not callable(receive):
            raise TypeError(f"callback must be an object with a callback method, not {type(callback).__name__}")
        shape = _MESSAGE if self is _FILE and isinstance(callback, SendMessageCallback) else self
        return lambda result, error_code: receive(*shape.values(result, error_code))


_BARE = Shape((), lambda result: ())
_ONE = Shape(("result",), lambda result: (result,))
_MESSAGE = Shape(results.SendResult._fields, tuple)
_FILE = Shape(("mtime",), lambda result: (result.mtime,))


def in_public_style(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Make a method of `rtm_sdk.compat.RTMServerClient` of one of `rtm_sdk.RTMServerClient`.

    Args:
        operation: the method, an `rtm_sdk.calling.operation`.

    Raises:
        TypeError: it is not known how to hand its result over.
    """
    name = operation.__name__
    public = _public_signature(operation)
    positional = [each.name for each in public.parameters.values() if each.kind is each.POSITIONAL_OR_KEYWORD]
    shape = _shape(operation)
    callback_at = positional.index("callback") - 1
    if shape is _FILE:
        operation = _with_path(operation, public)

    def method(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        callback = args[callback_at] if len(args) > callback_at else kwargs.get("callback")
        if callback is not None:
            receiver = shape.receiver(callback)
            if len(args) > callback_at:
                args = (*args[:callback_at], receiver, *args[callback_at + 1 :])
            else:
                kwargs["callback"] = receiver
            operation(self.modern, *args, **kwargs)
            return None
        result, error_code = operation(self.modern, *args, **kwargs)
        values = shape.values(result, error_code)
        return values if len(values) > 1 else values[0]

    values = ", ".join((*shape.names, "error_code"))
    method.__name__ = name
    method.__qualname__ = f"RTMServerClient.{name}"
    method.__signature__ = public  # type: ignore[attr-defined]
    method.__doc__ = (
        f"Returns {f'({values})' if shape.names else values}, or calls callback.callback({values}).\n\n"
        f"What it does, and its arguments: see rtm_sdk.RTMServerClient.{name}."
    )
    return method


def _shape(operation: Callable[..., Any]) -> Shape:
    declared = operation.__annotations__["return"]
    namespace = inspect.unwrap(operation).__globals__
    result = get_args(eval(declared, namespace))[-1]
    if result in (None, NoneType):  # None itself before Python 3.11
        return _BARE
    if result is results.SendResult:
        return _FILE if "file" in inspect.signature(operation).parameters else _MESSAGE
    if result in _SPREAD:
        return Shape(result._fields, tuple)
    if result not in _WHOLE and getattr(result, "__module__", None) == results.__name__:
        raise TypeError(f"{operation.__name__} returns {declared}: say in {__name__} whether to hand it over in parts")
    return _ONE


def _public_signature(operation: Callable[..., Any]) -> inspect.Signature:
    """The operation's own, without types; what the public SDK calls `file_path` is `file` there."""
    return inspect.Signature(
        [
            each.replace(name="file_path" if each.name == "file" else each.name, annotation=each.empty)
            for each in inspect.signature(operation).parameters.values()
        ]
    )


def _with_path(operation: Callable[..., Any], public: inspect.Signature) -> Callable[..., Any]:
    """The operation, which reads the file that is named."""

    @functools.wraps(operation)
    def with_path(*args: Any, **kwargs: Any) -> Any:
        client, *rest = args
        given = public.bind(client, *rest, **kwargs).arguments
        del given["self"]
        path = Path(os.fsdecode(given.pop("file_path")))
        return operation(client, file=path, **given)

    return with_path
