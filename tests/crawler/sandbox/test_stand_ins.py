import json
import shutil
import subprocess
from pathlib import Path

import pytest

from crawler.sandbox import stand_ins

SAID = "Error: Cannot find module '../build/Release/keytar.node'\n- /package/node_modules/keytar/lib/keytar.js\n"


def dependency(folder: Path, name: str, manifest: object) -> Path:
    home = folder / "node_modules" / name
    home.mkdir(parents=True)
    (home / "package.json").write_text(json.dumps(manifest))
    return home


def test_only_a_named_dependency_that_a_script_was_to_build_is_missing(tmp_path: Path) -> None:
    dependency(tmp_path, "keytar", {"scripts": {"install": "prebuild-install"}})
    dependency(tmp_path, "plain", {"scripts": {"test": "x"}})
    dependency(tmp_path, "@scope/native", {}).joinpath("binding.gyp").write_text("{}")
    dependency(tmp_path, "unnamed", {"scripts": {"install": "x"}})
    said = f"{SAID} node_modules/plain/x.js node_modules/@scope/native/i.js node_modules/../../etc node_modules/gone/x"
    assert stand_ins.missing(tmp_path, said) == ("@scope/native", "keytar")


def test_what_stands_there_is_replaced_and_not_wanted_again(tmp_path: Path) -> None:
    home = dependency(tmp_path, "keytar", {"scripts": {"install": "x"}})
    outside = tmp_path / "outside"
    outside.write_text("untouched")
    (home / "stand-in.cjs").symlink_to(outside)
    stand_ins.put(tmp_path, ["keytar"])
    assert outside.read_text() == "untouched"
    assert sorted(path.name for path in home.iterdir()) == ["package.json", "stand-in.cjs"]
    assert stand_ins.missing(tmp_path, SAID) == ()


@pytest.mark.parametrize("manifest", ["[", "[]", '{"scripts": []}'])
def test_a_broken_manifest_wants_nothing(tmp_path: Path, manifest: str) -> None:
    dependency(tmp_path, "keytar", {}).joinpath("package.json").write_text(manifest)
    assert stand_ins.missing(tmp_path, SAID) == ()


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not on this machine")
def test_a_stand_in_loads_and_does_nothing(tmp_path: Path) -> None:
    stand_ins.put(tmp_path, ["keytar"])
    code = """
const keyring = require('keytar');
class Store extends keyring.Store {}
keyring.getPassword('a').then((password) => console.log(password, typeof new keyring('file').prepare('SELECT').all()));
new Store();
"""
    done = subprocess.run(["node", "-e", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "null function\n"
