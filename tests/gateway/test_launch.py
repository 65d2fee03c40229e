"""A command line is read as its launcher would read it; what cannot be told is said with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import launch
from gateway.launcher import Launch


def told(line: str) -> Launch:
    command, *words = line.split()
    return launch.read(command, words)


@pytest.mark.parametrize(
    ("line", "purl"),
    [
        ("npx @scope/name@1.2.3", "pkg:npm/%40scope/name@1.2.3"),
        ("npx -y @scope/name", "pkg:npm/%40scope/name"),
        ("npx -y name@latest --flag value", "pkg:npm/name"),
        ("npx --yes --quiet name@1.0.0-beta.2 serve", "pkg:npm/name@1.0.0-beta.2"),
        ("npx -p @scope/name@2.0.0 some-command", "pkg:npm/%40scope/name@2.0.0"),
        ("npx --package=@scope/name -- some-command", "pkg:npm/%40scope/name"),
        ("npx -p helper -p name@3.0.0 name", "pkg:npm/name@3.0.0"),
        ("/usr/local/bin/npx -y name", "pkg:npm/name"),
        ("npm exec -y -- name@1.2.3", "pkg:npm/name@1.2.3"),
        ("npm x name", "pkg:npm/name"),
        ("bunx name@1.2.3", "pkg:npm/name@1.2.3"),
        ("bun x @scope/name", "pkg:npm/%40scope/name"),
        ("pnpm dlx @scope/name@1.2.3", "pkg:npm/%40scope/name@1.2.3"),
        ("pnpm --package=name dlx command", None),
        ("yarn dlx name", "pkg:npm/name"),
        ("deno run -A npm:@scope/name@1.2.3", "pkg:npm/%40scope/name@1.2.3"),
        ("cmd /c npx -y @scope/name", "pkg:npm/%40scope/name"),
        ("cmd.exe /C npx.cmd name", "pkg:npm/name"),
        ("env LOG=debug npx name", "pkg:npm/name"),
        ("op run --env-file=.env -- npx -y name", "pkg:npm/name"),
        ("uvx name", "pkg:pypi/name"),
        ("uvx name==1.2", "pkg:pypi/name@1.2"),
        ("uvx name@1.2 --flag", "pkg:pypi/name@1.2"),
        ("uvx Some_Name[extra]@latest", "pkg:pypi/some-name"),
        ("uvx --python 3.12 --with other name", "pkg:pypi/name"),
        ("uvx --from package==2.0 command", "pkg:pypi/package@2.0"),
        ("uv tool run name@1.2", "pkg:pypi/name@1.2"),
        ("uv tool run --from package command", "pkg:pypi/package"),
        ("uv run --with package==1.0 package", "pkg:pypi/package@1.0"),
        ("uv run --with mcp,package command", "pkg:pypi/package"),
        ("pipx run name", "pkg:pypi/name"),
        ("pipx run --spec package==1.0 command", "pkg:pypi/package@1.0"),
        ("docker run -i --rm mcp/time", "pkg:docker/mcp/time"),
        (
            "docker run -i --rm -e TOKEN --name x ghcr.io/owner/image:1.2 stdio",
            "pkg:docker/owner/image@1.2?repository_url=ghcr.io",
        ),
        ("podman container run --rm alpine:3", "pkg:docker/alpine@3"),
    ],
)
def test_a_package_is_told_with_its_version_where_one_is_pinned(line: str, purl: str | None) -> None:
    assert told(line).purl == purl


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("node /srv/app/dist/index.js --port 1", "/srv/app/dist/index.js"),
        ("node --env-file=.env --import ./register.mjs build/index.js", "build/index.js"),
        ("npx tsx src/server.ts", "src/server.ts"),
        ("npx -y ts-node ./server.ts", "./server.ts"),
        ("bun run server.ts", "server.ts"),
        ("python server.py", "server.py"),
        ("/opt/venv/bin/python3.12 -u /srv/server.py", "/srv/server.py"),
        ("C:\\Python312\\python.exe C:\\srv\\server.py", "C:\\srv\\server.py"),
        ("uv run server.py", "server.py"),
        ("uv --directory /srv/app run server.py", "/srv/app/server.py"),
        ("uv run --directory /srv/app command", "/srv/app"),
        ("uv run --project /srv/app -m package.server", "/srv/app"),
        ("uv run --with mcp[cli] mcp run /srv/server.py", "/srv/server.py"),
        ("uv run --with fastmcp fastmcp run /srv/server.py:app", "/srv/server.py"),
        ("uvx --from ./package command", "./package"),
        ("uvx .", "."),
        ("npx -y /srv/package", "/srv/package"),
        ("poetry run -C /srv/app python server.py", "/srv/app/server.py"),
        ("poetry run command", "."),
        ("bash -c exec", None),
        ("./server.py", "./server.py"),
        ("${workspaceFolder}/run.mjs", "${workspaceFolder}/run.mjs"),
    ],
)
def test_a_local_script_or_project_is_told_by_its_path(line: str, path: str | None) -> None:
    assert told(line).path == path


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("npx -y", "names no package"),
        ("npx github:owner/repo", "an address of its own"),
        ("npx -y owner/repo", "an address of its own"),
        ("npx https://example.org/a.tgz", "an address of its own"),
        ("npx -c something", "a line for a shell"),
        ("npm run start", "package.json"),
        ("pnpm start", "package.json"),
        ("uvx git+https://example.org/owner/repo", "no Python requirement"),
        ("uvx --from name@git+https://example.org/repo command", "an address of its own"),
        ("uv sync", "not to run"),
        ("python -m some_module", "the module `some_module` is run"),
        ("python -c import_this", "written into the command line"),
        ("node -e 1", "written into the command line"),
        ("deno run https://example.org/server.ts", "fetched from an address"),
        ("docker compose up", "not to run an image"),
        ("my-server --stdio", "`my-server` is a program of its own"),
        ("npx -y @smithery/cli run owner/server", "fetches the server when it is started"),
        ("sudo", "cannot be told"),
        ("npx -y " + "a" * 600, "an address of its own"),
    ],
)
def test_what_cannot_be_told_is_said_with_the_reason(line: str, reason: str) -> None:
    launched = told(line)
    assert (launched.purl, launched.path, launched.url) == (None, None, None)
    assert reason in launched.reason


def test_a_range_or_a_tag_is_read_as_the_newest_release_and_says_so() -> None:
    assert told("npx name@^1.2").reason == "`^1.2` is asked for; the newest stable release is what is read"
    assert told("uvx name>=2").reason == "`>=2` is asked for; the newest stable release is what is read"


def test_a_relay_names_the_server_that_it_passes_on() -> None:
    line = "npx -y mcp-remote@latest https://mcp.example.org/sse --header X"
    assert told(line) == Launch(url="https://mcp.example.org/sse")


def test_a_whole_line_as_the_command_is_split() -> None:
    assert launch.read("npx -y name@1.2.3").purl == "pkg:npm/name@1.2.3"
    assert launch.read("bash", ["-lc", "npx -y name"]).purl == "pkg:npm/name"


@pytest.mark.parametrize("line", ["cd /srv && npx name", "npx name | tee log", "npx $(cat name)", "npx 'open"])
def test_a_line_of_several_commands_is_not_told(line: str) -> None:
    launched = launch.read("sh", ["-c", line])
    assert launched.purl is None
    assert "cannot be told" in launched.reason


def test_launchers_nested_without_end_are_given_up() -> None:
    assert "no program that can be told" in launch.read("env", ["env"] * 50).reason


WORDS = st.lists(
    st.sampled_from(
        [
            "npx",
            "uvx",
            "uv",
            "run",
            "tool",
            "docker",
            "-p",
            "--from",
            "--with",
            "--",
            "-m",
            "-c",
            "cmd",
            "/c",
            "env",
            "@",
        ]
    )
    | st.text(max_size=12)
    | st.text(alphabet="@/:=.-ab1[]~$", max_size=12),
    min_size=1,
    max_size=8,
)


@given(WORDS)
def test_any_command_line_is_told_or_has_a_reason(words: list[str]) -> None:
    launched = launch.read(words[0], words[1:])
    assert launched.purl or launched.path or launched.url or launched.reason
