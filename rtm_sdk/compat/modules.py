"""The modules of the public SDK, as programs import them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["install"]

_PACKAGES = {"rtm": "rtm_server_client", "fpnn": "client_engine"}
"""The packages, and of each the one module that programs have a reason to import."""

_OF_FPNN = ("ClientEngine", "FPNN_ERROR")


def install() -> None:
    """Make `import rtm` and `import fpnn` mean `rtm_sdk.compat`, in this process, from now on.

    Their modules `rtm.rtm_server_client` and `fpnn.client_engine` are there too; to import another one is the usual
    `ModuleNotFoundError`. A second call changes nothing.

    Raises:
        ImportError: another `rtm` or `fpnn` is imported already; the text says from where.
    """
    from .. import compat

    names = {"rtm": [name for name in compat.__all__ if name != "install"], "fpnn": _OF_FPNN}
    found = {name: sys.modules[name] for name in _PACKAGES if name in sys.modules}
    for name, module in found.items():
        if not isinstance(module, _Module):
            where = getattr(module, "__file__", None) or "an unknown place"
            raise ImportError(f"{name} is imported already, from {where}: call rtm_sdk.compat.install() before that")
    for name, inner in _PACKAGES.items():
        if name not in found:
            package = _Module(name, compat, names[name], is_package=True)
            module = _Module(f"{name}.{inner}", compat, names[name])
            setattr(package, inner, module)
            sys.modules.update({package.__name__: package, module.__name__: module})


class _Module(ModuleType):
    """A module with some names of another one."""

    def __init__(self, name: str, source: ModuleType, names: Iterable[str], *, is_package: bool = False) -> None:
        super().__init__(name, source.__doc__)
        self.__spec__ = ModuleSpec(name, None, origin=source.__name__, is_package=is_package)
        self.__package__ = name if is_package else name.rpartition(".")[0]
        if is_package:
            self.__path__: list[str] = []
        self.__all__ = [*names]
        vars(self).update({each: getattr(source, each) for each in names})
