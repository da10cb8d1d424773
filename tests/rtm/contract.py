"""The methods of the service as facts (`methods.json`), and what a test needs to try each of them."""

from __future__ import annotations

import ast
import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rtm_sdk.calling import Operation
from rtm_sdk.errors import CallFailed
from rtm_sdk.rtm.quests import Quest
from rtm_sdk.rtm.subscriptions import Subscriptions

DOMAINS = (
    "messages",
    "history",
    "files",
    "rooms",
    "groups",
    "tokens",
    "users",
    "project",
    "friends",
    "blacklist",
    "devices",
    "data",
    "rtc",
    "im",
    "moderation",
    "chat",
    "listening",
)
"""The domains that are there. Add a name, and every method of it is tried."""

PID = 11000001

NOT_GIVEN = object()


class Param(NamedTuple):
    """A parameter of a quest, or a key of an answer."""

    name: str
    type: str
    required: bool


class Call(NamedTuple):
    """One Python method: that of a wire method, or a wrapper that fixes some of its parameters."""

    wire: str
    domain: str
    gate: str
    name: str
    arguments: dict[str, Any]
    """Name to default, `NOT_GIVEN` when there is none; without `callback` and `timeout`."""
    fixed: dict[str, Any]
    params: dict[str, Param]
    answer: tuple[Param, ...]
    callback: str | None
    keywords: tuple[str, ...]
    """The arguments that come by name only, after `callback` and `timeout`; None leaves them out."""

    def wire_name(self, argument: str) -> str:
        """The name that an argument has on the wire."""
        for candidate in (*_OTHER_NAMES.get(argument, ()), argument):
            if candidate in self.params and candidate not in self.fixed:
                return candidate
        raise AssertionError(f"{self.name}: nothing on the wire is called {argument}")

    def sample(self, argument: str) -> Any:
        """A value for an argument, another one for each."""
        place = [*self.arguments, *self.keywords].index(argument)
        if argument == "mtype" and self.gate == "file":
            return 42
        if argument in ("image_type", "audio_type", "video_type"):
            return 1
        return _SAMPLES[self.params[self.wire_name(argument)].type](place)

    def sample_answer(self) -> dict[str, Any]:
        """An answer with all keys of the documentation, another value for each."""
        return {param.name: _SAMPLES[param.type](20 + place) for place, param in enumerate(self.answer)}

    def sample_result(self, **instead: Any) -> list[Any]:
        """The parts of the result for that answer, as the SDK hands them out; some may be given by their wire name."""
        found = {**{name: _read(name, value) for name, value in self.sample_answer().items()}, **instead}
        return [found[name] for name in _RESULT_ORDERS.get(self.wire, found)]


def _read(name: str, value: Any) -> Any:
    """A value of an answer: maps that are keyed by ids have integer keys, and tags are numbers."""
    if name == "tags":
        return [int(tag) for tag in value]
    if isinstance(value, dict):
        return {int(key): inner for key, inner in value.items()}
    return value


_RESULT_ORDERS = {"tcheck": ("result", "tags", "text", "wlist")}
"""Of results whose parts stand in another order than in the documented answer."""

_KEYWORDS = {
    "kickout": ("ce",),
    "translate": ("post_profanity",),
    "pullIntoRTCRoom": ("voice_range", "max_receive_streams"),
}

_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "from_uid": ("from", "fromUid"),
    "to_uid": ("to", "xid"),
    "to": ("xid",),
    "to_uids": ("tos", "toUids"),
    "gid": ("gid", "xid"),
    "rid": ("rid", "xid"),
    "mtype": ("mtype", "type"),
    "message_type": ("type",),
    "message": ("msg",),
    "time_limit": ("timeLimit",),
    "clear_type": ("type",),
    "app_type": ("apptype",),
    "device_token": ("devicetoken",),
    "option_type": ("type",),
    "value": ("val",),
    "room_id": ("rid",),
    "voice_range": ("voiceRange",),
    "max_receive_streams": ("maxReceiveStreams",),
    "target_type": ("type",),
    "image_type": ("type",),
    "audio_type": ("type",),
    "video_type": ("type",),
    "video_name": ("videoName",),
    "ttype": ("type",),
    "post_profanity": ("postProfanity",),
}

_SAMPLES: Mapping[str, Any] = {
    "int8": lambda place: 51 + place,
    "int16": lambda place: 3 + place,
    "int32": lambda place: 60 + place,
    "int64": lambda place: (1 << 40) + place,
    "bool": lambda place: True,
    "string": lambda place: f"text {place}",
    "string|bin": lambda place: f"body {place}",
    "bin": lambda place: b"content",
    "list<int64>": lambda place: [100 + place, 200 + place],
    "list<int8>": lambda place: [30, 51 + place],
    "list<string>": lambda place: [str(100 + place), str(200 + place)],
    "list<row>": lambda place: [],
    "map<string,int32>": lambda place: {"31": place, "32": 0},
    "map<string,string>": lambda place: {"31": f"text {place}", "32": ""},
    "map<string,list<int8>>": lambda place: {"31": [0, 51 + place], "32": []},
    "map<string,map<string,string>>": lambda place: {"31": {"nick": f"text {place}"}, "32": {}},
}


def _arguments(signature: str) -> tuple[str, dict[str, Any]]:
    """Take a signature apart: the name, and the arguments before `callback` and `timeout`."""
    (function,) = ast.parse(f"def {signature}: pass").body
    assert isinstance(function, ast.FunctionDef)
    names = [argument.arg for argument in function.args.args]
    assert names[-2:] == ["callback", "timeout"]
    defaults = [ast.literal_eval(default) for default in function.args.defaults]
    filled = [NOT_GIVEN] * (len(names) - len(defaults)) + defaults
    return function.name, dict(zip(names[:-2], filled[:-2], strict=True))


def _calls() -> list[Call]:
    calls = []
    for method in json.loads(Path(__file__).with_name("methods.json").read_text()):
        if method["domain"] in DOMAINS:
            params = {name: Param(name, kind, required) for name, kind, required in method["params"]}
            answer = tuple(Param(*each) for each in method["answer"])
            for form in ({"signature": method["signature"], "fixed": {}}, *method["wrappers"]):
                name, arguments = _arguments(form["signature"])
                head = (method["wire"], method["domain"], method["gate"], name, arguments, form["fixed"])
                calls.append(Call(*head, params, answer, method["callback"], _KEYWORDS.get(method["wire"], ())))
    return calls


CALLS = _calls()


def mixin(domain: str) -> type:
    """The class that holds the operations of a domain."""
    name = domain.upper() if domain in ("rtc", "im") else domain.capitalize()
    found: type = getattr(importlib.import_module(f"rtm_sdk.rtm.{domain}"), name)
    return found


CLIENT: Any = type("Client", tuple(mixin(domain) for domain in DOMAINS), {"pid": PID})()
CLIENT.subscriptions = Subscriptions(lambda keep_open: None)
"""All operations, and nothing to carry them out: they are driven by hand."""


def start(name: str, *args: Any, **kwargs: Any) -> Operation[Any]:
    """The generator of an operation, not yet begun."""
    generator: Operation[Any] = getattr(type(CLIENT), name).generator(CLIENT, *args, **kwargs)
    return generator


def drive(generator: Operation[Any], *answers: dict[str, Any] | CallFailed) -> tuple[list[Quest], Any]:
    """Give an operation its answers, one after the other.

    Returns:
        The quests it asked for, and its result.
    """
    quests = []
    try:
        quest = next(generator)
        for answer in answers:
            quests.append(quest)
            quest = generator.throw(answer) if isinstance(answer, CallFailed) else generator.send(answer)
    except StopIteration as stop:
        return quests, stop.value
    raise AssertionError(f"the operation asks for more: {quest}")
