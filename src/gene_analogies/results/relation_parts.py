"""What the answer of `relation` is made of: tests, pairs, a prediction, a control, a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gene_analogies.search.learned.examine import Verdict

__all__ = [
    "FITS",
    "OUTLIER",
    "VERDICTS",
    "Control",
    "Prediction",
    "RelationPair",
    "RelationTest",
]

#: What a verdict is called, and what it says.
VERDICTS: dict[Verdict, tuple[str, str]] = {
    "analogy": (
        "analogy",
        "the offsets agree, and the mean offset of other pairs finds partners better than the best "
        "rule without it",
    ),
    "related_pairs": (
        "related pairs, no analogy",
        "partners are closer than chance would have them, but a common offset is not shown to "
        "find them better than rules without it",
    ),
    "classes_only": (
        "classes only",
        "the a's differ from the b's in one direction, but partners are no closer than others of "
        "the list",
    ),
    "no_relation": (
        "no relation",
        "neither do the offsets agree nor are partners close, more than chance would have it",
    ),
    "too_few_pairs": ("too few pairs", "a verdict needs 6 pairs that share no item"),
}

#: The value of `RelationPair.fit`.
FITS, OUTLIER = "fits", "outlier"


class RelationTest(NamedTuple):
    """One test: its effect with a 95 % confidence interval, its p, and both for the control."""

    test: str
    effect: float
    low: float
    high: float
    p: float
    control: float
    control_p: float


class RelationPair(NamedTuple):
    """One pair of a relation, and how well it fits; see `RelationPairs`."""

    a: str
    b: str
    offset_cosine: float
    cos_ab: float
    auc: float
    fit: str


class Prediction(NamedTuple):
    """How well partners are found: for every rule the mean of 1/rank, and the share in ten.

    Attributes
    ----------
    asked
        How many pairs are asked for, each both ways.
    best_rule
        The best rule that uses no offset.
    reciprocal_ranks, hits
        By rule.
    error
        The standard error of the gain over the best rule.
    """

    asked: int
    best_rule: str
    reciprocal_ranks: dict[str, float]
    hits: dict[str, float]
    error: float


class Control(NamedTuple):
    """The random pairs beside a relation: how many, by what they are matched, what they get.

    Attributes
    ----------
    popularity
        ``"papers"`` or ``"row"``; None where items cannot be told apart by popularity.
    cosine
        The mean of cos(a, b) over them.
    """

    pairs: int
    popularity: str | None
    cosine: float
    verdict: Verdict
