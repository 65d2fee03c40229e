"""The tools about places."""

from typing import Annotated, Literal

from fastmcp import Context, FastMCP
from pydantic import Field

Unit = Literal["celsius", "kelvin"]
Place = Annotated[str, Field(description="A town or region", min_length=2)]


def register(server: FastMCP, *, allow_reports: bool) -> None:
    """Give the server its tools."""

    @server.tool
    async def forecast(
        place: Place, ctx: Context, days: Annotated[int, Field(ge=1, le=7)] = 3, unit: Unit = "celsius"
    ) -> str:
        """Tell the weather of the next days.

        Uses the nearest station.
        """
        return f"{place} {days} {unit} {ctx}"

    if allow_reports:

        @server.tool(name="report_weather", description="Send an observation to the service.")
        async def report(place: Place, text: str) -> str:
            return place + text
