from __future__ import annotations

import re
from pathlib import Path

from .shop import SAMPLE, manage, server


def test_its_own_tests(tmp_path: Path) -> None:
    assert re.search(r"^Ran 6 tests in .*\n\nOK$", manage(tmp_path, "test"), re.MULTILINE)


def test_its_migrations_are_complete(tmp_path: Path) -> None:
    assert "No changes detected" in manage(tmp_path, "makemigrations", "--check", "--dry-run")


def test_the_line_that_runs_it(tmp_path: Path) -> None:
    (line,) = re.findall(r"^    (python .* runserver)$", (SAMPLE / "manage.py").read_text(), re.MULTILINE)
    with server(f"{line} 127.0.0.1:0", tmp_path, None) as running:
        status, page = running.request("GET", "/buyers/2001/")
        assert (status, "Nothing yet." in page) == (200, True)
        assert running.request("POST", "/buyers/2001/", item="green tea", quantity=3)[0] == 302
        status, page = running.request("POST", "/buyers/2001/", item="black tea", quantity=11)
        assert (status, "We have only 10." in page) == (409, True)
        _, page = running.request("GET", "/buyers/2001/")
        assert "<li>Order 1: 3 x green tea. Thank you!</li>" in page
        assert "black tea" not in page
