"""The code blocks of the pages are run: those of a page in one go, in order, as a reader would."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rtm_sdk.cli import COMMANDS
from rtm_sdk.client import Client
from rtm_sdk.gate import Gate
from rtm_sdk.workers import WorkerPool

from .pages import DOCS, ROOT, Block, blocks, pages

CI = ".ci/run"
ELSEWHERE = {
    "README.md": "tests/test_readme.py",
    "CONTRIBUTING.md": CI,
    "docs/README.zh.md": "tests/docs/test_chinese.py",
    "docs/cron.md": "tests/samples/test_cron.py",
    "docs/django.md": "tests/django/test_docs.py",
    "docs/listening.md": "tests/rtm/test_listening.py",
    "docs/start.md": "tests/docs/test_start.py",
    "docs/testing.md": "tests/test_pytest_plugin.py",
}
"""Who runs the blocks of the other pages."""

SLOW = {"samples.md"}

RUN_HERE = [
    pytest.param(page, marks=[pytest.mark.slow] * (page.name in SLOW))
    for page in pages()
    if blocks(page) and page.relative_to(ROOT).as_posix() not in ELSEWHERE
]
SHIM = '#!/bin/sh\nexec "{python}" {arguments} "$@"\n'


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `rtm` and `python`, as an environment with the package has them."""
    folder = tmp_path_factory.mktemp("commands")
    for name, arguments in (("rtm", "-m rtm_sdk.cli"), ("python", "")):
        (folder / name).write_text(SHIM.format(python=sys.executable, arguments=arguments))
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("page", RUN_HERE, ids=lambda page: page.name)
def test_blocks(page: Path, gate: Gate, commands: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.reset()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    monkeypatch.setenv("RTM_ENDPOINT", gate.endpoint)
    monkeypatch.setenv("RTM_PID", str(gate.pid))
    monkeypatch.setenv("RTM_SECRET", gate.secret)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        for block in blocks(page):
            if not block.not_run and block.language in ("python", "sh"):
                printed = run_python(page, block, names) if block.language == "python" else run_shell(block)
                if block.prints is not None:
                    assert as_shown(block.prints).fullmatch(printed), f"line {block.line} prints:\n{printed}"
    finally:
        close(names)


def run_python(page: Path, block: Block, names: dict[str, Any]) -> str:
    source = "\n" * (block.line - 1) + block.text  # so that errors name the line of the page
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(source, str(page), "exec"), names)
        for value in list(names.values()):
            if isinstance(value, Client):
                value.flush()
    return printed.getvalue()


def run_shell(block: Block) -> str:
    command = ["bash", "-e", "-o", "pipefail", "-c", block.text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"line {block.line}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def as_shown(text: str) -> re.Pattern[str]:
    """What is printed where the page shows this; ``...`` stands for anything."""
    return re.compile(".*".join(re.escape(part) for part in text.split("...")), re.DOTALL)


def close(names: dict[str, Any]) -> None:
    for module in [name for name in sys.modules if name.partition(".")[0] in ("rtm", "fpnn")]:
        del sys.modules[module]  # what rtm_sdk.compat.install() made
    values = list(names.values())
    for kind in (Client, WorkerPool):
        for value in values:
            if isinstance(value, kind):
                value.close()
    for value in values:
        if isinstance(value, Gate):
            value.stop()


def test_pages_that_run_elsewhere_are_there() -> None:
    for page, runner in ELSEWHERE.items():
        assert (ROOT / page).is_file()
        assert Path(page).name in (ROOT / runner).read_text(encoding="utf-8") or runner == CI


def test_each_command_is_described() -> None:
    page = (DOCS / "command.md").read_text(encoding="utf-8")
    names = [name.replace("_", "-") for name in (declare.__module__.rpartition(".")[2] for declare in COMMANDS)]
    assert len(names) >= 8
    assert [name for name in names if f"`rtm {name}`" not in page] == []


def test_few_blocks_are_not_run() -> None:
    skipped = [f"{page.name}, line {block.line}" for page in pages() for block in blocks(page) if block.not_run]
    assert len(skipped) <= 8, skipped


def test_each_block_says_what_it_is() -> None:
    known = {"python", "sh", "text", "json", "html"}
    wrong = [
        f"{page.name}, line {each.line}" for page in pages() for each in blocks(page) if each.language not in known
    ]
    assert not wrong


def test_what_may_differ_is_marked() -> None:
    assert as_shown("a ... c\n").fullmatch("a 1\n2 c\n")
    assert not as_shown("a c\n").fullmatch("a b\n")


def test_finds_blocks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Title\n\n```python\nprint(1)\n```\n\nprints\n\n```text\n1\n```\n\n"
        "<!-- not run: it installs -->\n```sh\npip install x\n```\nand\n\n```text\nother\n```\n"
    )
    assert blocks(page) == [
        Block("python", "print(1)\n", 4, "", "1\n"),
        Block("sh", "pip install x\n", 15, "it installs"),
        Block("text", "other\n", 20),
    ]
