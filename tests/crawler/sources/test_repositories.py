"""Registries that are repositories: Docker's, ToolHive's and ToolSDK's, each read out of one tarball."""

import io
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

from crawler.sources import docker, toolhive, toolsdk
from toolcensus.errors import InputError
from toolcensus.records import Tool

SAVED = Path(__file__).parents[2] / "sources"
SEEN = "2026-11-24T00:00:00Z"


def tarball(folder: Path, **more: bytes) -> bytes:
    """Pack a folder as a forge does, below a folder of its own."""
    file = io.BytesIO()
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, data in {**files, **{name.replace("__", "/"): data for name, data in more.items()}}.items():
            entry = tarfile.TarInfo(f"registry-HEAD/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def test_docker_names_an_image_a_folder_and_the_tools() -> None:
    (request,) = docker.start(None, has_key=False)
    found = docker.read(request, tarball(SAVED / "docker"), SEEN)
    kite, tea = found.sightings
    assert (kite.source_id, kite.title, kite.packages) == ("kite", "Kite", ("pkg:docker/mcp/kite",))
    assert kite.repository == "https://github.com/ada/toys/tree/HEAD/servers/kite"
    properties = {
        "metres": {"type": "integer", "description": "How high"},
        "tails": {"type": "array", "items": {"type": "string"}},
    }
    assert kite.tools == (
        Tool(
            name="fly",
            description="Flies a kite.",
            input_schema={"type": "object", "properties": properties},
            annotations={"title": "Fly"},
        ),
        Tool(name="land", description="Brings it down.", input_schema={"type": "object"}),
    )
    assert [flaw.where for flaw in found.flaws] == ["/servers/kite/tools.json/2"]
    assert (tea.repository, tea.remotes, tea.tools) == (None, ("https://tea.example.org/mcp",), None)


def test_toolhive_names_an_image_a_repository_and_the_tools_names() -> None:
    (request,) = toolhive.start(None, has_key=False)
    (kite,) = toolhive.read(request, tarball(SAVED / "toolhive"), SEEN).sightings
    assert kite.packages == ("pkg:docker/ada/kite@1.2.0?repository_url=ghcr.io",)
    assert (kite.repository, kite.website) == ("https://github.com/ada/kite-mcp", "https://kite.example.org")
    assert (kite.licence, kite.status) == ("Apache-2.0", "deprecated")
    assert kite.tools == (Tool(name="fly"), Tool(name="land"))


def test_toolsdk_names_a_package_or_a_remote_and_its_index_the_tools() -> None:
    (request,) = toolsdk.start(None, has_key=False)
    kite, tea = toolsdk.read(request, tarball(SAVED / "toolsdk"), SEEN).sightings
    assert (kite.source_id, kite.name, kite.packages) == ("toys/kite.json", "Kite", ("pkg:npm/%40ada/kite-mcp@1.2.0",))
    assert (kite.repository, kite.licence) == ("https://github.com/ada/kite-mcp", None)
    assert kite.tools == (Tool(name="fly", description="Flies a kite."),)
    assert (tea.packages, tea.remotes, tea.website) == ((), ("https://tea.example.org/mcp",), "https://tea.example.org")


@pytest.mark.parametrize(
    ("source", "file", "text"),
    [
        (docker, "servers__fish__server.yaml", b"name: [fish"),
        (docker, "servers__fish__server.yaml", b"type: server"),
        (toolhive, "registry__fish__spec.yaml", b"tools: fly"),
        (toolsdk, "packages__toys__fish.json", b'{"name": "Fish"}'),
    ],
)
def test_file_that_cannot_be_read_is_a_flaw_and_the_others_stand(source: ModuleType, file: str, text: bytes) -> None:
    (request,) = source.start(None, has_key=False)
    sound = source.read(request, tarball(SAVED / source.NAME), SEEN)
    found = source.read(request, tarball(SAVED / source.NAME, **{file: text}), SEEN)
    assert f"/{file.replace('__', '/')}" in [flaw.where for flaw in found.flaws]
    assert found.sightings == sound.sightings


@pytest.mark.parametrize("source", [docker, toolhive, toolsdk])
def test_digest_changes_with_the_file_and_tarball_of_another_repository_is_refused(source: ModuleType) -> None:
    (request,) = source.start(None, has_key=False)
    digests = [one.digest for one in source.read(request, tarball(SAVED / source.NAME), SEEN).sightings]
    assert all(digest.startswith("sha256:") for digest in digests)
    assert len(set(digests)) == len(digests)
    with pytest.raises(InputError, match="the tarball holds no"):
        source.read(request, tarball(SAVED / "starter"), SEEN)
