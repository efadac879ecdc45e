"""Figures as lines of the tables in ``docs/relations.md``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

import gene_analogies as ga
from benchmarks.quality.relation_figures import Figures
from benchmarks.quality.relation_lists import GENE_QUESTIONS
from gene_analogies.search.learned.prediction import BASELINES, METHODS, Estimate

__all__ = ["HEADS", "lines_of", "questions_line", "table"]

#: Of closeness, direction and retrieval; of prediction; of the questions.
HEADS = (
    ("embedding", "relation", "encoded by", "pairs", "pairing", "direction", "known, from one pair",
     "lift", "either side", "lift", "known, from ten", "lift"),
    ("embedding", "relation", "asked", "groups", *BASELINES, *METHODS,
     *(f"gain of {method}" for method in METHODS)),
    ("embedding", "questions", "3CosAdd", "3CosMul"),
)  # fmt: skip


def table(head: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    rule = ("---",) * len(head)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *lines))


def lines_of(label: str, figures: Figures) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the cells of a relation in the first two tables."""
    relation, prediction = figures.relation, figures.prediction
    single, several = figures.single, figures.several
    auc, error = figures.pairing.auc, ""
    if len(auc) > 1:
        error = f" ± {auc.std(ddof=1) / len(auc) ** 0.5:.3f}"
    hits = [
        f"{100 * prediction.hits(name):.1f} ({prediction.mean_reciprocal_rank(name):.3f})"
        for name in (*BASELINES, *METHODS)
    ]
    gains = [prediction.gain(name) for name in METHODS]
    return (
        (
            label, relation.name, relation.encoded, f"{figures.pairs:,}",
            f"{figures.pairing.mean:.3f}{error}", f"{figures.direction.mean_cosine:.3f}",
            _share(single.known), _lift(single.lift),
            _share(single.sides), _lift(single.sides_lift),
            *(("–", "–") if several is None else (_share(several.known), _lift(several.lift))),
        ),
        (
            label, relation.name, str(len(prediction.pairs)),
            str(len(np.unique(prediction.groups))), *hits, *map(_points, gains),
        ),
    )  # fmt: skip


def questions_line(label: str, space: ga.Space) -> tuple[str, ...]:
    """Return how many of the questions in ``docs/gene-questions.txt`` are answered."""
    found = [space.evaluate(GENE_QUESTIONS, method=method) for method in ("3CosAdd", "3CosMul")]
    asked = len(found[0].correct)
    return (label, str(asked), *(str(int(one.correct.sum())) for one in found))


def _share(values: NDArray[Any]) -> str:
    """Return the mean of shares, in per cent, and its standard error over the queries."""
    error = f" ± {100 * values.std(ddof=1) / len(values) ** 0.5:.1f}" if len(values) > 1 else ""
    return f"{100 * values.mean():.1f}{error}"


def _points(gain: Estimate) -> str:
    """Return a gain in points."""
    error = "" if math.isnan(gain.error) else f" ± {100 * gain.error:.1f}"
    return f"{100 * gain.value:+.1f}{error}"


def _lift(lift: float) -> str:
    """Return a lift; a dash for one of zero, or of no chance."""
    return f"{lift:,.{0 if lift >= 10 else 1}f}" if lift > 0.0 else "–"
