"""Control groups as this kernel has them; a made-up tree shows both versions."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.sandbox import cgroups
from crawler.sandbox.cgroups import Group
from crawler.sandbox.limits import MEBIBYTE, Limits

LIMITS = Limits(memory_bytes=100 * MEBIBYTE, processes=10)


def inside(look: Callable[[Group], object], name: str = "jail") -> object:
    """Make a group, give what was seen in it, and leave it."""

    async def enter() -> object:
        async with cgroups.group(LIMITS, name) as group:
            return look(group)

    return asyncio.run(enter())


def test_where_no_group_can_be_made_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "own").write_text("0::/user.slice\n")
    monkeypatch.setattr(cgroups, "OWN", tmp_path / "own")
    monkeypatch.setattr(cgroups, "ROOT", tmp_path / "missing")
    assert inside(lambda group: group.doors) == []


def test_a_group_that_bounds_nothing_is_removed_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "own").write_text("4:memory:/here\n0::/\n9:name=systemd:/\n")
    (tmp_path / "root" / "memory" / "here").mkdir(parents=True)
    monkeypatch.setattr(cgroups, "OWN", tmp_path / "own")
    monkeypatch.setattr(cgroups, "ROOT", tmp_path / "root")
    assert inside(lambda group: group.doors) == []
    assert not list(tmp_path.rglob("jail"))


def test_a_group_of_this_machine_bounds_memory_and_is_gone_afterwards() -> None:
    seen: dict[Path, dict[str, str]] = {}

    def look(group: Group) -> bool:
        for folder in group.folders:
            files = [folder / name for name in ("memory.max", "memory.limit_in_bytes", "pids.max")]
            seen[folder] = {path.name: path.read_text().strip() for path in files if path.exists()}
        return group.ran_out

    assert inside(look, f"toolcensus-test-{os.getpid()}") is False
    if not seen:
        pytest.skip("no control group can be made here")
    bounds = {name: value for files in seen.values() for name, value in files.items()}
    assert (
        bounds.items()
        <= {
            "memory.max": str(125 * MEBIBYTE),
            "memory.limit_in_bytes": str(125 * MEBIBYTE),
            "pids.max": "160",
        }.items()
    )
    assert not any(folder.exists() for folder in seen)
