"""The form of policy.json, version 1: which tools of one server may be called, how often, and with what arguments.

A policy is a stranger's document: unknown keys, duplicate keys and conditions that could never be decided are errors
that name their place as a JSON pointer. docs/policy.md explains the form.
"""

import json
from typing import Annotated, Any, Literal

import msgspec
import re2

from toolcensus.errors import InputError, LimitError

Operator = Literal["eq", "neq", "lt", "lte", "gt", "gte", "in", "not_in", "exists", "regex", "contains"]

LARGEST_POLICY = 16 * 1024 * 1024
LONGEST_PATTERN = 1_000

Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
Span = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,4}[smhd]\Z")]
Digest = Annotated[str, msgspec.Meta(pattern=r"^sha256:[0-9a-f]{64}\Z")]
ArgumentPath = Annotated[str, msgspec.Meta(pattern=r"^args(\.[^.]+)+\Z", max_length=1_000)]


class Part(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of a policy document; as JSON, what holds its default is left out."""


class Condition(Part, frozen=True, kw_only=True):
    """A statement about one argument: true, false, or undecidable where the argument is absent or of another type."""

    path: ArgumentPath
    op: Operator
    value: Any = msgspec.UNSET

    def __post_init__(self) -> None:
        if problem := _undecidable(self.op, self.value):
            raise ValueError(problem)


class Approval(Part, frozen=True, kw_only=True):
    """The call waits for a person, at most so long; a reader that does not know this key denies instead."""

    by: Literal["person"]
    expires: Span


class Requirement(Part, frozen=True, kw_only=True):
    """All conditions must hold, else the call is denied."""

    conditions: tuple[Condition, ...]
    on_deny: str = ""


class Denial(Part, frozen=True, kw_only=True):
    """The call is denied when all conditions hold, always where there are none; or waits, where `approve` is set."""

    conditions: tuple[Condition, ...]
    on_deny: str = ""
    approve: Approval | None = None


class Limit(Part, frozen=True, kw_only=True, omit_defaults=False):
    """A quota; windows are aligned to the calendar in UTC. No counter means the tool's own, `<name>_rate`."""

    counter: str | msgspec.UnsetType = msgspec.UNSET
    window: Literal["minute", "hour", "day"]
    max: Count
    scope: Literal["grant", "session"] = "grant"


class Entry(Part, frozen=True, kw_only=True):
    """What holds for one tool. An empty entry allows every call; `pin` binds the entry to one definition's digest."""

    require: tuple[Requirement, ...] = ()
    deny_if: tuple[Denial, ...] = ()
    limits: tuple[Limit, ...] = ()
    pin: Digest | None = None


class AllTools(Part, frozen=True, kw_only=True):
    """Quotas over every call to the server."""

    limits: tuple[Limit, ...] = ()


class Policy(Part, frozen=True, kw_only=True):
    """One server's policy. `default` decides about tools that are not under `tools`; names are exact.

    Under `mode` shadow every call passes, and the log keeps the true decision.
    """

    version: Literal["1"]
    default: Literal["allow", "deny"]
    mode: Literal["enforce", "shadow"] = "enforce"
    hide: tuple[str, ...] = ()
    all_tools: AllTools | None = None
    tools: dict[str, Entry] = msgspec.field(default_factory=dict)


def decode(document: bytes) -> Policy:
    """Read a policy document; raise InputError with the JSON pointer of what is wrong with it."""
    if len(document) > LARGEST_POLICY:
        raise LimitError(f"the policy has {len(document):,} bytes", advice=f"keep it under {LARGEST_POLICY:,} bytes")
    raw = _parse(document)
    try:
        return msgspec.convert(raw, Policy, strict=True)
    except msgspec.ValidationError as error:
        where, what = _locate(raw, str(error))
    raise InputError(f"policy: at {where or '/'}: {what}", advice="docs/policy.md shows the form")


def encode(policy: Policy) -> bytes:
    """Write a policy in its canonical order: keys as in the form, tools and hidden names by code point."""
    tools = {name: policy.tools[name] for name in sorted(policy.tools)}
    ordered = msgspec.structs.replace(policy, tools=tools, hide=tuple(sorted(policy.hide)))
    # `version` and `default` have no default values, so that omit_defaults always keeps them.
    return msgspec.json.format(msgspec.json.encode(ordered), indent=2) + b"\n"


def _undecidable(op: Operator, value: Any) -> str:
    """Return why no argument could ever be held against `value`, or nothing."""
    if op == "exists":
        return "" if value is msgspec.UNSET or isinstance(value, bool) else "`exists` takes true or false"
    if value is msgspec.UNSET:
        return f"`{op}` needs a value"
    if op in {"in", "not_in"} and not isinstance(value, (list, tuple)):
        return f"`{op}` needs a list of values"
    if op in {"lt", "lte", "gt", "gte"} and (isinstance(value, bool) or not isinstance(value, (int, float))):
        return f"`{op}` needs a number"
    return _bad_pattern(value) if op == "regex" else ""


def _bad_pattern(value: Any) -> str:
    """Return why `value` is no pattern, or nothing."""
    if not isinstance(value, str) or len(value) > LONGEST_PATTERN:
        return f"`regex` needs a pattern of at most {LONGEST_PATTERN:,} characters"
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(value, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "it cannot be read"
        return f"`regex` needs a pattern that RE2 knows: {reason.decode() if isinstance(reason, bytes) else reason}"
    return ""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its members; a name that comes twice could hide one rule behind another."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise ValueError(f"the key {name!r} stands twice in one object")
        made[name] = value
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _parse(document: bytes) -> Any:
    try:
        return json.loads(document.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    raise InputError(f"policy: not readable as JSON: {reason}", advice="docs/policy.md shows the form")


def _locate(raw: Any, message: str) -> tuple[str, str]:
    """Turn msgspec's message into a pointer and a sentence; it leaves out the names of an object's free keys."""
    what, _, path = message.partition(" - at `$")
    pointer = path.rstrip("`").replace("[...]", "/…").replace("[", "/").replace("]", "").replace(".", "/")
    if not pointer.startswith("/tools/…"):
        return pointer, what
    for name, entry in raw["tools"].items():
        try:
            msgspec.convert(entry, Entry, strict=True)
        except msgspec.ValidationError:
            return pointer.replace("…", name.replace("~", "~0").replace("/", "~1"), 1), what
    return pointer, what
