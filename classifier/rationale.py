"""The rationale: one or two sentences that say what a tool does to what, and why that is its category and risk."""

from typing import NamedTuple

from classifier.definition import Definition
from classifier.judge import Judgement
from classifier.phrase import doing, third_person, verb_of
from classifier.schema import Parameter
from classifier.word_classes import CLASSES
from toolcensus.records import Category, Effect

_LONGEST_NAME = 60
_MOST_REASONS = 3

_LEAVES: dict[Category, str] = {
    "Read": "changes nothing",
    "Write": "the change outlives the call",
    "Execute": "what happens then is not bounded by the definition",
}
_GONE = "the call alone does not bring it back"
_OUTCOMES: tuple[tuple[Category, frozenset[str], str], ...] = (
    ("Read", frozenset(CLASSES["computing"]), "hands the result back in the reply"),
    ("Write", frozenset((*CLASSES["deleting"], *CLASSES["ending"], *CLASSES["removing"])), _GONE),
    ("Write", frozenset(CLASSES["sending"]), "what is sent stays sent"),
    ("Write", frozenset(CLASSES["creating"]), "what it adds stays"),
    ("Execute", frozenset(CLASSES["operating"]), "what it starts or stops goes on after the call"),
)
_PLAIN: dict[Category, str] = {
    "Read": "nothing in the definition is sensitive",
    "Write": "the definition bounds what changes",
    "Execute": "what happens next is up to what it starts",
}
_ALSO: dict[Effect, tuple[str, str]] = {
    "destructive": ("what it destroys does not come back by calling it again", "destroy"),
    "financial": ("money is at stake", "money"),
    "code": ("the caller supplies what is run", "is run"),
    "communicates": ("other people see the result", "people see"),
    "access": ("it changes who may do what", "may do what"),
    "secrets": ("secrets pass through it", "secret"),
    "personal": ("it deals in data about people", "people"),
    "filesystem": ("the caller names the local path", "any file"),
    "egress": ("the caller chooses the network address", "address"),
    "untrusted": ("it brings text that strangers can write into the conversation", "strangers"),
    "infrastructure": ("running systems feel it", "running system"),
    "physical": ("it acts on the physical world", "room"),
    "bulk": ("one call affects many objects", "many"),
}


class _Telling(NamedTuple):
    """What a parameter's last words say where an effect (or, with none, any change) is there."""

    words: tuple[str, ...]
    effect: Effect | None
    says: str
    free: bool


_TELLING: tuple[_Telling, ...] = (
    _Telling(("command", "sql", "cypher", "code", "script", "expression", "query"), "code", "takes any text", True),
    _Telling(("amount", "quantity", "value"), "financial", "has no stated limit", False),
    _Telling(("url", "uri", "host", "website", "endpoint", "webhook"), "egress", "may be any address", True),
    _Telling(("path", "directory", "file", "filename", "folder"), "filesystem", "may name any file", True),
    _Telling(("recipient", "to", "channel", "chat id"), "communicates", "says who receives it", True),
    _Telling(("recursive", "force", "cascade"), None, "widens the damage", False),
    _Telling(("overwrite",), None, "decides whether existing content is lost", False),
)
_LIMITING: tuple[_Telling, ...] = (
    _Telling(("dry run", "preview"), None, "lets a caller see the outcome first", False),
    _Telling(("confirm", "confirmation"), None, "asks the caller to be explicit", False),
)
_SAID_TWICE = (("any path", "any file"), ("network address", "any address"))
_REPEATING = frozenset(("runs a command-line program with free arguments", "runs code that the caller supplies"))


def explain(definition: Definition, judgement: Judgement) -> str:
    """Return the rationale of a judgement, as a security engineer would put it."""
    alone = judgement.decision.overruled
    aside = f"; the rules by themselves would make it {alone}" if alone else ""
    return f"{doing(definition)}{_outcome(definition, judgement)}. {_risk(definition, judgement)}{aside}."


def _outcome(definition: Definition, judgement: Judgement) -> str:
    """Say what the deed comes to: what a rule saw in it, else what remains of it after the call."""
    category, matches = judgement.decision.category, judgement.decision.matches
    verb = verb_of(definition)
    destroys = "destructive" in judgement.effects
    shows = matches[0].rule.shows if matches else ""
    if shows and not (shows in _REPEATING and verb in {"run", "execute"}):
        same = shows.startswith(f"{third_person(verb)} ") if verb else False
        return f": it {shows}" if same else f", which {shows}"
    says = next((says for of, verbs, says in _OUTCOMES if of == category and verb in verbs), _LEAVES[category])
    says = _LEAVES[category] if says == _GONE and not destroys else says
    return f" and {says}" if category == "Read" else f", and {says}"


def _risk(definition: Definition, judgement: Judgement) -> str:
    """Say what decides the risk, and what else widens or limits it."""
    category, (risk, says, limited) = judgement.decision.category, judgement.verdict
    told = _of_parameters(definition, judgement)
    if told and any(said in says and shown in told[0] for said, shown in _SAID_TWICE):
        says, told = told[0], told[1:]
    heard = f"{says} {told}"
    also = [clause for effect in judgement.effects for clause, word in (_ALSO[effect],) if word not in heard]
    if limited:
        lead = f"That is {category}, and the risk stays {risk} because {says}"
        return ", though ".join([lead, *told][:2])
    if not says and category == "Read" and also:
        return f"That is Read with {risk} risk, though {' and '.join(also[:2])}"
    reasons = [says or _PLAIN[category], *told, *also][:_MOST_REASONS]
    joined = ", and ".join(reasons) if len(reasons) < _MOST_REASONS else f"{reasons[0]}, {reasons[1]}, and {reasons[2]}"
    return f"That is {category} with {risk} risk: {joined}"


def _of_parameters(definition: Definition, judgement: Judgement) -> list[str]:
    """Return what the one parameter that matters most says, and the one that limits a change."""
    outer = [each for each in definition.parameters if each.depth == 1]
    changes = judgement.decision.category != "Read"
    tables = (_TELLING, _LIMITING) if changes else (_TELLING,)
    found = []
    for table in tables:
        fitting = [row for row in table if (row.effect in judgement.effects if row.effect else changes)]
        found += _first_clause(outer, fitting)
    return found


def _first_clause(parameters: list[Parameter], table: list[_Telling]) -> list[str]:
    for row in table:
        for each in parameters:
            name = each.spoken
            fits = any(name == words or name.endswith(f" {words}") for words in row.words)
            if fits and (each.free or not row.free):
                return [f"“{_plain(each.name)}” {row.says}"]
    return []


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "_-" else " " for letter in name)[:_LONGEST_NAME].strip()
