"""One class a tool."""

from mcp.types import Tool
from pydantic import BaseModel, Field


class Search(BaseModel):
    """What to look for."""

    words: list[str] = Field(description="All of these must be in the note")
    limit: int = Field(10, ge=1, le=100)


class Note(BaseModel):
    """A note."""

    title: str
    text: str = ""


class Handler:
    """Describes itself as a tool."""

    name = ""
    arguments = Note
    reads = True

    def describe(self) -> Tool:
        """Return the definition."""
        return Tool(name=f"notes_{self.name}", description=self.__doc__, inputSchema=self.arguments.model_json_schema())

    def run(self, arguments: dict) -> str:
        """Do it."""
        return f"{self.name} {arguments}"


class SearchNotes(Handler):
    """Search all notes."""

    name, arguments = "search", Search


class WriteNote(Handler):
    """Write a note, or overwrite it."""

    name, reads = "write", False


HANDLERS = {handler.name: handler for handler in (SearchNotes(), WriteNote())}
