from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import pytest

from rtm_sdk import __version__

ROOT = Path(__file__).parent.parent
FILES = {"setup.py", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "MANIFEST.in"}
FOLDERS = {"rtm_sdk", "tests", "docs", "samples"}
RUBBISH = ("__pycache__", "*.pyc", ".*", "*.egg-info")

EXTRAS = {"cli", "gate", "django", "docs", "test"}
"""Those that there are at least. `.ci/run` installs each that the wheel names."""

LARGEST_WHEEL = 750_000
LARGEST_SDIST = 1_250_000

REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?(>=[0-9.]+)?( *;.*)?")


class Built(NamedTuple):
    """What is uploaded."""

    wheel: Path
    sdist: Path


def build(sources: Path, folder: Path, *kinds: str) -> None:
    """Build offline, with the setuptools of this environment. What it warns of is an error."""
    hooks = "; ".join(f"build.build_{kind}({str(folder)!r})" for kind in kinds)
    program = f"import setuptools.build_meta as build; {hooks}"
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", program], cwd=sources, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Wheel and sdist, built from a copy of the sources: a build leaves files in its folder."""
    try:
        major, minor = map(int, version("setuptools").split(".")[:2])
    except PackageNotFoundError:
        pytest.skip("setuptools is not installed here, so that nothing can be built offline")
    if (major, minor) < (70, 1):
        pytest.skip(f"setuptools {major}.{minor} cannot build a wheel on its own; 70.1 can")
    folder = tmp_path_factory.mktemp("packaging")
    sources = folder / "sources"
    sources.mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, sources)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, sources / name, ignore=shutil.ignore_patterns(*RUBBISH))
    build(sources, folder, "sdist", "wheel")
    return Built(next(folder.glob("*.whl")), next(folder.glob("*.tar.gz")))


@pytest.fixture
def wheel(built: Built) -> Path:
    return built.wheel


def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def extras(wheel: Path) -> set[str]:
    return set(metadata(wheel).get_all("Provides-Extra", []))


class TestWheel:
    def test_is_pure_and_holds_every_module_and_the_types(self, wheel: Path) -> None:
        assert wheel.name == f"rtm_sdk-{__version__}-py3-none-any.whl"
        sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "rtm_sdk").rglob("*.py*")}
        sources = {name for name in sources if name.endswith((".py", ".pyi"))}
        assert members(wheel) == sources | {"rtm_sdk/py.typed"}
        assert "rtm_sdk/rtm/operations.pyi" in sources

    def test_is_small(self, built: Built) -> None:
        assert built.wheel.stat().st_size <= LARGEST_WHEEL
        assert built.sdist.stat().st_size <= LARGEST_SDIST

    def test_core_requires_exactly_three_distributions(self, wheel: Path) -> None:
        requirements = metadata(wheel).get_all("Requires-Dist", [])
        core = {requirement.split(">=")[0] for requirement in requirements if "extra ==" not in requirement}
        assert core == {"requests", "msgpack", "cryptography"}

    def test_metadata(self, wheel: Path) -> None:
        found = metadata(wheel)
        assert (found["Name"], found["Version"], found["Requires-Python"]) == ("rtm-sdk", __version__, ">=3.10")
        assert found["Description-Content-Type"] == "text/markdown"
        assert "MIT" in (found["License-Expression"] or found["License"])

    def test_entry_points_lead_somewhere(self, wheel: Path) -> None:
        points = configparser.ConfigParser(delimiters="=")
        with zipfile.ZipFile(wheel) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
            points.read_string(archive.read(name).decode())
        assert dict(points["console_scripts"]) == {"rtm": "rtm_sdk.cli:main"}
        assert list(points["pytest11"].values()) == ["rtm_sdk.pytest_plugin"]
        modules = {value.partition(":")[0].replace(".", "/") for each in points.values() for value in each.values()}
        held = members(wheel)
        assert all(f"{module}.py" in held or f"{module}/__init__.py" in held for module in modules)


class TestExtras:
    def test_are_there(self, wheel: Path) -> None:
        assert extras(wheel) >= EXTRAS

    def test_say_the_oldest_version_and_never_the_newest(self, wheel: Path) -> None:
        """Who installs the SDK beside something else must be able to have that in its newest version."""
        requirements = metadata(wheel).get_all("Requires-Dist", [])
        assert len(requirements) > len(EXTRAS)
        assert [each for each in requirements if not REQUIREMENT.fullmatch(each)] == []

    def test_that_texts_name_exist(self, wheel: Path) -> None:
        """In `pip install "rtm-sdk[gate]"`, as pages and error texts say it."""
        named = set()
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "rtm_sdk").rglob("*.py")]:
            for group in re.findall(r"rtm-sdk\[([a-z, ]+)\]", path.read_text(encoding="utf-8")):
                named |= {name.strip() for name in group.split(",")}
        assert "gate" in named
        assert named <= extras(wheel)


class TestSdist:
    def test_holds_what_the_repository_holds(self, built: Built) -> None:
        with tarfile.open(built.sdist) as archive:
            names = {name.partition("/")[2] for name in archive.getnames()}
        assert names >= FILES
        listed = subprocess.run(["git", "ls-files", *FOLDERS], cwd=ROOT, capture_output=True, text=True)
        if listed.returncode or not listed.stdout:
            pytest.skip("not a git checkout with files in it")
        there = {name for name in listed.stdout.splitlines() if (ROOT / name).exists() and "/." not in name}
        assert there - names == set()

    @pytest.mark.slow
    def test_gives_the_same_wheel(self, built: Built, tmp_path: Path) -> None:
        with tarfile.open(built.sdist) as archive:
            archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.10 before 3.10.12 has none
            archive.extractall(tmp_path)
        (sources,) = tmp_path.iterdir()
        build(sources, tmp_path, "wheel")
        (again,) = tmp_path.glob("*.whl")
        assert members(again) == members(built.wheel)
        assert metadata(again).as_string() == metadata(built.wheel).as_string()


def pythons() -> Iterator[Path]:
    """A Python of each version from 3.10 on: those of pyenv, and those on PATH."""
    seen = set()
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    folders = [*sorted(versions.glob("*/bin")), *map(Path, os.get_exec_path())]
    for folder in folders:
        for path in sorted(folder.glob("python3.*")):
            if (
                path.name not in seen
                and re.fullmatch(r"python3\.[1-9][0-9]", path.name)
                and folder.name != "shims"
                and os.access(path, os.X_OK)
            ):
                seen.add(path.name)
                yield path


INSTALLED = """
import compileall, importlib.metadata, pathlib, sys, warnings
import rtm_sdk

warnings.simplefilter("error")
folder = pathlib.Path(rtm_sdk.__file__).parent
assert pathlib.Path(sys.prefix) in folder.parents, folder
assert importlib.metadata.version("rtm-sdk") == rtm_sdk.__version__
assert compileall.compile_dir(folder, quiet=1, force=True), "not all of it is Python of this version"
print(rtm_sdk.ErrorCode(20003).name)
"""


@pytest.mark.slow
@pytest.mark.parametrize("python", [pytest.param(path, id=path.name) for path in pythons()])
def test_installs_on_every_python_that_is_here(python: Path, wheel: Path, tmp_path: Path) -> None:
    """Into an environment of its own, without the network: `.ci/run` installs it with all that it requires."""
    made = subprocess.run([python, "-I", "-m", "venv", tmp_path / "venv"], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"{python} cannot make an environment: {made.stdout}{made.stderr}")
    own = str(tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python")
    pip = [own, "-I", "-m", "pip", "--disable-pip-version-check", "install", "--no-compile"]
    installed = subprocess.run([*pip, "--no-index", "--no-deps", wheel], capture_output=True, text=True)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    used = subprocess.run([own, "-I", "-c", INSTALLED], cwd=tmp_path, capture_output=True, text=True)
    assert used.stdout == "FPNN_EC_CORE_TIMEOUT\n", used.stdout + used.stderr


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
    assert {name for name in top if not name.startswith(".")} <= FILES | FOLDERS
