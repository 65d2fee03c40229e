"""MCP bundles: which purl names one, and what is read of its zip file."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from crawler.bundle import Bundle, bundle_purl, find_bundle, read_manifest
from toolcensus.errors import InputError

URL = "https://a.example/owner/repo/releases/download/v1/files.mcpb"


def bundle(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def test_bundle_is_named_by_its_place_and_found_by_its_purl() -> None:
    purl = bundle_purl(URL, "1.0", "AB" * 32)
    assert purl == f"pkg:generic/a.example/owner/repo/files@1.0?checksum=sha256:{'ab' * 32}&download_url={URL}"
    assert find_bundle(purl) == Bundle(url=URL, integrity=f"sha256:{'ab' * 32}")


@pytest.mark.parametrize(
    "url", ["https://a.example/x.zip", "files.mcpb", "https://a.example/.mcpb", "http://[::1/x.mcpb"]
)
def test_other_files_are_no_bundles(url: str) -> None:
    assert bundle_purl(url, None, None) is None


@pytest.mark.parametrize(
    "package", ["pkg:npm/a", "words", "pkg:generic/a", "pkg:generic/a?download_url=http://[::1.mcpb"]
)
def test_other_packages_are_no_bundles(package: str) -> None:
    assert find_bundle(package) is None


def test_only_the_manifest_is_read(tmp_path: Path) -> None:
    path = bundle(tmp_path / "b", {"server/index.js": b"x" * 100, "manifest.json": b'{"name":"files"}'})
    assert read_manifest(path) == b'{"name":"files"}'


def test_bundle_without_a_manifest_or_with_a_huge_one_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no manifest\.json"):
        read_manifest(bundle(tmp_path / "b", {"other/manifest.json": b"{}"}))
    with pytest.raises(InputError, match=r"its manifest\.json has 3000000 bytes"):
        read_manifest(bundle(tmp_path / "c", {"manifest.json": bytes(3_000_000)}))


def test_bomb_and_endless_list_of_members_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a bomb"):
        read_manifest(bundle(tmp_path / "b", {"x": bytes(80_000_000), "manifest.json": b"{}"}))
    body = bytearray(bundle(tmp_path / "c", {"manifest.json": b"{}"}).read_bytes())
    struct.pack_into("<I", body, body.rindex(b"PK\x05\x06") + 12, 100_000_000)
    (tmp_path / "c").write_bytes(body)
    with pytest.raises(InputError, match="lists members in more than"):
        read_manifest(tmp_path / "c")


@pytest.mark.parametrize("body", [b"", b"<html>", b"PK\x05\x06", io.BytesIO(b"PK\x03\x04" + bytes(200)).getvalue()])
def test_what_is_no_zip_file_is_said(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "b").write_bytes(body)
    with pytest.raises(InputError, match="no zip file that can be read"):
        read_manifest(tmp_path / "b")
