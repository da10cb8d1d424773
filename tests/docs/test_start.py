"""docs/start.md is followed by the letter: in an empty folder, with a new environment, command by command."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from .pages import DOCS, ROOT, Block, blocks
from .test_blocks import as_shown

PAGE = DOCS / "start.md"
SOURCES = ("setup.py", "pyproject.toml", "README.md", "LICENSE", "MANIFEST.in", "rtm_sdk")
_FILE = re.compile(r"# ([\w/]+\.py)(, at the end)?\n")
_EXPORT = re.compile(r"^ *export (\w+)=(\S+)$")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the page's commands are for POSIX shells")
def test_a_newcomer_follows_the_page(tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    folder.mkdir()
    sources = copied_sources(tmp_path / "sources")
    own = ("RTM_", "PYTHON", "DJANGO")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    environment["PATH"] = os.pathsep.join([str(folder / ".venv" / "bin"), environment["PATH"]])
    todo = [with_what_is_here(block, sources) for block in blocks(PAGE)]
    gates = [block for block in todo if block.text == "rtm gate\n"]
    assert len(gates) == 1
    before, after = todo[: todo.index(gates[0])], todo[todo.index(gates[0]) + 1 :]
    for block in before:
        follow(block, folder, environment)
    with running_gate(folder, environment) as exported:
        for block in after:
            follow(block, folder, {**environment, **exported})


def copied_sources(place: Path) -> Path:
    """What the package is built from; a build leaves files in its folder."""
    place.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, place)
    return place


def with_what_is_here(block: Block, sources: Path) -> Block:
    """A command with this Python, and with the package as it is here: there is no other yet."""
    text = block.text.replace('"rtm-sdk[', f'"{sources}[').replace("python3 -m venv", f"{sys.executable} -m venv")
    return block._replace(text=text)


def follow(block: Block, folder: Path, environment: Mapping[str, str]) -> None:
    if block.language == "python":
        where = _FILE.match(block.text)
        assert where is not None, f"line {block.line}: no file is named"
        with (folder / where[1]).open("a" if where[2] else "w", encoding="utf-8") as file:
            file.write(block.text)
        return
    assert block.language == "sh"
    done = subprocess.run(
        ["bash", "-e", "-c", block.text], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"line {block.line}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
    if block.prints is not None:
        shown = done.stdout or done.stderr
        assert as_shown(block.prints).fullmatch(shown), f"line {block.line} prints:\n{shown}"


@contextmanager
def running_gate(folder: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """What the second terminal does, and what it prints to be pasted."""
    with subprocess.Popen(["rtm", "gate"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            exported: dict[str, str] = {}
            for line in process.stdout:
                if pasted := _EXPORT.match(line):
                    exported[pasted[1]] = pasted[2]
                if line.startswith("Control-C"):
                    break
            assert len(exported) == 3
            yield exported
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
