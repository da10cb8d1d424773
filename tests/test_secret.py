from __future__ import annotations

import traceback

from rtm_sdk.secret import Secret


def test_is_a_text_that_shows_only_when_asked_for() -> None:
    secret = Secret("s3cret")
    assert secret == "s3cret"
    assert f"{secret}" == "s3cret"
    assert "s3cret" not in repr({"secret": secret})


def test_does_not_show_in_tracebacks_with_variables() -> None:
    def fail(secret: Secret) -> None:
        raise RuntimeError

    try:
        fail(Secret("s3cret"))
    except RuntimeError as error:
        found = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert "s3cret" not in found.stack[-1].locals["secret"]  # type: ignore[index]
