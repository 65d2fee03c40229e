"""What a way of listing is: given a server, it answers with a Listing, whatever happens."""

from typing import Protocol

from toolcensus.records import Listing, Server, Way


class ListingWay(Protocol):
    """A module of `crawler/listings/`. `list_tools` never raises for what a stranger sent: the Listing says it."""

    WAY: Way

    async def list_tools(self, server: Server, at: str) -> Listing:
        """Get the server's tools, or the reason why not."""
        ...
