"""The risk table of docs/taxonomy.md, row by row: a start by category, bounds that replace it, raises that lift it."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from toolcensus.records import RISKS, Bound, Category, Effect, Risk


class Facts(NamedTuple):
    """What the table asks about: the label's category, effects and bounds, and whether the call only creates."""

    category: Category
    effects: frozenset[Effect] = frozenset()
    bounds: frozenset[Bound] = frozenset()
    only_creates: bool = False

    def has(self, *words: str) -> bool:
        """Whether every one of these effects and bounds is there."""
        return all(word in self.effects or word in self.bounds for word in words)


class Row(NamedTuple):
    """One row of the table: the risk, when it holds, and how a rationale names it."""

    risk: Risk
    holds: Callable[[Facts], bool]
    says: str


STARTS: dict[Category, Risk] = {"Read": "low", "Write": "medium", "Execute": "high"}

BOUNDS: tuple[Row, ...] = (
    Row(
        "low",
        lambda it: (
            it.category == "Write" and it.has("scratch") and (not it.has("destructive") or it.has("session-only"))
        ),
        "it touches only the agent's own scratch",
    ),
    Row(
        "medium",
        lambda it: it.category == "Write" and it.has("scratch", "destructive"),
        "it wipes only the agent's own scratch",
    ),
    Row(
        "medium",
        lambda it: it.category == "Execute" and it.has("sandboxed"),
        "it drives only an environment of the agent's own",
    ),
    Row("high", lambda it: it.category == "Execute" and it.has("confined"), "what it can reach is bounded"),
)

RAISES: tuple[Row, ...] = (
    Row("medium", lambda it: it.category == "Read" and it.has("egress"), "the caller chooses the network address"),
    Row("medium", lambda it: it.category == "Read" and it.has("filesystem"), "it reads any path that the caller names"),
    Row(
        "medium", lambda it: it.category == "Read" and it.has("personal", "bulk"), "it hands over many people's records"
    ),
    Row("medium", lambda it: it.category == "Read" and it.has("secrets"), "it returns or takes a secret"),
    Row(
        "high",
        lambda it: it.category == "Read" and it.has("secrets") and (it.has("bulk") or it.has("container")),
        "it opens a whole store of secrets",
    ),
    Row("high", lambda it: it.category == "Write" and it.has("access"), "it changes who may do what"),
    Row("high", lambda it: it.category == "Write" and it.has("infrastructure"), "it reconfigures a running system"),
    Row(
        "high",
        lambda it: it.category == "Write" and it.has("destructive") and not it.has("element") and not it.has("scratch"),
        "what it destroys is a whole record or object",
    ),
    Row(
        "high",
        lambda it: it.category == "Write" and it.has("bulk") and not it.has("scratch") and not it.only_creates,
        "it changes many existing objects in one call",
    ),
    Row(
        "medium",
        lambda it: it.category == "Write" and it.has("filesystem"),
        "it writes at a path that the caller names",
    ),
    Row(
        "high",
        lambda it: it.category == "Write" and it.has("filesystem", "overwrites"),
        "it can overwrite the file at a path that the caller names",
    ),
    Row(
        "high", lambda it: it.category == "Write" and it.has("communicates", "public"), "many people see what it sends"
    ),
    Row("medium", lambda it: it.has("physical", "harmless"), "what it does in the room is harmless"),
    Row(
        "high",
        lambda it: it.has("physical") and not it.has("harmless"),
        "it acts where it can hurt someone or let someone in",
    ),
    Row("high", lambda it: it.has("financial"), "money is at stake"),
    Row(
        "critical",
        lambda it: it.has("financial", "unlimited") and not it.has("draft"),
        "the call itself moves the money, with no cap",
    ),
    Row(
        "critical",
        lambda it: it.has("destructive") and (it.has("bulk") or it.has("container")) and not it.has("scratch"),
        "it can destroy many things, or something that holds many",
    ),
    Row(
        "critical",
        lambda it: (
            it.category == "Execute"
            and (it.has("code") or it.has("unlimited"))
            and not it.has("confined")
            and not it.has("sandboxed")
        ),
        "nothing in the definition confines what is run",
    ),
)


class Verdict(NamedTuple):
    """A risk, what the row that decided it says (nothing: the category alone did), and whether that row limits."""

    risk: Risk
    says: str
    limited: bool = False


@lru_cache(maxsize=4_096)
def assess(facts: Facts) -> Verdict:
    """Apply the table: the first bound that holds replaces the start, then the highest raise that holds stands."""
    verdict = next((Verdict(row.risk, row.says, limited=True) for row in BOUNDS if row.holds(facts)), None)
    verdict = verdict or Verdict(STARTS[facts.category], "")
    for row in RAISES:
        if RISKS.index(row.risk) > RISKS.index(verdict.risk) and row.holds(facts):
            verdict = Verdict(row.risk, row.says)
    return verdict
