from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .pages import DOCS, ROOT, pages

CONFIGURATION = DOCS / "site" / "mkdocs.yml"


@pytest.mark.slow
def test_builds_without_warnings(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason='the extra "docs" is not installed')
    site = tmp_path / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(CONFIGURATION), "-d", str(site)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # advertising, of the theme
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    reference = (site / "reference" / "rtm.html").read_text(encoding="utf-8")
    assert 'id="rtm_sdk.rtm.messages.Messages.send_message"' in reference
    assert "Operation[" not in reference  # operations are shown as they are called


def test_each_page_is_in_the_navigation() -> None:
    configuration = CONFIGURATION.read_text(encoding="utf-8")
    own = [page.relative_to(DOCS).as_posix() for page in pages() if DOCS in page.parents]
    assert len(own) > 20
    assert [page for page in own if f": {page}\n" not in configuration] == []
