"""The built wheel, alone in an empty folder, works: its data and rules travel inside it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what is installed (no network) and lay its files out as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def _toolcensus(site: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command with the wheel's files first on the path, from an empty folder."""
    empty = site.parent / "empty"
    empty.mkdir(exist_ok=True)
    code = f"import sys; sys.path.insert(0, {str(site)!r}); from interfaces.main import main; main()"
    environment = {"PATH": os.environ["PATH"], "HOME": str(empty)}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=empty, env=environment, input=stdin, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_wheel_says_what_to_do_first(unpacked: Path) -> None:
    answer = _toolcensus(unpacked)
    assert answer.returncode == 0
    assert "toolcensus scan" in answer.stdout


def test_the_wheel_labels_with_the_rules_inside_it(unpacked: Path) -> None:
    answer = _toolcensus(unpacked, "label", stdin='{"name": "run_command", "description": "Run any shell command."}\n')
    assert answer.returncode == 0, answer.stderr
    assert '"category":"Execute"' in answer.stdout


def test_the_wheel_carries_the_starter_list(unpacked: Path) -> None:
    code = "from toolcensus import resources; print(resources.data_file('starter.toml'))"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(unpacked)!r}); {code}"],
        cwd=unpacked, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.strip() == str(unpacked / "toolcensus" / "data" / "starter.toml")


def test_the_wheel_opens_an_index_of_its_own(unpacked: Path) -> None:
    index = unpacked.parent / "fresh.db"
    answer = _toolcensus(unpacked, "crawl", "--limit", "0", "--db", str(index))
    assert answer.returncode in {0, 2}, answer.stderr
    assert "Traceback" not in answer.stderr
