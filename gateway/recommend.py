"""From a tool and its label to the policy entry that we recommend, with the reason in a sentence.

A tool whose one bad call would be critical, or that moves money, waits for a person; a tool of medium or high risk gets
a cap on how often it may be called; a tool of low risk is simply allowed. Nothing here reaches the network or a clock.
"""

from collections.abc import Mapping
from typing import NamedTuple

from gateway import arguments
from gateway.policy import Approval, Condition, Denial, Entry, Limit, Policy
from toolcensus.records import RISKS, Category, Effect, Label, Record, Risk, Tool

APPROVAL = Approval(by="person", expires="10m")
ON_DENY = "needs approval"
UNSURE = "The label is unsure: look at the tool before you rely on it."


class Recommendation(Record, frozen=True):
    """The entry for one tool and why it is this one."""

    entry: Entry
    reason: str


class Cap(NamedTuple):
    """At most so many calls a minute and an hour; None where the hour needs no cap of its own."""

    minute: int
    hour: int | None
    why: str


BY_RISK: dict[tuple[Category, Risk], Cap] = {
    ("Read", "medium"): Cap(60, None, "what it reads is worth a limit"),
    ("Read", "high"): Cap(10, 60, "what it reads is sensitive"),
    ("Write", "medium"): Cap(30, None, "it changes things that stay changed"),
    ("Write", "high"): Cap(10, 100, "a wrong change would reach far"),
    ("Execute", "medium"): Cap(20, None, "it runs things, though in an environment of its own"),
    ("Execute", "high"): Cap(10, 100, "what it starts goes on by itself"),
}
"""Where a cap starts; a category and risk that is not here needs none."""

BY_EFFECT: dict[Effect, Cap] = {
    "destructive": Cap(5, 30, "what it destroys cannot be put back"),
    "communicates": Cap(5, 30, "other people see what it sends"),
    "access": Cap(5, 30, "it changes who may do what"),
    "secrets": Cap(5, 30, "it touches secrets"),
    "infrastructure": Cap(5, 60, "it changes running systems"),
    "physical": Cap(5, 60, "it acts on the physical world"),
    "bulk": Cap(5, 60, "one call reaches many objects"),
}
"""How an effect tightens the cap of a tool of high risk."""

HARVEST = Cap(30, 200, "page by page it could copy everybody's data")
"""The cap for listing or searching people or messages: one call is bearable, a loop of them is a leak."""


def recommend(tool: Tool, label: Label) -> Recommendation:
    """Return the policy entry for one tool, and the reason."""
    if label.risk == "critical" or "financial" in label.effects:
        made = _await_a_person(tool, label)
    else:
        limits, why = _limits(tool.name, label.category, label.risk, label)
        made = Recommendation(entry=Entry(limits=limits), reason=_opening(label) + (why or _why_free(label)))
    if label.review:
        return Recommendation(entry=made.entry, reason=f"{made.reason} {UNSURE}")
    return made


def document(entries: Mapping[str, Entry]) -> Policy:
    """Build one server's policy: every tool by its exact name, and everything else denied."""
    return Policy(version="1", default="deny", tools={name: entries[name] for name in sorted(entries)})


def _opening(label: Label) -> str:
    return f"{label.category}, {label.risk} risk: "


def _why_free(label: Label) -> str:
    if label.category == "Read":
        return "it leaves everything as it found it, so it may be called freely."
    return "the worst call does little harm, so it needs no cap."


def _limits(name: str, category: Category, risk: Risk, label: Label) -> tuple[tuple[Limit, ...], str]:
    """Return the limits for a tool's name, and the sentence that explains them; nothing where none are needed."""
    start = BY_RISK.get((category, risk))
    if start is None:
        return (), ""
    cap = min([start, *_tighter(risk, label)], key=lambda one: (one.minute, one.hour or one.minute * 60))
    counter = f"{name.lower()}_rate"
    limits = [Limit(counter=counter, window="minute", max=cap.minute)]
    if cap.hour is not None:
        limits.append(Limit(counter=f"{counter}_hour", window="hour", max=cap.hour))
    hourly = f" and {cap.hour} an hour" if cap.hour is not None else ""
    return tuple(limits), f"{cap.why}, so at most {cap.minute} calls a minute{hourly}."


def _tighter(risk: Risk, label: Label) -> list[Cap]:
    """Return the caps that the label's effects ask for."""
    if risk == "high":
        return [BY_EFFECT[effect] for effect in label.effects if effect in BY_EFFECT]
    return [HARVEST] if {"personal", "bulk"} <= set(label.effects) and label.category == "Read" else []


def _await_a_person(tool: Tool, label: Label) -> Recommendation:
    """Let a call wait for a person, unless its arguments show that it is one of the harmless ones."""
    conditions: list[Condition] = []
    but: list[str] = []
    limits: tuple[Limit, ...] = ()
    if choice := _choice(tool, label):
        conditions.append(Condition(path=f"args.{choice.parameter}", op="not_in", value=list(choice.harmless)))
        but.append(f"`{choice.parameter}` is {_either(choice.harmless)}")
        limits, _ = _limits(tool.name, choice.category, choice.risk, label)
    if flag := arguments.harmless_flag(tool):
        conditions.append(Condition(path=f"args.{flag}", op="neq", value=True))
        but.append(f"`{flag}` is true")
    rule = Denial(conditions=tuple(conditions), on_deny=ON_DENY, approve=APPROVAL)
    reason = f"{_opening(label)}{_why_wait(label)}, so {'a' if but else 'every'} call waits for a person"
    reason += f" unless {' or '.join(but)}." if but else "."
    return Recommendation(entry=Entry(deny_if=(rule,), limits=limits), reason=reason)


def _why_wait(label: Label) -> str:
    """Say what makes one call too much; the first that holds."""
    effects = set(label.effects)
    reasons: tuple[tuple[bool, str], ...] = (
        ("financial" in effects, "it moves money"),
        ("code" in effects and "confined" not in label.bounds, "it runs whatever it is given"),
        ("destructive" in effects and "container" in label.bounds, "it can destroy something with all that it holds"),
        ({"destructive", "bulk"} <= effects, "one call can destroy many things"),
        ("unlimited" in label.bounds, "it can reach anything"),
        ("destructive" in effects, "what it destroys cannot be put back"),
    )
    return next((reason for holds, reason in reasons if holds), "one wrong call can do lasting and wide harm")


class _Choice(NamedTuple):
    parameter: str
    harmless: tuple[str, ...]
    category: Category
    risk: Risk


def _choice(tool: Tool, label: Label) -> _Choice | None:
    """Find the parameter whose values have labels of their own, some of them less risky than the tool as a whole."""
    harmless = [action for action in label.actions if RISKS.index(action.risk) < RISKS.index(label.risk)]
    values = {action.value for action in label.actions}
    parameter = arguments.choosing(tool, values) if harmless else None
    if parameter is None:
        return None
    worst = max(harmless, key=lambda action: RISKS.index(action.risk))
    return _Choice(parameter, tuple(sorted({action.value for action in harmless})), worst.category, worst.risk)


def _either(values: tuple[str, ...]) -> str:
    shown = [f"`{value}`" for value in values]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
