"""The command `classify`: judge the tools of the index."""

from typing import TYPE_CHECKING, Annotated

import typer

from interfaces import options

if TYPE_CHECKING:
    from rich.console import Console

    from interfaces.flows.classify import Report

NAME = "classify"
PANEL = "Judge"
INTERRUPTED = 130


def command(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Judge every tool again, also those that this version has judged.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help="Judge in this many processes.")] = 1,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Label each tool of the index Read, Write or Execute, with its risk, the reason, findings and a policy.

    Only what is new or has changed is judged, and a run that was stopped goes on where it was.

    Example: toolcensus classify
    """
    from interfaces import terminal
    from interfaces.flows.classify import classify

    del verbose  # read by main, which prints the traceback
    try:
        with terminal.progress(quiet or json) as bars:
            task = bars.add_task("Tools", total=None, note="")
            report = classify(
                db, everything=everything, jobs=jobs, watch=lambda done: bars.update(task, completed=done)
            )
    except KeyboardInterrupt:
        terminal.err().print("Stopped. Every batch that was done is in the index; the next run goes on from there.")
        raise typer.Exit(INTERRUPTED) from None
    if json:
        terminal.print_json(report)
    else:
        _show(report, terminal.out(), quiet=quiet)


def _show(report: "Report", console: "Console", *, quiet: bool) -> None:
    from interfaces import terminal

    if not report.tools:
        console.print(f"Nothing to do: all {report.unchanged:,} tools are judged by {report.version}.", soft_wrap=True)
        if not report.unchanged and not quiet:
            terminal.err().print("The index has no tools yet. Next: toolcensus crawl")
        return
    console.print(_table(report), "")
    for kind, number in report.findings.items():
        console.print(f"{number:>7,} {kind}")
    relabelled = report.definitions - report.new - report.changed
    console.print(
        f"\n{report.tools:,} tools judged by {report.version}: {report.definitions:,} definitions, {report.new:,} new, "
        f"{report.changed:,} with another category or risk, {relabelled:,} as before; "
        f"{report.unchanged:,} tools left alone",
        soft_wrap=True,
    )
    if not quiet:
        terminal.err().print("Next: toolcensus query --risk critical")


def _table(report: "Report") -> object:
    from interfaces import terminal
    from toolcensus.records import CATEGORIES, RISKS

    table = terminal.table("category", *RISKS, "all")
    for category in CATEGORIES:
        row = report.labels.get(category, {})
        table.add_row(category, *(f"{row.get(risk, 0):,}" for risk in RISKS), f"{sum(row.values()):,}")
    return table
