from __future__ import annotations

from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from rtm_sdk.googlechat import resources

from .contract import SCHEMAS

PLAIN: dict[str, Any] = {
    "string": str,
    "timestamp": str,
    "duration": str,
    "int64(string)": str,
    "bytes(base64)": str,
    "boolean": bool,
    "int32": int,
    "float": float,
    "double": float,
    "object": dict[str, Any],
}


def expected(kind: str | list[str]) -> Any:
    """The type of a field, for its type in the documentation."""
    if isinstance(kind, list):
        return kind
    if kind.endswith("[]"):
        return list[expected(kind[:-2])]  # type: ignore[misc]
    return PLAIN[kind] if kind in PLAIN else getattr(resources, kind)


def test_all_resources_are_there() -> None:
    assert sorted(resources.__all__) == sorted(SCHEMAS)
    assert len(SCHEMAS) == 184
    assert sum(map(len, SCHEMAS.values())) == 574


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_field_has_its_type(name: str) -> None:
    found = getattr(resources, name)
    assert found.__doc__
    assert found.__total__ is False
    hints = get_type_hints(found)
    shown = {
        field: list(get_args(hint)) if get_origin(hint) is Literal else hint
        for field, hint in hints.items()
    }  # fmt: skip
    assert shown == {field: expected(kind) for field, kind in SCHEMAS[name].items()}
