from __future__ import annotations

import contextvars
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from rtm_sdk.calling import Callback, CallbackArgument, Operation, operation
from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, OK, RTM_ERROR, CallFailed, ErrorCode
from rtm_sdk.events import Event
from rtm_sdk.workers import Outstanding, WorkerPool

PATIENCE = 10.0

TIMEOUT = ErrorCode(FPNN_ERROR.FPNN_EC_CORE_TIMEOUT, "late", maybe_delivered=True)
UNKNOWN = FPNN_ERROR.FPNN_EC_CORE_UNKNOWN_ERROR
FULL = FPNN_ERROR.FPNN_EC_CORE_WORK_QUEUE_FULL


@dataclass
class Client:
    """Answers steps as its script says: with a value, or by raising an exception."""

    script: list[Any] = field(default_factory=list)
    timeout: float = 30.0
    workers: WorkerPool = field(default_factory=lambda: WorkerPool(2))
    limit: int = 100
    on_callback_error: Callable[[str, BaseException], None] | None = None
    on_event: Callable[[Event], object] | None = None

    def __post_init__(self) -> None:
        self.outstanding = Outstanding(self.limit, self.workers)
        self.steps: list[Any] = []
        self.deadlines: list[Deadline] = []
        self.closed: list[str] = []
        self.held: list[Callable[[Any], None]] = []
        self.hold = False

    def _target(self, step: Any) -> str:
        return f"{step} there"

    def _perform(self, step: Any, deadline: Deadline) -> Any:
        self.steps.append(step)
        self.deadlines.append(deadline)
        answer = self.script.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _begin(self, step: Any, deadline: Deadline, resume: Callable[[Any], None]) -> None:
        if self.hold:
            self.held.append(resume)
            return
        try:
            answer = self._perform(step, deadline)
        except CallFailed as failure:
            if len(self.steps) % 2:
                raise
            answer = failure
        resume(answer)

    @operation
    def add(self, one: int, other: int, callback: CallbackArgument = None, timeout: float = 0) -> Operation[int]:
        """Add two numbers, by two steps."""
        if not isinstance(one, int):
            raise TypeError(f"one must be an int, not {type(one).__name__}")
        if one < 0:
            raise ValueError("one must not be negative")
        try:
            first = yield ("first", one)
            second = yield ("second", other)
        finally:
            self.closed.append("add")
        if first == "odd":
            raise CallFailed(ErrorCode(RTM_ERROR.RTM_EC_MESSAGE_NOT_FOUND, "odd"))
        return int(first) + int(second)

    @operation
    def patient(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[str]:
        """Try again after a failure."""
        try:
            yield "fragile"
        except CallFailed as failure:
            answer = yield ("again", int(failure.error_code))
            return str(answer)
        return "at once"

    @operation
    def nothing(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[str]:
        """Need no step."""
        if self.timeout < 0:
            yield "never"
        return "done"

    @operation
    def fails_at_once(self, callback: CallbackArgument = None, timeout: float = 0) -> Operation[None]:
        if self.timeout > 0:
            raise CallFailed(TIMEOUT)
        yield "never"

    @operation(default_timeout=120.0)
    def slow(self, *, callback: CallbackArgument = None, timeout: float = 0) -> Operation[Any]:
        return (yield "slow")


class Taken:
    """A callback that keeps what it was given, and lets a test wait for it."""

    def __init__(self) -> None:
        self.outcomes: list[tuple[Any, ErrorCode]] = []
        self.came = threading.Event()
        self.thread: threading.Thread | None = None

    def __call__(self, result: Any, error_code: ErrorCode) -> None:
        self.outcomes.append((result, error_code))
        self.thread = threading.current_thread()
        self.came.set()

    def outcome(self) -> tuple[Any, ErrorCode]:
        assert self.came.wait(PATIENCE), "no callback"
        return self.outcomes[0]


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client()
    yield client
    assert client.outstanding.flush(PATIENCE) == 0
    assert client.workers.close(PATIENCE) == 0
    assert not client.held


def both(client: Client, name: str, *args: Any) -> Iterator[tuple[Any, ErrorCode]]:
    """The outcome of a call, in the synchronous and in the callback style."""
    script = list(client.script)
    yield getattr(client, name)(*args)
    client.script = script
    taken = Taken()
    assert getattr(client, name)(*args, callback=taken) is None
    yield taken.outcome()


class TestByHand:
    def test_steps_and_result(self, client: Client) -> None:
        generator = Client.add.generator(client, 1, 2)  # type: ignore[attr-defined]
        assert generator.send(None) == ("first", 1)
        assert generator.send(10) == ("second", 2)
        with pytest.raises(StopIteration) as stop:
            generator.send(20)
        assert stop.value.value == 30

    def test_keeps_what_the_method_says_of_itself(self) -> None:
        assert Client.add.__name__ == "add"
        assert Client.add.__doc__ == "Add two numbers, by two steps."


class TestOutcomes:
    def test_result(self, client: Client) -> None:
        client.script = [10, 20]
        for result, error_code in both(client, "add", 1, 2):
            assert (result, error_code) == (30, OK)
            assert type(error_code) is ErrorCode
        assert client.steps == [("first", 1), ("second", 2)] * 2

    def test_failed_step(self, client: Client) -> None:
        for position in (0, 1):
            client.script = [10] * position + [CallFailed(TIMEOUT)]
            for result, error_code in both(client, "add", 1, 2):
                assert result is None
                assert error_code is TIMEOUT

    def test_an_operation_may_go_on_after_a_failure(self, client: Client) -> None:
        client.script = [CallFailed(TIMEOUT), "yes"]
        assert [*both(client, "patient")] == [("yes", OK)] * 2
        assert client.steps == ["fragile", ("again", 20003)] * 2
        client.script = [CallFailed(TIMEOUT), CallFailed(ErrorCode(20012))]
        assert [*both(client, "patient")] == [(None, 20012)] * 2

    def test_a_failure_found_by_the_operation(self, client: Client) -> None:
        client.script = ["odd", 20]
        for result, error_code in both(client, "add", 1, 2):
            assert result is None
            assert error_code == RTM_ERROR.RTM_EC_MESSAGE_NOT_FOUND
            assert error_code.message == "odd"

    def test_an_operation_without_steps(self, client: Client) -> None:
        assert [*both(client, "nothing")] == [("done", OK)] * 2
        assert [*both(client, "fails_at_once")] == [(None, TIMEOUT)] * 2
        assert client.steps == []

    def test_the_generator_is_closed(self, client: Client) -> None:
        client.script = [10, KeyboardInterrupt()]
        with pytest.raises(KeyboardInterrupt):
            client.add(1, 2)
        assert client.closed == ["add"]


class TestMisuse:
    """It raises at once, in the caller's thread, in both styles, and names the argument."""

    @pytest.fixture(params=["sync", "callback"])
    def style(self, request: pytest.FixtureRequest, client: Client) -> Iterator[dict[str, Any]]:
        taken = Taken()
        yield {} if request.param == "sync" else {"callback": taken}
        assert client.steps == []
        assert client.outstanding.count == 0
        assert taken.outcomes == []

    def test_wrong_arguments(self, client: Client, style: dict[str, Any]) -> None:
        with pytest.raises(TypeError, match="one must be an int, not str"):
            client.add("1", 2, **style)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="one must not be negative"):
            client.add(-1, 2, **style)

    def test_missing_and_unknown_arguments(self, client: Client, style: dict[str, Any]) -> None:
        with pytest.raises(TypeError, match=r"add\(\) missing 1 required positional argument: 'other'"):
            client.add(1, **style)
        with pytest.raises(TypeError, match="unexpected keyword argument 'third'"):
            client.add(1, 2, third=3, **style)  # type: ignore[call-arg]

    @pytest.mark.parametrize("timeout", [None, True, "5", 1j, [1]])
    def test_timeout_of_a_wrong_type(self, client: Client, style: dict[str, Any], timeout: Any) -> None:
        with pytest.raises(TypeError, match=f"timeout must be a number of seconds, not {type(timeout).__name__}"):
            client.add(1, 2, timeout=timeout, **style)

    @pytest.mark.parametrize("timeout", [-1, -0.001, float("nan"), float("inf"), 1e9])
    def test_timeout_of_a_wrong_value(self, client: Client, style: dict[str, Any], timeout: float) -> None:
        with pytest.raises(ValueError, match="timeout must be a positive, finite number of seconds, or 0"):
            client.add(1, 2, timeout=timeout, **style)

    @pytest.mark.parametrize("callback", [5, "callback", object(), {"callback": print}])
    def test_callback_that_cannot_be_called(self, client: Client, callback: Any) -> None:
        with pytest.raises(
            TypeError, match=f"callback must be a callable or an object.*, not {type(callback).__name__}"
        ):
            client.add(1, 2, callback=callback)
        with pytest.raises(TypeError, match="callback must be"):
            client.add(1, 2, callback)
        assert client.steps == []

    def test_callback_class_instead_of_object(self, client: Client) -> None:
        with pytest.raises(TypeError, match=r"callback must be an object: pass Callback\(\), not the class itself"):
            client.add(1, 2, callback=Callback)  # type: ignore[arg-type]

    def test_what_cannot_be_sent(self, client: Client) -> None:
        """The step itself turns out to be impossible: nothing was sent, and no callback is owed."""
        taken = Taken()
        client.script = [TypeError("cannot pack object"), TypeError("cannot pack object")]
        with pytest.raises(TypeError, match="cannot pack"):
            client.add(1, 2)
        with pytest.raises(TypeError, match="cannot pack"):
            client.add(1, 2, callback=taken)
        assert client.closed == ["add", "add"]
        assert client.outstanding.count == 0
        assert taken.outcomes == []


class TestTime:
    def given(self, client: Client, name: str = "nothing", **options: Any) -> float:
        client.script = ["yes"] * 2
        getattr(client, name)(**options)
        return client.deadlines[-1].seconds

    def test_the_default_is_the_clients(self, client: Client) -> None:
        assert self.given(client, "patient") == 30
        assert self.given(client, "patient", timeout=0) == 30
        assert self.given(client, "patient", timeout=0.0) == 30

    def test_the_call_may_say_it(self, client: Client) -> None:
        assert self.given(client, "patient", timeout=0.5) == 0.5
        client.script = ["yes"]
        assert client.patient(None, 7) == ("at once", OK)
        assert client.deadlines[-1].seconds == 7

    def test_slow_operations_have_a_longer_default(self, client: Client) -> None:
        assert self.given(client, "slow") == 120
        assert self.given(client, "slow", timeout=5) == 5
        client.timeout = 300
        assert self.given(client, "slow") == 300

    def test_one_deadline_for_all_steps(self, client: Client) -> None:
        client.script = [1, 2]
        client.add(1, 2)
        taken = Taken()
        client.script = [1, 2]
        client.add(1, 2, taken, 9)
        taken.outcome()
        assert client.deadlines[0] is client.deadlines[1]
        assert client.deadlines[2] is client.deadlines[3]
        assert client.deadlines[3].seconds == 9


class WithCallback(Callback):
    def __init__(self) -> None:
        self.taken = Taken()

    def callback(self, result: Any, error_code: ErrorCode) -> None:
        self.taken(result, error_code)


class WithDeliver(WithCallback):
    def callback(self, result: Any, error_code: ErrorCode) -> None:
        raise AssertionError("deliver() goes first")

    def deliver(self, result: Any, error_code: ErrorCode) -> None:
        self.taken(("delivered", result), error_code)


class TestCallbacks:
    def test_object_with_callback(self, client: Client) -> None:
        client.script = [1, 2]
        receiver = WithCallback()
        client.add(1, 2, receiver)
        assert receiver.taken.outcome() == (3, OK)

    def test_object_with_deliver(self, client: Client) -> None:
        client.script = [1, 2]
        receiver = WithDeliver()
        client.add(1, 2, callback=receiver)
        assert receiver.taken.outcome() == (("delivered", 3), OK)

    def test_async_ones_are_refused_at_once(self, client: Any) -> None:
        async def function(result: Any, error_code: ErrorCode) -> None: ...

        class WithAsyncCallback:
            async def callback(self, result: Any, error_code: ErrorCode) -> None: ...

        for callback in (function, WithAsyncCallback()):
            with pytest.raises(TypeError, match="callback must be a plain function, not an async one"):
                client.add(1, 2, callback=callback)
        assert client.outstanding.count == 0

    def test_function_and_method(self, client: Client) -> None:
        taken = Taken()
        client.script = [1, 2, 3, 4]
        client.add(1, 2, lambda result, error_code: taken(result, error_code))
        client.add(1, 2, taken.__call__)
        assert client.outstanding.flush(PATIENCE) == 0
        assert sorted(result for result, _ in taken.outcomes) == [3, 7]

    def test_run_on_a_worker_and_never_before_the_call_returned(self, client: Client) -> None:
        taken = Taken()
        client.nothing(taken)
        taken.outcome()
        assert taken.thread is not None
        assert taken.thread.name.startswith("rtm-worker-")

    def test_holds_no_thread_while_it_waits(self, client: Client) -> None:
        before = threading.active_count()
        client.hold = True
        taken = [Taken() for _ in range(50)]
        for each in taken:
            client.patient(each)
        assert threading.active_count() == before
        assert client.outstanding.flush(0) == 50
        while client.held:
            client.held.pop()("answer")
        for each in taken:
            assert each.outcome() == ("at once", OK)

    def test_a_callback_class_that_forgot_its_method(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        class Forgot(Callback):
            pass

        client.nothing(Forgot())
        assert client.outstanding.flush(PATIENCE) == 0
        assert "Forgot must define callback(result, error_code)" in caplog.text

    def test_context_of_the_caller(self, client: Client) -> None:
        request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="none")
        seen: list[str] = []

        def receiver(result: Any, error_code: ErrorCode) -> None:
            seen.append(request_id.get())
            request_id.set("changed in the callback")

        request_id.set("A")
        client.nothing(receiver)
        request_id.set("B")
        client.nothing(receiver)
        assert client.outstanding.flush(PATIENCE) == 0
        assert sorted(seen) == ["A", "B"]
        assert request_id.get() == "B"

    def test_once_each(self, client: Client) -> None:
        client.hold = True
        taken = Taken()
        client.patient(taken)
        resume = client.held.pop()
        resume("answer")
        resume("answer again")
        assert client.outstanding.flush(PATIENCE) == 0
        assert taken.outcomes == [("at once", OK)]
        assert client.outstanding.count == 0


class TestExceptionsOfCallbacks:
    def test_are_logged_with_the_operations_name(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        def receiver(result: Any, error_code: ErrorCode) -> None:
            raise LookupError("in the callback")

        client.nothing(receiver)
        assert client.outstanding.flush(PATIENCE) == 0
        (record,) = caplog.records
        assert (record.name, record.levelno) == ("rtm_sdk.calling", logging.ERROR)
        assert record.getMessage() == "the callback of nothing raised"
        assert "LookupError: in the callback" in caplog.text

    @pytest.mark.parametrize("error", [LookupError("no"), SystemExit(3), KeyboardInterrupt()])
    def test_are_reported(self, client: Client, error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
        def receiver(result: Any, error_code: ErrorCode) -> None:
            raise error

        reports: list[tuple[str, BaseException]] = []
        client.on_callback_error = lambda name, error: reports.append((name, error))
        client.nothing(receiver)
        assert client.outstanding.flush(PATIENCE) == 0
        assert reports == [("nothing", error)]

    @pytest.mark.parametrize("error", [LookupError("twice"), SystemExit(3)])
    def test_whoever_takes_the_report_may_fail_too(
        self, client: Client, error: BaseException, caplog: pytest.LogCaptureFixture
    ) -> None:
        def report(name: str, error: BaseException) -> None:
            raise error

        def receiver(result: Any, error_code: ErrorCode) -> None:
            raise error

        client.on_callback_error = report
        for _ in range(3):
            client.nothing(receiver)
        assert client.outstanding.flush(PATIENCE) == 0
        assert [record.getMessage() for record in caplog.records].count("on_callback_error raised") == 3


class TestTrouble:
    def test_a_fault_in_an_operation_reaches_the_callback(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        taken = Taken()
        client.script = ["not a number", 2]
        client.add(1, 2, taken)
        result, error_code = taken.outcome()
        assert result is None
        assert error_code == UNKNOWN
        assert "ValueError: invalid literal for int()" in error_code.message
        assert caplog.records[0].getMessage() == "add failed inside the SDK"

    def test_so_does_a_later_step_that_cannot_be_sent(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        taken = Taken()
        client.script = [1, TypeError("cannot pack object")]
        client.add(1, 2, taken)
        result, error_code = taken.outcome()
        assert result is None
        assert error_code == UNKNOWN
        assert client.closed == ["add"]
        assert "TypeError: cannot pack object" in caplog.text

    def test_a_fault_in_the_synchronous_style_is_raised(self, client: Client) -> None:
        client.script = ["not a number", 2]
        with pytest.raises(ValueError, match="invalid literal"):
            client.add(1, 2)

    def test_interrupted_before_the_step_was_on_its_way(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def begin(step: Any, deadline: Deadline, resume: Callable[[Any], None]) -> None:
            later.append(resume)
            raise KeyboardInterrupt

        later: list[Callable[[Any], None]] = []
        monkeypatch.setattr(client, "_begin", begin)
        taken = Taken()
        with pytest.raises(KeyboardInterrupt):
            client.add(1, 2, taken)
        assert client.closed == ["add"]
        assert client.outstanding.count == 0
        later[0]("an answer that comes all the same")
        assert client.outstanding.flush(PATIENCE) == 0
        assert taken.outcomes == []

    def test_interrupted_when_the_answer_was_there(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def begin(step: Any, deadline: Deadline, resume: Callable[[Any], None]) -> None:
            resume("answer")
            raise KeyboardInterrupt

        monkeypatch.setattr(client, "_begin", begin)
        taken = Taken()
        with pytest.raises(KeyboardInterrupt):
            client.patient(taken)
        assert taken.outcome() == ("at once", OK)
        assert client.outstanding.flush(PATIENCE) == 0


class TestBounds:
    @pytest.fixture
    def client(self) -> Iterator[Client]:
        client = Client(limit=2)
        client.hold = True
        yield client
        while client.held:
            client.held.pop()("answer")
        assert client.outstanding.flush(PATIENCE) == 0
        assert client.workers.close(PATIENCE) == 0

    def test_a_call_over_the_limit_gets_20011_when_its_time_is_over(self, client: Client) -> None:
        for _ in range(2):
            client.patient(Taken())
        taken = Taken()
        client.add(1, 2, taken, timeout=0.05)
        result, error_code = taken.outcome()
        assert result is None
        assert error_code == FULL
        assert error_code.message == "2 callbacks are outstanding already; nothing was sent"
        assert error_code.retryable
        assert client.outstanding.refused == 1
        assert client.closed == ["add"]
        assert len(client.held) == 2

    def test_a_call_over_the_limit_waits_for_room(self, client: Client) -> None:
        for _ in range(2):
            client.patient(Taken())
        threading.Timer(0.02, lambda: client.held.pop()("answer")).start()
        taken = Taken()
        client.nothing(taken)
        assert taken.outcome() == ("done", OK)

    def test_calls_made_in_callbacks_never_wait(self, client: Client) -> None:
        inside = [Taken() for _ in range(4)]

        def receiver(result: Any, error_code: ErrorCode) -> None:
            for taken in inside:
                client.patient(taken)

        client.patient(receiver)
        client.patient(Taken())
        client.held.pop(0)("answer")
        refused = [taken.outcome()[1] for taken in inside[2:]]
        assert refused == [FULL, FULL]
        assert len(client.held) == 3

    def test_flush_in_a_callback_raises(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        client.nothing(lambda result, error_code: client.outstanding.flush(5))
        assert client.outstanding.flush(PATIENCE) == 0
        assert "RuntimeError: flush() inside a callback would wait for that callback itself" in caplog.text
