"""Packages as people name them, as purls."""

import pytest

from crawler.package_names import image_purl, package_purl


@pytest.mark.parametrize(
    ("ecosystem", "name", "version", "purl"),
    [
        ("npm", "@scope/Kite", "1.2.3", "pkg:npm/%40scope/kite@1.2.3"),
        ("npm", "kite", "latest", "pkg:npm/kite"),
        ("npm", " kite ", None, "pkg:npm/kite"),
        ("pypi", "Kite_MCP.server", "1.0rc1", "pkg:pypi/kite-mcp-server@1.0rc1"),
        ("npm", "https://x.org/kite", None, None),
        ("npm", "../kite", None, None),
        ("pypi", "kite mcp", None, None),
        ("pypi", "", None, None),
    ],
)
def test_package_becomes_a_purl_where_its_registry_could_know_it(
    ecosystem: str, name: str, version: str | None, purl: str | None
) -> None:
    assert package_purl(ecosystem, name, version) == purl


@pytest.mark.parametrize(
    ("reference", "purl"),
    [
        ("mcp/kite", "pkg:docker/mcp/kite"),
        ("alpine", "pkg:docker/alpine"),
        ("ghcr.io/ada/toys/kite:1.2", "pkg:docker/ada/toys/kite@1.2?repository_url=ghcr.io"),
        ("docker.io/mcp/kite:latest", "pkg:docker/mcp/kite@latest"),
        ("localhost:5000/kite@sha256:" + "a" * 64, "pkg:docker/kite?repository_url=localhost:5000"),
        ("not an image", None),
        ("", None),
    ],
)
def test_image_becomes_a_purl_with_its_host_and_tag(reference: str, purl: str | None) -> None:
    assert image_purl(reference) == purl
