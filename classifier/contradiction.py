"""Finding annotations that say something else than the definition."""

from collections.abc import Iterator

from toolcensus.records import Finding, Label, Risk, Tool


def find(tool: Tool, label: Label) -> Iterator[Finding]:
    """Yield `annotation-mismatch` where readOnlyHint or destructiveHint contradicts the label.

    A hint that is absent contradicts nothing, and a destructive label only a destructiveHint that is set to false.
    """
    hints = tool.annotations or {}
    read_only, destructive = hints.get("readOnlyHint"), hints.get("destructiveHint")
    if read_only is True and label.category != "Read":
        yield _finding(
            "readOnlyHint", "high", f"Calls itself read-only but is a {label.category} tool: a client that trusts it"
        )
    if read_only is False and label.category == "Read":
        yield _finding(
            "readOnlyHint",
            "low",
            "Says that it is not read-only but describes a reading tool: the text or the hint leaves something out",
            "ask for the one that is missing",
        )
    if destructive is False and "destructive" in label.effects and read_only is not True:
        yield _finding(
            "destructiveHint", "high", "Calls itself harmless but deletes or overwrites: a client that trusts it"
        )


def _finding(hint: str, severity: Risk, what: str, advice: str = "") -> Finding:
    return Finding(
        kind="annotation-mismatch",
        severity=severity,
        field=f"/annotations/{hint}",
        start=0,
        end=len(hint),
        message=f"{what}; {advice}." if advice else f"{what} runs it without asking; go by the label.",
    )
