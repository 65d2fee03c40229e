"""The command `toolcensus`."""

import sys

from toolcensus import __version__


def main() -> None:
    """Run the command line."""
    sys.stdout.write(f"toolcensus {__version__}\n")
