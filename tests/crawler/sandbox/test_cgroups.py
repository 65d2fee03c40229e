"""Control groups as this kernel has them; a made-up tree shows both versions."""

import os
from pathlib import Path

import pytest

from crawler.sandbox import cgroups
from crawler.sandbox.limits import MEBIBYTE, Limits

LIMITS = Limits(memory_bytes=100 * MEBIBYTE, processes=10)


def test_where_no_group_can_be_made_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "own").write_text("0::/user.slice\n")
    monkeypatch.setattr(cgroups, "OWN", tmp_path / "own")
    monkeypatch.setattr(cgroups, "ROOT", tmp_path / "missing")
    with cgroups.group(LIMITS, "jail") as group:
        assert group.doors == []


def test_a_group_that_bounds_nothing_is_removed_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "own").write_text("4:memory:/here\n0::/\n9:name=systemd:/\n")
    (tmp_path / "root" / "memory" / "here").mkdir(parents=True)
    monkeypatch.setattr(cgroups, "OWN", tmp_path / "own")
    monkeypatch.setattr(cgroups, "ROOT", tmp_path / "root")
    with cgroups.group(LIMITS, "jail") as group:
        assert group.doors == []
    assert not list(tmp_path.rglob("jail"))


def test_a_group_of_this_machine_bounds_memory_and_is_gone_afterwards() -> None:
    with cgroups.group(LIMITS, f"toolcensus-test-{os.getpid()}") as group:
        if not group.folders:
            pytest.skip("no control group can be made here")
        names = {path.name for folder in group.folders for path in folder.iterdir()}
        assert names & {"memory.max", "memory.limit_in_bytes", "pids.max"}
        bounds = [folder / "memory.limit_in_bytes" for folder in group.folders]
        assert {int(path.read_text()) for path in bounds if path.exists()} <= {125 * MEBIBYTE}
        folders = group.folders
    assert not any(folder.exists() for folder in folders)
