from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from rtm_sdk.terminal import Column, Row, Terminal, one_line, per_second, seconds, size

ROOT = Path(__file__).parent.parent
COLUMNS = (Column("step", numeric=False), Column("sent"), Column("rate"))
ROWS = (Row(("to a room", "3", "1,200/s"), good=True), Row(("burst [1]", "1,000", ""), good=False))


def test_table_in_a_pipe_is_aligned_ascii_without_trailing_blanks() -> None:
    out = io.StringIO()
    Terminal(out).table(COLUMNS, ROWS)
    assert out.getvalue() == textwrap.dedent("""\
              step        sent     rate
        ----  ---------  -----  -------
        ok    to a room      3  1,200/s
        FAIL  burst [1]  1,000
        """)


def test_rows_that_are_neither_success_nor_failure_have_no_mark() -> None:
    out = io.StringIO()
    Terminal(out).table(COLUMNS, [Row(("a", "1", "2/s"))])
    assert out.getvalue() == "step  sent  rate\n----  ----  ----\na        1   2/s\n"


def test_table_without_rows() -> None:
    out = io.StringIO()
    Terminal(out).table(COLUMNS, ())
    assert out.getvalue() == "step  sent  rate\n----  ----  ----\n"


def test_progress_and_verdict_in_a_pipe() -> None:
    out = io.StringIO()
    terminal = Terminal(out)
    with terminal.progress("sending", 10) as advance:
        advance(10)
    terminal.verdict("done", True)
    assert out.getvalue() == "done\n"


def on_a_terminal(*before: str) -> str:
    """What a program shows that draws a progress bar, a table and a verdict on a terminal."""
    pty = pytest.importorskip("pty")
    program = "\n".join(
        (
            "import sys",
            *before,
            "from rtm_sdk.terminal import Terminal, size",
            "from tests.test_terminal import COLUMNS, ROWS",
            "terminal = Terminal()",
            "with terminal.progress('sending', 2048, size) as advance:",
            "    for done in range(0, 2049, 64): advance(done)",
            "terminal.table(COLUMNS, ROWS)",
            "terminal.verdict('NOT everything', False)",
        )
    )
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    environment.pop("NO_COLOR", None)
    try:
        with subprocess.Popen([sys.executable, "-c", program], stdout=theirs, env=environment, cwd=ROOT) as process:
            os.close(theirs)
            shown = b""
            while True:
                try:
                    piece = os.read(ours, 65536)
                except OSError:  # Linux says EIO when the other end is closed
                    break
                if not piece:
                    break
                shown += piece
        assert process.returncode == 0
    finally:
        os.close(ours)
    return shown.decode()


def test_rich_draws_on_a_terminal() -> None:
    shown = on_a_terminal()
    assert "\x1b[" in shown
    assert "2.0 KiB of 2.0 KiB" in shown
    assert "burst [1]" in shown  # no markup in what is shown
    assert "\N{CHECK MARK}" in shown
    assert "NOT everything" in shown


def test_rich_takes_nothing_in_a_text_for_markup_and_wraps_where_it_may() -> None:
    shown = on_a_terminal(
        "from rtm_sdk.terminal import Column, Row, Terminal",
        "terminal = Terminal()",
        "with terminal.progress('sending [/red].txt', 1) as advance: advance(1)",
        "terminal.table([Column('text', numeric=False, wraps=True)], [Row(['[/red] :smile: ' + 'x' * 120 + 'end'])])",
    )
    assert "sending [/red].txt" in shown
    assert "[/red] :smile:" in shown
    assert "xend" in shown


def test_without_rich_a_terminal_gets_a_plain_bar() -> None:
    shown = on_a_terminal("sys.modules['rich'] = None", "sys.modules['rich.console'] = None")
    assert "\x1b[" not in shown
    assert f"\rsending [{'#' * 28}] 2.0 KiB of 2.0 KiB" in shown
    assert "to a room      3  1,200/s" in shown


def test_a_dumb_terminal_gets_plain_text() -> None:
    assert "\x1b[" not in on_a_terminal("import os", "os.environ['TERM'] = 'dumb'")


def test_numbers_for_people() -> None:
    assert [size(count) for count in (0, 812, 4096, 4 * 2**20, 3 * 2**30)] == [
        "0 B",
        "812 B",
        "4.0 KiB",
        "4.0 MiB",
        "3.0 GiB",
    ]
    assert [seconds(duration) for duration in (0.0008, 0.035, 1.244)] == ["0.8 ms", "35 ms", "1.24 s"]
    assert per_second(12_400, 1.0) == "12,400/s"
    assert per_second(2**20, 0.5, size) == "2.0 MiB/s"
    assert per_second(0, 1.0) == per_second(1, 0.0) == ""


def test_one_line() -> None:
    assert one_line("a\nb\x1b[31m\x9b\u202ec\\") == r"a\nb\x1b[31m\x9b\u202ec" + "\\"
    assert one_line("\N{WOMAN}\u200d\N{ROCKET}") == "\N{WOMAN}\u200d\N{ROCKET}"


def test_what_the_stream_cannot_encode_stands_as_an_escape() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Terminal(out).line("caf\N{LATIN SMALL LETTER E WITH ACUTE}")
    out.seek(0)
    assert out.read() == "caf\\xe9\n"
