"""Where there can be no sandbox, the person is told what to do; its options close what building it needed open."""

import itertools
from pathlib import Path

import pytest

from crawler.sandbox import jail
from crawler.sandbox.jail import Jail
from crawler.sandbox.limits import Limits
from toolcensus.errors import ToolcensusError


def test_without_bubblewrap_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolcensusError) as refused:
        jail.bubblewrap()
    assert refused.value.message == "the sandbox needs bubblewrap, and there is no bwrap here"
    assert "apt-get install bubblewrap" in refused.value.advice


def test_where_the_kernel_forbids_namespaces_it_says_how_to_allow_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(ToolcensusError) as refused:
        jail.bubblewrap()
    assert refused.value.message.endswith("bwrap: No permissions to create new namespace")
    assert "kernel.unprivileged_userns_clone=1" in refused.value.advice


def test_a_start_has_no_network_and_a_package_that_cannot_be_written() -> None:
    options = Jail(Path("/some/folder")).options(Limits())
    assert "--unshare-all" in options
    assert "--share-net" not in options
    assert options[options.index("/some/folder") - 1] == "--ro-bind"
    assert options[-6:] == ["--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/"]


def test_an_installation_has_the_network_and_the_package_to_write() -> None:
    options = Jail(Path("/some/folder"), network=True, writable=True).options(Limits())
    assert "--share-net" in options
    assert options[options.index("/some/folder") - 1] == "--bind"


def test_a_program_right_below_usr_does_not_show_all_of_usr() -> None:
    options = Jail(Path("/f"), shown=(Path("/usr"), Path("/opt/node"))).options(Limits())
    assert ("--ro-bind", "/usr") not in list(itertools.pairwise(options))
    assert ("--ro-bind", "/opt/node") in list(itertools.pairwise(options))


def test_an_older_bubblewrap_is_told_nothing_that_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho '    --tmpfs DEST   Mount new tmpfs on DEST'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    jail._knows.cache_clear()
    options = Jail(Path("/f")).options(Limits())
    jail._knows.cache_clear()
    assert not {"--size", "--disable-userns"} & set(options)
    assert "--unshare-user" in options
