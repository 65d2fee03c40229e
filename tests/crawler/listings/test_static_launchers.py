"""The way `static` for a package that only starts another one: both are read as the one program that they are."""

import asyncio
import io
import json
import tarfile
from typing import Any

from packageurl import PackageURL

from crawler import confined
from crawler.fetch import Fetcher
from crawler.hosts import Registry
from crawler.listing import Means
from crawler.listings import static
from crawler.manners import Manners
from crawler.rate import UNBOUNDED

LAUNCHER = {
    "package.json": json.dumps({"name": "@demo/server", "bin": "cli.js", "dependencies": {"@demo/core": "1.0.0"}}),
    "cli.js": """
        const { serve } = require("@demo/core");
        serve({ write: process.env.READ_ONLY !== "true", admin: false });
    """,
}
CORE = {
    "package.json": json.dumps({"name": "@demo/core", "main": "lib.js"}),
    "lib.js": """
        const { McpServer } = require("@modelcontextprotocol/sdk/server/mcp.js");
        exports.serve = function serve(options) {
          const server = new McpServer({ name: "demo", version: "1" });
          server.tool("read", () => 1);
          if (options.write) server.tool("write", () => 1);
          if (options.admin) server.tool("wipe", () => 1);
        };
    """,
}


def tarball(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as made:
        for path, text in files.items():
            entry = tarfile.TarInfo(f"package/{path}")
            entry.size = len(text.encode())
            made.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


def publish(loopback: Any, name: str, files: dict[str, str]) -> None:
    path = f"/tarballs/{name.rpartition('/')[2]}.tgz"
    dist = {"tarball": f"{loopback.url}{path}"}
    document = {"name": name, "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {"dist": dist}}}
    loopback.serve(f"/{name.replace('/', '%2F')}", json.dumps(document).encode())
    loopback.serve(path, tarball(files))


def read(loopback: Any, purl: str) -> Any:
    async def run() -> Any:
        async with Fetcher(Manners(usual=UNBOUNDED, allowed={"127.0.0.1"})) as fetcher:
            means = Means(fetcher, {"npm": Registry("npm", loopback.url, "test")}, confined.read)
            return await static.read_package(PackageURL.from_string(purl), means)

    return asyncio.run(run())


def test_what_a_launcher_passes_on_decides_what_is_served(loopback: Any) -> None:
    publish(loopback, "@demo/server", LAUNCHER)
    publish(loopback, "@demo/core", CORE)
    found = read(loopback, "pkg:npm/%40demo/server")
    assert [(tool.name, tool.conditional) for tool in found.tools] == [("read", None), ("write", None)]
    assert found.tools[0].where == "pkg:npm/%40demo/core@1.0.0/lib.js:5"


def test_a_launcher_whose_package_is_gone_says_so(loopback: Any) -> None:
    publish(loopback, "@demo/server", LAUNCHER)
    found = read(loopback, "pkg:npm/%40demo/server")
    assert found.tools == ()
    assert any(each.where == "pkg:npm/%40demo/core@1.0.0" for each in found.unresolved)
