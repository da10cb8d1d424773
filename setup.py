from pathlib import Path

from setuptools import find_packages, setup

here = Path(__file__).parent

gate = ["aiohttp>=3.9", "rich>=13"]

setup(
    name="rtm-sdk",
    version="0.1.0",
    description="Chat messages, files, rooms and groups over RTM, with a local server to develop and test against",
    long_description=(here / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author="rtm_sdk authors",
    license="MIT",
    packages=find_packages(include=["rtm_sdk", "rtm_sdk.*"]),
    package_data={"": ["py.typed", "*.pyi"]},
    python_requires=">=3.10",
    install_requires=["requests>=2.31", "msgpack>=1.0.4", "cryptography>=41"],
    extras_require={
        "cli": ["rich>=13"],
        "gate": gate,
        "django": ["django>=4.2"],
        "docs": ["mkdocs-material>=9.6", "mkdocstrings>=1.0", "mkdocstrings-python>=2.0"],
        "test": [
            *gate,
            "django>=4.2",
            "gunicorn>=21; sys_platform != 'win32'",  # serves the Django sample
            "hypothesis>=6.100",
            "mypy>=1.11",
            "pytest>=8.2",
            "pytest-xdist>=3.5",  # the tests on two processors
            "ruff>=0.6",
            "setuptools>=70.1",  # the packaging test builds a wheel without the network
            "types-requests",
        ],
    },
    entry_points={
        "console_scripts": ["rtm = rtm_sdk.cli:main"],
        "pytest11": ["rtm_sdk.pytest_plugin = rtm_sdk.pytest_plugin"],
    },
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Framework :: Django",
        "Intended Audience :: Developers",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Communications :: Chat",
        "Typing :: Typed",
    ],
)
