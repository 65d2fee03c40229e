"""Weather stations, a server of their own."""

from fastmcp import FastMCP

stations = FastMCP("stations")


@stations.tool(tags={"read"}, annotations={"readOnlyHint": True})
def nearest(latitude: float, longitude: float, count: int = 3) -> list[str]:
    """Name the stations nearest to a point."""
    return [f"{latitude},{longitude}"] * count
