from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from rtm_sdk.cli.declaring import Project, identifiers, moment, parameter


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("k=42", 42),
        ("k=-1", -1),
        ("k=0", 0),
        ("k=true", True),
        ("k=false", False),
        ("k=", ""),
        ("k=042", "042"),
        ("k=1.5", "1.5"),
        ("k=null", "null"),
        ('k={"a": 1}', '{"a": 1}'),
        ("k=a=b:=c@d", "a=b:=c@d"),
        ("k=two\nlines", "two\nlines"),
        ("k=18446744073709551615", 2**64 - 1),
        ("k=18446744073709551616", "18446744073709551616"),
        ("k:=[1, 2]", [1, 2]),
        ("k:=null", None),
        ('k:="42"', "42"),
        ("k:=1.5", 1.5),
    ],
)
def test_parameters(text: str, value: Any) -> None:
    found = parameter(text)
    assert found == ("k", value)
    assert type(found[1]) is type(value)


def test_a_parameter_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "content").write_bytes(b"\x00\xff")
    assert parameter(f"image@{tmp_path / 'content'}") == ("image", b"\x00\xff")


@pytest.mark.parametrize("text", ["k", "=1", "", ":=1", "k:=", "k:={"])
def test_what_is_no_parameter(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        parameter(text)


def test_moments() -> None:
    noon = 1769860800000
    assert moment("2026-01-31T12:00Z") == moment("2026-01-31T14:00:00+02:00") == moment(str(noon)) == noon
    local = datetime.fromtimestamp(noon / 1000)
    assert moment(local.isoformat()) == moment(local.isoformat(" ")) == noon
    assert moment(local.date().isoformat()) == int(datetime(2026, 1, local.day).timestamp() * 1000)
    now = datetime.now(timezone.utc).timestamp() * 1000
    for text, msec in (("90s", 90_000), ("30m", 1_800_000), ("2h", 7_200_000), ("7d", 604_800_000)):
        assert moment(text) == pytest.approx(now - msec, abs=5000)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "1769860800", "20260131", "2026-13-01", "2h30m", "999999999d", "-1h"]
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="write a time such as"):
        moment(text)


def test_ids() -> None:
    assert identifiers("1,2, 9223372036854775807") == [1, 2, 2**63 - 1]
    for text in ("", "1,", "0", "-1", "9223372036854775808", "1e3"):
        with pytest.raises(ArgumentTypeError, match="an id is a positive number"):
            identifiers(text)


def test_a_project_hides_its_secret() -> None:
    assert "s3cret" not in repr(Project(1, "s3cret"))
