from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from rtm_sdk import __version__

ROOT = Path(__file__).parent.parent
SOURCES = ("setup.py", "pyproject.toml", "README.md", "LICENSE", "MANIFEST.in", "rtm_sdk")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline from a copy of the sources (a build leaves files in its folder)."""
    try:
        major, minor = map(int, version("setuptools").split(".")[:2])
    except PackageNotFoundError:
        pytest.skip("setuptools is not installed here, so that no wheel can be built offline")
    if (major, minor) < (70, 1):
        pytest.skip(f"setuptools {major}.{minor} cannot build a wheel on its own; 70.1 can")
    folder = tmp_path_factory.mktemp("packaging")
    sources = folder / "sources"
    sources.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, sources)
    command = [sys.executable, "-m", "pip", "wheel", "--no-index", "--no-deps", "--no-build-isolation", str(sources)]
    built = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = folder.glob("*.whl")
    return found


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def test_wheel_is_pure_and_holds_every_module_and_the_types(wheel: Path) -> None:
    assert wheel.name == f"rtm_sdk-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "rtm_sdk").rglob("*.py")}
    assert names == sources | {"rtm_sdk/py.typed"}


def test_core_requires_exactly_three_distributions(wheel: Path) -> None:
    requirements = metadata(wheel).get_all("Requires-Dist", [])
    core = {requirement.split(">=")[0] for requirement in requirements if "extra ==" not in requirement}
    assert core == {"requests", "msgpack", "cryptography"}


def test_metadata(wheel: Path) -> None:
    found = metadata(wheel)
    assert (found["Name"], found["Version"], found["Requires-Python"]) == ("rtm-sdk", __version__, ">=3.10")
    assert set(found.get_all("Provides-Extra", [])) == {"cli", "gate", "docs", "test"}
    assert found["Description-Content-Type"] == "text/markdown"
    assert "MIT" in (found["License-Expression"] or found["License"])


def test_console_script(wheel: Path) -> None:
    scripts = configparser.ConfigParser()
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        scripts.read_string(archive.read(name).decode())
    assert dict(scripts["console_scripts"]) == {"rtm": "rtm_sdk.cli:main"}


def test_import_is_light() -> None:
    program = (
        "import sys, rtm_sdk\n"
        "heavy = {'requests', 'cryptography', 'aiohttp', 'asyncio', 'sqlite3', 'rich', 'rtm_sdk.gate'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_top_level_holds_what_it_may() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode or not listed.stdout:
        pytest.skip("not a git checkout with files in it")
    top = {name.split("/")[0] for name in listed.stdout.splitlines()}
    files = {"setup.py", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "MANIFEST.in"}
    assert {name for name in top if not name.startswith(".")} <= files | {"rtm_sdk", "tests", "docs", "samples"}
