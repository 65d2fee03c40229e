"""Starts the server."""

import argparse

from fastmcp import FastMCP

from .stations import stations
from .tools import register

mcp = FastMCP("weather")


def main() -> None:
    """Start over stdio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--allow-reports", action="store_true")
    options = parser.parse_args()
    register(mcp, allow_reports=options.allow_reports)
    mcp.mount(stations, namespace="stations")
    mcp.run()
