"""Installers: what they are given of the user's configuration, what they may do, and what is said where they fail."""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from packageurl import PackageURL

from crawler.hosts import Registry
from crawler.sandbox import installing, runtimes
from crawler.sandbox.installing import Order, Place, run
from crawler.sandbox.launch import InstallError
from crawler.sandbox.limits import MEBIBYTE, Limits

PYPI = Registry("pypi", "https://index.example/simple", "test")
LIMITS = Limits(install_seconds=10, install_bytes=64 * MEBIBYTE)


def carry_out(folder: Path, code: str, limits: Limits = LIMITS, words: Sequence[str] = ()) -> Place:
    """Run `code` as if it were an installer, and give the folders that it was given."""
    place = Place.below(folder)
    python = runtimes.pythons()[0]
    order = Order(PackageURL("pypi", None, "x", "1"), "x==1", place, PYPI, limits)
    asyncio.run(run(order, [*(words or python.words), "-c", code], python.shown, {"GIVEN": "this"}))
    return place


def test_an_installer_writes_into_its_own_folders_only(tmp_path: Path) -> None:
    code = """
import os
open("/package/a", "w").close(); open("/cache/b", "w").close()
for place in ("/usr/bin/x", "/etc/x", os.environ["HOME"] + "/../x"):
    try: open(place, "w"); raise SystemExit("wrote " + place)
    except OSError: pass
"""
    place = carry_out(tmp_path, code)
    assert (place.package / "a").exists()
    assert (place.cache / "b").exists()


def test_an_installer_sees_neither_the_users_home_nor_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    monkeypatch.setenv("MY_API_KEY", "canary")
    code = f"""
import os
assert "MY_API_KEY" not in os.environ
assert os.environ["GIVEN"] == "this"
assert not os.path.exists({str(secret)!r})
"""
    carry_out(tmp_path, code)


def test_a_failing_installer_is_quoted_without_the_registrys_address(tmp_path: Path) -> None:
    code = "raise SystemExit('ERROR: nothing at https://user:secret@index.example/simple/x for this Python')"
    with pytest.raises(InstallError, match=r"^ERROR: nothing at … for this Python$"):
        carry_out(tmp_path, code)


def test_an_installation_is_bounded_in_time(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match=r"^not installed: not done within 0.3 seconds$"):
        carry_out(tmp_path, "import time; time.sleep(60)", replace(LIMITS, install_seconds=0.3, poll_seconds=0.05))


def test_an_installation_is_bounded_in_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.sandbox.watchdog.BETWEEN_WALKS", 0.1)
    code = "import time\nfor n in range(20): open(f'/package/{n}', 'wb').write(b'x' * 1_000_000)\ntime.sleep(60)"
    with pytest.raises(InstallError, match=r"^not installed: over the limit of disk: more than 10 MiB to install$"):
        carry_out(tmp_path, code, replace(LIMITS, install_bytes=10 * MEBIBYTE))


def test_npm_is_given_the_registries_and_their_logins_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.hosts.certificate_files", lambda: ())
    scope = Registry("npm", "https://own.example/npm", "test", "Basic dXNlcjpwYXNz")
    registry = Registry("npm", "https://registry.example", "test", "Bearer abc", {"@own": scope})
    assert installing.npm_configuration(registry).splitlines() == [
        "registry=https://registry.example/",
        "//registry.example/:_authToken=abc",
        "@own:registry=https://own.example/npm/",
        "//own.example/npm/:_auth=dXNlcjpwYXNz",
    ]


def test_pip_is_given_the_login_in_the_url() -> None:
    pair = base64.b64encode(b"me:p@ss/word").decode()
    own = replace(PYPI, authorization=f"Basic {pair}")
    assert installing.index_url(own) == "https://me:p%40ss%2Fword@index.example/simple"
    assert installing.index_url(PYPI) == "https://index.example/simple"
