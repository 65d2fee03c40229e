"""The command `evaluate`: how well labels hold on vendors that the model never saw."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interfaces import options

if TYPE_CHECKING:
    from rich.console import Console

    from interfaces.flows.evaluate import Evaluation

NAME = "evaluate"
PANEL = "Judge"
MISSED = 1


def command(
    *,
    gold: Annotated[
        Path | None,
        typer.Option("--gold", metavar="FOLDER", envvar="TOOLCENSUS_GOLD", help="A folder of labelled definitions."),
    ] = None,
    labels: Annotated[Path | None, typer.Option(metavar="FOLDER", help="The labels; else data/labels.")] = None,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Measure the labels on vendors that the model never saw, beside simpler methods; exit 1 where a target is missed.

    Every definition is judged by a model that was trained without its vendor, its owner and whatever resembles it.

    Example: toolcensus evaluate --gold FOLDER
    """
    from interfaces import terminal
    from interfaces.flows.evaluate import evaluate

    with terminal.progress(quiet or json) as bars:
        task = bars.add_task("Folds", total=None, note="")
        result = evaluate(gold, db, labels, lambda done: bars.update(task, completed=done))
    if json:
        terminal.print_json(result)
    else:
        _show(result, terminal.out(), verbose=verbose)
    if not result.reached:
        raise typer.Exit(MISSED)


def _show(result: "Evaluation", console: "Console", *, verbose: bool) -> None:
    from interfaces import terminal

    console.print(
        f"{result.measured:,} tools of {result.families:,} families, each judged by a model that learnt from the other "
        f"families among {result.labelled:,} labelled tools, in {result.folds} folds\n",
        soft_wrap=True,
    )
    table = terminal.table("rules and model", "figure", "95 % interval", "to reach", "")
    for line in result.lines:
        whole = line.figure >= 1 and line.name.endswith("errors")
        shown, low, high = (f"{value:.0f}" if whole else f"{value:.3f}" for value in (line.figure, *line.interval))
        table.add_row(line.name, shown, f"{low} to {high}", line.target, "" if line.reached else "missed")
    hints = result.hints
    agreed = "" if result.agrees else "missed"
    table.add_row("readOnlyHint, well-kept vendors", f"{hints.kept_mean:.3f}", "", "≥ 0.95", agreed)
    console.print(table, "")
    _show_methods(result, console)
    _show_effects(result, console)
    _show_hints(result, console, verbose=verbose)


def _show_methods(result: "Evaluation", console: "Console") -> None:
    from interfaces import terminal

    table = terminal.table("method", "on", "tools", "accuracy", "macro-F1", "called Read", "risk", "effects")
    for one in result.methods:
        last = (f"{value:.3f}" if value is not None else "–" for value in (one.risk_accuracy, one.effects_micro_f1))
        first = (f"{value:.3f}" for value in (one.accuracy, one.macro_f1, one.danger))
        table.add_row(one.name, one.rows, f"{one.tools:,}", *first, *last)
    console.print(table, "")


def _show_effects(result: "Evaluation", console: "Console") -> None:
    from interfaces import terminal

    table = terminal.table("effect", "F1", "right", "wrong", "missed")
    for effect, counts in result.effects.items():
        table.add_row(effect, f"{counts.f1:.2f}", *(str(count) for count in counts))
    console.print(table, "")


def _show_hints(result: "Evaluation", console: "Console", *, verbose: bool) -> None:
    from interfaces import terminal

    hints = result.hints
    console.print(
        f"readOnlyHint: {hints.pooled:.3f} of the tools agree, {hints.mean:.3f} as a mean of {hints.vendors} vendors\n"
        f"on {hints.kept_vendors} well-kept vendors {hints.kept_pooled:.3f} and {hints.kept_mean:.3f}; "
        f"{hints.writers_called_read:.3f} of the writers are called Read",
        soft_wrap=True,
    )
    console.print(
        f"{len(hints.plainly_wrong)} annotations are plainly wrong" + (":" if verbose else " (-v lists them)")
    )
    console.print(
        f"{len(result.off_table)} labelled risks are not the table's" + (":" if verbose else " (-v lists them)")
    )
    if verbose:
        for line in (*hints.plainly_wrong, *result.off_table):
            console.print(f"  {terminal.clean(line)}", soft_wrap=True)
