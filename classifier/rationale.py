"""The rationale: one or two sentences that say what a tool does to what, and why that is its category and risk."""

from classifier.actions import chooser_of
from classifier.definition import Definition
from classifier.judge import Judgement, only_creates
from classifier.phrase import Phrase, phrase_of
from classifier.quotation import third_person
from classifier.telling import choice_of, tells_of_input, tells_of_parameters
from classifier.word_classes import CLASSES
from classifier.words import VOCABULARY
from toolcensus.records import CATEGORIES, Bound, Category, Effect

_MOST_REASONS = 3
_LONGEST = 340

_LEAVES: dict[Category, str] = {
    "Read": "changes nothing",
    "Write": "the change outlives the call",
    "Execute": "what happens then is not bounded by the definition",
}
_RETURNS = "only hands something back, as far as the definition says"
_STAYS = "what it adds stays"
_GONE = "the call alone does not bring it back"
_OUTCOMES: tuple[tuple[Category, frozenset[str], str], ...] = (
    ("Read", frozenset(CLASSES["computing"]), "hands the result back in the reply"),
    ("Write", frozenset((*CLASSES["deleting"], *CLASSES["ending"], *CLASSES["removing"])), _GONE),
    ("Write", frozenset(("publish",)), "what it publishes stays until someone takes it down"),
    ("Write", frozenset(CLASSES["sending"]), "what is sent stays sent"),
    ("Write", frozenset(CLASSES["creating"]), _STAYS),
    ("Execute", frozenset(("stop", "terminate", "kill", "pause", "shutdown", "cancel")), "what it stops stays so"),
    (
        "Execute",
        frozenset(("restart", "reboot", "rollback", "scale")),
        "what it starts or stops goes on after the call",
    ),
    ("Execute", frozenset(CLASSES["operating"]) - {"run"}, "what it starts goes on after the call"),
)
_SUPPLIED = "what that does is up to the caller"
_PLAIN: dict[Category, str] = {
    "Read": "nothing in the definition is sensitive",
    "Write": "the definition bounds what changes",
    "Execute": "what happens next is up to what it starts",
}
_ALSO: dict[Effect, tuple[str, tuple[str, ...]]] = {
    "destructive": ("what it destroys does not come back by calling it again", ("destroy", "bring it back")),
    "financial": ("money is at stake", ("money",)),
    "code": ("the caller supplies what is run", ("is run",)),
    "communicates": ("other people see the result", ("people see",)),
    "access": ("it changes who may do what", ("may do what",)),
    "secrets": ("secrets pass through it", ("secret",)),
    "personal": ("it deals in data about people", ("people",)),
    "filesystem": ("the caller names the local path", ("path", "the disk")),
    "egress": ("the caller chooses the network address", ("address",)),
    "untrusted": ("it brings text that strangers can write into the conversation", ("strangers",)),
    "infrastructure": ("running systems feel it", ("running system",)),
    "physical": ("it acts on the physical world", ("room",)),
    "bulk": ("one call affects many objects", ("many",)),
}
_LIMITS: dict[Bound, str] = {
    "draft": "someone else still has to send or sign it",
    "element": "only a part of something that stays is touched",
    "session-only": "nothing of it outlives the session",
    "sandboxed": "it works in an environment of the agent's own",
}
_SAID_TWICE = (("path", "the disk"), ("network address", "any address"))
_REPEATING = frozenset(("runs a command-line program with free arguments", "runs code that the caller supplies"))
_MAY_REPLACE = frozenset(("write", "upload", "save", "download", "import", "copy"))
_LASTS = "the change lasts no longer than the session"
_CHOOSING = ("offers an action", "offers actions", "includes actions")
_OPERATING = frozenset(
    (
        "starts or stops a process, job or machine",
        "sets up or removes something that runs",
        "brings services up or down",
    )
)
_SAYS_LITTLE = frozenset(("changes things as well as reading them", "leaves something behind that goes on existing"))


def explain(definition: Definition, judgement: Judgement) -> str:
    """Return the rationale of a judgement, as a security engineer would put it."""
    decision = judgement.decision
    phrase = phrase_of(definition, decision.category, explained=bool(decision.matches))
    outcome = _outcome(definition, judgement, phrase)
    reasons = _risk(definition, judgement, f"{phrase.said} {outcome}")
    aside = ""
    if alone := decision.overruled:
        more = CATEGORIES.index(alone) > CATEGORIES.index(decision.category)
        aside = f"; the rules by themselves would say that it can do {'more' if more else 'less'}"
    said = f"{phrase.said}{outcome}. {reasons}{aside}."
    return said if len(said) <= _LONGEST or not aside else f"{phrase.said}{outcome}. {reasons}."


def _outcome(definition: Definition, judgement: Judgement, phrase: Phrase) -> str:
    """Say what the deed comes to: what a rule saw in it, else what remains of it after the call."""
    category, matches = judgement.decision.category, judgement.decision.matches
    shows = matches[0].rule.shows if matches else ""
    chooser = chooser_of(definition) if category != "Read" else None
    if chooser and (not shows or shows.startswith(_CHOOSING)) and (choice := choice_of(chooser, category)):
        return f"; {choice}"
    fitting = VOCABULARY.verbs.get(phrase.verb) == category
    repeats = (shows in _REPEATING and phrase.verb in {"run", "execute"}) or (
        shows in _OPERATING and phrase.verb in CLASSES["operating"]
    )
    if shows and not repeats and not (fitting and (shows in _SAYS_LITTLE or shows.startswith(_CHOOSING))):
        same = bool(phrase.verb) and shows.startswith(f"{third_person(phrase.verb)} ")
        return f": it {shows}" if same or not phrase.acts else f"; it {shows}"
    says = _remains(definition, judgement, phrase)
    if not phrase.acts:
        return f"; it {says}" if category == "Read" else f"; {says}"
    return f" and {says}" if category == "Read" else f", and {says}"


def _remains(definition: Definition, judgement: Judgement, phrase: Phrase) -> str:
    """Say what is left after the call, by category and verb."""
    category = judgement.decision.category
    says = next((says for of, verbs, says in _OUTCOMES if of == category and phrase.verb in verbs), "")
    destroys = "destructive" in judgement.effects
    if says and says != (_STAYS if destroys else _GONE):
        return says
    reads = VOCABULARY.verbs.get(phrase.verb, "Read") == "Read"
    if category == "Read" and not reads:
        return _RETURNS
    if category == "Write" and reads and (definition.tool.annotations or {}).get("readOnlyHint") is False:
        return "its author says that it changes something"
    if category == "Write" and "session-only" in judgement.bounds:
        return _LASTS
    return _SUPPLIED if category == "Execute" and "code" in judgement.effects else _LEAVES[category]


def _risk(definition: Definition, judgement: Judgement, before: str) -> str:
    """Say what decides the risk, and what else widens or limits it."""
    category, (risk, says, limited) = judgement.decision.category, judgement.verdict
    told = tells_of_parameters(definition, judgement.effects, changes=category != "Read")
    if told and any(said in says and shown in told[0] for said, shown in _SAID_TWICE):
        says, told = told[0], told[1:]
    heard = f"{before} {says} {told}"
    also = [
        clause
        for effect in judgement.effects
        for clause, words in (_ALSO[effect],)
        if not any(word in heard for word in words)
    ]
    if limited:
        stays = "is high and no higher" if risk == "high" else f"stays {risk}"
        lead = f"That is {category}, and the risk {stays} because {says}"
        return ", though ".join([lead, *told][:2])
    if not says and category == "Read" and also:
        return f"That is Read with {risk} risk, though {' and '.join([*told, *also][:2])}"
    limit = next((_LIMITS[bound] for bound in judgement.bounds if bound in _LIMITS), "") if category != "Read" else ""
    if limit and not says:
        says, limit = limit, ""
    reasons = [says or _plain_reason(definition, judgement), *told, *also][:_MOST_REASONS]
    return _joined(f"That is {category} with {risk} risk: ", reasons, limit, _LONGEST - len(before))


def _plain_reason(definition: Definition, judgement: Judgement) -> str:
    """Say why the category alone gives the risk."""
    category = judgement.decision.category
    if "code" not in judgement.effects and (told := tells_of_input(definition, changes=category != "Read")):
        return told
    deeds = (definition.named, definition.told)
    adds = only_creates(definition) and all(deed.verb not in _MAY_REPLACE for deed in deeds if deed)
    if category == "Write" and adds and "overwrites" not in judgement.bounds:
        return "what is there already stays as it is"
    return _PLAIN[category]


def _joined(lead: str, reasons: list[str], limit: str, room: int) -> str:
    """Join reasons as a person would, without the last ones where they would be too long."""
    aside = f", but {limit}" if limit else ""
    while len(reasons) > 1 and len(lead) + len(aside) + sum(map(len, reasons)) > room:
        reasons = reasons[:-1]
    if len(reasons) < _MOST_REASONS:
        return lead + ", and ".join(reasons) + aside
    return f"{lead}{reasons[0]}, {reasons[1]}, and {reasons[2]}{aside}"
