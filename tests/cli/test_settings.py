from __future__ import annotations

from pathlib import Path

import pytest

from rtm_sdk import RTMServerClient
from rtm_sdk.cli import main
from rtm_sdk.gate import Gate

pytestmark = pytest.mark.usefixtures("settings")

SEND = ["send", "--from", "1", "--to", "2", "hello"]
Output = pytest.CaptureFixture[str]


def test_flags_come_before_the_environment(gate: Gate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (("RTM_ENDPOINT", "127.0.0.1:1"), ("RTM_PID", "1"), ("RTM_SECRET", "wrong")):
        monkeypatch.setenv(name, value)
    secret = tmp_path / "secret"
    secret.write_text(f"{gate.secret}\n")
    flags = ["--endpoint", gate.endpoint, "--pid", str(gate.pid), "--secret-file", str(secret)]
    assert main([*SEND, *flags]) == 0


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("RTM_ENDPOINT", "", "give --endpoint HOST:PORT, or set RTM_ENDPOINT"),
        ("RTM_PID", "", "give --pid PID, or set RTM_PID"),
        ("RTM_SECRET", "", "give --secret-file FILE, or set RTM_SECRET"),
        ("RTM_ENDPOINT", "somewhere", "RTM_ENDPOINT: endpoint 'somewhere': the port is missing"),
        ("RTM_PID", "zero", "RTM_PID: a pid is a positive number"),
        ("RTM_SECRET", "s3\ncret", "rtm send: secret "),
    ],
)
def test_what_is_wrong_in_the_environment_is_named(
    name: str, value: str, complaint: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert main(SEND) == 2
    complained = capsys.readouterr().err
    assert complaint in complained
    assert "cret" not in complained.replace("secret", "").replace("RTM_SECRET", "")


@pytest.mark.parametrize(
    ("flag", "content", "complaint"),
    [
        ("--secret-file", None, "No such file or directory"),
        ("--secret-file", b"\n", "it is empty"),
        ("--secret-file", b"\xff", "it is not UTF-8"),
        ("--public-key", None, "No such file or directory"),
        ("--public-key", b"no key", "public_key"),
    ],
)
def test_files_that_do_not_fit_are_named(
    flag: str, content: bytes | None, complaint: str, capsys: Output, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    assert main([*SEND, flag, str(path)]) == 2
    complained = capsys.readouterr().err
    assert complained.startswith(f"rtm send: {flag} {path}: ")
    assert complaint in complained


def test_a_secret_is_never_taken_from_the_command_line(capsys: Output) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([*SEND, "--secret", "s3cret"])


def test_encrypted(gate: Gate, client: RTMServerClient, tmp_path: Path) -> None:
    key = tmp_path / "gate.pem.pub"
    key.write_text(gate.public_key)
    assert main([*SEND, "--public-key", str(key)]) == 0
    assert [message.message for message in client.iter_p2p_messages(2, 1)] == ["hello"]
