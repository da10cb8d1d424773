from __future__ import annotations

import re
import signal
import socket
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from rtm_sdk import RTM_ERROR, unwrap
from rtm_sdk.cli import main
from rtm_sdk.gate.coverage import coverage

from .shell import CLEAN, ROOT, client_of, listens, rtm_gate


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_its_settings_work_when_pasted_and_it_stops_cleanly(stop: int) -> None:
    with rtm_gate(stop=stop) as (shown, settings):
        with client_of(settings) as client:
            unwrap(client.send_chat(1, 2, "hello"))
        assert settings["RTM_SECRET"] in shown
    assert not listens(settings["RTM_ENDPOINT"])


def python_lines(shown: str) -> str:
    """What stands below "For Python:"."""
    lines = shown.partition("For Python:\n")[2].partition("\n\n")[0]
    return textwrap.dedent(lines)


def run_python(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, env=CLEAN, capture_output=True, text=True, timeout=20
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_python_lines_run(tmp_path: Path) -> None:
    with rtm_gate("--google-key", str(tmp_path / "key.json")) as (shown, _):
        assert stat.S_IMODE((tmp_path / "key.json").stat().st_mode) == 0o600
        run_python(
            f"{python_lines(shown)}\n"
            "from rtm_sdk import unwrap\n"
            "unwrap(client.send_chat(1, 2, 'hello'))\n"
            "unwrap(google_app.create_message('spaces/demo', {'text': 'hello'}))\n"
            "page = unwrap(google.list_messages('spaces/demo'))\n"
            "assert [each['sender']['type'] for each in page['messages']] == ['HUMAN', 'BOT']\n"
            "assert [each['name'] for each in unwrap(bearychat.list_channels())] == ['general']\n"
            "for each in (client, google, google_app, bearychat): each.close()"
        )


def test_the_python_lines_run_where_the_environment_has_a_proxy() -> None:
    proxy = "http://127.0.0.1:9"
    with rtm_gate(HTTP_PROXY=proxy, http_proxy=proxy, NO_PROXY="", no_proxy="") as (shown, _):
        assert shown.count(", proxy=''") == 2
        program = f"{python_lines(shown)}\nfor each in (client, google, bearychat): each.close()"
        environment = f"import os\nos.environ.update(http_proxy={proxy!r}, no_proxy='')\n"
        run_python(f"{environment}{program}\nassert not google.list_spaces()[1]")


def test_the_three_addresses() -> None:
    with rtm_gate() as (shown, settings):
        assert f"RTM          {settings['RTM_ENDPOINT']}, project 11000001\n" in shown
        google = re.search(r"Google Chat  (http://127\.0\.0\.1:[0-9]+)\n", shown)
        assert google is not None and f"BearyChat    {google[1]}/bearychat/v1\n" in shown


def test_a_seed(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text('{"google": {"spaces": [{"name": "spaces/team"}]}}')
    with rtm_gate("--seed", str(seed)) as (shown, _):
        assert "spaces/demo" not in shown
        run_python(
            f"{python_lines(shown)}\n"
            "from rtm_sdk import unwrap\n"
            "assert [each['name'] for each in google.iter_spaces()] == ['spaces/team']\n"
            "google.close()"
        )


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "seed.json: No such file or directory"), ("{", "is not JSON"), ('{"rtm": {}}', "there is no 'rtm'")],
)
def test_a_bad_seed_is_named(
    tmp_path: Path, content: str | None, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / "seed.json").write_text(content)
    assert main(["gate", "--seed", str(tmp_path / "seed.json")]) == 2
    complained = capsys.readouterr().err
    assert complaint in complained and complained.count("\n") == 1


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


def test_coverage_counts_what_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", "--coverage"]) == 0
    shown = capsys.readouterr().out
    for system in coverage():
        assert f"{system.system}: {len(system.answered)} of" in shown
    assert "Google Chat: 55 of 55" in shown and "501 UNIMPLEMENTED: none." in shown
