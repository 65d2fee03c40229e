"""The finding `changed`: a definition that is worse than the one it replaced, or another one under the same version."""

from toolcensus.records import CATEGORIES, RISKS, Finding, Label, Tool
from toolcensus.turned import Turn


def changed(tool: Tool, label: Label, turn: Turn | None) -> tuple[Finding, ...]:
    """Say what is to be known of a definition that took another's place; nothing where it is new or no worse."""
    if turn is None:
        return ()
    reasons = _reasons(label, turn)
    if not reasons:
        return ()
    field, length = _field(tool, turn.kinds)
    message = f"On {turn.at[:10]} this definition took another's place: {' and '.join(reasons)}."
    return (Finding(kind="changed", severity=label.risk, field=field, start=0, end=length, message=message),)


def _reasons(label: Label, turn: Turn) -> list[str]:
    reasons = []
    if turn.category and CATEGORIES.index(label.category) > CATEGORIES.index(turn.category):
        reasons.append(f"the category rose from {turn.category} to {label.category}")
    if turn.risk and RISKS.index(label.risk) > RISKS.index(turn.risk):
        reasons.append(f"the risk rose from {turn.risk} to {label.risk}")
    if turn.silently and "description" in turn.kinds:
        reasons.append("its text is another one under the same version")
    return reasons


def _field(tool: Tool, kinds: tuple[str, ...]) -> tuple[str, int]:
    """Return what the finding is about and how long that text is; where it is no text, the tool's name."""
    if "description" in kinds and tool.description:
        return "description", len(tool.description)
    return "name", len(tool.name)
