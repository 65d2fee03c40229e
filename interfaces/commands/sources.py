"""`toolcensus sources`: where servers come from."""

from typing import TYPE_CHECKING

from interfaces import options

if TYPE_CHECKING:
    from interfaces.flows.source_list import Entry

NAME = "sources"
PANEL = "Fill the index"


def command(
    *,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List the sources: what each is, needs and allows, and when it was last read with what result.

    Example: toolcensus sources
    """
    from interfaces import terminal
    from interfaces.flows.source_list import list_sources

    entries = list_sources(db)
    if json:
        terminal.print_json(entries)
        return
    rows = terminal.table("source", "what it is", "needs", "allows", "last read", "result", "servers")
    for entry in entries:
        rows.add_row(*_row(entry))
    terminal.out().print(rows)
    if verbose:
        for entry in entries:
            terminal.out().print(f"{entry.name}: {terminal.clean(entry.homepage)}; {entry.licence}. {entry.terms}")
    elif not quiet:
        terminal.err().print("Homepages, licences and terms: toolcensus sources --verbose")


def _row(entry: "Entry") -> tuple[str, ...]:
    from interfaces import terminal

    needs = entry.key or "nothing"
    if entry.key:
        needs += " (set)" if entry.has_key else " (missing)" if entry.key_needed else " (better with)"
    note = f": {terminal.clean(entry.note[:80])}" if entry.note else ""
    return (
        entry.name,
        entry.summary,
        needs,
        entry.pace,
        entry.last_read or "never",
        f"{entry.outcome or ''}{note}",
        f"{entry.servers:,}" if entry.servers else "",
    )
