"""What a reader answered stands above the classifier: the label that results, with the reader's reason as rationale."""

import msgspec

from toolcensus.records import Label, Review


def reviewed(label: Label, review: Review) -> Label:
    """Return the label as the reader has it; the words that the classifier's label rests on stay as evidence."""
    return msgspec.structs.replace(
        label,
        category=review.category,
        effects=review.effects,
        bounds=review.bounds,
        risk=review.risk,
        confidence=1.0,
        rationale=f"{review.reason.rstrip('.')}. ({review.reader} reviewed this on {review.at[:10]}.)",
        actions=(),
        review=False,
    )
