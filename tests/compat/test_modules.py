from __future__ import annotations

from pathlib import Path

from ..scripts import run_script


def test_names_are_those_of_compat() -> None:
    done = run_script(
        """
        import importlib.util
        import rtm_sdk.compat
        rtm_sdk.compat.install()
        rtm_sdk.compat.install()

        import fpnn, fpnn.client_engine, rtm, rtm.rtm_server_client
        from rtm import SendMessageCallback
        for module in (rtm, fpnn, rtm.rtm_server_client, fpnn.client_engine):
            for name in module.__all__:
                assert getattr(module, name) is getattr(rtm_sdk.compat, name), name
            assert importlib.util.find_spec(module.__name__) is module.__spec__
        assert set(rtm.__all__) == set(rtm_sdk.compat.__all__) - {"install"}
        assert set(fpnn.__all__) == {"ClientEngine", "FPNN_ERROR"}
        assert SendMessageCallback is rtm_sdk.compat.SendMessageCallback
        """
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_unknown_is_not_there() -> None:
    done = run_script(
        """
        import rtm_sdk.compat
        rtm_sdk.compat.install()
        for line in (
            "from rtm import Unknown",
            "import rtm.unknown",
            "import rtm.client",
            "from fpnn.tcp_client import TCPClient",
            "from fpnn import RTMServerClient",
        ):
            try:
                exec(line)
            except ImportError as error:
                print(type(error).__name__)
        import rtm
        try:
            rtm.install
        except AttributeError as error:
            print(error)
        """
    )
    assert done.stdout.splitlines() == [
        "ImportError",
        "ModuleNotFoundError",
        "ModuleNotFoundError",
        "ModuleNotFoundError",
        "ImportError",
        "module 'rtm' has no attribute 'install'",
    ]


def test_another_module_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "fpnn.py").write_text("")
    done = run_script(
        """
        import sys
        sys.path.insert(0, sys.argv[1])
        import fpnn, rtm_sdk.compat
        try:
            rtm_sdk.compat.install()
        except ImportError as error:
            print(error)
        assert sys.modules["fpnn"] is fpnn and "rtm" not in sys.modules
        """,
        str(tmp_path),
    )
    assert done.stdout.startswith(f"fpnn is imported already, from {tmp_path / 'fpnn.py'}: call"), done.stderr


def test_before_another_one_that_could_be_imported(tmp_path: Path) -> None:
    (tmp_path / "rtm.py").write_text("raise SystemExit('the other one')")
    done = run_script(
        """
        import sys
        sys.path.insert(0, sys.argv[1])
        import rtm_sdk.compat
        rtm_sdk.compat.install()
        import rtm
        print(rtm.RTM_SDK_VERSION)
        """,
        str(tmp_path),
    )
    assert (done.stdout, done.stderr) == ("2.2.6\n", "")


def test_sdk_does_not_load_it() -> None:
    done = run_script("import sys, rtm_sdk.rtm.client; assert 'rtm_sdk.compat' not in sys.modules")
    assert (done.returncode, done.stderr) == (0, "")


def test_does_not_load_what_it_does_not_need() -> None:
    done = run_script(
        "import sys, rtm_sdk.compat; print({'cryptography', 'requests', 'rtm_sdk.gate'} & set(sys.modules))"
    )
    assert done.stdout == "set()\n"
