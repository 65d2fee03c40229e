"""Which registries are asked: the user's own configuration, in its order."""

import os
from pathlib import Path

import pytest
from pypi_simple import PYPI_SIMPLE_ENDPOINT

from crawler.hosts import certificate_files, registry
from crawler.purl import public_npm_registry
from toolcensus.errors import InputError


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Give an environment whose home is an empty folder, and where no npm is installed."""
    return {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "VIRTUAL_ENV": str(tmp_path),
        "PATH": "",
    }


def npm(path: Path, answer: str) -> str:
    """Install an npm that answers so; return the folder for PATH."""
    program = path / "bin" / "npm"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\n[ "$*" = "config get registry" ] && echo "{answer}"\n')
    program.chmod(0o755)
    return str(program.parent)


def test_own_variable_is_asked_before_everything_else(home: dict[str, str]) -> None:
    environment = home | {
        "TOOLCENSUS_NPM_REGISTRY": "https://own.example/npm/",
        "NPM_CONFIG_REGISTRY": "https://other.example",
        "TOOLCENSUS_PYPI_INDEX": "https://own.example/simple/",
        "UV_DEFAULT_INDEX": "https://other.example",
    }
    assert registry("npm", environment).base == "https://own.example/npm"
    assert registry("pypi", environment).base == "https://own.example/simple"
    assert registry("pypi", environment).named_by == "TOOLCENSUS_PYPI_INDEX"


def test_npm_is_asked_where_no_variable_names_a_registry(home: dict[str, str], tmp_path: Path) -> None:
    environment = home | {"PATH": npm(tmp_path, "https://mirror.example/") + os.pathsep + "/bin"}
    assert registry("npm", environment).base == "https://mirror.example"
    with_variable = environment | {"NPM_CONFIG_REGISTRY": "https://variable.example"}
    assert registry("npm", with_variable).base == "https://variable.example"


def test_npm_that_answers_nonsense_or_not_at_all_leads_to_the_default(home: dict[str, str], tmp_path: Path) -> None:
    environment = home | {"PATH": npm(tmp_path, "undefined") + os.pathsep + "/bin"}
    assert registry("npm", environment).base == public_npm_registry()
    assert registry("npm", home).named_by == "default"


def test_npmrc_gives_scopes_their_own_registry_and_each_its_own_token(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_text(
        "registry=https://mirror.example/npm/\n"
        "@work:registry=https://work.example/\n"
        "//work.example/:_authToken=${WORK_TOKEN}\n"
        "# //mirror.example/npm/:_authToken=commented-out\n"
    )
    found = registry("npm", home | {"WORK_TOKEN": "secret"})
    assert (found.base, found.authorization) == ("https://mirror.example/npm", "")
    work = found.for_namespace("@work")
    assert (work.base, work.authorization) == ("https://work.example", "Bearer secret")
    assert found.for_namespace("@other") is found


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"])
def test_uv_and_pip_variables_name_the_index(home: dict[str, str], variable: str) -> None:
    found = registry("pypi", home | {variable: "https://mirror.example/simple/"})
    assert (found.base, found.named_by) == ("https://mirror.example/simple", variable)


def test_uv_index_may_carry_a_name(home: dict[str, str]) -> None:
    assert (
        registry("pypi", home | {"UV_DEFAULT_INDEX": "work=https://w.example/simple"}).base
        == "https://w.example/simple"
    )


def test_pip_configuration_files_name_the_index(home: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "config" / "pip" / "pip.conf"
    file.parent.mkdir(parents=True)
    file.write_text("[global]\nindex-url = https://global.example/simple\ncert = /nowhere.pem\n")
    assert registry("pypi", home).base == "https://global.example/simple"
    file.write_text("[global]\nindex-url = https://global.example\n[install]\nindex-url = https://install.example\n")
    assert registry("pypi", home).base == "https://install.example"
    stronger = tmp_path / "named.conf"
    stronger.write_text("[global]\nindex-url = https://named.example\n")
    assert registry("pypi", home | {"PIP_CONFIG_FILE": str(stronger)}).base == "https://named.example"


def test_pip_configuration_that_is_broken_is_said(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "pip.conf").write_text("index-url = https://no.section\n")
    with pytest.raises(InputError, match=r"pip's configuration .*pip\.conf cannot be read"):
        registry("pypi", home)


def test_default_is_what_the_client_library_carries(home: dict[str, str]) -> None:
    assert registry("pypi", home | {"PIP_CONFIG_FILE": os.devnull}).base == PYPI_SIMPLE_ENDPOINT.rstrip("/")


def test_login_in_a_url_is_kept_apart_and_never_shown(home: dict[str, str]) -> None:
    found = registry("pypi", home | {"PIP_INDEX_URL": "https://me:p%40ss@mirror.example:8443/simple"})
    assert found.base == "https://mirror.example:8443/simple"
    assert found.authorization == "Basic bWU6cEBzcw=="
    assert "p@ss" not in repr(found)
    assert "bWU6" not in repr(found)


def test_setting_that_is_no_url_says_who_named_it(home: dict[str, str]) -> None:
    with pytest.raises(InputError, match="the pypi registry that PIP_INDEX_URL names is no") as caught:
        registry("pypi", home | {"PIP_INDEX_URL": "file:///srv/simple"})
    assert caught.value.advice == "set TOOLCENSUS_PYPI_INDEX to one"


def test_certificates_that_npm_and_pip_trust_are_trusted(home: dict[str, str], tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    authority.write_text("")
    (tmp_path / ".npmrc").write_text(f"cafile={authority}\n")
    environment = home | {"PIP_CERT": str(tmp_path / "missing.pem"), "PIP_CONFIG_FILE": os.devnull}
    assert certificate_files(environment) == (str(authority),)
