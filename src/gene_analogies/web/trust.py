"""How far an answer can be trusted, in a sentence or two above its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.util.wording import pluralise
from gene_analogies.web.rows import CLEARLY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gene_analogies.results import AnalogiesResult
    from gene_analogies.results.chance import Chance
    from gene_analogies.web.rows import PairRow

__all__ = ["trust", "trust_in_analogies"]


def trust(rows: Sequence[PairRow], chance: Chance | None) -> str:
    """Return what the rows have in evidence, and how good random pairs are.

    Parameters
    ----------
    rows
        The rows.
    chance
        Of the query; None where it is not asked for.

    Returns
    -------
    str
        Empty where nothing is known.
    """
    said, of = [], f" of {pluralise(len(rows), 'pair')}"
    if rows and rows[0].p is not None:
        clear = sum(row.word == CLEARLY for row in rows)
        belong = "belongs" if clear == 1 else "belong"
        said.append(f"{clear:,}{of} clearly {belong} together, in one way or another")
        of = ""
    if rows and rows[0].papers is not None:
        said.append(f"papers name both genes of {sum(bool(row.papers) for row in rows):,}{of}")
    sentences = [", and ".join(said)] if said else []
    if chance is not None and chance.count is not None:
        sentences.append(chance.sentence)
        if chance.is_evidence:
            sentences.append("the match itself is evidence")
    return " ".join(f"{one[:1].upper()}{one[1:]}." for one in sentences)


def trust_in_analogies(answer: AnalogiesResult) -> str:
    """Return how many pairs papers name; empty where they name no genes, or there is no answer."""
    columns = {column.key: column for column in answer.columns}
    if not ({"papers_ab", "papers_cd"} <= columns.keys() and len(answer)):
        return ""
    first, second = (np.asarray(columns[key].values) > 0 for key in ("papers_ab", "papers_cd"))
    both, one = int((first & second).sum()), int((first ^ second).sum())
    of = pluralise(len(answer), "analogy", "analogies")
    return (
        f"In {both:,} of {of} papers name both genes of both pairs, in {one:,} those of one pair."
    )
