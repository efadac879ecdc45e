"""The figures of an answer of `pairs`."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.plots.caption import number
from gene_analogies.report.text import labels
from gene_analogies.util.arguments import check_choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from gene_analogies.plots.picture import Picture
    from gene_analogies.results.evidence import PairEvidence
    from gene_analogies.results.pairs import PairsResult

__all__ = ["KINDS", "pair_picture"]

#: The figures that there are.
KINDS = ("compass", "quadrilateral", "receipt")


def pair_picture(
    answer: PairsResult, kind: str | None, row: int | None, random_best: ArrayLike | None
) -> Picture:
    """Return a figure of an answer; the arguments are those of `PairsResult.plot`.

    Raises
    ------
    GeneAnalogiesError
        If there is no such figure of this answer, or it is a copy, which has no vectors.
    """
    if kind is None:
        kind = "compass" if row is None else "quadrilateral"
    check_choice("kind", kind, KINDS)
    evidence = answer.evidence
    if evidence is None or evidence.prepared is None or evidence.direction is None:
        raise GeneAnalogiesError(
            "this answer has no vectors to draw, for it is a copy (from a pickle, say): ask again"
        )
    if kind == "compass":
        if row is not None:
            raise GeneAnalogiesError("a compass shows all pairs: leave out row")
        return _compass(answer, evidence, evidence.direction, random_best)
    if random_best is not None:
        raise GeneAnalogiesError(f"random_best is marked in a compass, not in a {kind}")
    return _one_pair(answer, evidence, kind, _row(answer, row))


def _compass(
    answer: PairsResult,
    evidence: PairEvidence,
    direction: NDArray[np.float64],
    random_best: ArrayLike | None,
) -> Picture:
    from gene_analogies.plots.compass import compass
    from gene_analogies.plots.compass_picture import compass_picture

    drawn = compass(
        evidence.prepared.vectors, direction, answer.c_rows, answer.d_rows, _sign(answer),
        random_best,
    )  # fmt: skip
    between = ":" if answer.operation == "difference" else "+"
    names = labels([*answer.c, *answer.d])
    pairs = [
        f"{names[c.name]} {between} {names[d.name]}"
        for c, d in zip(answer.c, answer.d, strict=True)
    ]
    more = []
    if answer.metric == "euclidean":
        more.append("The pairs are the best by Euclidean distance, not by angle.")
    if answer.pair_weight:
        more.append(
            f"The pairs are the best by similarity + {answer.pair_weight:g} · cos(c, d), not by "
            "angle."
        )
    return compass_picture(drawn, answer.query, answer.title, pairs, more)


def _one_pair(answer: PairsResult, evidence: PairEvidence, kind: str, row: int) -> Picture:
    if len(evidence.example_rows) != 1:
        raise GeneAnalogiesError(
            f"a {kind} compares a pair with one example, not with "
            f"{len(evidence.example_rows) or 'an offset'}: choose kind='compass'"
        )
    if kind == "quadrilateral" and answer.operation == "sum":
        raise GeneAnalogiesError(
            "a quadrilateral shows differences, not sums: choose kind='compass' or 'receipt'"
        )
    prepared = evidence.prepared
    rows = [*evidence.example_rows[0], int(answer.c_rows[row]), int(answer.d_rows[row])]
    # In units of the embedding, as lengths are told.
    a, b, c, d = np.ldexp(prepared.vectors[rows].astype(np.float64), -prepared.exponent)
    items = [*answer.examples[0], answer.c[row], answer.d[row]]
    known = labels(items)
    names = [known[item.name] for item in items]
    called = "similarity" if answer.metric == "cosine" else "cosine"
    more = _score_in_words(answer, row)
    if kind == "quadrilateral":
        from gene_analogies.plots.quadrilateral import quadrilateral
        from gene_analogies.plots.quadrilateral_picture import quadrilateral_picture

        return quadrilateral_picture(quadrilateral(a, b, c, d), names, called, more)
    from gene_analogies.plots.receipt import receipt
    from gene_analogies.plots.receipt_picture import receipt_picture

    return receipt_picture(
        receipt(a, b, c, d, _sign(answer)), names, answer.operation, called, more
    )


def _score_in_words(answer: PairsResult, row: int) -> Sequence[str]:
    """Return what the score is made of, where it is not the cosine alone."""
    if answer.metric == "euclidean":
        return [
            f"The similarity of this answer is {number(float(answer.similarity[row]))}: the negative distance "
            f"of the two {answer.operation}s."
        ]
    if answer.score is not None:
        return [
            f"The score, similarity + {answer.pair_weight:g} · cos(c, d), is "
            f"{number(float(answer.score[row]))}."
        ]
    return []


def _sign(answer: PairsResult) -> int:
    return -1 if answer.operation == "difference" else 1


def _row(answer: PairsResult, row: int | None) -> int:
    """Return the number of a row, counted from the first."""
    count = len(answer)
    if not count:
        raise GeneAnalogiesError("there are no pairs to draw")
    try:
        number = operator.index(0 if row is None else row)
    except TypeError:
        number = count
    if not -count <= number < count:
        raise GeneAnalogiesError(f"row must be a whole number in 0..{count - 1}, not {row!r}")
    return number % count
