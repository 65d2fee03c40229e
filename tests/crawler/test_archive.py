"""Reading artefacts: what is kept of good ones, and the clear line that a bad one gets. Nothing is ever unpacked."""

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from crawler.archive import decode, read_tree
from crawler.members import Limits, UnsafeArchiveError, safe_path
from toolcensus.errors import InputError, LimitError

WANTED = (".js", ".py", ".ts")


def tarball(path: Path, *members: tuple[str, bytes] | tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member in members:
            info = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member[0])
            body = b"" if isinstance(member, tarfile.TarInfo) else member[1]
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return path


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return path


def link(name: str, kind: bytes, target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def test_npm_tarball_loses_its_top_folder_and_says_what_it_starts(tmp_path: Path) -> None:
    manifest = b'{"name": "@a/files", "bin": {"files": "./dist/cli.js"}, "main": "dist/index"}'
    path = tarball(
        tmp_path / "any-name",
        ("package/package.json", manifest),
        ("package/dist/cli.js", b"import './index.js'"),
        ("package/dist/index.js", b"server.tool('read')"),
        ("package/dist/index.d.ts", b"export {}"),
        ("package/README.md", b"# read\n"),
        ("package/node_modules/zod/index.js", b"another package"),
    )
    tree, notes = read_tree(path, WANTED)
    assert sorted(tree.files) == ["dist/cli.js", "dist/index.js", "package.json"]
    assert (tree.package, tree.ecosystem, tree.entry_points) == ("@a/files", "npm", ("dist/cli.js", "dist/index.js"))
    assert notes == ()


def test_wheel_is_told_by_its_bytes_and_its_data_folder_is_where_it_would_be_installed(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "wheel-without-its-name",
        ("mcp_files/server.py", b"def main(): ..."),
        ("mcp_files/__main__.py", b"main()"),
        ("mcp_files-1.0.data/purelib/mcp_more/tools.py", b""),
        ("mcp_files-1.0.dist-info/METADATA", b"Name: mcp-files\nRequires-Dist: mcp>=2\n\nReadme"),
        ("mcp_files-1.0.dist-info/entry_points.txt", b"[console_scripts]\nmcp-files = mcp_files.server:main\n"),
    )
    tree, _ = read_tree(path, WANTED)
    assert "mcp_more/tools.py" in tree.files
    assert (tree.package, tree.ecosystem) == ("mcp-files", "pypi")
    assert tree.entry_points == ("mcp_files.server:main", "mcp_files/__main__.py")


def test_sdist_loses_its_top_folder(tmp_path: Path) -> None:
    path = tarball(
        tmp_path / "mcp_files-1.0.tar.gz",
        ("mcp_files-1.0/PKG-INFO", b"Name: mcp-files\n"),
        ("mcp_files-1.0/src/mcp_files/server.py", b""),
        ("mcp_files-1.0/pyproject.toml", b'[project.scripts]\nmcp-files = "mcp_files.server:main"\n'),
    )
    tree, _ = read_tree(path, WANTED)
    assert "src/mcp_files/server.py" in tree.files
    assert (tree.package, tree.entry_points) == ("mcp-files", ("mcp_files.server:main",))


def test_folder_is_read_without_dependencies_and_without_following_links(tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("KEY = 1")
    project = tmp_path / "project"
    (project / "node_modules").mkdir(parents=True)
    (project / "node_modules" / "dependency.js").write_text("")
    (project / "server.py").write_text("tool()")
    (project / "linked.py").symlink_to(secret)
    (project / "folder").symlink_to(tmp_path)
    os.mkfifo(project / "pipe.py")
    tree, notes = read_tree(project, WANTED)
    assert dict(tree.files) == {"server.py": "tool()"}
    assert [(note.where, note.reason) for note in notes] == [
        ("linked.py", "a symbolic link, which is never followed"),
        ("pipe.py", "no plain file"),
    ]


def test_single_source_file_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text("tool()")
    assert dict(read_tree(tmp_path / "server.py", WANTED)[0].files) == {"server.py": "tool()"}


@pytest.mark.parametrize(
    "name", ["/etc/cron.d/x.py", "package/../../x.py", "..\\..\\x.py", "C:\\x.py", "c:x.py", "\\\\host\\x.py", "a\0.py"]
)
def test_path_that_climbs_out_refuses_the_whole_archive(name: str) -> None:
    with pytest.raises(UnsafeArchiveError, match="leads out of it"):
        safe_path(name)


def test_climbing_member_is_refused_in_tar_and_zip_and_nothing_is_written(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    for path in (
        tarball(inside / "a.tgz", ("package/../../escaped.py", b"x")),
        zipped(inside / "a.zip", ("../escaped.py", b"x")),
    ):
        with pytest.raises(UnsafeArchiveError):
            read_tree(path, WANTED)
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]


def test_links_and_devices_are_passed_over_and_said(tmp_path: Path) -> None:
    path = tarball(
        tmp_path / "a.tgz",
        ("package/index.js", b"tool()"),
        link("package/passwd.js", tarfile.SYMTYPE, "/etc/passwd"),
        link("package/twin.js", tarfile.LNKTYPE, "../../etc/passwd"),
        link("package/null.js", tarfile.CHRTYPE, ""),
    )
    tree, notes = read_tree(path, WANTED)
    assert dict(tree.files) == {"index.js": "tool()"}
    assert {note.where: note.reason for note in notes} == {
        "package/passwd.js": "a symbolic link, which is never followed",
        "package/twin.js": "a hard link, which is never followed",
        "package/null.js": "no plain file",
    }


def test_link_in_a_zip_is_passed_over(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("pkg/link.py")
    entry.external_attr = 0o120777 << 16
    tree, notes = read_tree(zipped(tmp_path / "a.zip", (entry, b"/etc/passwd"), ("pkg/a.py", b"1")), WANTED)
    assert list(tree.files) == ["a.py"]
    assert notes[0].reason == "a symbolic link, which is never followed"


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.99])
def test_truncated_tarball_is_said_to_be_truncated(tmp_path: Path, kept: float) -> None:
    path = tarball(tmp_path / "a.tgz", *((f"package/{n}.js", os.urandom(9000)) for n in range(20)))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(InputError, match=r"a\.tgz is truncated or corrupt"):
        read_tree(path, WANTED)


def test_flipped_byte_is_found_by_the_checksum(tmp_path: Path) -> None:
    path = tarball(tmp_path / "a.tgz", ("package/a.js", os.urandom(5000)), ("package/b.md", os.urandom(5000)))
    data = bytearray(path.read_bytes())
    data[len(data) * 3 // 4] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(InputError, match="truncated or corrupt"):
        read_tree(path, WANTED)


def test_truncated_zip_is_said_to_be_truncated(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.whl", ("a.py", os.urandom(5000)))
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(InputError, match=r"a\.whl is truncated or corrupt"):
        read_tree(path, WANTED)


SMALL = Limits(members=5, file_bytes=1000, text_bytes=2500, ratio=50, ratio_floor=50_000)


def test_gzip_bomb_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tgz"
    path.write_bytes(gzip.compress(bytes(50_000_000)))
    with pytest.raises(InputError):
        read_tree(path, WANTED, SMALL)
    inside = tarball(tmp_path / "inside.tgz", ("package/README.md", bytes(50_000_000)))
    with pytest.raises(LimitError, match="a bomb"):
        read_tree(inside, WANTED, SMALL)


def test_zip_bomb_is_seen_before_anything_is_unpacked(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="a bomb"):
        read_tree(zipped(tmp_path / "bomb.zip", ("a.txt", bytes(5_000_000))), WANTED, SMALL)


def test_one_oversized_file_is_left_out_and_said(tmp_path: Path) -> None:
    tree, notes = read_tree(tarball(tmp_path / "a.tgz", ("p/a.js", b"x"), ("p/b.js", bytes(1001))), WANTED, SMALL)
    assert list(tree.files) == ["a.js"]
    assert notes[0].reason == "1001 bytes; 1000 are read of one file"


def test_too_many_files_or_too_much_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="more than 5 files"):
        read_tree(tarball(tmp_path / "many.tgz", *((f"p/{n}.md", b"") for n in range(6))), WANTED, SMALL)
    with pytest.raises(LimitError, match="more than 2500 bytes together"):
        read_tree(tarball(tmp_path / "much.tgz", *((f"p/{n}.js", bytes(900)) for n in range(3))), WANTED, SMALL)


def test_encrypted_member_is_passed_over(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("p/a.py", b"1"), ("p/b.py", b"2"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    tree, notes = read_tree(path, WANTED)
    assert list(tree.files) == ["b.py"]
    assert notes[0].reason == "encrypted"


def test_what_is_no_artefact_gets_a_line_and_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("hello")
    with pytest.raises(InputError, match="no archive and no source file") as caught:
        read_tree(tmp_path / "notes.md", WANTED)
    assert caught.value.advice == "source files end with: .js .py .ts"
    with pytest.raises(InputError, match="cannot be read: No such file or directory"):
        read_tree(tmp_path / "missing.tgz", WANTED)


def test_text_is_decoded_whatever_its_encoding() -> None:
    assert decode("\ufeffé".encode()) == "é"
    assert decode("é".encode("utf-16")) == "é"
    assert decode(b"caf\xe9") == "café"


def test_a_path_may_lead_on_into_an_archive(tmp_path: Path) -> None:
    """What lies beside the folder keeps its way there."""
    archive = tmp_path / "repository.tar.gz"
    with tarfile.open(archive, "w:gz") as made:
        for name in ("repo-main/packages/server/server.py", "repo-main/shared/words.py"):
            made.addfile(tarfile.TarInfo(name), io.BytesIO())
    tree, _ = read_tree(archive / "packages" / "server", (".py",))
    assert sorted(tree.files) == ["../../shared/words.py", "server.py"]
    tree, _ = read_tree(archive / "packages" / "server" / "server.py", (".py",))
    assert sorted(tree.files) == ["../../shared/words.py", "server.py"]
    with pytest.raises(InputError, match="no folder gone"):
        read_tree(archive / "gone", (".py",))
