"""Actions: the label of each value of a parameter that chooses what a tool does."""

from classifier.definition import Definition, prepare
from classifier.judge import Judgement, judge
from classifier.schema import Parameter
from classifier.words import VOCABULARY, split_name
from toolcensus.records import CATEGORIES, RISKS, Action, Tool

_CHOOSING = frozenset(
    ("action", "operation", "op", "command", "method", "mode", "subcommand", "intent", "verb", "task")
)
_MOST_VALUES = 32
_FEWEST_VALUES = 2
_LONGEST_VALUE = 100


def label_actions(definition: Definition, judgement: Judgement) -> tuple[Action, ...]:
    """Return one action a value of the first action-like parameter; empty where no parameter chooses among actions."""
    parameter = chooser_of(definition)
    if parameter is None:
        return ()
    nouns = [word.text for word in definition.name_words if word.text not in VOCABULARY.verbs]
    values = [value for value in parameter.values[:_MOST_VALUES] if len(value) <= _LONGEST_VALUE]
    return tuple(_label_value(value, nouns, judgement) for value in values)


def chooser_of(definition: Definition) -> Parameter | None:
    """Return the first action-like parameter that chooses among actions, if there is one."""
    return next((each for each in definition.parameters if each.depth == 1 and _chooses(each)), None)


def _chooses(parameter: Parameter) -> bool:
    """Whether the parameter is named like a choice of action and at least half of its values are verbs."""
    if len(parameter.values) < _FEWEST_VALUES or not parameter.words or parameter.words[-1].text not in _CHOOSING:
        return False
    return 2 * sum(_has_verb(value) for value in parameter.values) >= len(parameter.values)


def _has_verb(value: str) -> bool:
    return any(word.text in VOCABULARY.verbs for word in split_name(value))


def _label_value(value: str, nouns: list[str], judgement: Judgement) -> Action:
    """Judge one value as if it were a tool of its own; no value is worse than the tool that offers it."""
    category, risk = judgement.decision.category, judgement.verdict.risk
    if _has_verb(value):
        alone = judge(prepare(Tool(name=" ".join((value, *nouns)))))
        category = min(category, alone.decision.category, key=CATEGORIES.index)
        risk = min(risk, alone.verdict.risk, key=RISKS.index)
    return Action(value=value, category=category, risk=risk)
