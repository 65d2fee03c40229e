"""The command `train`: make the model anew from the labels and the definitions that are here."""

from pathlib import Path
from typing import Annotated

import typer

from interfaces import options

NAME = "train"
PANEL = "Judge"


def command(
    *,
    gold: Annotated[
        Path | None,
        typer.Option("--gold", metavar="FOLDER", envvar="TOOLCENSUS_GOLD", help="A folder of labelled definitions."),
    ] = None,
    labels: Annotated[Path | None, typer.Option(metavar="FOLDER", help="The labels; else data/labels.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where the model goes; else data/model.")] = None,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Train the model on the labels of data/labels and the definitions that an index or a folder holds.

    The same labels and definitions give the same model, to the byte. Labels carry no text: what neither holds is left
    out, and the card that is written beside the model says how much was learnt from.

    Example: toolcensus train --db data/index.db --out /tmp/model
    """
    from interfaces import terminal
    from interfaces.flows.train import train_model

    del verbose  # read by main, which prints the traceback
    card = train_model(gold, db, labels, out)
    if json:
        terminal.print_json(card)
        return
    terminal.out().print(
        f"Model {card.version}: {card.labelled:,} labelled and {card.hinted:,} annotated definitions of "
        f"{card.families:,} families, {card.features:,} features, {card.bytes / 1e6:.1f} MB",
        soft_wrap=True,
    )
    if not quiet:
        terminal.err().print("Next: toolcensus evaluate")
