"""Another scanner on the same definitions: the offline analyzer (YARA rules) of cisco-ai-mcp-scanner, from PyPI.

It pins dependencies that this project cannot have beside its own, so it gets a virtual environment in a temporary
folder, made anew each time unless one is at hand. Nothing of it is kept, and its other analyzers, which ask services on
the network, are not asked. It sees what its own `static` command gives that analyzer: the description, and the rest of
the definition as JSON.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

PACKAGE = "cisco-ai-mcp-scanner"
INSTALL_SECONDS = 900
READER = """
import asyncio, json, sys
from mcpscanner.core.analyzers.yara_analyzer import YaraAnalyzer

async def main():
    analyzer = YaraAnalyzer()
    for line in sys.stdin:
        texts = json.loads(line)
        print(int(any([await analyzer.analyze(text) for text in texts])))

asyncio.run(main())
"""


@contextmanager
def installed(python: Path | None) -> Iterator[Path]:
    """Yield a Python that has the scanner: the given one, else one of a virtual environment made for the while.

    Raises subprocess.CalledProcessError or TimeoutExpired where it cannot be installed.
    """
    if python is not None:
        yield python
        return
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, timeout=INSTALL_SECONDS)
        install = [str(own), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
        subprocess.run(install, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
        yield own


def version(python: Path) -> str:
    """Return the version of the scanner that a Python has."""
    code = f"import importlib.metadata as m; print(m.version({PACKAGE!r}))"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def scan(python: Path, definitions: Sequence[dict[str, Any]]) -> list[bool]:
    """Return for each definition whether the scanner finds anything."""
    lines = [
        msgspec.json.encode([one.get("description") or "", msgspec.json.encode({**one, "description": None}).decode()])
        for one in definitions
    ]
    done = subprocess.run([python, "-c", READER], input=b"\n".join(lines), check=True, capture_output=True)
    verdicts = [line == b"1" for line in done.stdout.split()]
    assert len(verdicts) == len(definitions)
    return verdicts
