"""The review flow: what a reader answers is kept, and is the label from then on."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import sqlalchemy

from classifier.reviewed import reviewed
from classifier.risk import Facts, assess
from gateway.recommend import recommend
from interfaces.clock import now
from toolcensus import labels, reviews
from toolcensus.errors import InputError
from toolcensus.records import BOUNDS, EFFECTS, Bound, Category, Effect, Review, Risk
from toolcensus.reviews import Waiting


def risk_of(category: Category, effects: Iterable[Effect], bounds: Iterable[Bound]) -> Risk:
    """Return the risk that the taxonomy's table gives."""
    return assess(Facts(category, frozenset(effects), frozenset(bounds))).risk


def words(text: str, known: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Read effects or bounds as people write them, in the taxonomy's order; raise InputError where one is unknown."""
    given = set(text.replace(",", " ").split()) - {"-"}
    if unknown := sorted(given - set(known)):
        raise InputError(f"{unknown[0]!r} is no {kind}", advice=f"choose among: {' '.join(known)}")
    return tuple(word for word in known if word in given)


def effects_in(text: str) -> tuple[Effect, ...]:
    """Read effects."""
    return words(text, EFFECTS, "effect")  # type: ignore[return-value]  # they were looked up among the effects


def bounds_in(text: str) -> tuple[Bound, ...]:
    """Read bounds."""
    return words(text, BOUNDS, "bound")  # type: ignore[return-value]  # they were looked up among the bounds


def answer(engine: sqlalchemy.Engine, one: Waiting, review: Review) -> None:
    """Keep one review, and let it be the definition's label at once."""
    label = reviewed(one.label, review)
    entry = msgspec.to_builtins(recommend(one.tool, label).entry)
    with engine.begin() as connection:
        reviews.save_reviews(connection, [review])
        labels.save_labels(connection, one.version, [(one.digest, label)], at=now())
        labels.save_policies(connection, [(one.server, one.digest, entry)])


def write_reviews(connection: sqlalchemy.Connection) -> Iterator[bytes]:
    """Yield every review as a line of JSON: no text of the definition, only its digest."""
    for review in reviews.load_reviews(connection):
        yield msgspec.json.encode(review) + b"\n"


def read_reviews(engine: sqlalchemy.Engine, path: Path) -> int:
    """Bring in the reviews of a file, all or none; raise InputError where one cannot be read."""
    try:
        with path.open("rb") as file:
            lines = iter(lambda: file.readline(reviews.LINE_BYTES + 2), b"")
            brought = [reviews.read_line(line, number) for number, line in enumerate(lines, 1) if line.strip()]
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}", advice="name a file of reviews"
        ) from error
    with engine.begin() as connection:
        return reviews.save_reviews(connection, brought)
