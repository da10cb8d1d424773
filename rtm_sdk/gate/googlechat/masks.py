"""Field masks: which fields of a resource a call changes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .bodies import InvalidField, camel_case

__all__ = ["field_at", "masked"]

_FIELD = "updateMask"


def masked(mask: str | None, known: Collection[str], everything: Collection[str] = ()) -> list[str]:
    """The fields a mask names.

    Args:
        mask: paths in camelCase or snake_case, with commas between.
        known: the paths it may name, in camelCase.
        everything: what ``*`` stands for; empty when it is not allowed.

    Returns:
        them in camelCase, each once, in the order of the mask.

    Raises:
        InvalidField: it is missing, or names something else.
    """
    given = [path.strip() for path in (mask or "").split(",")]
    given = [path for path in given if path]
    if not given:
        raise InvalidField(_FIELD, "is required; it may name " + ", ".join(known))
    if "*" in given:
        if not everything:
            raise InvalidField(_FIELD, "* is not allowed here; it may name " + ", ".join(known))
        if len(given) > 1:
            raise InvalidField(_FIELD, "* stands alone")
        return list(everything)
    paths = [camel_case(path) for path in given]
    for path, spelled in zip(paths, given, strict=True):
        if path not in known:
            raise InvalidField(_FIELD, f"{spelled[:64]!r} cannot be changed; it may name " + ", ".join(known))
    return list(dict.fromkeys(paths))


def field_at(body: dict[str, Any], path: str) -> Any:
    """The value of a path in a body that was read; None when it is absent there."""
    value: Any = body
    for name in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value
