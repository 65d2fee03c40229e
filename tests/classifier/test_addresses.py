"""An address is a string with which the caller chooses where on the network a call goes."""

from typing import Any

import pytest

from classifier.addresses import addresses_of
from classifier.schema import parameters_of


def found(name: str, schema: dict[str, Any]) -> bool:
    return bool(list(addresses_of(parameters_of({"properties": {name: schema}}))))


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("url", {"type": "string"}),
        ("urls", {"type": "array", "items": {"type": "string"}}),
        ("imageUrl", {"type": "string", "description": "The image to convert"}),
        ("host", {"type": "string"}),
        ("image", {"type": "string", "description": "URL of the image"}),
        ("connection_string", {"type": "string"}),
    ],
)
def test_any_url_or_host_is_an_address(name: str, schema: dict[str, Any]) -> None:
    assert found(name, schema)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("url", {"type": "string", "description": "URL of the YouTube video"}),
        ("url", {"type": "string", "enum": ["https://a.example", "https://b.example"]}),
        ("url", {"type": "object"}),
        ("redirect_uri", {"type": "string"}),
        ("image", {"type": "string", "description": "Name of the image"}),
        ("urlId", {"type": "string"}),
    ],
)
def test_a_fixed_site_a_choice_or_something_stored_is_none(name: str, schema: dict[str, Any]) -> None:
    assert not found(name, schema)
