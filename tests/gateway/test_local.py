"""A script's path is found as the client would find it; what depends on where a client starts is not guessed."""

from pathlib import Path

import pytest

from gateway.client import Machine
from gateway.local import resolve, source_of

HOME, PROJECT = Path("/home/somebody"), Path("/srv/project")
MACHINE = Machine("linux", HOME, HOME / ".config")


@pytest.mark.parametrize(
    ("text", "folder", "project", "path"),
    [
        ("/opt/server.py", None, None, "/opt/server.py"),
        ("~/server.py", None, None, "/home/somebody/server.py"),
        ("${userHome}/server.py", None, None, "/home/somebody/server.py"),
        ("${workspaceFolder}/server.py", None, PROJECT, "/srv/project/server.py"),
        ("server.py", None, PROJECT, "/srv/project/server.py"),
        ("server.py", "/opt", PROJECT, "/opt/server.py"),
        ("server.py", "tools", PROJECT, "/srv/project/tools/server.py"),
        ("server.py", "${workspaceFolder}/tools", PROJECT, "/srv/project/tools/server.py"),
        ("server.py", None, None, None),
        ("server.py", "tools", None, None),
        ("${workspaceFolder}/server.py", None, None, None),
        ("$SOMEWHERE/server.py", None, PROJECT, None),
        ("${env:SOMEWHERE}/server.py", None, PROJECT, None),
    ],
)
def test_a_path_is_resolved_or_left_open(text: str, folder: str | None, project: Path | None, path: str | None) -> None:
    assert resolve(text, MACHINE, folder=folder, project=project) == (Path(path) if path else None)


def test_a_script_is_read_with_the_package_around_it(tmp_path: Path) -> None:
    machine = Machine("linux", tmp_path, tmp_path / ".config")
    script = tmp_path / "app/dist/index.js"
    script.parent.mkdir(parents=True)
    script.touch()
    (tmp_path / "package.json").touch()
    assert source_of(script, machine) == script, "a manifest in somebody's home is not of one script"
    (tmp_path / "app/package.json").touch()
    assert source_of(script, machine) == tmp_path / "app"
    assert source_of(tmp_path / "app/dist", machine) == tmp_path / "app/dist"
    assert source_of(tmp_path / "missing.js", machine) is None
