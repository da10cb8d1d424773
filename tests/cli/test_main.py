from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rtm_sdk import RTMServerClient, unwrap
from rtm_sdk.cli import main
from rtm_sdk.gate import Gate

from .shell import CLEAN, ROOT, RTM, environment_of


def test_without_a_command_it_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "rtm demo" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [[], ["gate"], ["demo"], ["send"], ["send-file"], ["history"], ["listen"], ["call"], ["doctor"]]
)
def test_help_teaches_and_fits(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit, match="0"):
        main([*command, "--help"])
    shown = capsys.readouterr().out
    assert "rtm demo" in shown or "examples:" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out.startswith("rtm-sdk ")


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    with subprocess.Popen([*RTM, "demo"], cwd=ROOT, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as demo:
        assert demo.stdout is not None and demo.stderr is not None
        demo.stdout.close()
        assert demo.stderr.read() == b""
    assert demo.returncode == 141


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (["gate", "--listen", "13321"], "the port is missing"),
        (["gate", "--listen", "127.0.0.1:99999"], "not in 1..65535"),
        (["gate", "--project", "11000001"], "write PID:SECRET"),
        (["gate", "--project", "zero:s3cret"], "a pid is a positive number"),
        (["demo", "--endpoint", "nowhere"], "the port is missing"),
        (["demo", "--endpoint", "127.0.0.1:1", "--pid", "0"], "a pid is a positive number"),
        (["gate", "--function", "translate"], "write NAME=MODULE:FUNCTION"),
        (["send", "--from", "1", "hello"], "one of the arguments --to --users --group --room --broadcast is required"),
        (["send", "--from", "1", "--to", "2", "--room", "3", "hello"], "not allowed with argument"),
        (["send", "--from", "0", "--to", "2", "hello"], "an id is a positive number"),
        (["send", "--from", "1", "--users", "2,x", "hello"], "not 'x'"),
        (["send", "--from", "1", "--to", "2", "--mtype", "200", "hello"], "a number from 0 to 127"),
        (["send", "--from", "1", "--to", "2", "--cmd", "--mtype", "51", "hello"], "not allowed with argument"),
        (["send", "--from", "1", "--to", "2", "--timeout", "0", "hello"], "a positive number of seconds"),
        (["history", "--uid", "1", "--group", "9", "--since", "20260131"], "write a time such as"),
        (["history", "--uid", "1", "--group", "9", "--num", "0"], "write a number from 1 on"),
        (["listen", "--events", "dance"], "there are the events login and logout"),
        (["call", "getgroupmembers", "gid"], "write key=value, key:=json or key@file"),
        (["call", "getgroupmembers", "gid:=[1"], "gid: what stands after := is not JSON"),
        (["call", "icheck", "image@/no/such/file"], "image: cannot read '/no/such/file'"),
    ],
)
def test_misuse_is_named(command: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(command)
    complained = capsys.readouterr().err
    assert complaint in complained
    assert "s3cret" not in complained.splitlines()[-1].replace("11000001:s3cret", "")


@pytest.mark.parametrize("command", ["gate", "demo"])
def test_a_missing_extra_is_one_line_that_says_what_to_install(command: str) -> None:
    program = f"import sys; sys.modules['aiohttp'] = None; from rtm_sdk.cli import main; sys.exit(main(['{command}']))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=CLEAN, capture_output=True, text=True)
    assert done.returncode == 1
    assert not done.stdout
    assert done.stderr.count("\n") == 1
    assert 'pip install "rtm-sdk[gate]"' in done.stderr


def test_the_shell_block_of_the_readme_runs(gate: Gate, client: RTMServerClient, tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## In the shell")[2]
    block = section.partition("```sh\n")[2].partition("```")[0]
    assert block.count("rtm ") == 4
    rtm = tmp_path / "rtm"
    rtm.write_text(f'#!/bin/sh\nexec "{sys.executable}" -W error -m rtm_sdk.cli "$@"\n')
    rtm.chmod(0o755)
    (tmp_path / "report.csv").write_text("order,total\nA-17,42.00\n")
    unwrap(client.add_group_members(500, [1000]))
    environment = environment_of(gate) | {"PYTHONPATH": str(ROOT), "PATH": f"{tmp_path}:{CLEAN['PATH']}"}
    done = subprocess.run(
        ["sh", "-e"], input=block, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=20
    )
    assert (done.returncode, done.stderr) == (0, "")
    mid, file_mid, file, text, members = done.stdout.splitlines()
    assert (json.loads(text)["message_id"], json.loads(file)["message_id"]) == (int(mid), int(file_mid))
    assert json.loads(members) == {"uids": [1000]}
