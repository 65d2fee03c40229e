"""`toolcensus stats`: the index in numbers."""

from typing import TYPE_CHECKING

from interfaces import options

if TYPE_CHECKING:
    from rich.console import Console

    from toolcensus.tally import Tally

NAME = "stats"
PANEL = "Ask the index"


def command(
    *,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Count servers and tools, by category and risk, by effect, and by how each server answered.

    Example: toolcensus stats
    """
    from interfaces import terminal
    from toolcensus import database, tally

    del verbose  # read by main, which prints the traceback
    with database.reading(db) as connection:
        counted = tally.count(connection)
    if json:
        terminal.print_json(counted)
        return
    _show(counted, terminal.out())
    if not quiet and not counted.tools:
        terminal.err().print("The index has no tools yet. Next: toolcensus crawl")
    elif not quiet and counted.labelled < counted.tools:
        terminal.err().print(
            f"Tools that are not labelled yet: {counted.tools - counted.labelled:,}. Next: toolcensus classify"
        )


def _show(counted: "Tally", console: "Console") -> None:
    from interfaces import terminal

    candidates = f" and {counted.candidates:,} candidates" if counted.candidates else ""
    console.print(f"{counted.servers:,} servers{candidates}; {counted.listed:,} with tools")
    console.print(f"{counted.tools:,} tools; {counted.labelled:,} labelled\n")
    if counted.labelled:
        _show_labels(counted, console)
    if counted.outcomes:
        answers = terminal.table("way", "outcome", "servers")
        for way, outcomes in counted.outcomes.items():
            for outcome, servers in outcomes.items():
                answers.add_row(way, outcome, f"{servers:,}")
        console.print(answers, "")
    if counted.funnel:
        funnel = terminal.table("source", "way", "outcome", "servers")
        for row in counted.funnel:
            answer = (row.way or "none", row.outcome or "not tried yet")
            funnel.add_row(terminal.clean(row.source), *answer, f"{row.servers:,}")
        console.print(funnel)


def _show_labels(counted: "Tally", console: "Console") -> None:
    from interfaces import terminal
    from toolcensus.records import CATEGORIES, RISKS

    labels = terminal.table("tools", *RISKS, "all")
    for category in CATEGORIES:
        by_risk = counted.labels.get(category, {})
        numbers = [by_risk.get(risk, 0) for risk in RISKS]
        labels.add_row(category, *(f"{number:,}" for number in (*numbers, sum(numbers))))
    console.print(labels, "")
    effects = terminal.table("effect", "tools", "share")
    met = {effect: number for effect, number in counted.effects.items() if number}
    for effect, number in sorted(met.items(), key=lambda entry: -entry[1]):
        effects.add_row(effect, f"{number:,}", f"{number / counted.labelled:.1%}")
    console.print(effects, "")
