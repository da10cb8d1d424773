from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rtm_sdk import RTM_ERROR, unwrap
from rtm_sdk.cli import main

from .shell import CLEAN, ROOT, client_of, listens, rtm_gate


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_its_settings_work_when_pasted_and_it_stops_cleanly(stop: int) -> None:
    with rtm_gate(stop=stop) as (shown, settings):
        with client_of(settings) as client:
            unwrap(client.send_chat(1, 2, "hello"))
        assert settings["RTM_SECRET"] in shown
    assert not listens(settings["RTM_ENDPOINT"])


def test_the_python_line_runs() -> None:
    with rtm_gate() as (shown, _):
        (line,) = (line for line in shown.splitlines() if "RTMServerClient(" in line)
        program = (
            f"from rtm_sdk import RTMServerClient, unwrap\n{line.strip()}\nunwrap(client.send_chat(1, 2, 'hello'))"
        )
        subprocess.run([sys.executable, "-W", "error", "-c", program], cwd=ROOT, env=CLEAN, check=True)


def test_a_store_keeps_everything_over_a_restart(tmp_path: Path) -> None:
    store = str(tmp_path / "chat.db")
    for text in ("first", "second"):
        with (
            rtm_gate("--store", store, "--project", "11000001:s3cret") as (_, settings),
            client_of(settings) as client,
        ):
            unwrap(client.send_chat(1, 2, text))
            page = unwrap(client.get_p2p_chat(2, 1, False, 10))
    assert [message.message for message in page.messages] == ["first", "second"]


def test_listen() -> None:
    with rtm_gate("--listen", "[::1]:0") as (_, settings), client_of(settings) as client:
        assert settings["RTM_ENDPOINT"].startswith("[::1]:")
        unwrap(client.send_chat(1, 2, "hello"))


def test_a_project_from_the_environment_does_not_show_its_secret() -> None:
    with rtm_gate(RTM_GATE_PROJECT="11000001:s3 cr't") as (shown, settings), client_of(settings) as client:
        unwrap(client.send_chat(1, 2, "hello"))
        assert (settings["RTM_PID"], settings["RTM_SECRET"]) == ("11000001", "s3 cr't")
        assert "s3 cr" not in shown


def test_a_bad_project_in_the_environment(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("RTM_GATE_PROJECT", "s3cret")
    assert main(["gate"]) == 2
    complained = capsys.readouterr().err
    assert "RTM_GATE_PROJECT: write PID:SECRET" in complained
    assert "s3cret" not in complained.replace("11000001:s3cret", "")


def test_a_port_in_use_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert main(["gate", "--listen", address]) == 1
    complained = capsys.readouterr().err
    assert complained.count("\n") == 1
    assert address in complained


def test_words_of_a_file_and_functions_of_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("\ufeffbad\n\n  very bad \n", encoding="utf-8")
    (tmp_path / "fakes.py").write_text("def translate(text, source, target):\n    return 'de', text.upper()\n")
    arguments = ("--words", "words.txt", "--function", "translate=fakes:translate")
    with rtm_gate(*arguments, folder=tmp_path, PYTHONPATH=str(ROOT)) as (_, settings), client_of(settings) as client:
        checked = unwrap(client.text_check("a very bad day"))
        assert (checked.result, checked.text, checked.wlist) == (2, "a ******** day", ["very bad"])
        assert unwrap(client.translate("hallo", "en")).target_text == "HALLO"
        _, error_code = client.speech_to_text(b"audio", 2, "en")
        assert error_code == RTM_ERROR.RTM_EC_NO_CONFIG_IN_CONSOLE


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--words", "{folder}/missing.txt"], "missing.txt: No such file or directory"),
        (["--words", "{folder}/latin.txt"], "latin.txt: it is not UTF-8"),
        (["--function", "translate=no_such_module:translate"], "cannot import 'no_such_module:translate'"),
        (["--function", "translate=json"], "'json' for translate is not 'module:function'"),
        (["--function", "sing=json:loads"], "there is none for 'sing'"),
    ],
)
def test_bad_words_and_functions_are_named(
    arguments: list[str],
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", sys.path.copy())
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9\n")
    assert main(["gate", *(each.format(folder=tmp_path) for each in arguments)]) == 2
    complained = capsys.readouterr().err
    assert complaint in complained
    assert complained.count("\n") == 1
