"""The rationale: one or two sentences that say what a tool does to what, and why that is its category and risk.

Only words of the definition are repeated, as plain letters and digits, so that nothing a stranger wrote can steer the
reader's terminal, page or model.
"""

from collections.abc import Sequence

from classifier.deed import LIGHT, Deed
from classifier.definition import Definition
from classifier.judge import Judgement
from classifier.schema import Parameter
from classifier.words import STOP, Word
from toolcensus.records import Category, Effect

_LONGEST_OBJECT = 70
_LONGEST_NAME = 60
_MOST_WORDS = 40
_TRAILING = frozenset(
    (
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "to",
        "in",
        "on",
        "for",
        "with",
        "by",
        "from",
        "as",
        "at",
        "its",
        "into",
        "is",
        "this",
    )
)

_CATEGORY: dict[Category, str] = {
    "Read": "and leaves every system as it found it",
    "Write": "and what it changes outlives the call",
    "Execute": "and hands control to something whose effect the definition does not bound",
}
_PLAIN: dict[Category, str] = {
    "Read": "Nothing that it returns or takes lifts the risk above low",
    "Write": "The definition bounds what changes, so the risk stays at medium",
    "Execute": "What happens next is up to what it starts, so the risk is high",
}
_ALSO: dict[Effect, str] = {
    "destructive": "what it destroys does not come back by calling it again",
    "financial": "money is at stake",
    "code": "the caller supplies what is run",
    "communicates": "other people see the result",
    "access": "it changes who may do what",
    "secrets": "secrets pass through it",
    "personal": "it deals in data about people",
    "filesystem": "the caller names the local path",
    "egress": "the caller chooses the network address",
    "untrusted": "it brings text that strangers can write into the conversation",
    "infrastructure": "running systems feel it",
    "physical": "it acts on the physical world",
    "bulk": "one call affects many objects",
}
_TELLING: tuple[tuple[str, str], ...] = (
    ("command", "{} takes any text"),
    ("sql", "{} takes any text"),
    ("code", "{} takes any text"),
    ("script", "{} takes any text"),
    ("expression", "{} takes any text"),
    ("cmd", "{} takes any text"),
    ("amount", "{} has no stated limit"),
    ("url", "{} may be any address"),
    ("host", "{} may be any address"),
    ("path", "{} may name any file"),
    ("recipient", "{} names who receives it"),
    ("recursive", "{} widens the damage"),
    ("force", "{} widens the damage"),
    ("overwrite", "{} decides whether existing content is lost"),
    ("query", "{} says what is asked for"),
)
_LIMITING: tuple[tuple[str, str], ...] = (
    ("dry run", "{} lets a caller see the outcome first"),
    ("confirm", "{} asks the caller to be explicit"),
    ("confirmation", "{} asks the caller to be explicit"),
    ("preview", "{} lets a caller see the outcome first"),
)


def explain(definition: Definition, judgement: Judgement) -> str:
    """Return the rationale of a judgement, as a security engineer would put it."""
    category = judgement.decision.category
    return f"{_doing(definition)}, {_because(judgement, category)}. {_risk(definition, judgement)}."


def _doing(definition: Definition) -> str:
    """Say what it does to what, from the first sentence, else the name."""
    told, named = definition.told, definition.named
    if told and told.verb not in LIGHT:
        return f"It {_phrase(told, definition.tool.description or '', running=True)}"
    if named:
        return f"By its name it {_phrase(named, definition.tool.name, running=False)}"
    words = [word for word in definition.description_words[:_MOST_WORDS] if word.text != STOP]
    if words:
        return f"It speaks of {_quoted(definition.tool.description or '', words[0].start, words[-1].end)}"
    nouns = _named(definition.name_words, definition.tool.name)
    return f"The name speaks of {nouns}" if nouns else "The definition says nothing of what it does"


def _phrase(deed: Deed, text: str, *, running: bool) -> str:
    """Return the deed after *it*: the verb's third person and what follows, as a running text or a name has it."""
    verb, *rest = deed.words
    if running and rest and text[verb.start : verb.end].lower().startswith(deed.verb[:2]):
        things = _quoted(text, verb.end, rest[-1].end)
    elif running:
        things = _fitted([word.text for word in rest])
    else:
        things = _named(rest, text)
    return f"{third_person(deed.verb)} {things}".strip()


def _quoted(text: str, start: int, end: int) -> str:
    """Return a stretch of text with nothing left in it but letters, digits and a few marks."""
    plain = "".join(letter if letter.isalnum() or letter in ",'-_" else " " for letter in text[start:end])
    return _fitted(plain.split())


def _named(words: Sequence[Word], name: str) -> str:
    """Return words of a name as they stand there; splitting has left nothing in them but letters and digits."""
    return _fitted([name[word.start : word.end].lower() for word in words if word.text != STOP])


def third_person(verb: str) -> str:
    """Return a verb's form after *it*: *delete* becomes *deletes*, *search* becomes *searches*."""
    if verb.endswith("y") and verb[-2:-1] not in set("aeiou"):
        return f"{verb[:-1]}ies"
    return f"{verb}{'es' if verb.endswith(('s', 'sh', 'ch', 'x', 'z', 'o')) else 's'}"


def _fitted(words: list[str]) -> str:
    """Join words up to a length, without a loose end such as *of the*."""
    kept: list[str] = []
    for word in words:
        if sum(map(len, kept)) + len(kept) + len(word) > _LONGEST_OBJECT:
            break
        kept.append(word)
    while kept and (kept[-1].lower() in _TRAILING or not kept[-1].strip(",-'_")):
        kept.pop()
    return " ".join(kept).rstrip(",-'_")


def _because(judgement: Judgement, category: Category) -> str:
    matches = judgement.decision.matches
    if matches:
        return f"and it {matches[0].rule.shows}, which is {category}"
    return _CATEGORY[category]


def _risk(definition: Definition, judgement: Judgement) -> str:
    """Say what decides the risk, and what else widens or limits it."""
    risk, says, limited = judgement.verdict
    verb = "stays" if limited else "is"
    lead = f"The risk {verb} {risk} because {says}" if says else _PLAIN[judgement.decision.category]
    parts = [lead, *_parameter_parts(definition, judgement)]
    parts += [_ALSO[effect] for effect in judgement.effects if _adds(effect, says)][:2]
    return "; ".join(parts[:4])


def _adds(effect: Effect, says: str) -> bool:
    words = {
        "destructive": "destroy",
        "financial": "money",
        "access": "may do what",
        "secrets": "secret",
        "filesystem": "path",
        "egress": "address",
        "communicates": "people see",
        "bulk": "many",
        "code": "what is run",
        "infrastructure": "running system",
        "personal": "records",
    }
    return words.get(effect, "\0") not in says


def _parameter_parts(definition: Definition, judgement: Judgement) -> list[str]:
    parts = []
    outer = [each for each in definition.parameters if each.depth == 1]
    if judgement.decision.category != "Read" or judgement.verdict.risk != "low":
        parts += _first_part(outer, _TELLING, free=True)
    if judgement.decision.category != "Read":
        parts += _first_part(outer, _LIMITING, free=False)
    return parts


def _first_part(parameters: list[Parameter], table: tuple[tuple[str, str], ...], *, free: bool) -> list[str]:
    for words, says in table:
        for each in parameters:
            name = " ".join(word.text for word in each.words)
            fits = name == words or name.endswith(f" {words}")
            if fits and (each.free or each.type == "boolean" or not free):
                return [says.format(f"“{_plain(each.name)}”")]
    return []


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "_-" else " " for letter in name)[:_LONGEST_NAME].strip()
