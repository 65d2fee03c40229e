"""What a package is started with, as its own manifest says; nothing is installed: folders are written as found."""

import json
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

from crawler.sandbox import npm, pypi
from crawler.sandbox.launch import InstallError


def node_package(folder: Path, manifest: Any, script: str = "#!/usr/bin/env node\n", path: str = "run.js") -> Path:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(script)
    (folder / "package.json").write_text(json.dumps(manifest))
    return folder


def distribution(folder: Path, entry_points: str, *files: str) -> Distribution:
    info = folder / "made_up-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))
    (info / "entry_points.txt").write_text(entry_points)
    return Distribution.at(info)


@pytest.mark.parametrize(
    ("manifest", "path", "command"),
    [
        ({"bin": "./run.js"}, "run.js", ("node", "/p/run.js")),
        ({"bin": {"made-up": "run.js", "other": "other.js"}}, "run.js", ("node", "/p/run.js")),
        ({"bin": {"x": "dist/cli"}}, "dist/cli.js", ("node", "/p/dist/cli.js")),
        ({"main": "dist/index.js"}, "dist/index.js", ("node", "/p/dist/index.js")),
        ({"bin": "../../../run.js"}, "run.js", ("node", "/p/run.js")),
    ],
)
def test_node_starts_the_command_that_is_the_server(
    tmp_path: Path, manifest: Any, path: str, command: tuple[str, ...]
) -> None:
    assert npm._command("made-up", node_package(tmp_path, manifest, path=path), "/p", ("node",)) == command


def test_a_command_that_is_no_script_of_node_starts_itself(tmp_path: Path) -> None:
    home = node_package(tmp_path, {"bin": "run"}, "#!/bin/sh\n", "run")
    assert npm._command("made-up", home, "/p", ("node",)) == ("/p/run",)


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ({}, "has no command to start"),
        ({"bin": "gone.js"}, "is not in it"),
        ([], "cannot be read"),
        ("x", "cannot be read"),
    ],
)
def test_a_node_package_without_a_usable_command_says_so(tmp_path: Path, manifest: Any, reason: str) -> None:
    with pytest.raises(InstallError, match=reason):
        npm._command("made-up", node_package(tmp_path, manifest), "/p", ("node",))


@pytest.mark.parametrize(
    ("entry_points", "files", "command"),
    [
        ("[console_scripts]\nmade_up = m:main\nother = m:other\n", (), ("/package/venv/bin/made_up",)),
        ("", ("made_up/__main__.py", "made_up/sub/__main__.py"), ("-m", "made_up")),
    ],
)
def test_python_starts_a_command_or_the_package_itself(
    tmp_path: Path, entry_points: str, files: tuple[str, ...], command: tuple[str, ...]
) -> None:
    assert pypi._command(distribution(tmp_path, entry_points, *files), "made-up") == command


@pytest.mark.parametrize(
    "entry_points", ["", "[gui_scripts]\nx = y:z\n", "[console_scripts]\n../../x = y:z\n", "not ini"]
)
def test_a_python_package_without_a_usable_command_says_so(tmp_path: Path, entry_points: str) -> None:
    with pytest.raises(InstallError):
        pypi._command(distribution(tmp_path, entry_points), "made-up")


def test_a_record_that_names_files_elsewhere_shows_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("KEY")
    site = tmp_path / "package"
    site.mkdir()
    (site / "own.py").write_text("own")
    found = distribution(site, "", "own.py", "../secret.py", "/etc/secret.py")
    assert list(pypi._sources(found, site.resolve())) == [(site / "own.py").resolve()]
