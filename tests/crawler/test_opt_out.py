"""Who asked not to be asked, by what they wrote, and what of others is not meant by it."""

from pathlib import Path

import pytest

from crawler.opt_out import SHIPPED, OptOut, load_opt_out, read_opt_out
from toolcensus.errors import InputError

LIST = read_opt_out(
    b"""
hosts = ["Kite.example"]
repositories = ["github.com/Ada/weather", "gitlab.com/quiet"]
packages = ["pkg:npm/%40ada/weather", "pkg:pypi/Ada_Weather"]
remotes = ["https://mcp.tea.example/one/"]
"""
)


@pytest.mark.parametrize(
    "place",
    [
        "https://kite.example/any/page",
        "https://mcp.kite.example:8443/",
        "git+https://github.com/ada/Weather.git",
        "https://raw.githubusercontent.com/ada/weather/HEAD/README.md",
        "https://github.com/ada/weather/tree/main/servers/one",
        "https://gitlab.com/quiet/anything",
        "pkg:npm/%40ada/weather@1.2.0",
        "pkg:pypi/ada-weather",
        "http://mcp.tea.example:80/one?utm_source=x",
    ],
)
def test_what_is_on_the_list_is_covered_however_it_is_written(place: str) -> None:
    assert LIST.covers(place)


@pytest.mark.parametrize(
    "place",
    [
        "https://notkite.example/",
        "https://kite.example.org/",
        "https://github.com/ada/other",
        "https://github.com/bob/weather",
        "pkg:npm/weather",
        "pkg:pypi/ada-weather-two",
        "https://mcp.tea.example/two",
        "https://[broken",
        "no address at all",
    ],
)
def test_neighbours_and_namesakes_are_not_covered(place: str) -> None:
    assert not LIST.covers(place)


def test_server_is_covered_where_one_of_its_places_is() -> None:
    assert LIST.covers_any([None, "pkg:npm/other", "https://github.com/ada/weather"])
    assert not LIST.covers_any([None, "pkg:npm/other"])


def test_list_that_travels_with_the_program_can_be_read_and_one_of_ones_own_is_added(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('hosts = ["own.example"]')
    joined = load_opt_out([own])
    assert read_opt_out(SHIPPED.read_bytes()) | OptOut(hosts=frozenset({"own.example"})) == joined
    assert joined.covers("https://own.example/")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (b"hosts = [", "is no TOML"),
        (b"\xff", "is no TOML"),
        (b'host = ["a.example"]', "has no host"),
        (b'hosts = ["https://a.example/"]', "'https://a.example/' under hosts"),
        (b'packages = ["weather"]', "'weather' under packages"),
        (b'repositories = ["github.com"]', "'github.com' under repositories"),
        (b"remotes = [1]", "under remotes"),
        (b'remotes = "tea"', "'tea' under remotes"),
    ],
)
def test_list_with_a_mistake_is_refused_rather_than_passed_over(document: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_opt_out(document)


def test_list_of_ones_own_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        load_opt_out([tmp_path / "none.toml"])
