"""The table of methods against the description of the API, and the way from a path to a method."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rtm_sdk.gate.googlechat.api import API, ApiMethod
from rtm_sdk.gate.googlechat.methods import find_method, method
from rtm_sdk.gate.googlechat.schemas import schema_of
from rtm_sdk.googlechat import resources

DESCRIPTION = json.loads((Path(__file__).parents[2] / "googlechat" / "methods.json").read_text(encoding="utf-8"))
DESCRIBED: dict[str, Any] = {each["id"]: each for each in DESCRIPTION}


def example_path(api_method: ApiMethod) -> str:
    """A path of a method, and the value each variable has there."""
    path = api_method.path
    while "{" in path:
        before, _, rest = path.partition("{")
        variable, _, after = rest.partition("}")
        path = before + variable.partition("=")[2].replace("**", "a/b").replace("*", "x.Y-1") + after
    return path


def test_all_methods_are_there() -> None:
    assert {each.id for each in API} == set(DESCRIBED)


@pytest.mark.parametrize("api_method", API, ids=lambda each: each.id)
def test_a_method_is_as_described(api_method: ApiMethod) -> None:
    described = DESCRIBED[api_method.id]
    params = described["params"]
    assert api_method.verb == described["http"]
    assert api_method.query == {each["name"] for each in params if each["in"] == "query"}
    assert api_method.scopes and api_method.callers <= {"app", "user"} and api_method.callers
    template = described["path"]
    for each in params:
        if each["in"] == "path":
            pattern = each["pattern"].strip("^$").replace("[^/]+", "*").replace(".*", "**")
            template = template.replace(f"{{+{each['name']}}}", f"{{{each['name']}={pattern}}}")
    assert api_method.path == template


@pytest.mark.parametrize("api_method", API, ids=lambda each: each.id)
def test_a_path_leads_to_its_method(api_method: ApiMethod) -> None:
    found = find_method(api_method.verb, example_path(api_method))
    assert found is not None
    assert found[0].id == api_method.id
    assert all("x.Y-1" in value or value == "a/b" for value in found[1].values())


def test_variables_are_decoded() -> None:
    found = find_method("GET", "v1/customEmojis/%3Asm%C3%AFle%3A")
    assert found is not None
    assert (found[0].id, found[1]) == ("customEmojis.get", {"name": "customEmojis/:smïle:"})


@pytest.mark.parametrize(
    "path", ["v1/spaces/a/messages/b/c", "v1/spaces//messages", "v1/spaces/a:b:c/d", "spaces/a", ""]
)
def test_a_path_of_nobody(path: str) -> None:
    assert find_method("GET", path) is None


def test_a_method_has_one_handler() -> None:
    with pytest.raises(ValueError, match=r"two handlers for spaces\.messages\.get"):
        method("spaces.messages.get")(lambda call: {})
    with pytest.raises(ValueError, match="the API has no nonsense"):
        method("nonsense")


@pytest.mark.parametrize("name", resources.__all__)
def test_every_resource_has_a_schema(name: str) -> None:
    assert set(schema_of(name)) == set(getattr(resources, name).__annotations__)
